/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "collector/domain/lockout.h"
#include "common/base/base.h"
#include "tests/unit/unit.h"

#define SECOND 1000LL
#define MINUTE (60 * SECOND)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)
#define NOON 1800273600000LL
#define GUESS 100LL /* ms that one guess takes its sender */

/* --- somebody who guesses for a day, as fast as they are let ------------------------ */

#define NETWORKS_MAX 2000
#define LOGINS_MAX 2000

struct world {
	struct lockout_count pairs[NETWORKS_MAX], logins[LOGINS_MAX], networks[NETWORKS_MAX];
	bool is_known;
};

/* A guess at @login from @network; whether it was looked at. Pairs are of login 0 or network 0. */
static bool guess(struct world *world, size_t login, size_t network, int64_t now)
{
	struct lockout_count *parts[] = {
		[LOCKOUT_PAIR] = &world->pairs[login > network ? login : network],
		[LOCKOUT_ACCOUNT] = &world->logins[login],
		[LOCKOUT_NETWORK] = &world->networks[network],
	};
	struct lockout_count counts[LOCKOUT_MAX_] = { 0 };

	for (size_t i = 0; i < LOCKOUT_CODE; i++)
		counts[i] = *parts[i];
	if (lockout_wait_ms(counts, world->is_known, now) > 0)
		return false;
	lockout_fail(counts, now);
	for (size_t i = 0; i < LOCKOUT_CODE; i++)
		*parts[i] = counts[i];
	return true;
}

/* How many guesses a day has, the first or, after it, any later one. */
static void guesses_of_a_day(size_t n_logins, size_t n_networks, bool is_known, int64_t per_day[2])
{
	static struct world world;
	size_t turn = 0;

	world = (struct world){ .is_known = is_known };
	per_day[0] = per_day[1] = 0;
	for (int64_t now = 0; now < 2 * DAY; now += GUESS, turn++)
		per_day[now / DAY] += guess(&world, turn % n_logins, turn % n_networks, NOON + now);
}

static void an_attacker_has_so_many_guesses_a_day_and_no_more(void **state)
{
	static const struct {
		const char *who;
		size_t n_logins, n_networks;
		bool is_known;
		int64_t first_day, later;
	} rows[] = {
		{ "at one login from one place", 1, 1, false, 34, 24 },
		{ "at two thousand logins from one place", LOGINS_MAX, 1, false, 5859, 5760 },
		{ "at one login from two thousand places", 1, NETWORKS_MAX, false, 8659, 8639 },
		{ "at one login from its own school", 1, 1, true, 9630, 8640 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		int64_t n[2];

		guesses_of_a_day(rows[i].n_logins, rows[i].n_networks, rows[i].is_known, n);
		if (n[0] != rows[i].first_day || n[1] != rows[i].later)
			fail_msg("%s: %lld guesses on the first day, %lld later", rows[i].who,
				 (long long)n[0], (long long)n[1]);
	}
}

/* --- the owner ---------------------------------------------------------------------- */

static void the_owner_gets_in_while_others_try(void **state)
{
	/* What was counted, and how long the owner then waits, where known and elsewhere. */
	static const struct {
		const char *what;
		struct lockout_count counts[LOCKOUT_MAX_];
		int64_t known_ms, elsewhere_ms;
	} rows[] = {
		{ "nobody failed", { { 0 } }, 0, 0 },
		{ "the owner mistyped four times",
		  { { 4, NOON }, { 4, NOON }, { 4, NOON } },
		  0,
		  0 },
		{ "five times", { { 5, NOON }, { 5, NOON }, { 5, NOON } }, 0, 30 * SECOND },
		{ "six times", { { 6, NOON }, { 6, NOON }, { 6, NOON } }, 0, MINUTE },
		{ "a class typed the login all morning",
		  { { 300, NOON }, { 300, NOON } },
		  0,
		  HOUR },
		{ "a program did, just not too often", { { 999, NOON }, { 999, NOON } }, 0, HOUR },
		{ "and too often", { { 1000, NOON }, { 999, NOON } }, 10 * SECOND, HOUR },
		{ "and ever more", { { 99999, NOON }, { 999, NOON } }, 10 * SECOND, HOUR },
		{ "others tried from all over the world",
		  { { 0 }, { 9000, NOON } },
		  0,
		  10 * SECOND },
		{ "others tried other logins from here",
		  { { 0 }, { 0 }, { 9000, NOON } },
		  0,
		  15 * SECOND },
		{ "nineteen from all over", { { 0 }, { 19, NOON } }, 0, 0 },
		{ "twenty", { { 0 }, { 20, NOON } }, 0, 10 * SECOND },
		{ "ninety-nine others here", { { 0 }, { 0 }, { 99, NOON } }, 0, 0 },
		{ "a hundred", { { 0 }, { 0 }, { 100, NOON } }, 0, 15 * SECOND },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		int64_t known = lockout_wait_ms(rows[i].counts, true, NOON);
		int64_t elsewhere = lockout_wait_ms(rows[i].counts, false, NOON);

		if (known != rows[i].known_ms || elsewhere != rows[i].elsewhere_ms)
			fail_msg("%s: waits %lld ms where known, %lld elsewhere", rows[i].what,
				 (long long)known, (long long)elsewhere);
	}
}

static void a_delay_grows_to_an_hour_and_is_over_to_the_millisecond(void **state)
{
	static const int64_t waits[] = { 0,           0,           0,           0,
					 30 * SECOND, MINUTE,      2 * MINUTE,  4 * MINUTE,
					 8 * MINUTE,  16 * MINUTE, 32 * MINUTE, HOUR,
					 HOUR };
	struct lockout_count counts[LOCKOUT_MAX_] = { 0 };
	int64_t now = NOON;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(waits); i++) {
		lockout_fail(counts, now);
		assert_int_equal(lockout_wait_ms(counts, false, now), waits[i]);
		now += waits[i];
		assert_int_equal(lockout_wait_ms(counts, false, now), 0);
		if (waits[i] > 0)
			assert_int_equal(lockout_wait_ms(counts, false, now - 1), 1);
	}
}

static void failures_are_forgotten_one_after_the_other(void **state)
{
	struct lockout_count counts[LOCKOUT_MAX_] = { 0 };

	(void)state;
	for (int i = 0; i < 5; i++)
		lockout_fail(counts, NOON);
	assert_int_equal(counts[LOCKOUT_PAIR].failures, 5);
	lockout_fail(counts, NOON + 8 * HOUR);
	assert_int_equal(counts[LOCKOUT_PAIR].failures, 4);
	assert_int_equal(counts[LOCKOUT_ACCOUNT].failures, 1);
	assert_int_equal(counts[LOCKOUT_NETWORK].failures, 1);
	assert_int_equal(lockout_wait_ms(counts, false, NOON + 8 * HOUR), 0);
}

static void what_may_be_dropped_makes_nobody_wait(void **state)
{
	const struct lockout_count worst[LOCKOUT_MAX_] = {
		{ 100000, NOON },
		{ 100000, NOON },
		{ 100000, NOON },
	};

	(void)state;
	assert_int_equal(lockout_wait_ms(worst, false, NOON + LOCKOUT_FORGOTTEN_MS), 0);
	assert_int_equal(lockout_wait_ms(worst, true, NOON + LOCKOUT_FORGOTTEN_MS), 0);
}

static void a_clock_that_was_set_back_makes_nobody_wait_for_years(void **state)
{
	const struct lockout_count counts[LOCKOUT_MAX_] = { { 50, NOON }, { 50, NOON } };
	struct lockout_count again[LOCKOUT_MAX_] = { { 50, NOON }, { INT64_MAX, NOON } };

	(void)state;
	/* By a few seconds, as clocks are set: they wait. By more, nothing is known of them. */
	assert_int_equal(lockout_wait_ms(counts, false, NOON - 5), HOUR);
	assert_int_equal(lockout_wait_ms(counts, false, NOON - 365 * DAY), 0);
	lockout_fail(again, NOON - 365 * DAY);
	assert_int_equal(again[LOCKOUT_PAIR].last_ms, NOON - 365 * DAY);
	assert_int_equal(again[LOCKOUT_PAIR].failures, 51);
	assert_int_equal(again[LOCKOUT_ACCOUNT].failures, 100001);
}

static void a_network_is_what_one_house_has(void **state)
{
	static const struct {
		const char *address, *network;
	} rows[] = {
		{ "192.0.2.7", "192.0.2.7" },
		{ "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::" },
		{ "2001:DB8:1:2::9", "2001:db8:1:2::" },
		{ "2001:db8:1:3::9", "2001:db8:1:3::" },
		{ "::ffff:192.0.2.7", "192.0.2.7" },
		{ "::1", "::" },
		{ "", "" },
		{ "no address", "no address" },
		{ "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "ffff:ffff:ffff:ffff::" },
		{ "a text that is longer than any address could be in the world",
		  "a text that is longer than any address could " },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char network[LOCKOUT_NETWORK_SIZE];

		lockout_network(rows[i].address, network);
		assert_string_equal(network, rows[i].network);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_attacker_has_so_many_guesses_a_day_and_no_more),
		cmocka_unit_test(the_owner_gets_in_while_others_try),
		cmocka_unit_test(a_delay_grows_to_an_hour_and_is_over_to_the_millisecond),
		cmocka_unit_test(failures_are_forgotten_one_after_the_other),
		cmocka_unit_test(what_may_be_dropped_makes_nobody_wait),
		cmocka_unit_test(a_clock_that_was_set_back_makes_nobody_wait_for_years),
		cmocka_unit_test(a_network_is_what_one_house_has),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
