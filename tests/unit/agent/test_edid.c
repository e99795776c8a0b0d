/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <string.h>

#include "agent/probe/edid.h"
#include "tests/unit/unit.h"

static void close_block(uint8_t block[static EDID_BLOCK_SIZE])
{
	uint8_t sum = 0;

	block[127] = 0;
	for (int i = 0; i < EDID_BLOCK_SIZE; i++)
		sum += block[i];
	block[127] = (uint8_t)-sum;
}

/* 1366 by 768 on 256 by 144 mm, with a name. */
static void make_block(uint8_t block[static EDID_BLOCK_SIZE])
{
	static const uint8_t timing[18] = { 0x02, 0x3a, 0x56, 0, 0x50, 0x00, 0,   0x30,
					    0,    0,    0,    0, 0x00, 0x90, 0x10 };
	static const uint8_t name[18] = "\0\0\0\xfc\0Panel 11\n   ";

	memset(block, 0, EDID_BLOCK_SIZE);
	memset(block + 1, 0xff, 6);
	memcpy(block + 54, timing, sizeof(timing));
	memcpy(block + 72, name, sizeof(name));
	close_block(block);
}

static void the_first_timing_is_the_native_mode(void **state)
{
	uint8_t block[EDID_BLOCK_SIZE];
	struct edid edid;

	(void)state;
	make_block(block);
	memcpy(block + 90, block + 54, 18);
	block[92] = 0x20; /* another width in the third descriptor */
	close_block(block);
	assert_int_equal(edid_parse(block, sizeof(block), &edid, NULL), 0);
	assert_int_equal(edid.width_px, 1366);
	assert_int_equal(edid.height_px, 768);
	assert_int_equal(edid.width_mm, 256);
	assert_int_equal(edid.height_mm, 144);
	assert_string_equal(edid.name, "Panel 11");
}

static void a_size_that_is_a_ratio_is_taken_from_the_centimetres(void **state)
{
	uint8_t block[EDID_BLOCK_SIZE];
	struct edid edid;

	(void)state;
	make_block(block);
	block[54 + 12] = 16;
	block[54 + 13] = 9;
	block[54 + 14] = 0;
	block[21] = 53;
	block[22] = 30;
	close_block(block);
	assert_int_equal(edid_parse(block, sizeof(block), &edid, NULL), 0);
	assert_int_equal(edid.width_mm, 530);
	assert_int_equal(edid.height_mm, 300);
}

static void a_ratio_is_no_size_in_whatever_unit_it_is(void **state)
{
	static const struct {
		int width_mm, height_mm, width_cm, height_cm; /* as told, in both places */
		int mm;                                       /* the width that is believed */
	} cases[] = {
		{ 160, 90, 16, 9, 0 },      { 160, 100, 16, 10, 0 },  { 1600, 900, 160, 90, 0 },
		{ 160, 90, 121, 68, 1210 }, { 16, 10, 0, 0, 0 },      { 160, 91, 0, 0, 160 },
		{ 1600, 1000, 0, 79, 0 },   { 160, 99, 16, 10, 160 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		uint8_t block[EDID_BLOCK_SIZE];
		struct edid edid;

		make_block(block);
		block[54 + 12] = (uint8_t)cases[i].width_mm;
		block[54 + 13] = (uint8_t)cases[i].height_mm;
		block[54 + 14] = (uint8_t)(cases[i].width_mm >> 4 & 0xf0) |
				 (uint8_t)(cases[i].height_mm >> 8 & 0x0f);
		block[21] = (uint8_t)cases[i].width_cm;
		block[22] = (uint8_t)cases[i].height_cm;
		close_block(block);
		assert_int_equal(edid_parse(block, sizeof(block), &edid, NULL), 0);
		assert_int_equal(edid.width_mm, cases[i].mm);
		assert_int_equal(edid.height_mm > 0, cases[i].mm > 0);
	}
}

static void a_picture_of_two_fields_is_as_high_as_both(void **state)
{
	uint8_t block[EDID_BLOCK_SIZE];
	struct edid edid;

	(void)state;
	make_block(block);
	block[54 + 17] = 0x80;
	close_block(block);
	assert_int_equal(edid_parse(block, sizeof(block), &edid, NULL), 0);
	assert_int_equal(edid.width_px, 1366);
	assert_int_equal(edid.height_px, 2 * 768);
}

static void a_projector_has_no_size(void **state)
{
	uint8_t block[EDID_BLOCK_SIZE];
	struct edid edid;

	(void)state;
	make_block(block);
	memset(block + 54 + 12, 0, 3);
	block[21] = 16; /* only one of the two: an aspect ratio */
	close_block(block);
	assert_int_equal(edid_parse(block, sizeof(block), &edid, NULL), 0);
	assert_int_equal(edid.width_mm, 0);
	assert_int_equal(edid.height_mm, 0);
}

static void a_damaged_block_is_refused_with_what_is_wrong(void **state)
{
	uint8_t block[EDID_BLOCK_SIZE];
	struct edid edid;
	struct err err;

	(void)state;
	make_block(block);
	assert_int_equal(edid_parse(block, 90, &edid, &err), -EINVAL);
	assert_non_null(strstr(err.text, "cut off after 90 bytes"));
	block[60] ^= 1;
	assert_int_equal(edid_parse(block, sizeof(block), &edid, &err), -EINVAL);
	assert_non_null(strstr(err.text, "checksum"));
	block[1] = 0;
	assert_int_equal(edid_parse(block, sizeof(block), &edid, &err), -EINVAL);
	assert_non_null(strstr(err.text, "no EDID"));
	make_block(block);
	memset(block + 54, 0, 18);
	close_block(block);
	assert_int_equal(edid_parse(block, sizeof(block), &edid, &err), -EINVAL);
	assert_non_null(strstr(err.text, "no native mode"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_timing_is_the_native_mode),
		cmocka_unit_test(a_size_that_is_a_ratio_is_taken_from_the_centimetres),
		cmocka_unit_test(a_ratio_is_no_size_in_whatever_unit_it_is),
		cmocka_unit_test(a_picture_of_two_fields_is_as_high_as_both),
		cmocka_unit_test(a_projector_has_no_size),
		cmocka_unit_test(a_damaged_block_is_refused_with_what_is_wrong),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
