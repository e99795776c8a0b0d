/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "agent/probe/os_release.h"
#include "common/base/mem.h"
#include "tests/unit/unit.h"

static void assert_value(const char *text, const char *expected)
{
	_cleanup_free_ char *value = os_release_value(text, "ID");

	if (!expected) {
		assert_null(value);
		return;
	}
	assert_non_null(value);
	assert_string_equal(value, expected);
}

static void a_value_is_unquoted_as_a_shell_would(void **state)
{
	static const struct {
		const char *text, *value;
	} cases[] = {
		{ "ID=debian\n", "debian" },
		{ "NAME=x\nID=debian", "debian" },
		{ "ID=\"Linux \\\"Mint\\\" \\$1\"\n", "Linux \"Mint\" $1" },
		{ "ID='single \\ quotes'\n", "single \\ quotes" },
		{ "ID=a\"b\"'c'\n", "abc" },
		{ "ID=word # no comment\n", "word" },
		{ "ID=crlf\r\n", "crlf" },
		{ "ID=\"no end\nVERSION=1\n", "no end" },
		{ "ID=\n", "" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		assert_value(cases[i].text, cases[i].value);
}

static void the_last_line_of_a_key_wins(void **state)
{
	(void)state;
	assert_value("ID=one\nID=two\n", "two");
}

static void another_key_or_a_comment_is_not_taken(void **state)
{
	(void)state;
	assert_value("", NULL);
	assert_value("# ID=debian\nVARIANT_ID=x\nIDX=y\nID\n", NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_value_is_unquoted_as_a_shell_would),
		cmocka_unit_test(the_last_line_of_a_key_wins),
		cmocka_unit_test(another_key_or_a_comment_is_not_taken),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
