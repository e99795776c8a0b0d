/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "common/base/mem.h"
#include "common/base/text.h"
#include "tests/unit/unit.h"

static void clean_text_is_valid_and_readable(void **state)
{
	/* clang-format off */
	static const struct {
		const char *bytes;
		size_t len;
		const char *wanted;
	} rows[] = {
		{ "Logitech H340", 13, "Logitech H340" },
		{ "  two spaces  ", 14, "two spaces" },
		{ "caf\xc3\xa9", 5, "caf\xc3\xa9" },
		{ "a\xff" "b", 3, "a\xef\xbf\xbd" "b" },           /* no UTF-8 */
		{ "\xc0\xaf", 2, "\xef\xbf\xbd\xef\xbf\xbd" },     /* overlong */
		{ "\xed\xa0\x80", 3, "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd" }, /* surrogate */
		{ "a\x1b[31mb", 7, "a\xef\xbf\xbd[31mb" },         /* a terminal's escape */
		{ "a\xe2\x80\xae" "b", 5, "ab" },                  /* right-to-left override */
		{ "ab\0cd", 5, "ab" },
		{ "a\tb", 3, "a b" },
		{ "\n line\r\n", 8, "line" },
		{ "", 0, "" },
	};
	/* clang-format on */

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		_cleanup_free_ char *clean = text_clean(rows[i].bytes, rows[i].len, 100);

		assert_string_equal(clean, rows[i].wanted);
		assert_true(text_is_utf8(clean, strlen(clean)));
	}
}

static void long_text_is_cut_at_a_character_and_marked(void **state)
{
	_cleanup_free_ char *cut = text_clean("\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9", 10, 8);

	(void)state;
	assert_string_equal(cut, "\xc3\xa9\xc3\xa9\xe2\x80\xa6");
}

static void patterns_match_like_a_person_means_them(void **state)
{
	static const struct {
		const char *text, *pattern;
		bool wanted;
	} rows[] = {
		{ "CASecureBrowser", "*SecureBrowser*", true },
		{ "Firefox", "*SecureBrowser*", false },
		{ "", "*", true },
		{ "", "?", false },
		{ "abc", "a?c", true },
		/* A character may have several bytes. */
		{ "a\xc3\xa9_c", "a?_c", true },
		{ "a\xc3\xa9_c", "a??_c", false },
		{ "\xc3\xa9", "*??", false },
		{ "\xc3\xa9\xf0\x9f\x99\x82", "??", true },
		{ "abcabd", "*ab?", true },
		{ "caf\xc3\xa9", "caf?", true }, /* a character, not a byte */
		{ "caf\xc3\xa9", "caf??", false },
		{ "\xc3\xa9", "*??", false },
		{ "\xe2\x80\x93x", "?x", true },
		{ "aaaaaaaaaaaaaaaaaaaaaaaaaaaa", "*a*a*a*a*a*a*a*b", false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		assert_int_equal(text_like(rows[i].text, rows[i].pattern), rows[i].wanted);
}

static void only_one_is_not_plural(void **state)
{
	(void)state;
	assert_string_equal(text_plural(0), "s");
	assert_string_equal(text_plural(1), "");
	assert_string_equal(text_plural(2), "s");
	assert_string_equal(text_plural(-1), "s");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(clean_text_is_valid_and_readable),
		cmocka_unit_test(long_text_is_cut_at_a_character_and_marked),
		cmocka_unit_test(patterns_match_like_a_person_means_them),
		cmocka_unit_test(only_one_is_not_plural),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
