/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The rules of accounts that need nothing: logins, passwords, renewal, how long a session lasts.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "collector/domain/login_name.h"
#include "collector/domain/password_rule.h"
#include "collector/domain/renewal.h"
#include "collector/domain/session_time.h"
#include "common/base/civil.h"
#include "tests/unit/unit.h"

static void a_login_is_kept_in_lower_case(void **state)
{
	char login[LOGIN_NAME_SIZE];

	(void)state;
	assert_int_equal(login_name_read("A.Kim+x_1@School-9.EDU", login, NULL), 0);
	assert_string_equal(login, "a.kim+x_1@school-9.edu");
}

static void what_is_no_login_is_refused(void **state)
{
	static const char *const wrong[] = { "",    "a",    "-ab",  ".ab",        "a b",  "a\tb",
					     "a,b", "a\"b", "a<b>", "\xc3\xa9va", "a\nb", "a/b" };
	char login[LOGIN_NAME_SIZE] = "before";
	struct err err;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		assert_int_equal(login_name_read(wrong[i], login, &err), -EINVAL);
		assert_string_equal(login, "before");
	}
}

static void a_login_has_2_to_64_characters(void **state)
{
	char text[70], login[LOGIN_NAME_SIZE];
	static const struct {
		int length, r;
	} rows[] = { { 1, -EINVAL }, { 2, 0 }, { 64, 0 }, { 65, -EINVAL } };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		memset(text, 'x', sizeof(text));
		text[rows[i].length] = '\0';
		assert_int_equal(login_name_read(text, login, NULL), rows[i].r);
	}
}

static void a_password_is_long_and_not_one_that_is_tried_first(void **state)
{
	/* clang-format off */
	static const struct {
		const char *password;
		int r;
	} rows[] = {
		{ "correct horse battery", 0 },
		{ "elevenchars", -EINVAL },
		{ "twelve chars", 0 },
		{ "\xc3\xa9\xc3\xa0\xc3\xbc\xc3\xb6\xc3\xa4\xc3\xb1", -EINVAL }, /* 12 bytes */
		{ "\xc3\xa9\xc3\xa0\xc3\xbc\xc3\xb6\xc3\xa4\xc3\xb1\xc3\xb8\xc3\xa5\xc3\xa6\xc3\xa7\xc3\xa8\xc3\xaa", 0 },
		{ "password1234", -EINVAL },
		{ "PassWord1234", -EINVAL },
		{ "aaaaaaaaaaaaaaaa", -EINVAL },
		{ "abcabcabcabcabc", -EINVAL },
		{ "abcdabcdabcdx", 0 },
		{ "a.kim@school.edu", -EINVAL },
		{ "A.KIM@school.edu", -EINVAL },
		{ "a.kim@school.edu1", 0 },
	};
	/* clang-format on */
	struct err err;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		int r = password_rule_check(rows[i].password, "a.kim@school.edu", &err);

		if (r != rows[i].r)
			fail_msg("%s: %d", rows[i].password, r);
		assert_true(r == 0 || !strstr(err.text, rows[i].password));
	}
}

static void a_password_has_128_characters_at_most(void **state)
{
	char text[130];

	(void)state;
	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = (char)('a' + (i * 7 + i / 26) % 26);
	text[128] = '\0';
	assert_int_equal(password_rule_check(text, "login", NULL), 0);
	text[128] = 'x';
	text[129] = '\0';
	assert_int_equal(password_rule_check(text, "login", NULL), -EINVAL);
}

static void an_account_is_good_until_30_june_and_after_1_may_of_the_next_year(void **state)
{
	static const struct {
		const char *today, *until;
	} rows[] = {
		{ "2026-07-01", "2027-06-30" }, { "2026-12-31", "2027-06-30" },
		{ "2027-01-01", "2027-06-30" }, { "2027-05-01", "2027-06-30" },
		{ "2027-05-02", "2028-06-30" }, { "2027-06-30", "2028-06-30" },
		{ "2028-02-29", "2028-06-30" }, { "9999-12-31", "9999-06-30" },
	};
	char text[CIVIL_TEXT_SIZE];
	int32_t today;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		assert_int_equal(civil_parse(rows[i].today, &today, NULL), 0);
		assert_string_equal(civil_text(renewal_good_until(today), text), rows[i].until);
	}
}

static void the_last_day_is_a_good_one(void **state)
{
	(void)state;
	assert_false(renewal_is_due(100, 99));
	assert_false(renewal_is_due(100, 100));
	assert_true(renewal_is_due(100, 101));
}

#define H SESSION_HOUR_MS

static void a_session_lasts_12_hours_and_2_without_use(void **state)
{
	static const struct {
		int64_t created, seen, now;
		bool is_good;
	} rows[] = {
		{ 0, 0, 0, true },
		{ 0, 0, 2 * H - 1, true },
		{ 0, 0, 2 * H, false },
		{ 0, 11 * H, 12 * H - 1, true },
		{ 0, 11 * H, 12 * H, false },
		/* the clock was set back: a little is as nothing, more ends it */
		{ H, H, 0, true },
		{ H + 1, H + 1, 0, false },
		{ 0, 3 * H + 1, 2 * H, false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		if (session_time_is_good(rows[i].created, rows[i].seen, rows[i].now) !=
		    rows[i].is_good)
			fail_msg("row %zu", i);
	}
	assert_int_equal(session_time_end_ms(5), 12 * H + 5);
	assert_false(session_time_wants_note(1000, 60999));
	assert_true(session_time_wants_note(1000, 61000));
}

/* In California it is 17:00 of 30 June when UTC's 1 July begins; in Hawaii 14:00. */
static void an_account_ends_after_30_june_wherever_its_owner_is(void **state)
{
	static const int64_t hour_ms = INT64_C(3600000);
	int32_t june30 = 0;
	int64_t utc_july1_ms;

	(void)state;
	assert_int_equal(civil_parse("2027-06-30", &june30, NULL), 0);
	utc_july1_ms = (int64_t)(june30 + 1) * 24 * hour_ms;
	assert_false(renewal_is_due(june30, renewal_day(utc_july1_ms)));
	assert_false(renewal_is_due(june30, renewal_day(utc_july1_ms + 12 * hour_ms - 1)));
	assert_true(renewal_is_due(june30, renewal_day(utc_july1_ms + 12 * hour_ms)));
}

static void that_an_account_ends_is_told_six_weeks_before(void **state)
{
	(void)state;
	assert_false(renewal_is_near(1000, 1000 - RENEWAL_TOLD_DAYS - 1));
	assert_true(renewal_is_near(1000, 1000 - RENEWAL_TOLD_DAYS));
	assert_true(renewal_is_near(1000, 1000));
	assert_false(renewal_is_near(1000, 1001));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_login_is_kept_in_lower_case),
		cmocka_unit_test(what_is_no_login_is_refused),
		cmocka_unit_test(a_login_has_2_to_64_characters),
		cmocka_unit_test(a_password_is_long_and_not_one_that_is_tried_first),
		cmocka_unit_test(a_password_has_128_characters_at_most),
		cmocka_unit_test(an_account_is_good_until_30_june_and_after_1_may_of_the_next_year),
		cmocka_unit_test(the_last_day_is_a_good_one),
		cmocka_unit_test(a_session_lasts_12_hours_and_2_without_use),
		cmocka_unit_test(an_account_ends_after_30_june_wherever_its_owner_is),
		cmocka_unit_test(that_an_account_ends_is_told_six_weeks_before),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
