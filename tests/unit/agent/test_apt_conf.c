/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "agent/probe/apt_conf.h"
#include "common/base/mem.h"
#include "tests/unit/unit.h"

/* What was taken, as lines "name=value" and "name!" for what was cleared. */
static void write_down(void *user, const char *name, const char *value)
{
	char **said = user;
	char *more = value ? xasprintf("%s%s=%s\n", *said, name, value)
			   : xasprintf("%s%s!\n", *said, name);

	free(*said);
	*said = more;
}

static void assert_said(const char *text, const char *expected)
{
	_cleanup_free_ char *said = xstrdup("");
	struct err err = { 0 };

	assert_int_equal(apt_conf_parse(text, write_down, &said, &err), 0);
	assert_string_equal(said, expected);
}

static void a_name_can_be_written_whole_or_in_scopes(void **state)
{
	(void)state;
	assert_said("APT::Periodic::Enable \"1\";", "APT::Periodic::Enable=1\n");
	assert_said("APT { Periodic { Enable \"1\"; Verbose 2; }; };",
		    "APT::Periodic::Enable=1\nAPT::Periodic::Verbose=2\n");
	assert_said("APT::Periodic\n{\n\tEnable \"0\";\n}\nAPT::X \"y\";",
		    "APT::Periodic::Enable=0\nAPT::X=y\n");
}

static void an_item_of_a_list_has_no_name_of_its_own(void **state)
{
	(void)state;
	assert_said("A::B { \"one\"; \"two\"; };", "A::B::=one\nA::B::=two\n");
	assert_said("A::B:: \"one\";", "A::B::=one\n");
}

static void what_is_in_a_comment_is_not_set(void **state)
{
	(void)state;
	assert_said("// A \"1\";\n# B \"1\";\n/* C \"1\";\n*/ D \"1\"; // E \"1\";\n", "D=1\n");
	/* As `apt-config dump` says it. */
	assert_said("A http://x;\n;\nB c/*d*/;\nC a#b;\n;", "A=http:\nB=c\nC=a\n");
	assert_said("#clearly a comment\nA \"http://x#y\";", "A=http://x#y\n");
}

static void clear_takes_back(void **state)
{
	(void)state;
	assert_said("#clear APT::Periodic;\nA \"1\";", "APT::Periodic!\nA=1\n");
}

static void a_setting_that_is_not_whole_is_refused(void **state)
{
	static const char *const texts[] = { "A \"1\"",   "A \"1;\n\";", "A { B \"1\";",    "};",
					     "{ A 1; };", "A 1 2;",      "A { B 1 }; C 1;", "/* A",
					     "A \"1" };
	_cleanup_free_ char *said = xstrdup("");

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		struct err err = { 0 };

		assert_int_equal(apt_conf_parse(texts[i], write_down, &said, &err), -EINVAL);
		assert_true(err.text[0]);
	}
}

static void another_file_is_not_followed(void **state)
{
	_cleanup_free_ char *said = xstrdup("");

	(void)state;
	assert_int_equal(apt_conf_parse("#include \"/etc/x\";", write_down, &said, NULL), -ENOTSUP);
}

static void names_and_scopes_have_a_limit(void **state)
{
	_cleanup_free_ char *said = xstrdup("");
	char text[2 * APT_CONF_NAME_MAX];

	(void)state;
	memset(text, 'a', sizeof(text));
	memcpy(text + APT_CONF_NAME_MAX, " 1;", 4);
	assert_int_equal(apt_conf_parse(text, write_down, &said, NULL), -E2BIG);
	for (size_t i = 0; i <= APT_CONF_DEPTH_MAX; i++)
		memcpy(text + i * 2, "a{", 3);
	assert_int_equal(apt_conf_parse(text, write_down, &said, NULL), -E2BIG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_name_can_be_written_whole_or_in_scopes),
		cmocka_unit_test(an_item_of_a_list_has_no_name_of_its_own),
		cmocka_unit_test(what_is_in_a_comment_is_not_set),
		cmocka_unit_test(clear_takes_back),
		cmocka_unit_test(a_setting_that_is_not_whole_is_refused),
		cmocka_unit_test(another_file_is_not_followed),
		cmocka_unit_test(names_and_scopes_have_a_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
