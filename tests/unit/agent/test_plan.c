/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "agent/backoff.h"
#include "agent/plan.h"
#include "agent/quiet.h"
#include "agent/schedule.h"
#include "common/base/base.h"
#include "common/base/mem.h"
#include "tests/unit/unit.h"

#define S INT64_C(1000)
#define H (3600 * S)
#define MOST UINT64_MAX
#define MIDDLE (UINT64_MAX / 2)
#define DEVICE "0123456789abcdef0123456789abcdef"

enum {
	CONTACT = ERRAND_LOOK | ERRAND_TALK | ERRAND_GREET,
	LOOK = ERRAND_LOOK | ERRAND_TALK,
	RETRY = ERRAND_TALK | ERRAND_GREET,
};

/* A generator that is the same on every machine, so that a failure can be repeated. */
static uint64_t draw(uint64_t *seed)
{
	uint64_t z = *seed += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

static void a_share_has_both_ends(void **state)
{
	(void)state;
	assert_int_equal(schedule_part(120 * S, 0), 0);
	assert_int_equal(schedule_part(120 * S, MOST), 120 * S);
	assert_int_equal(schedule_part(120 * S, MIDDLE), 60 * S);
	assert_int_equal(schedule_part(0, MOST), 0);
	assert_int_equal(schedule_part(-5, MOST), 0);
	assert_int_equal(schedule_part(INT64_MAX, MOST), INT64_MAX);
}

static void back_off_is_capped_before_it_is_drawn(void **state)
{
	/* clang-format off */
	static const struct {
		struct backoff backoff;
		uint64_t random;
		int64_t want_ms;
	} rows[] = {
		{ { 1, 0, 0 }, 0, 0 },
		{ { 1, 0, 0 }, MOST, 5 * S },
		{ { 2, 0, 0 }, MOST, 10 * S },
		{ { 8, 0, 0 }, MOST, 640 * S },
		{ { 9, 0, 0 }, MOST, 900 * S },
		/* At the cap there is still a draw: half of it, and nothing. */
		{ { 9, 0, 0 }, MIDDLE, 450 * S },
		{ { 4000000000u, 0, 0 }, MOST, 900 * S },
		{ { 4000000000u, 0, 0 }, 0, 0 },
		/* What the collector asks for comes on top, so that not all come at its end. */
		{ { 1, 30 * S, 0 }, 0, 30 * S },
		{ { 1, 30 * S, 0 }, MOST, 35 * S },
		/* A large fleet is spread wider than one device would. */
		{ { 1, 0, 2000 * S }, MOST, 2000 * S },
		{ { 9, 0, 2000 * S }, MOST, 2000 * S },
		{ { 9, 0, 60 * S }, MOST, 900 * S },
	};
	/* clang-format on */

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		assert_int_equal(backoff_ms(&rows[i].backoff, rows[i].random), rows[i].want_ms);
}

static void a_device_keeps_its_place_in_the_period(void **state)
{
	int64_t first = schedule_next(DEVICE, 24 * H, 0, MIDDLE), place = first % (24 * H);
	int64_t now = first;

	(void)state;
	/* However early or late it came, the next one is at its place again. */
	for (int day = 1; day < 400; day++) {
		uint64_t random = day % 3 == 0 ? 0 : day % 3 == 1 ? MOST : MIDDLE;
		int64_t next = schedule_next(DEVICE, 24 * H, now, random);
		int64_t off = next - (place + (next - place + 12 * H) / (24 * H) * 24 * H);

		assert_in_range(next - now, 19 * H, 29 * H);
		assert_in_range(off + 3 * H, 0, 6 * H);
		if (random == MIDDLE)
			assert_int_equal(off, 0);
		now = next;
	}
}

static void the_next_contact_is_never_at_once(void **state)
{
	uint64_t seed = 1;

	(void)state;
	for (int i = 0; i < 100000; i++) {
		int64_t period = 1 + (int64_t)(draw(&seed) % (7 * 24 * H));
		int64_t now = (int64_t)(draw(&seed) % (365 * 24 * H));
		int64_t wait = schedule_next(DEVICE, period, now, draw(&seed)) - now;

		assert_true(wait >= period * 39 / 100 && wait <= period * 161 / 100 + 1);
	}
}

static void places_are_even_over_a_fleet(void **state)
{
	int per_hour[24] = { 0 };

	(void)state;
	for (int i = 0; i < 24000; i++) {
		char id[ID_SIZE];

		snprintf(id, sizeof(id), "%032x", (unsigned)i);
		per_hour[schedule_next(id, 24 * H, 0, MIDDLE) / H % 24]++;
	}
	for (size_t i = 0; i < ARRAY_SIZE(per_hour); i++)
		assert_in_range(per_hour[i], 850, 1150);
}

static void quiet_hours_end_when_the_last_of_them_ends(void **state)
{
	static const struct quiet_hours school[] = { { 480, 900 }, { 1320, 360 }, { 900, 930 } };
	static const struct quiet_hours ever[] = { { 0, 720 }, { 720, 0 } }, day[] = { { 5, 5 } };
	/* clang-format off */
	static const struct {
		const struct quiet_hours *hours;
		size_t n;
		int minute, want;
	} rows[] = {
		{ school, 0, 500, 0 },
		{ school, 1, 479, 0 },   { school, 1, 480, 420 }, { school, 1, 899, 1 },
		{ school, 1, 900, 0 },
		{ school, 3, 480, 450 }, /* one ends as another begins */
		{ school, 3, 930, 0 },
		{ school, 3, 1320, 480 }, { school, 3, 1439, 361 }, { school, 3, 0, 360 },
		{ school, 3, 359, 1 },    { school, 3, 360, 0 },
		{ ever, 2, 0, QUIET_DAY_MIN }, { ever, 2, 719, QUIET_DAY_MIN },
		{ day, 1, 7, 1438 + 1440 > QUIET_DAY_MIN ? QUIET_DAY_MIN : 1438 },
	};
	/* clang-format on */

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		assert_int_equal(quiet_left_min(rows[i].hours, rows[i].n, rows[i].minute),
				 rows[i].want);
}

/* --- the plan --- */

static struct plan started(void)
{
	struct plan plan;

	plan_init(&plan, 120 * S, 3 * S, 1000 * S, MIDDLE);
	memcpy(plan.device_id, DEVICE, sizeof(DEVICE));
	return plan;
}

/* It does what is due, and the collector takes it. */
static void succeed(struct plan *plan, int64_t now)
{
	struct plan_result result = { .was_talking = true, .has_looked = true, .period_ms = H };
	int64_t at;
	unsigned errand = plan_due(plan, now, &at);

	assert_int_not_equal(errand, 0);
	plan_begin(plan, errand, now);
	plan_end(plan, errand, &result, now, MIDDLE);
}

static void assert_due(const struct plan *plan, int64_t now, unsigned want, int64_t want_at)
{
	int64_t at;

	assert_int_equal(plan_due(plan, now, &at), want);
	if (!want)
		assert_int_equal(at, want_at);
}

static void the_first_contact_comes_within_its_spread(void **state)
{
	struct plan plan = started();

	(void)state;
	assert_due(&plan, 1000 * S, 0, 1060 * S);
	assert_due(&plan, 1060 * S, CONTACT, 0);
	succeed(&plan, 1060 * S);
	assert_int_equal(plan.period_ms, H);
	assert_in_range(plan.contact_ms - 1060 * S, H * 4 / 10, H * 16 / 10);
	assert_due(&plan, plan.contact_ms - 1, 0, plan.contact_ms);
}

static void after_a_failure_the_device_is_looked_at_and_the_collector_left_alone(void **state)
{
	static const struct plan_result failed = {
		.was_talking = true, .has_failed = true, .has_looked = true, .retry_after_ms = 2 * H
	};
	static const struct plan_result looked = { .has_looked = true };
	struct plan plan = started();
	int64_t now = 1060 * S, retry = now + 2 * H + 5 * S;

	(void)state;
	plan.period_ms = H;
	plan_begin(&plan, CONTACT, now);
	plan_end(&plan, CONTACT, &failed, now, MOST);
	assert_int_equal(plan.retry_ms, retry);

	/* At its time, and at a plug, it looks, but does not talk. */
	now = plan.contact_ms;
	assert_due(&plan, now, ERRAND_LOOK | ERRAND_GREET, 0);
	plan_begin(&plan, ERRAND_LOOK | ERRAND_GREET, now);
	plan_end(&plan, ERRAND_LOOK | ERRAND_GREET, &looked, now, MIDDLE);
	assert_int_equal(plan.retry_ms, retry);
	assert_int_equal(plan.n_failed, 1);
	plan_event(&plan, now);
	assert_due(&plan, now + 3 * S, ERRAND_LOOK, 0);
	plan_begin(&plan, ERRAND_LOOK, now + 3 * S);
	plan_end(&plan, ERRAND_LOOK, &looked, now + 3 * S, MIDDLE);

	plan.contact_ms = retry + H;
	assert_due(&plan, retry - 1, 0, retry);
	assert_due(&plan, retry, RETRY, 0);
	succeed(&plan, retry);
	assert_int_equal(plan.n_failed, 0);
	assert_int_equal(plan.retry_ms, PLAN_NEVER);
}

static void what_could_not_even_look_tries_all_of_it_again(void **state)
{
	static const struct plan_result failed = { .has_failed = true };
	struct plan plan = started();

	(void)state;
	plan_begin(&plan, CONTACT, 1060 * S);
	plan_end(&plan, CONTACT, &failed, 1060 * S, MOST);
	assert_due(&plan, 1065 * S - 1, 0, 1065 * S);
	assert_due(&plan, 1065 * S, CONTACT, 0);
	/* A person who mended it does not wait. */
	plan.retry_ms = 5000 * S;
	plan_hurry(&plan, 1066 * S);
	assert_int_equal(plan.retry_ms, 1066 * S);
	succeed(&plan, 1066 * S);
	plan_hurry(&plan, 1067 * S);
	assert_int_equal(plan.retry_ms, PLAN_NEVER);
}

static void a_plug_is_looked_at_when_it_is_calm(void **state)
{
	struct plan plan = started();

	(void)state;
	plan.contact_ms = PLAN_NEVER - 1;
	plan_event(&plan, 1000 * S);
	plan_event(&plan, 1002 * S);
	assert_due(&plan, 1004 * S, 0, 1005 * S);
	assert_due(&plan, 1005 * S, LOOK, 0);
	/* What never is calm is looked at all the same. */
	assert_true(plan_is_restless(&plan, 1029 * S));
	assert_false(plan_is_restless(&plan, 1030 * S));
}

static void a_loose_contact_is_looked_at_less_and_less(void **state)
{
	static const struct plan_result looked = { .has_looked = true };
	static const int64_t want[] = { 3, 6, 12, 24, 48, 96, 96 };
	struct plan plan = started();
	int64_t now = 1000 * S;

	(void)state;
	plan.contact_ms = PLAN_NEVER - 1;
	for (size_t i = 0; i < ARRAY_SIZE(want); i++) {
		plan_event(&plan, now);
		assert_int_equal(plan.look_ms, now + want[i] * S);
		now = plan.look_ms;
		plan_begin(&plan, LOOK, now);
		plan_end(&plan, LOOK, &looked, now, 0);
		assert_int_equal(plan.look_ms, PLAN_NEVER);
	}
	plan_event(&plan, now + 301 * S);
	assert_int_equal(plan.look_ms, now + 304 * S);
}

static void a_plug_during_a_test_is_looked_at_later(void **state)
{
	static const struct plan_result browser = { .has_browser = true };
	struct plan plan = started();

	(void)state;
	plan.contact_ms = 5000 * S;
	plan_event(&plan, 1000 * S);
	plan_begin(&plan, LOOK, 1003 * S);
	plan_end(&plan, LOOK, &browser, 1003 * S, 0);
	assert_int_equal(plan.look_ms, 1003 * S + PLAN_BROWSER_MS);
	assert_int_equal(plan.contact_ms, 5000 * S);

	/* Also where it fell together with a contact, which does not come back for it. */
	plan_begin(&plan, CONTACT, 5000 * S);
	plan_end(&plan, CONTACT, &browser, 5000 * S, 0);
	assert_int_equal(plan.look_ms, 5000 * S + PLAN_BROWSER_MS);
	assert_true(plan.contact_ms > 5000 * S + 9 * H);
	plan.look_ms = PLAN_NEVER;
	plan_begin(&plan, CONTACT, 6000 * S);
	plan_end(&plan, CONTACT, &browser, 6000 * S, 0);
	assert_int_equal(plan.look_ms, PLAN_NEVER);
}

static void a_plug_during_a_look_is_looked_at_after_it(void **state)
{
	static const struct plan_result looked = { .has_looked = true };
	struct plan plan = started();

	(void)state;
	plan_event(&plan, 1000 * S);
	plan_begin(&plan, LOOK, 1003 * S);
	plan_event(&plan, 1004 * S);
	plan_end(&plan, LOOK, &looked, 1005 * S, 0);
	assert_int_equal(plan.look_ms, 1004 * S + 6 * S);
}

static void a_new_profile_is_looked_by_at_once(void **state)
{
	static const struct plan_result news = { .was_talking = true,
						 .has_looked = true,
						 .has_news = true };
	struct plan plan = started();

	(void)state;
	plan_begin(&plan, CONTACT, 1060 * S);
	plan_end(&plan, CONTACT, &news, 1060 * S, 0);
	assert_due(&plan, 1060 * S, LOOK, 0);
}

static void quiet_hours_move_everything_to_their_end(void **state)
{
	struct plan plan = started();

	(void)state;
	plan_event(&plan, 1000 * S);
	plan_hold(&plan, 9000 * S);
	assert_due(&plan, 8999 * S, 0, 9000 * S);
	assert_due(&plan, 9000 * S, CONTACT, 0);
	assert_int_equal(plan.retry_ms, PLAN_NEVER);
}

static void what_was_due_during_a_suspend_is_spread(void **state)
{
	struct plan plan = started();

	(void)state;
	plan_wake(&plan, 1060 * S + 60 * S, 120 * S, MOST);
	assert_due(&plan, 1120 * S, CONTACT, 0);
	plan_event(&plan, 1060 * S);
	plan_wake(&plan, 9000 * S, 120 * S, MIDDLE);
	assert_due(&plan, 9000 * S, LOOK, 0);
	plan_begin(&plan, LOOK, 9000 * S);
	assert_due(&plan, 9000 * S, 0, 9060 * S);
	assert_due(&plan, 9060 * S, CONTACT, 0);

	plan_end(&plan, CONTACT, &(struct plan_result){ .was_talking = true, .has_failed = true },
		 9060 * S, 0);
	plan_wake(&plan, 20000 * S, 120 * S, MOST);
	assert_int_equal(plan.retry_ms, 20120 * S);
}

/*
 * 100,000 devices that report every hour, and a collector that is gone for 30
 * minutes: what it gets in the busiest second after.
 */
static void an_outage_does_not_end_in_a_herd(void **state)
{
	enum { DEVICES = 100000, SECONDS = 3 * 3600, FROM = 3600, TO = FROM + 1800 };
	_cleanup_free_ struct plan *plans = xcalloc(DEVICES, sizeof(*plans));
	_cleanup_free_ int *per_second = xcalloc(SECONDS + 1, sizeof(int));
	uint64_t seed = 2026;
	int peak = 0;

	(void)state;
	for (int i = 0; i < DEVICES; i++) {
		struct plan *plan = &plans[i];
		int64_t now;

		plan_init(plan, H, 3 * S, 0, draw(&seed));
		snprintf(plan->device_id, ID_SIZE, "%032x", (unsigned)i);
		for (;;) {
			struct plan_result result = { .was_talking = true,
						      .has_looked = true,
						      .period_ms = H,
						      .spread_ms = DEVICES / 50 * S };
			unsigned errand = plan_due(plan, 0, &now);

			if (now >= SECONDS * S)
				break;
			errand = plan_due(plan, now, &now);
			result.was_talking = errand & ERRAND_TALK;
			result.has_failed = result.was_talking && now >= FROM * S && now < TO * S;
			per_second[now / S] += result.was_talking;
			plan_begin(plan, errand, now);
			plan_end(plan, errand, &result, now, draw(&seed));
		}
	}
	for (int i = TO; i < SECONDS; i++)
		peak = per_second[i] > peak ? per_second[i] : peak;
	print_message("seed 2026: mean %d a second, peak after the outage %d\n", DEVICES / 3600,
		      peak);
	/* By chance a second has a few more than the rate that is asked for, 3 × 27.8. */
	assert_in_range(peak, 1, 3 * DEVICES / 3600 + 30);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_share_has_both_ends),
		cmocka_unit_test(back_off_is_capped_before_it_is_drawn),
		cmocka_unit_test(a_device_keeps_its_place_in_the_period),
		cmocka_unit_test(the_next_contact_is_never_at_once),
		cmocka_unit_test(places_are_even_over_a_fleet),
		cmocka_unit_test(quiet_hours_end_when_the_last_of_them_ends),
		cmocka_unit_test(the_first_contact_comes_within_its_spread),
		cmocka_unit_test(
			after_a_failure_the_device_is_looked_at_and_the_collector_left_alone),
		cmocka_unit_test(what_could_not_even_look_tries_all_of_it_again),
		cmocka_unit_test(a_plug_is_looked_at_when_it_is_calm),
		cmocka_unit_test(a_loose_contact_is_looked_at_less_and_less),
		cmocka_unit_test(a_plug_during_a_test_is_looked_at_later),
		cmocka_unit_test(a_plug_during_a_look_is_looked_at_after_it),
		cmocka_unit_test(a_new_profile_is_looked_by_at_once),
		cmocka_unit_test(quiet_hours_move_everything_to_their_end),
		cmocka_unit_test(what_was_due_during_a_suspend_is_spread),
		cmocka_unit_test(an_outage_does_not_end_in_a_herd),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
