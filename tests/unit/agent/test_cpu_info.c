/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/probe/cpu_info.h"
#include "tests/unit/unit.h"

static void a_pc_names_its_model_and_each_processor(void **state)
{
	struct cpu_info info;

	(void)state;
	cpu_info_parse(
		"processor\t: 0\nmodel name\t: Celeron N4020 CPU @ 1.10GHz\ncpu MHz\t\t: 2700.1\n"
		"\nprocessor\t: 1\nmodel name\t: Celeron N4020 CPU @ 1.10GHz\n",
		&info);
	assert_string_equal(info.model, "Celeron N4020 CPU @ 1.10GHz");
	assert_int_equal(info.cores, 2);
	/* the speed of the model, not of the moment */
	assert_int_equal(info.mhz, 1100);
}

static void a_model_without_a_speed_has_that_of_the_moment(void **state)
{
	struct cpu_info info;

	(void)state;
	cpu_info_parse("processor : 0\nmodel name : Ryzen 5\ncpu MHz : 1400.6\n"
		       "processor : 1\ncpu MHz : 3593.2\n",
		       &info);
	assert_int_equal(info.mhz, 3593);
}

static void a_board_is_named_only_where_the_processor_is_not(void **state)
{
	struct cpu_info info;

	(void)state;
	cpu_info_parse("processor\t: 0\nBogoMIPS\t: 38\n\nModel\t\t: Raspberry Pi 4\n", &info);
	assert_string_equal(info.model, "Raspberry Pi 4");
	cpu_info_parse("processor\t: 0\nModel\t: Pi\nmodel name\t: ARMv7\n", &info);
	assert_string_equal(info.model, "ARMv7");
	assert_int_equal(info.mhz, 0);
}

static void nonsense_says_nothing(void **state)
{
	struct cpu_info info;

	(void)state;
	cpu_info_parse("processors: 1\ncpu MHz : 1e300\nmodel name\n: x\nmodel\t: 142\n", &info);
	assert_string_equal(info.model, "");
	assert_int_equal(info.cores, 0);
	assert_int_equal(info.mhz, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_pc_names_its_model_and_each_processor),
		cmocka_unit_test(a_model_without_a_speed_has_that_of_the_moment),
		cmocka_unit_test(a_board_is_named_only_where_the_processor_is_not),
		cmocka_unit_test(nonsense_says_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
