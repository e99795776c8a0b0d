/* SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "common/base/civil.h"
#include "common/base/clock.h"

#define DAY_MS INT64_C(86400000)

static int64_t read_ms(clockid_t clock)
{
	struct timespec ts;

	clock_gettime(clock, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

int64_t clock_now_ms(void)
{
	return read_ms(CLOCK_REALTIME);
}

int64_t clock_boot_ms(void)
{
	return read_ms(CLOCK_BOOTTIME);
}

const char *clock_text(int64_t ms, char text[static CLOCK_TEXT_SIZE])
{
	char day[CIVIL_TEXT_SIZE];
	int32_t d = civil_of_ms(ms);
	int rest = (int)(ms - d * DAY_MS);

	snprintf(text, CLOCK_TEXT_SIZE,
		 "%.10s"
		 "T%02d:%02d:%02d.%03dZ",
		 civil_text(d, day), rest / 3600000, rest / 60000 % 60, rest / 1000 % 60,
		 rest % 1000);
	return text;
}

/* The number of two digits, -1 if they are none. */
static int two_digits(const char *text)
{
	if (!isdigit((unsigned char)text[0]) || !isdigit((unsigned char)text[1]))
		return -1;
	return (text[0] - '0') * 10 + (text[1] - '0');
}

/* Milliseconds of "hh:mm:ss[.fraction]", and what follows it. -EINVAL if it is none. */
static int time_of_day(const char *text, int *ret_ms, const char **ret_rest)
{
	int hour = two_digits(text), minute, second, ms = 0, unit = 100;

	if (hour < 0 || hour > 23 || text[2] != ':')
		return -EINVAL;
	minute = two_digits(text + 3);
	if (minute < 0 || minute > 59 || text[5] != ':')
		return -EINVAL;
	second = two_digits(text + 6);
	if (second < 0 || second > 60)
		return -EINVAL;
	text += 8;
	if (*text == '.') {
		for (text++; isdigit((unsigned char)*text); text++, unit /= 10)
			ms += (*text - '0') * unit;
	}
	*ret_ms = (hour * 3600 + minute * 60 + second) * 1000 + ms;
	*ret_rest = text;
	return 0;
}

static int zone_offset(const char *text, int *ret_ms)
{
	int hour, minute;

	if ((text[0] == 'Z' || text[0] == 'z') && text[1] == '\0') {
		*ret_ms = 0;
		return 0;
	}
	if ((text[0] != '+' && text[0] != '-') || strlen(text) != 6 || text[3] != ':')
		return -EINVAL;
	hour = two_digits(text + 1);
	minute = two_digits(text + 4);
	if (hour < 0 || hour > 23 || minute < 0 || minute > 59)
		return -EINVAL;
	*ret_ms = (hour * 60 + minute) * 60000 * (text[0] == '-' ? -1 : 1);
	return 0;
}

int clock_parse(const char *text, int64_t *ret_ms, struct err *err)
{
	char date[11] = "";
	const char *zone;
	int32_t day;
	int ms, offset;

	if (strlen(text) >= 20 && strlen(text) <= 40 && (text[10] == 'T' || text[10] == 't')) {
		memcpy(date, text, 10);
		if (civil_parse(date, &day, NULL) == 0 && time_of_day(text + 11, &ms, &zone) == 0 &&
		    zone_offset(zone, &offset) == 0) {
			*ret_ms = day * DAY_MS + ms - offset;
			return 0;
		}
	}
	return err_set(err, -EINVAL,
		       "'%.40s' is not a time: write it as in RFC 3339, 2027-03-15T07:00:00Z",
		       text);
}
