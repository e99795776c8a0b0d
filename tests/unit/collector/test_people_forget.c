/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is remembered of people who sign in: each kind goes once it counts for nothing any more,
 * and not a moment before.
 */
#include "collector/act/act_people_forget.h"
#include "collector/act/act_second_factor.h"
#include "collector/act/act_sign_on.h"
#include "collector/domain/lockout.h"
#include "collector/domain/session_time.h"
#include "tests/unit/collector/school.h"

#define HOUR INT64_C(3600000)

static const struct kept {
	const char *what, *put, *count;
	int64_t for_ms; /* it is there still so long after $1, and not a millisecond more */
} rows[] = {
	{ "a session since it began",
	  "INSERT INTO session VALUES ('s', 'a', $1, $1 + 999999999, '', '')",
	  "SELECT count(*) FROM session", SESSION_HOURS *HOUR },
	{ "a session since it was used",
	  "INSERT INTO session VALUES ('s', 'a', $1 + 999999999, $1, '', '')",
	  "SELECT count(*) FROM session", SESSION_IDLE_HOURS *HOUR },
	{ "an invitation", "INSERT INTO invitation VALUES ('i', 'a', 0, '', $1)",
	  "SELECT count(*) FROM invitation", -1 },
	{ "the code of the first admin", "INSERT INTO invitation VALUES ('i', NULL, 0, '', $1)",
	  "SELECT count(*) FROM invitation", -1 },
	{ "a second factor that was begun", "INSERT INTO second_factor_begun VALUES ('a', '', $1)",
	  "SELECT count(*) FROM second_factor_begun", SECOND_FACTOR_BEGUN_MS },
	{ "a sign-in that came back", "INSERT INTO sign_on_used VALUES ('h', $1)",
	  "SELECT count(*) FROM sign_on_used", SIGN_ON_REMEMBERED_MS },
	{ "a failure", "INSERT INTO sign_in_failure VALUES ('pair', 'h', 1, $1)",
	  "SELECT count(*) FROM sign_in_failure", LOCKOUT_FORGOTTEN_MS },
	{ "a known network", "INSERT INTO known_network VALUES ('h', $1)",
	  "SELECT count(*) FROM known_network", LOCKOUT_KNOWN_MS },
};

static void exec(struct school *school, const char *sql, int64_t at_ms)
{
	must(school, db_exec(school->store->db, sql, NULL, &school->err, "i", at_ms));
}

static void each_is_kept_as_long_as_it_counts_and_no_longer(void **state)
{
	struct school *school = *state;
	const int64_t at_ms = school->now_ms;

	exec(school,
	     "INSERT INTO account (id, login, name, password, password_ms, totp_secret, totp_step, "
	     "good_until, is_disabled, created_ms, created_by) "
	     "VALUES ('a', 'ada', 'Ada', '', 0, '', 0, '2027-06-30', 0, $1, '')",
	     at_ms);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		exec(school, rows[i].put, at_ms);
		must(school,
		     act_people_forget(school->store, at_ms + rows[i].for_ms, &school->err));
		if (school_number(school, rows[i].count) != 1)
			fail_msg("%s is gone too early", rows[i].what);
		must(school,
		     act_people_forget(school->store, at_ms + rows[i].for_ms + 1, &school->err));
		if (school_number(school, rows[i].count) != 0)
			fail_msg("%s is kept", rows[i].what);
	}
	/* Whom it was of stays. */
	assert_int_equal(school_number(school, "SELECT count(*) FROM account"), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, school_setup, school_teardown)
		TEST(each_is_kept_as_long_as_it_counts_and_no_longer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
