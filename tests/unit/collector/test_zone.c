/* SPDX-License-Identifier: Apache-2.0 */
/* When a day begins somewhere: the edges of daylight saving, and files that are none. */
#include "tests/unit/unit.h"

#include <errno.h>
#include <string.h>

#include "collector/act/day_begin.h"
#include "collector/domain/zone.h"
#include "common/base/civil.h"

/* The bytes of a file of version 2 without times: one type, and @footer says the rest. */
static size_t make_file(const char *footer, int32_t offset_s, unsigned char bytes[static 256])
{
	static const unsigned char head[44] = "TZif2";
	unsigned char *at = bytes;

	for (unsigned block = 0; block < 2; block++) {
		memcpy(at, head, sizeof(head));
		at[39] = 1; /* types */
		at[43] = 4; /* characters of their names */
		at += sizeof(head);
		for (unsigned i = 0; i < 4; i++)
			*at++ = (unsigned char)((uint32_t)offset_s >> (24 - 8 * i));
		memcpy(at, "\0\0XXX", 6);
		at += 6;
	}
	memcpy(at, footer, strlen(footer));
	return (size_t)(at - bytes) + strlen(footer);
}

static int64_t begin_by(const char *footer, const char *day_text)
{
	unsigned char bytes[256];
	size_t len = make_file(footer, 3600, bytes);
	struct zone zone;
	int32_t day;

	assert_int_equal(zone_parse(bytes, len, &zone, NULL), 0);
	assert_int_equal(civil_parse(day_text, &day, NULL), 0);
	return zone_day_begin(&zone, day) / 1000 - day * INT64_C(86400);
}

#define HOUR 3600

static void the_footer_says_when_clocks_change(void **state)
{
	static const struct {
		const char *footer, *day;
		int64_t hours; /* behind UTC, when the day begins */
	} cases[] = {
		{ "\nPST8PDT,M3.2.0,M11.1.0\n", "2027-03-14", 8 }, /* it changes at 2:00 */
		{ "\nPST8PDT,M3.2.0,M11.1.0\n", "2027-03-15", 7 },
		{ "\nPST8PDT,M3.2.0,M11.1.0\n", "2027-11-07", 7 },
		{ "\nPST8PDT,M3.2.0,M11.1.0\n", "2027-11-08", 8 },
		{ "\nPST8PDT,M3.2.0,M11.1.0\n", "2027-12-31", 8 },
		{ "\nNZST-12NZDT,M9.5.0,M4.1.0/3\n", "2027-01-01", -13 }, /* over the new year */
		{ "\nNZST-12NZDT,M9.5.0,M4.1.0/3\n", "2027-07-01", -12 },
		{ "\nHST10\n", "2027-07-01", 10 },
		{ "\n<-04>4<-03>,J60/0,J300/0\n", "2028-03-02", 3 }, /* day 60 is always March 1 */
		{ "\n<-04>4<-03>,59/0,300/0\n", "2028-02-28", 4 },
		{ "\n<-04>4<-03>,59/0,300/0\n", "2028-03-01", 3 },
		{ "\nEET-2EEST,M3.4.4/50,M10.4.4/50\n", "2027-03-27",
		  -2 },                   /* hours of the next days */
		{ "", "2027-07-01", -1 }, /* none: the type of the file */
		{ "\nnonsense\n", "2027-07-01", -1 },
		{ "\nPST8PDT\n", "2027-07-01", -1 }, /* nobody says when */
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		assert_int_equal(begin_by(cases[i].footer, cases[i].day), cases[i].hours * HOUR);
}

/* At midnight they go on to one, and from one back to midnight. */
static void a_midnight_that_is_not_there_or_there_twice_has_one_beginning(void **state)
{
	const char *footer = "\nCST5CDT,M3.2.0/0,M11.1.0/1\n";

	(void)state;
	assert_int_equal(begin_by(footer, "2027-03-14"), 5 * HOUR);
	assert_int_equal(begin_by(footer, "2027-11-07"), 4 * HOUR);
}

static void what_is_no_file_of_a_zone_is_refused(void **state)
{
	unsigned char bytes[256], other[256];
	size_t len = make_file("\nHST10\n", 0, bytes);
	struct zone zone;

	(void)state;
	assert_int_equal(zone_parse(bytes, len, &zone, NULL), 0);
	for (size_t i = 0; i < len - strlen("\nHST10\n"); i++)
		assert_int_equal(zone_parse(bytes, i, &zone, NULL), -EINVAL);
	memcpy(other, bytes, len);
	other[4] = '\0'; /* version 1 has no times after 2038 */
	assert_int_equal(zone_parse(other, len, &zone, NULL), -EINVAL);
	memcpy(other, bytes, len);
	other[54 + 39] = 0; /* no type */
	other[54 + 43] = 10;
	assert_int_equal(zone_parse(other, len, &zone, NULL), -EINVAL);
	memcpy(other, bytes, len);
	other[54 + 44] = 0x7f; /* farther from UTC than there is */
	assert_int_equal(zone_parse(other, len, &zone, NULL), -EINVAL);
}

static void a_zone_that_is_not_known_says_what_to_do(void **state)
{
	static const char *const names[] = { "", "America/Nowhere", "../../../etc/passwd",
					     "/etc/passwd", "tzdata.zi" };
	struct err err;
	int64_t ms;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		err = (struct err){ 0 };
		assert_int_equal(day_begin_ms(names[i], 20000, &ms, &err), -EINVAL);
		assert_non_null(strstr(err.text, "install tzdata"));
	}
	assert_int_equal(day_begin_ms("America/Los_Angeles", 20834, &ms, &err), 0);
	assert_int_equal(ms, 1800086400000); /* 2027-01-16T08:00:00Z */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_footer_says_when_clocks_change),
		cmocka_unit_test(a_midnight_that_is_not_there_or_there_twice_has_one_beginning),
		cmocka_unit_test(what_is_no_file_of_a_zone_is_refused),
		cmocka_unit_test(a_zone_that_is_not_known_says_what_to_do),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
