/* SPDX-License-Identifier: Apache-2.0 */
#include "common/base/log.h"
#include "tests/unit/unit.h"

static void what_comes_again_and_again_is_said_so_often_and_then_counted(void **state)
{
	struct log_seldom seldom = { 0 };
	unsigned n_left_out = 7;

	(void)state;
	for (int i = 0; i < LOG_SELDOM_LINES; i++) {
		assert_true(log_seldom_may(&seldom, 5000 + i, &n_left_out));
		assert_int_equal(n_left_out, 0);
	}
	for (int i = 0; i < 1000; i++)
		assert_false(log_seldom_may(&seldom, 5000 + LOG_SELDOM_MS - 1, &n_left_out));
	assert_true(log_seldom_may(&seldom, 5000 + LOG_SELDOM_MS, &n_left_out));
	assert_int_equal(n_left_out, 1000);
	/* Told once. */
	assert_true(log_seldom_may(&seldom, 5000 + LOG_SELDOM_MS, &n_left_out));
	assert_int_equal(n_left_out, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_comes_again_and_again_is_said_so_often_and_then_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
