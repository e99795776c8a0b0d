/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/probe/input_kind.h"
#include "tests/unit/unit.h"

static void a_bit_is_counted_from_the_end(void **state)
{
	(void)state;
	assert_true(input_bit("1", 0, 64));
	assert_true(input_bit("8000000000000000", 63, 64));
	assert_true(input_bit("1 0", 64, 64));
	assert_true(input_bit("1 0", 32, 32));
	assert_true(input_bit("1  0 0", 128, 64));
	assert_false(input_bit("1 0", 0, 64));
	assert_false(input_bit("1", 64, 64));
	assert_false(input_bit("", 0, 64));
	assert_false(input_bit("ff", 200, 64));
}

/* As real devices list them, on a kernel of 64 bits. */
static void a_device_is_what_its_bits_allow(void **state)
{
	static const struct {
		struct input_bits bits;
		bool is_keyboard, is_pointer, is_touchscreen, is_joystick;
	} cases[] = {
		/* AT keyboard */
		{ { "120013", "402000000 3803078f800d001 feffffdfffefffff fffffffffffffffe", "0",
		    "0", "0" },
		  true,
		  false,
		  false,
		  false },
		/* its volume buttons alone */
		{ { "13", "e000000000000 0", "0", "0", "0" }, false, false, false, false },
		/* USB mouse */
		{ { "17", "ffff0000 0 0 0 0", "1943", "0", "0" }, false, true, false, false },
		/* Synaptics touchpad */
		{ { "b", "e520 10000 0 0 0 0", "0", "660800011000003", "5" },
		  false,
		  true,
		  false,
		  false },
		/* ELAN touchscreen */
		{ { "b", "400 0 0 0 0 0", "0", "260800000000003", "2" },
		  false,
		  false,
		  true,
		  false },
		/* its pen */
		{ { "b", "1c03 0 0 0 0 0", "0", "1000d000003", "2" }, false, false, false, false },
		/* a virtual machine's tablet: a mouse that gives places */
		{ { "1f", "70000 0 0 0 0", "900", "3", "0" }, false, true, false, false },
		/* gamepad: places, but nobody touches it */
		{ { "20000b", "7cdb000000000000 0 0 0 0", "0", "3003f", "0" },
		  false,
		  false,
		  false,
		  true },
		/* accelerometer */
		{ { "9", "0", "0", "7", "40" }, false, false, false, false },
		/* lid switch, headphone jack */
		{ { "21", "0", "0", "0", "0" }, false, false, false, false },
	};

	(void)state;
	for (size_t i = 0; sizeof(long) == 8 && i < ARRAY_SIZE(cases); i++) {
		struct input_kind kind;

		input_kind_of(&cases[i].bits, &kind);
		assert_int_equal(kind.is_keyboard, cases[i].is_keyboard);
		assert_int_equal(kind.is_pointer, cases[i].is_pointer);
		assert_int_equal(kind.is_touchscreen, cases[i].is_touchscreen);
		assert_int_equal(kind.is_joystick, cases[i].is_joystick);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_bit_is_counted_from_the_end),
		cmocka_unit_test(a_device_is_what_its_bits_allow),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
