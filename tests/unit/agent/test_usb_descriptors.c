/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "agent/probe/usb_descriptors.h"
#include "tests/unit/unit.h"

#define PARSE(functions, ...)                                         \
	usb_descriptors_parse((const unsigned char[]){ __VA_ARGS__ }, \
			      sizeof((const unsigned char[]){ __VA_ARGS__ }), functions)
#define INTERFACE(class, subclass) 9, 4, 0, 0, 0, class, subclass, 0, 0
#define OUTPUT(low, high) 9, 0x24, 3, 6, low, high, 0, 9, 0
#define INPUT(low, high) 12, 0x24, 2, 1, low, high, 0, 1, 1, 0, 0, 0

static void the_ends_of_sound_say_what_it_is(void **state)
{
	struct usb_functions functions;

	(void)state;
	PARSE(&functions, INTERFACE(1, 1), INPUT(0x01, 0x02), OUTPUT(0x02, 0x03));
	assert_true(functions.has_headphones);
	assert_true(functions.has_microphone);
	assert_false(functions.has_headset);
	PARSE(&functions, INTERFACE(1, 1), OUTPUT(0x02, 0x04));
	assert_true(functions.has_headset);
	PARSE(&functions, INTERFACE(1, 1), OUTPUT(0x04, 0x03));
	assert_true(functions.has_loudspeaker);
}

static void what_headsets_call_a_speaker_says_nothing(void **state)
{
	struct usb_functions functions, none = { 0 };

	(void)state;
	PARSE(&functions, INTERFACE(1, 1), OUTPUT(0x01, 0x03));
	assert_memory_equal(&functions, &none, sizeof(none));
}

static void the_bytes_of_another_class_are_no_terminals(void **state)
{
	struct usb_functions functions;

	(void)state;
	PARSE(&functions, INTERFACE(0x0e, 1), OUTPUT(0x02, 0x04), INTERFACE(1, 2),
	      OUTPUT(0x02, 0x04));
	assert_false(functions.has_headset);
	assert_true(functions.has_video);
}

static void what_is_cut_off_is_not_there(void **state)
{
	struct usb_functions functions, none = { 0 };

	(void)state;
	PARSE(&functions, INTERFACE(1, 1), 9, 0x24, 3, 6, 0x02);
	assert_memory_equal(&functions, &none, sizeof(none));
	PARSE(&functions, 0, 4);
	PARSE(&functions, 1);
	assert_memory_equal(&functions, &none, sizeof(none));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_ends_of_sound_say_what_it_is),
		cmocka_unit_test(what_headsets_call_a_speaker_says_nothing),
		cmocka_unit_test(the_bytes_of_another_class_are_no_terminals),
		cmocka_unit_test(what_is_cut_off_is_not_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
