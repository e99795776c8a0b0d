/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "agent/probe/settings.h"
#include "common/base/mem.h"
#include "tests/unit/unit.h"

static void assert_value(const char *text, const char *expected)
{
	_cleanup_free_ char *value =
		settings_value(text, "org/gnome/desktop/session", "idle-delay");

	if (expected)
		assert_string_equal(value, expected);
	else
		assert_null(value);
}

static void a_value_is_that_of_its_group(void **state)
{
	(void)state;
	assert_value("[org/gnome/desktop/session]\nidle-delay=uint32 0\n", "uint32 0");
	assert_value("idle-delay=1\n[org/gnome/desktop]\nidle-delay=2\n", NULL);
	assert_value("[org/gnome/desktop/session/x]\nidle-delay=3\n", NULL);
	assert_value("[org/gnome/desktop/session]\n[x]\nidle-delay=4\n", NULL);
	assert_value("[org/gnome/desktop/session]\nidle-delays=5\nidle=6\n", NULL);
}

static void white_space_and_comments_are_left_out(void **state)
{
	(void)state;
	assert_value(" [org/gnome/desktop/session] \r\n\tidle-delay = 7 \r\n", "7");
	assert_value("[org/gnome/desktop/session]\n#idle-delay=8\n", NULL);
	assert_value("[org/gnome/desktop/session]\na=b\n  idle-delay=9", "9");
	assert_value("[org/gnome/desktop/session]\nidle-delay=", "");
}

static void the_last_of_two_counts(void **state)
{
	(void)state;
	assert_value("[org/gnome/desktop/session]\nidle-delay=1\nidle-delay=2\n[x]\nidle-delay=3\n",
		     "2");
	assert_value("[org/gnome/desktop/session]\nidle-delay=1\n[x]\n"
		     "[org/gnome/desktop/session]\nidle-delay=4=5\n",
		     "4=5");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_value_is_that_of_its_group),
		cmocka_unit_test(white_space_and_comments_are_left_out),
		cmocka_unit_test(the_last_of_two_counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
