/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "agent/env.h"
#include "agent/helper.h"
#include "tests/unit/agent/folder.h"
#include "tests/unit/unit.h"

/* Run the script @text as a helper of @folder. */
static int run(const char *folder, const char *text, json_t **ret_lines, struct err *err)
{
	const struct env env = { .helpers = folder };
	_cleanup_free_ char *script = xasprintf("#!/bin/sh\n%s\n", text);
	_cleanup_free_ char *path = xasprintf("%s/made", folder);
	int r;

	folder_write(folder, "made", script);
	assert_int_equal(chmod(path, 0700), 0);
	r = helper_run(&env, "made", (const char *const[]){ "one", "two words", NULL }, 500,
		       ret_lines, err);
	/* Whatever it did, nobody is left to be waited for. */
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	return r;
}

static void assert_refused(const char *folder, const char *text, int code, const char *part)
{
	struct err err = { 0 };
	json_t *lines = NULL;

	assert_int_equal(run(folder, text, &lines, &err), code);
	assert_null(lines);
	if (!strstr(err.text, part))
		fail_msg("\"%s\" does not say \"%s\"", err.text, part);
}

static void what_a_helper_says_is_heard_to_its_end(void **state)
{
	struct err err = { 0 };
	json_t *lines;
	char *text;

	assert_int_equal(run(*state,
			     "echo '{\"card\":0}'; echo \"{\\\"args\\\":\\\"$1|$2|$#\\\"}\"\n"
			     "echo '{\"end\":true}'",
			     &lines, &err),
			 0);
	text = json_dumps(lines, JSON_COMPACT);
	assert_string_equal(text, "[{\"card\":0},{\"args\":\"one|two words|2\"}]");
	free(text);
	json_decref(lines);
}

static void nothing_of_what_was_not_said_to_its_end_counts(void **state)
{
	assert_refused(*state, "echo '{\"card\":0}'", -EPROTO, "before it had said all");
	assert_refused(*state, "echo '{\"card\":0}'; printf '{\"end\":tr'", -EPROTO,
		       "did not answer as it should");
	assert_refused(*state, "echo '{\"end\":true}'; echo '{\"card\":0}'", -EPROTO,
		       "did not answer as it should");
	assert_refused(*state, "echo '{\"end\":true}'; exit 3", -EPROTO, "status 3");
	assert_refused(*state, "echo '{\"end\":true}'; kill -TRAP $$", -EPROTO, "signal 5");
	assert_refused(*state, ":", -EPROTO, "before it had said all");
	assert_refused(*state, "exit 127", -EPROTO, "is its library installed?");
}

static void a_helper_that_hangs_is_ended_with_what_it_started(void **state)
{
	assert_refused(*state, "sleep 1000", -ETIMEDOUT, "within 0.5 s");
	assert_refused(*state, "echo '{\"end\":true}'; exec >&-; sleep 1000", -ETIMEDOUT,
		       "within 0.5 s");
}

static void a_helper_that_floods_is_ended(void **state)
{
	assert_refused(*state, "exec yes '{\"card\":0}'", -E2BIG, "more than can be right");
	assert_refused(*state, "yes '{}' | head -n 1030; echo '{\"end\":true}'", -EPROTO,
		       "did not answer as it should");
}

static void what_is_no_json_object_is_refused(void **state)
{
	assert_refused(*state, "echo '[1]'; echo '{\"end\":true}'", -EPROTO, "as it should");
	assert_refused(*state, "echo '{\"a\":1,\"a\":2}'; echo '{\"end\":true}'", -EPROTO,
		       "as it should");
	assert_refused(*state, "printf '\\377\\n'; echo '{\"end\":true}'", -EPROTO, "as it should");
}

static void a_helper_says_itself_why_it_cannot_look(void **state)
{
	assert_refused(*state, "echo '{\"error\":\"CUPS is not running\"}'", -EIO,
		       "CUPS is not running");
}

static void a_helper_that_is_not_there_is_named(void **state)
{
	const char *const none[] = { NULL };
	struct env env = { .helpers = *state };
	struct err err = { 0 };
	json_t *lines;

	assert_int_equal(helper_run(&env, "absent", none, 100, &lines, &err), -ENOENT);
	assert_non_null(strstr(err.text, "'absent' is not installed"));
	env.helpers = NULL;
	assert_int_equal(helper_run(&env, "absent", none, 100, &lines, &err), -ENOENT);
}

static void a_helper_has_nothing_open_and_limits_of_its_own(void **state)
{
	struct err err = { 0 };
	const char *text;
	json_t *lines;

	(void)setenv("CUPS_SERVER", "elsewhere", 1);
	assert_int_equal(dup2(STDOUT_FILENO, 7), 7);
	assert_int_equal(
		run(*state,
		    "for fd in 3 4 5 6 7 8 9; do [ -e /proc/$$/fd/$fd ] && open=$fd; done\n"
		    "echo \"{\\\"text\\\":\\\"[$open] $(ulimit -c) $(ulimit -n) "
		    "[$CUPS_SERVER$HOME]\\\"}\"\n"
		    "echo '{\"end\":true}'",
		    &lines, &err),
		0);
	close(7);
	text = json_string_value(json_object_get(json_array_get(lines, 0), "text"));
	assert_string_equal(text, "[] 0 128 []");
	json_decref(lines);
}

#define with_folder(test) cmocka_unit_test_setup_teardown(test, folder_make, folder_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		with_folder(what_a_helper_says_is_heard_to_its_end),
		with_folder(nothing_of_what_was_not_said_to_its_end_counts),
		with_folder(a_helper_that_hangs_is_ended_with_what_it_started),
		with_folder(a_helper_that_floods_is_ended),
		with_folder(what_is_no_json_object_is_refused),
		with_folder(a_helper_says_itself_why_it_cannot_look),
		with_folder(a_helper_that_is_not_there_is_named),
		with_folder(a_helper_has_nothing_open_and_limits_of_its_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
