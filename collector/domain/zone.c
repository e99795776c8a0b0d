/* SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/domain/zone.h"
#include "common/base/civil.h"

#define DAY_S INT64_C(86400)
#define OFFSET_MAX_S (INT64_C(26) * 3600) /* RFC 8536 has -25 to 26 hours */

/* --- the file ------------------------------------------------------------------------ */

enum { HEADER_BYTES = 44, TYPE_BYTES = 6 };

/* The counts of a header, in the order of the file. */
enum { COUNT_UT, COUNT_STD, COUNT_LEAP, COUNT_TIMES, COUNT_TYPES, COUNT_CHARS, COUNT_MAX_ };

struct piece {
	const unsigned char *bytes;
	size_t len;
};

static uint64_t read_big(const unsigned char *bytes, size_t n)
{
	uint64_t value = 0;

	for (size_t i = 0; i < n; i++)
		value = value << 8 | bytes[i];
	return value;
}

/* Take the header and the body behind it off @piece; @width: bytes of a time in it. */
static bool take_block(struct piece *piece, size_t width, size_t counts[static COUNT_MAX_],
		       const unsigned char **ret_body)
{
	size_t size;

	if (piece->len < HEADER_BYTES || memcmp(piece->bytes, "TZif", 4) != 0)
		return false;
	for (size_t i = 0; i < COUNT_MAX_; i++) {
		counts[i] = read_big(piece->bytes + 20 + 4 * i, 4);
		if (counts[i] > ZONE_BYTES_MAX)
			return false;
	}
	size = counts[COUNT_TIMES] * (width + 1) + counts[COUNT_TYPES] * TYPE_BYTES +
	       counts[COUNT_CHARS] + counts[COUNT_LEAP] * (width + 4) + counts[COUNT_STD] +
	       counts[COUNT_UT];
	if (size > piece->len - HEADER_BYTES)
		return false;
	*ret_body = piece->bytes + HEADER_BYTES;
	piece->bytes += HEADER_BYTES + size;
	piece->len -= HEADER_BYTES + size;
	return true;
}

static int64_t type_offset(const struct zone *zone, size_t type)
{
	return (int32_t)read_big(zone->types + type * (size_t)TYPE_BYTES, 4);
}

/* Every type that a time names is there, and none is farther from UTC than there is. */
static bool is_sound(const struct zone *zone)
{
	if (zone->n_types == 0)
		return false;
	for (size_t i = 0; i < zone->n_times; i++) {
		if (zone->types_of[i] >= zone->n_types)
			return false;
	}
	for (size_t i = 0; i < zone->n_types; i++) {
		int64_t offset_s = type_offset(zone, i);

		if (offset_s < -OFFSET_MAX_S || offset_s > OFFSET_MAX_S)
			return false;
	}
	return true;
}

/* --- the footer: what holds from the last time on ------------------------------------ */

static bool take(const char **text, char c)
{
	if (**text != c)
		return false;
	++*text;
	return true;
}

static bool take_name(const char **text)
{
	const char *begin = *text;

	if (take(text, '<')) {
		*text = strchr(*text, '>');
		return *text && take(text, '>');
	}
	while (isalpha((unsigned char)**text))
		++*text;
	return *text - begin >= 3;
}

static bool take_number(const char **text, int64_t max, int64_t *ret_number)
{
	int64_t number = 0;

	if (!isdigit((unsigned char)**text))
		return false;
	while (isdigit((unsigned char)**text)) {
		number = number * 10 + (**text - '0');
		if (number > max)
			return false;
		++*text;
	}
	*ret_number = number;
	return true;
}

/* "8", "-3:30", "26:00:00": seconds. */
static bool take_time(const char **text, int64_t *ret_s)
{
	bool is_negative = take(text, '-');
	int64_t hours, minutes = 0, seconds = 0;

	if (!is_negative)
		(void)take(text, '+');
	if (!take_number(text, 167, &hours) ||
	    (take(text, ':') && (!take_number(text, 59, &minutes) ||
				 (take(text, ':') && !take_number(text, 59, &seconds)))))
		return false;
	*ret_s = (hours * 3600 + minutes * 60 + seconds) * (is_negative ? -1 : 1);
	return true;
}

static bool take_rule(const char **text, struct zone_rule *rule)
{
	int64_t month = 0, week = 0, day = 0;

	*rule = (struct zone_rule){ .kind = '0', .time_s = INT64_C(2) * 3600 };
	if (!take(text, ','))
		return false;
	if (take(text, 'M')) {
		rule->kind = 'M';
		if (!take_number(text, 12, &month) || month < 1 || !take(text, '.') ||
		    !take_number(text, 5, &week) || week < 1 || !take(text, '.') ||
		    !take_number(text, 6, &day))
			return false;
	} else {
		if (take(text, 'J'))
			rule->kind = 'J';
		if (!take_number(text, 365, &day))
			return false;
	}
	rule->month = (int)month;
	rule->week = (int)week;
	rule->day = (int)day;
	return !take(text, '/') || take_time(text, &rule->time_s);
}

/* "PST8PDT,M3.2.0,M11.1.0": hours are west of UTC there. */
static bool read_footer(const char *text, struct zone *zone)
{
	if (!take_name(&text) || !take_time(&text, &zone->std_s))
		return false;
	zone->std_s = -zone->std_s;
	zone->dst_s = zone->std_s + 3600;
	zone->has_dst = *text != '\0';
	if (!zone->has_dst)
		return true;
	if (!take_name(&text))
		return false;
	if (*text != ',') {
		if (!take_time(&text, &zone->dst_s))
			return false;
		zone->dst_s = -zone->dst_s;
	}
	return take_rule(&text, &zone->begin) && take_rule(&text, &zone->end) && *text == '\0';
}

/* The footer stands between two line feeds; without one, the last time says what holds. */
static bool find_footer(const struct piece *piece, struct zone *zone)
{
	char text[128];
	const unsigned char *end;

	if (piece->len < 3 || piece->bytes[0] != '\n')
		return false;
	end = memchr(piece->bytes + 1, '\n', piece->len - 1);
	if (!end || end - piece->bytes > (ptrdiff_t)sizeof(text))
		return false;
	snprintf(text, sizeof(text), "%.*s", (int)(end - piece->bytes - 1),
		 (const char *)piece->bytes + 1);
	return read_footer(text, zone);
}

int zone_parse(const void *bytes, size_t len, struct zone *ret_zone, struct err *err)
{
	struct piece piece = { bytes, len };
	size_t counts[COUNT_MAX_];
	const unsigned char *body = NULL;
	struct zone zone = { 0 };

	if (len > ZONE_BYTES_MAX || !take_block(&piece, 4, counts, &body) ||
	    ((const unsigned char *)bytes)[4] < '2' || !take_block(&piece, 8, counts, &body))
		return err_set(err, -EINVAL, "this is no file of a time zone");
	zone.n_times = counts[COUNT_TIMES];
	zone.n_types = counts[COUNT_TYPES];
	zone.times = body;
	zone.types_of = zone.times + 8 * zone.n_times;
	zone.types = zone.types_of + zone.n_times;
	if (!is_sound(&zone))
		return err_set(err, -EINVAL, "this file of a time zone contradicts itself");
	zone.has_footer = find_footer(&piece, &zone);
	*ret_zone = zone;
	return 0;
}

/* --- what it says -------------------------------------------------------------------- */

static int32_t first_of(int year, int month)
{
	char text[32];
	int32_t day = 0;

	snprintf(text, sizeof(text), "%04d-%02d-01", year, month);
	return civil_parse(text, &day, NULL) < 0 ? 0 : day;
}

static bool is_leap(int year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

/* The day of @year that @rule names. */
static int32_t rule_day(const struct zone_rule *rule, int year)
{
	int32_t first, day, next;

	if (rule->kind == '0')
		return first_of(year, 1) + rule->day;
	if (rule->kind == 'J') /* February 29 is never counted */
		return first_of(year, 1) + rule->day - 1 + (is_leap(year) && rule->day >= 60);
	first = first_of(year, rule->month);
	next = rule->month == 12 ? first_of(year, 12) + 31 : first_of(year, rule->month + 1);
	day = first + (rule->day - civil_weekday(first) % 7 + 7) % 7 + 7 * (rule->week - 1);
	/* The fifth is the last one. */
	return day < next ? day : day - 7;
}

static int year_of(int64_t at_s)
{
	char text[CIVIL_TEXT_SIZE];

	return (int)strtol(civil_text(civil_of_ms(at_s * 1000), text), NULL, 10);
}

static int64_t footer_offset(const struct zone *zone, int64_t at_s)
{
	int year = year_of(at_s + zone->std_s);
	int64_t begin_s, end_s;
	bool is_dst;

	if (!zone->has_dst)
		return zone->std_s;
	begin_s = rule_day(&zone->begin, year) * DAY_S + zone->begin.time_s - zone->std_s;
	end_s = rule_day(&zone->end, year) * DAY_S + zone->end.time_s - zone->dst_s;
	/* In the south it lasts over the new year. */
	is_dst =
		begin_s < end_s ? at_s >= begin_s && at_s < end_s : at_s >= begin_s || at_s < end_s;
	return is_dst ? zone->dst_s : zone->std_s;
}

static int64_t time_at(const struct zone *zone, size_t i)
{
	return (int64_t)read_big(zone->times + 8 * i, 8);
}

int64_t zone_offset(const struct zone *zone, int64_t at_s)
{
	size_t begin = 0, end = zone->n_times;

	while (begin < end) {
		size_t middle = begin + (end - begin) / 2;

		if (time_at(zone, middle) <= at_s)
			begin = middle + 1;
		else
			end = middle;
	}
	if (begin == zone->n_times && zone->has_footer)
		return footer_offset(zone, at_s);
	return type_offset(zone, begin == 0 ? 0 : zone->types_of[begin - 1]);
}

int64_t zone_day_begin(const struct zone *zone, int32_t day)
{
	int64_t clock_s = day * DAY_S;
	int64_t before_s = zone_offset(zone, clock_s - DAY_S);
	int64_t after_s = zone_offset(zone, clock_s + DAY_S);
	int64_t first_s = clock_s - (before_s > after_s ? before_s : after_s);
	int64_t last_s = clock_s - (before_s > after_s ? after_s : before_s);

	/* The earlier of the two, where clocks show the beginning of the day then. */
	return (zone_offset(zone, first_s) == clock_s - first_s ? first_s : last_s) * 1000;
}
