/* SPDX-License-Identifier: Apache-2.0 */
#include "common/base/civil.h"
#include "common/base/clock.h"
#include "tests/unit/unit.h"

static void days_are_read_and_written(void **state)
{
	char text[CIVIL_TEXT_SIZE];
	int32_t day;

	(void)state;
	assert_int_equal(civil_parse("1970-01-01", &day, NULL), 0);
	assert_int_equal(day, 0);
	assert_int_equal(civil_parse("2028-02-29", &day, NULL), 0);
	assert_string_equal(civil_text(day, text), "2028-02-29");
}

static void people_read_days_in_words(void **state)
{
	char text[CIVIL_WORDS_SIZE];
	int32_t day;

	(void)state;
	assert_int_equal(civil_parse("2027-05-31", &day, NULL), 0);
	assert_string_equal(civil_words(day, text), "31 May 2027");
	assert_string_equal(civil_words(day + 1, text), "1 June 2027");
	assert_string_equal(civil_words(0, text), "1 January 1970");
}

static void a_day_that_is_none_is_refused(void **state)
{
	static const char *const texts[] = { "",           "2027-3-15",   "2027-02-29",
					     "2027-13-01", "2027-03-15 ", "15.03.2027",
					     "1969-12-31" };
	int32_t day = 42;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		assert_int_not_equal(civil_parse(texts[i], &day, NULL), 0);
	assert_int_equal(day, 42);
}

static void weekdays_are_monday_to_friday(void **state)
{
	int32_t monday;

	(void)state;
	assert_int_equal(civil_parse("2027-03-15", &monday, NULL), 0);
	assert_int_equal(civil_weekday(monday), 1);
	assert_int_equal(civil_weekdays(monday, monday), 0);
	assert_int_equal(civil_weekdays(monday, monday + 5), 5);
	assert_int_equal(civil_weekdays(monday, monday + 7), 5);
	assert_int_equal(civil_weekdays(monday - 2, monday), 0);
	assert_int_equal(civil_weekdays(monday, monday - 7), 0);
	assert_int_equal(civil_weekdays(monday + 3, monday + 3 + 14), 10);
}

static void times_are_rfc_3339(void **state)
{
	static const struct {
		const char *text;
		int64_t ms;
	} rows[] = {
		{ "1970-01-01T00:00:00Z", 0 },
		{ "1970-01-01T00:00:00.250Z", 250 },
		{ "1970-01-01T01:00:00+01:00", 0 },
		{ "1969-12-31T23:00:00-01:00", -1 },
		{ "2027-03-15T07:00:00Z", 1805094000000 },
		{ "2027-03-15 07:00:00Z", -1 },
		{ "2027-03-15T24:00:00Z", -1 },
		{ "2027-03-15T07:00:00", -1 },
		{ "yesterday", -1 },
	};
	char text[CLOCK_TEXT_SIZE];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		int64_t ms = -1;

		(void)!clock_parse(rows[i].text, &ms, NULL);
		assert_int_equal(ms, rows[i].ms);
	}
	assert_string_equal(clock_text(1805094000250, text), "2027-03-15T07:00:00.250Z");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(days_are_read_and_written),
		cmocka_unit_test(people_read_days_in_words),
		cmocka_unit_test(a_day_that_is_none_is_refused),
		cmocka_unit_test(weekdays_are_monday_to_friday),
		cmocka_unit_test(times_are_rfc_3339),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
