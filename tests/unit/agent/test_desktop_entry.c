/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/probe/desktop_entry.h"
#include "common/base/mem.h"
#include "tests/unit/unit.h"

/* The words of Exec= @value, joined by "|"; owned by the caller. */
static char *words_of(const char *text)
{
	struct desktop_exec exec;
	char *joined = xstrdup("");

	desktop_exec_parse(text, &exec);
	for (size_t i = 0; i < exec.n; i++) {
		char *next = xasprintf("%s%s%s", joined, i ? "|" : "", exec.words[i]);

		free(joined);
		joined = next;
	}
	desktop_exec_done(&exec);
	return joined;
}

static void the_words_of_exec_are_split_and_unquoted(void **state)
{
	static const struct {
		const char *value, *words;
	} cases[] = {
		{ "/opt/X/X.sh", "/opt/X/X.sh" },
		{ "  /opt/X/X.sh   %u  ", "/opt/X/X.sh" },
		{ "env A=b /opt/X/X.sh %F", "env|A=b|/opt/X/X.sh" },
		{ "\"/opt/with space/X.sh\" x", "/opt/with space/X.sh|x" },
		{ "\"a \\\\\"b\\\\\" c\"", "a \"b\" c" },
		{ "/opt/a\\sb/X.sh", "/opt/a|b/X.sh" },
		{ "100%% x", "100%|x" },
		{ "\"no end", "no end" },
		{ "", "" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		_cleanup_free_ char *text =
			xasprintf("[Desktop Entry]\nName=x\nExec=%s\n", cases[i].value);
		_cleanup_free_ char *words = words_of(text);

		assert_string_equal(words, cases[i].words);
	}
}

static void only_exec_of_the_entry_itself_counts(void **state)
{
	_cleanup_free_ char *action = words_of("[Desktop Action New]\nExec=/opt/no\n");
	_cleanup_free_ char *entry = words_of("# x\n[Other]\nExec=/no\n[Desktop Entry]\n"
					      "TryExec=/no\n#Exec=/no\nExec = /opt/yes\n"
					      "[Desktop Action New]\nExec=/opt/no\n");

	(void)state;
	assert_string_equal(action, "");
	assert_string_equal(entry, "/opt/yes");
}

static void an_exec_of_too_many_words_is_none_and_says_so(void **state)
{
	char text[1024] = "[Desktop Entry]\nExec=";
	_cleanup_free_ char *words = NULL;
	struct desktop_exec exec;

	(void)state;
	for (int i = 0; i <= DESKTOP_WORDS_MAX; i++)
		strcat(text, "a ");
	words = words_of(text);
	assert_string_equal(words, "");
	desktop_exec_parse(text, &exec);
	assert_true(exec.is_cut);
	desktop_exec_done(&exec);
	*strrchr(text, 'a') = ' ';
	desktop_exec_parse(text, &exec);
	assert_false(exec.is_cut);
	assert_int_equal(exec.n, DESKTOP_WORDS_MAX);
	desktop_exec_done(&exec);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_words_of_exec_are_split_and_unquoted),
		cmocka_unit_test(only_exec_of_the_entry_itself_counts),
		cmocka_unit_test(an_exec_of_too_many_words_is_none_and_says_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
