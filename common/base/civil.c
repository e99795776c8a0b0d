/* SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "common/base/civil.h"

#define DAY_MS INT64_C(86400000)

static bool is_pattern(const char *text, const char *pattern)
{
	size_t n = strlen(pattern);

	if (strlen(text) != n)
		return false;
	for (size_t i = 0; i < n; i++) {
		if (pattern[i] == '9' ? !isdigit((unsigned char)text[i]) : text[i] != pattern[i])
			return false;
	}
	return true;
}

int civil_parse(const char *text, int32_t *ret_day, struct err *err)
{
	char back[CIVIL_TEXT_SIZE];
	struct tm tm = { 0 };
	int32_t day;

	if (!is_pattern(text, "9999-99-99") || !strptime(text, "%Y-%m-%d", &tm) || tm.tm_year < 70)
		return err_set(err, -EINVAL,
			       "'%.40s' is not a date: write it as year-month-day, 2027-03-15",
			       text);
	day = (int32_t)(timegm(&tm) / (24L * 60 * 60));
	/* timegm() makes 1 March of 30 February; a person meant something else. */
	if (strcmp(civil_text(day, back), text) != 0)
		return err_set(err, -EINVAL, "'%.40s' is not a date: that month has no such day",
			       text);
	*ret_day = day;
	return 0;
}

const char *civil_text(int32_t day, char text[static CIVIL_TEXT_SIZE])
{
	time_t t = (time_t)day * 24 * 60 * 60;
	struct tm tm;

	gmtime_r(&t, &tm);
	strftime(text, CIVIL_TEXT_SIZE, "%Y-%m-%d", &tm);
	return text;
}

const char *civil_words(int32_t day, char text[static CIVIL_WORDS_SIZE])
{
	/* Not strftime's, which are of a locale. */
	static const char *const months[] = { "January",   "February", "March",    "April",
					      "May",       "June",     "July",     "August",
					      "September", "October",  "November", "December" };
	time_t t = (time_t)day * 24 * 60 * 60;
	struct tm tm;

	gmtime_r(&t, &tm);
	snprintf(text, CIVIL_WORDS_SIZE, "%d %s %d", tm.tm_mday, months[tm.tm_mon],
		 tm.tm_year + 1900);
	return text;
}

int32_t civil_of_ms(int64_t ms)
{
	return (int32_t)(ms >= 0 ? ms / DAY_MS : (ms - DAY_MS + 1) / DAY_MS);
}

int civil_weekday(int32_t day)
{
	/* 1970-01-01 was a Thursday. */
	return (int)(((int64_t)day % 7 + 7 + 3) % 7) + 1;
}

int32_t civil_weekdays(int32_t from, int32_t to)
{
	int32_t weeks, n;

	if (to <= from)
		return 0;
	weeks = (to - from) / 7;
	n = weeks * 5;
	for (int32_t day = from + weeks * 7; day < to; day++)
		n += civil_weekday(day) <= 5;
	return n;
}
