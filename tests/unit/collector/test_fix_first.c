/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "collector/domain/fix_first.h"
#include "tests/unit/unit.h"

/* Required: a (10 min), b (60 min), c (10 min, the same fix as a); recommended: d (1 min). */
static struct requirement requirements[] = {
	{ .id = "a", .severity = SEVERITY_REQUIRED, .fix = { "fix-a", "A", 10 } },
	{ .id = "b", .severity = SEVERITY_REQUIRED, .fix = { "fix-b", "B", 60 } },
	{ .id = "c", .severity = SEVERITY_REQUIRED, .fix = { "fix-a", "A", 10 } },
	{ .id = "d", .severity = SEVERITY_RECOMMENDED, .fix = { "fix-d", "D", 1 } },
};
static const struct profile profile = {
	.requirements = requirements,
	.n_requirements = ARRAY_SIZE(requirements),
};

static struct fix_list list_of(const struct pattern *patterns, size_t n)
{
	struct fix_list list;

	fix_first(&profile, patterns, n, &list);
	return list;
}

static void expect_work(const struct fix_work *work, const char *id, int64_t devices,
			int64_t makes_ready, int64_t minutes)
{
	assert_string_equal(work->fix->id, id);
	assert_int_equal(work->devices, devices);
	assert_int_equal(work->makes_ready, makes_ready);
	assert_int_equal(work->minutes, minutes);
}

static void the_fix_that_readies_most_per_minute_comes_first(void **state)
{
	static const struct pattern patterns[] = {
		{ "101", STATE_NOT_READY, "PFPP", 5 }, /* 5 devices for 300 minutes */
		{ "102", STATE_NOT_READY, "FPPP", 2 }, /* 2 devices for 20 */
	};
	struct fix_list list = list_of(patterns, 2);

	(void)state;
	assert_int_equal(list.n_works, 2);
	expect_work(&list.works[0], "fix-a", 2, 2, 20);
	expect_work(&list.works[1], "fix-b", 5, 5, 300);
	fix_list_done(&list);
}

static void a_device_that_needs_two_fixes_is_ready_after_the_second(void **state)
{
	static const struct pattern patterns[] = { { "101", STATE_NOT_READY, "FFPP", 3 } };
	struct fix_list list = list_of(patterns, 1);

	(void)state;
	assert_int_equal(list.n_works, 2);
	assert_int_equal(list.works[0].makes_ready + list.works[1].makes_ready, 3);
	assert_int_equal(list.works[0].makes_ready, 0);
	fix_list_done(&list);
}

static void two_requirements_with_one_fix_are_one_work(void **state)
{
	static const struct pattern patterns[] = { { "101", STATE_NOT_READY, "FPFP", 4 } };
	struct fix_list list = list_of(patterns, 1);

	(void)state;
	assert_int_equal(list.n_works, 1);
	expect_work(&list.works[0], "fix-a", 4, 4, 40);
	assert_int_equal(list.works[0].requirements[0], 1 << 0 | 1 << 2);
	fix_list_done(&list);
}

static void recommended_work_comes_last_and_readies_nothing(void **state)
{
	static const struct pattern patterns[] = {
		{ "101", STATE_READY_WITH_WARNINGS, "PPPF", 100 },
		{ "101", STATE_NOT_READY, "PFPP", 1 },
	};
	struct fix_list list = list_of(patterns, 2);

	(void)state;
	assert_int_equal(list.n_works, 2);
	expect_work(&list.works[0], "fix-b", 1, 1, 60);
	expect_work(&list.works[1], "fix-d", 100, 0, 100);
	assert_int_equal(list.works[1].severity, SEVERITY_RECOMMENDED);
	fix_list_done(&list);
}

static void a_device_with_an_unknown_is_not_made_ready_by_a_fix(void **state)
{
	static const struct pattern patterns[] = { { "101", STATE_NOT_READY, "FUPP", 2 } };
	struct fix_list list = list_of(patterns, 1);

	(void)state;
	assert_int_equal(list.n_works, 1);
	expect_work(&list.works[0], "fix-a", 2, 0, 20);
	fix_list_done(&list);
}

static void stale_devices_and_other_versions_are_passed_over(void **state)
{
	static const struct pattern patterns[] = {
		{ "101", STATE_STALE, "FPPP", 2 },
		{ "101", STATE_NEVER_SEEN, "", 2 },
		{ "101", STATE_NOT_READY, "FPP", 2 },
	};
	struct fix_list list = list_of(patterns, 3);

	(void)state;
	assert_int_equal(list.n_works, 0);
	fix_list_done(&list);
}

static void rooms_are_named_once_in_order(void **state)
{
	static const struct pattern patterns[] = {
		{ "106", STATE_NOT_READY, "FPPP", 2 },
		{ "104", STATE_NOT_READY, "FPPF", 2 },
		{ "104", STATE_NOT_READY, "FPPP", 2 },
	};
	struct fix_list list = list_of(patterns, 3);

	(void)state;
	assert_int_equal(list.works[0].n_rooms, 2);
	assert_string_equal(list.works[0].rooms[0], "104");
	assert_string_equal(list.works[0].rooms[1], "106");
	fix_list_done(&list);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_fix_that_readies_most_per_minute_comes_first),
		cmocka_unit_test(a_device_that_needs_two_fixes_is_ready_after_the_second),
		cmocka_unit_test(two_requirements_with_one_fix_are_one_work),
		cmocka_unit_test(recommended_work_comes_last_and_readies_nothing),
		cmocka_unit_test(a_device_with_an_unknown_is_not_made_ready_by_a_fix),
		cmocka_unit_test(stale_devices_and_other_versions_are_passed_over),
		cmocka_unit_test(rooms_are_named_once_in_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
