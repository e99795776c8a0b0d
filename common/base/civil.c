/* SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

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

/* The number that the first @n letters of @text are, which are digits. */
static int read_digits(const char *text, int n)
{
	int value = 0;

	for (int i = 0; i < n; i++)
		value = value * 10 + (text[i] - '0');
	return value;
}

/*
 * Days since 1970 of a day from 1970 on, in years that begin in March, so that the odd day
 * is the last. Not timegm(): a list of ten thousand schools has twice as many days.
 */
static int32_t day_of(int year, int month, int day)
{
	int march_year = month > 2 ? year : year - 1;
	int march_month = (month + 9) % 12;

	return march_year * 365 + march_year / 4 - march_year / 100 + march_year / 400 +
	       (march_month * 153 + 2) / 5 + day - 1 - 719468;
}

static int month_days(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	return days[month - 1] + (month == 2 && is_leap);
}

int civil_parse(const char *text, int32_t *ret_day, struct err *err)
{
	int year = 0, month = 0, day = 0;

	if (is_pattern(text, "9999-99-99")) {
		year = read_digits(text, 4);
		month = read_digits(text + 5, 2);
		day = read_digits(text + 8, 2);
	}
	if (year < 1970 || month < 1 || month > 12 || day < 1 || day > 31)
		return err_set(err, -EINVAL,
			       "'%.40s' is not a date: write it as year-month-day, 2027-03-15",
			       text);
	if (day > month_days(year, month))
		return err_set(err, -EINVAL, "'%.40s' is not a date: that month has no such day",
			       text);
	*ret_day = day_of(year, month, day);
	return 0;
}

/* The inverse of day_of(), of any day. */
static void read_day(int32_t day, int *ret_year, int *ret_month, int *ret_day)
{
	int64_t shifted = (int64_t)day + 719468; /* since 1 March of the year 0 */
	int64_t era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
	int day_of_era = (int)(shifted - era * 146097);
	int year_of_era =
		(day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
	int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	int march_month = (5 * day_of_year + 2) / 153;

	*ret_day = day_of_year - (153 * march_month + 2) / 5 + 1;
	*ret_month = march_month < 10 ? march_month + 3 : march_month - 9;
	*ret_year = (int)(year_of_era + era * 400) + (*ret_month <= 2);
}

const char *civil_text(int32_t day, char text[static CIVIL_TEXT_SIZE])
{
	int year, month, mday;

	read_day(day, &year, &month, &mday);
	/* Of a clock that is far off: at least it does not look like another year. */
	year = year < 0 ? 0 : year > 9999 ? 9999 : year;
	for (int i = 3; i >= 0; i--, year /= 10)
		text[i] = (char)('0' + year % 10);
	text[4] = text[7] = '-';
	text[5] = (char)('0' + month / 10);
	text[6] = (char)('0' + month % 10);
	text[8] = (char)('0' + mday / 10);
	text[9] = (char)('0' + mday % 10);
	text[10] = '\0';
	return text;
}

const char *civil_words(int32_t day, char text[static CIVIL_WORDS_SIZE])
{
	/* Not strftime's, which are of a locale. */
	static const char *const months[] = { "January",   "February", "March",    "April",
					      "May",       "June",     "July",     "August",
					      "September", "October",  "November", "December" };
	int year, month, mday;

	read_day(day, &year, &month, &mday);
	snprintf(text, CIVIL_WORDS_SIZE, "%d %s %d", mday, months[month - 1], year);
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
