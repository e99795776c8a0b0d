/* SPDX-License-Identifier: Apache-2.0 */
#include <stdbool.h>
#include <string.h>

#include "agent/probe/font_name.h"
#include "common/base/base.h"
#include "tests/unit/unit.h"

/* The smallest font: a table of characters, one of outlines, and one name. */
struct font_file {
	unsigned char bytes[512];
	size_t len;
};

static void put16(unsigned char *at, unsigned value)
{
	at[0] = (unsigned char)(value >> 8);
	at[1] = (unsigned char)value;
}

static void put32(unsigned char *at, unsigned value)
{
	put16(at, value >> 16);
	put16(at + 2, value & 0xffff);
}

static void put_table(unsigned char *record, const char *tag, size_t offset, size_t len)
{
	memcpy(record, tag, 4);
	put32(record + 8, (unsigned)offset);
	put32(record + 12, (unsigned)len);
}

/* One font at @base, whose only name has the number @name_id. */
static struct font_file make_at(size_t base, unsigned platform, unsigned name_id, const char *name)
{
	struct font_file file = { .len = base + 12 + 3 * 16 + 8 };
	unsigned char *tables = file.bytes + base + 12;
	unsigned char *names = file.bytes + file.len;
	size_t width = platform == 1 ? 1 : 2, len = strlen(name) * width;

	put32(file.bytes + base, 0x00010000);
	put16(file.bytes + base + 4, 3);
	put_table(tables, "cmap", file.len - 8, 4);
	put_table(tables + 16, "glyf", file.len - 4, 4);
	put_table(tables + 32, "name", file.len, 18 + len);
	put16(names + 2, 1);
	put16(names + 4, 18);
	put16(names + 6, platform);
	put16(names + 12, name_id);
	put16(names + 14, (unsigned)len);
	for (size_t i = 0; i < strlen(name); i++)
		names[18 + i * width + width - 1] = (unsigned char)name[i];
	file.len += 18 + len;
	return file;
}

static bool has(const struct font_file *file, const char *family)
{
	return font_has_family((const char *)file->bytes, file->len, family);
}

static void the_family_is_told_by_the_table_of_names(void **state)
{
	static const unsigned platforms[] = { 0, 1, 3 };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(platforms); i++) {
		struct font_file file = make_at(0, platforms[i], 1, "Verdana");

		assert_true(has(&file, "Verdana"));
		assert_true(has(&file, "VERDANA"));
		assert_false(has(&file, "Verdan"));
		assert_false(has(&file, "Verdana Pro"));
	}
}

static void a_name_that_is_no_family_does_not_count(void **state)
{
	struct font_file full = make_at(0, 3, 4, "Verdana");
	struct font_file odd = make_at(0, 7, 1, "Verdana");

	(void)state;
	assert_false(has(&full, "Verdana"));
	assert_false(has(&odd, "Verdana"));
}

static void a_file_that_was_cut_off_is_no_font(void **state)
{
	struct font_file file = make_at(0, 3, 1, "Verdana");

	(void)state;
	while (file.len-- > 0)
		assert_false(has(&file, "Verdana"));
}

static void a_font_without_outlines_or_characters_is_none(void **state)
{
	struct font_file file = make_at(0, 3, 1, "Verdana");

	(void)state;
	memcpy(file.bytes + 12 + 16, "CFF ", 4);
	assert_true(has(&file, "Verdana"));
	memcpy(file.bytes + 12 + 16, "kern", 4);
	assert_false(has(&file, "Verdana"));
	file = make_at(0, 3, 1, "Verdana");
	memcpy(file.bytes + 12, "post", 4);
	assert_false(has(&file, "Verdana"));
}

static void a_font_of_which_any_table_is_missing_is_none(void **state)
{
	struct font_file file = make_at(0, 3, 1, "Verdana");

	(void)state;
	/* What follows the third entry is then read as a fourth, which leads past the end. */
	put16(file.bytes + 4, 4);
	assert_false(has(&file, "Verdana"));
}

static void fonts_of_a_collection_count(void **state)
{
	struct font_file file = make_at(20, 3, 1, "Verdana");

	(void)state;
	memcpy(file.bytes, "ttcf", 4);
	put32(file.bytes + 8, 2);
	put32(file.bytes + 12, 0xfffffff0);
	put32(file.bytes + 16, 20);
	assert_true(has(&file, "Verdana"));
	put32(file.bytes + 8, 1);
	assert_false(has(&file, "Verdana"));
	put32(file.bytes + 8, 0xffffffff);
	assert_false(has(&file, "Verdana"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_family_is_told_by_the_table_of_names),
		cmocka_unit_test(a_name_that_is_no_family_does_not_count),
		cmocka_unit_test(a_file_that_was_cut_off_is_no_font),
		cmocka_unit_test(a_font_without_outlines_or_characters_is_none),
		cmocka_unit_test(a_font_of_which_any_table_is_missing_is_none),
		cmocka_unit_test(fonts_of_a_collection_count),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
