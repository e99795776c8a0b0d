/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/probe/hid_descriptor.h"
#include "tests/unit/unit.h"

#define HAS(...)                                                  \
	hid_descriptor_has_page((const uint8_t[]){ __VA_ARGS__ }, \
				sizeof((const uint8_t[]){ __VA_ARGS__ }), HID_PAGE_BRAILLE)

static void the_braille_page_is_found_in_each_of_its_forms(void **state)
{
	(void)state;
	assert_true(HAS(0x05, 0x41));
	assert_true(HAS(0x06, 0x41, 0x00));
	assert_true(HAS(0x05, 0x01, 0x09, 0x06, 0xa1, 0x01, 0x05, 0x41, 0xc0));
	assert_true(HAS(0x0b, 0x01, 0x00, 0x41, 0x00));
	assert_true(HAS(0x07, 0x41, 0x00, 0x00, 0x00));
	assert_true(HAS(0x1b, 0x01, 0x00, 0x41, 0x00));             /* usages from 41:01 */
	assert_true(HAS(0x2b, 0x09, 0x00, 0x41, 0x00));             /* to 41:09 */
	assert_true(HAS(0x05, 0x01, 0xa4, 0x05, 0x41, 0xb4, 0xc0)); /* pushed and popped */
	/* behind a long item of two bytes */
	assert_true(HAS(0xfe, 0x02, 0xf0, 0x05, 0x07, 0x05, 0x41));
}

static void the_number_alone_is_not_the_page(void **state)
{
	(void)state;
	assert_false(HAS(0x05, 0x01));
	assert_false(HAS(0x09, 0x41));       /* usage 41 of another page */
	assert_false(HAS(0x75, 0x05, 0x41)); /* a report size of 5, then something cut off */
	assert_false(HAS(0x06, 0x41, 0xff)); /* a page of a vendor */
	assert_false(HAS(0x07, 0x41, 0x00, 0x01, 0x00));
	assert_false(HAS(0x0b, 0x41, 0x00, 0x01, 0x00)); /* usage 41 of page 1 */
	assert_false(HAS(0x04));                         /* a page of no bytes */
	assert_false(HAS(0x26, 0x05, 0x41));             /* a logical maximum */
	assert_false(HAS(0xfe, 0x02, 0xf0, 0x05, 0x41));
	assert_false(HAS(0x05));
	assert_false(HAS(0xfe, 0xff));
	assert_false(hid_descriptor_has_page("", 0, HID_PAGE_BRAILLE));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_braille_page_is_found_in_each_of_its_forms),
		cmocka_unit_test(the_number_alone_is_not_the_page),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
