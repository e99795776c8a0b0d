/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/http/bucket.h"
#include "tests/unit/unit.h"

static const struct rate rate = { .burst = 32, .every_ms = 100 };

static int64_t take_n(struct buckets *buckets, uint64_t key, int n, int64_t now_ms)
{
	int64_t wait_ms = 0;

	for (int i = 0; i < n && wait_ms == 0; i++)
		wait_ms = buckets_take(buckets, key, &rate, now_ms);
	return wait_ms;
}

static void a_burst_is_allowed_and_then_one_each_time_span(void **state)
{
	_cleanup_(buckets_freep) struct buckets *buckets = buckets_new(16);

	(void)state;
	assert_int_equal(take_n(buckets, 7, 31, 1000), 0);
	assert_int_equal(take_n(buckets, 7, 1, 1000), 0);
	/* One token in 100 ms, and two more, a sixteenth of the bucket. */
	assert_int_equal(take_n(buckets, 7, 1, 1000), 300);
	assert_int_equal(take_n(buckets, 7, 1, 1099), 201);
	assert_int_equal(take_n(buckets, 7, 1, 1100), 0);
	assert_true(take_n(buckets, 7, 1, 1100) > 0);
	/* Who comes when it was told to has that sixteenth. */
	assert_int_equal(take_n(buckets, 7, 3, 1400), 0);
	assert_true(take_n(buckets, 7, 1, 1400) > 0);
}

static void what_was_refused_costs_nothing(void **state)
{
	_cleanup_(buckets_freep) struct buckets *buckets = buckets_new(16);

	(void)state;
	take_n(buckets, 7, 32, 0);
	for (int i = 0; i < 1000; i++)
		assert_int_equal(buckets_take(buckets, 7, &rate, 0), 300);
	assert_int_equal(take_n(buckets, 7, 32, 3200), 0);
}

static void keys_do_not_pay_for_each_other(void **state)
{
	_cleanup_(buckets_freep) struct buckets *buckets = buckets_new(16);

	(void)state;
	/* All four in one set. */
	for (uint64_t key = 4; key <= 16; key += 4)
		assert_int_equal(take_n(buckets, key, 32, 0), 0);
	for (uint64_t key = 4; key <= 16; key += 4)
		assert_true(take_n(buckets, key, 1, 0) > 0);
}

static void a_full_table_forgets_who_asked_least(void **state)
{
	_cleanup_(buckets_freep) struct buckets *buckets = buckets_new(4);

	(void)state;
	take_n(buckets, 1, 32, 0);
	take_n(buckets, 2, 32, 0);
	take_n(buckets, 3, 5, 0);
	take_n(buckets, 4, 32, 0);
	assert_int_equal(take_n(buckets, 5, 32, 0), 0);
	assert_true(take_n(buckets, 1, 1, 0) > 0);
	assert_true(take_n(buckets, 2, 1, 0) > 0);
	assert_true(take_n(buckets, 4, 1, 0) > 0);
	assert_true(take_n(buckets, 5, 1, 0) > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_burst_is_allowed_and_then_one_each_time_span),
		cmocka_unit_test(what_was_refused_costs_nothing),
		cmocka_unit_test(keys_do_not_pay_for_each_other),
		cmocka_unit_test(a_full_table_forgets_who_asked_least),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
