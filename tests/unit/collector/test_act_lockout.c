/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/act/act_lockout.h"
#include "collector/domain/lockout.h"
#include "collector/store/store_sign_in.h"
#include "tests/unit/collector/school.h"

#define SCHOOL "192.0.2.7"
#define ELSEWHERE "198.51.100.9"

static int64_t waits(struct school *school, const char *login, const char *network)
{
	int64_t wait_ms = -1;

	must(school, act_lockout_wait(school->store, login, network, school->now_ms, &wait_ms,
				      &school->err));
	return wait_ms;
}

static void mistype(struct school *school, const char *login, const char *network, int times)
{
	for (int i = 0; i < times; i++)
		must(school, act_lockout_failed(school->store, login, network, school->now_ms,
						&school->err));
}

static void sign_in(struct school *school, const char *login, const char *network)
{
	must(school,
	     act_lockout_signed_in(school->store, login, network, school->now_ms, &school->err));
}

static void five_failures_make_only_that_pair_wait(void **state)
{
	struct school *school = *state;

	mistype(school, "akim", SCHOOL, 4);
	assert_int_equal(waits(school, "akim", SCHOOL), 0);
	mistype(school, "akim", SCHOOL, 1);
	assert_int_equal(waits(school, "akim", SCHOOL), 30000);
	assert_int_equal(waits(school, "akim", ELSEWHERE), 0);
	assert_int_equal(waits(school, "bo", SCHOOL), 0);
	school->now_ms += 30000;
	assert_int_equal(waits(school, "akim", SCHOOL), 0);
}

static void who_signed_in_lately_gets_in_whatever_was_typed(void **state)
{
	struct school *school = *state;

	sign_in(school, "akim", SCHOOL);
	mistype(school, "akim", SCHOOL, 120);
	assert_int_equal(waits(school, "akim", SCHOOL), 0);
	assert_int_equal(waits(school, "akim", ELSEWHERE), 10000);
	assert_int_equal(waits(school, "bo", SCHOOL), 15000);
	school->now_ms += LOCKOUT_KNOWN_MS - 1;
	mistype(school, "akim", SCHOOL, 5);
	assert_int_equal(waits(school, "akim", SCHOOL), 0);
	school->now_ms += 1;
	assert_int_equal(waits(school, "akim", SCHOOL), 30000 - 1);
}

static void signing_in_forgets_the_pairs_failures(void **state)
{
	struct school *school = *state;

	mistype(school, "akim", SCHOOL, 5);
	sign_in(school, "akim", SCHOOL);
	assert_int_equal(school_number(school, "SELECT count(*) FROM sign_in_failure WHERE kind = "
					       "'pair'"),
			 0);
	assert_int_equal(
		school_number(school,
			      "SELECT failures FROM sign_in_failure WHERE kind = 'account'"),
		5);
}

static void a_house_with_ipv6_is_one_network(void **state)
{
	struct school *school = *state;

	mistype(school, "akim", "2001:db8:1:2::1", 3);
	mistype(school, "akim", "2001:db8:1:2::2", 2);
	assert_int_equal(waits(school, "akim", "2001:db8:1:2:ffff::"), 30000);
	assert_int_equal(waits(school, "akim", "2001:db8:1:3::1"), 0);
}

static void what_was_typed_is_not_stored(void **state)
{
	struct school *school = *state;

	mistype(school, "my password, typed in the wrong field", SCHOOL, 1);
	assert_int_equal(school_number(school, "SELECT count(*) FROM sign_in_failure WHERE "
					       "length(subject) = 64"),
			 3);
}

static void what_is_remembered_is_bounded_and_the_oldest_goes(void **state)
{
	struct school *school = *state;
	struct lockout_count count = { 1, 0 };

	for (int64_t i = 1; i <= 10; i++) {
		_cleanup_free_ char *subject = xasprintf("%d", (int)i);

		count.last_ms = i;
		must(school, store_sign_in_failure_put(school->store, LOCKOUT_PAIR, subject, &count,
						       &school->err));
		must(school, store_known_network_put(school->store, subject, i, &school->err));
	}
	must(school, store_sign_in_forget(school->store, &(struct sign_in_bounds){ 3, 5, 10 },
					  &school->err));
	assert_int_equal(school_number(school, "SELECT min(last_ms) FROM sign_in_failure"), 3);
	assert_int_equal(school_number(school, "SELECT min(last_ms) FROM known_network"), 5);
	must(school, store_sign_in_forget(school->store, &(struct sign_in_bounds){ 3, 5, 4 },
					  &school->err));
	assert_int_equal(school_number(school, "SELECT count(*) FROM sign_in_failure"), 4);
	assert_int_equal(school_number(school, "SELECT min(last_ms) FROM known_network"), 7);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, school_setup, school_teardown)
		TEST(five_failures_make_only_that_pair_wait),
		TEST(who_signed_in_lately_gets_in_whatever_was_typed),
		TEST(signing_in_forgets_the_pairs_failures),
		TEST(a_house_with_ipv6_is_one_network),
		TEST(what_was_typed_is_not_stored),
		TEST(what_is_remembered_is_bounded_and_the_oldest_goes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
