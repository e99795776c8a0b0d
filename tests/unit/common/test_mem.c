/* SPDX-License-Identifier: Apache-2.0 */
#include "common/base/mem.h"
#include "tests/unit/unit.h"

static void what_is_added_one_by_one_is_all_there(void **state)
{
	_cleanup_free_ unsigned *numbers = NULL;
	size_t room = 0, moves = 0;

	(void)state;
	for (unsigned n = 0; n < 1000; n++) {
		size_t before = room;

		numbers = xgrow(numbers, n, &room, sizeof(*numbers));
		moves += room != before;
		assert_true(room > n);
		numbers[n] = n;
	}
	for (unsigned n = 0; n < 1000; n++)
		assert_int_equal(numbers[n], n);
	assert_int_equal(room, 1024);
	assert_int_equal(moves, 7);
}

static void where_there_is_room_nothing_moves(void **state)
{
	_cleanup_free_ char *bytes = xcalloc(3, 1);
	size_t room = 3;

	(void)state;
	assert_ptr_equal(xgrow(bytes, 2, &room, 1), bytes);
	assert_int_equal(room, 3);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_added_one_by_one_is_all_there),
		cmocka_unit_test(where_there_is_room_nothing_moves),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
