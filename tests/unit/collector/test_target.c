/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "collector/http/target.h"
#include "common/base/mem.h"
#include "tests/unit/unit.h"

static void a_path_and_its_query_are_decoded_once(void **state)
{
	struct target target;

	(void)state;
	assert_int_equal(target_parse("/v1/sites/a%20b/devices?state=ready,stale&room=R%2B1+A&x",
				      &target, NULL),
			 0);
	assert_int_equal(target.n_segments, 4);
	assert_string_equal(target.segments[2], "a b");
	assert_string_equal(target_parameter(&target, "state"), "ready,stale");
	assert_string_equal(target_parameter(&target, "room"), "R+1 A");
	assert_string_equal(target_parameter(&target, "x"), "");
	assert_null(target_parameter(&target, "y"));
	assert_false(target.is_folder);
	target_done(&target);

	assert_int_equal(target_parse("/%2541", &target, NULL), 0);
	assert_string_equal(target.segments[0], "%41");
	target_done(&target);
}

static void the_root_has_no_segment_and_a_slash_at_the_end_is_seen(void **state)
{
	struct target target;

	(void)state;
	assert_int_equal(target_parse("/", &target, NULL), 0);
	assert_int_equal(target.n_segments, 0);
	assert_false(target.is_folder);
	target_done(&target);
	assert_int_equal(target_parse("/sites/1/", &target, NULL), 0);
	assert_int_equal(target.n_segments, 2);
	assert_true(target.is_folder);
	target_done(&target);
}

static void what_others_could_read_differently_is_refused(void **state)
{
	/* clang-format off */
	static const char *const rows[] = {
		"", "v1/sites", "http://host/v1", "*",
		"//", "/v1//sites", "/v1/sites//",
		"/.", "/..", "/v1/../v1", "/v1/%2e%2e/x", "/v1/.%2E",
		"/v1/sites%2f1", "/v1%2Fsites", "/%2f",
		"/%", "/%2", "/%zz", "/%u0041", "/x?y=%",
		"/%00", "/a%0ab", "/a%7f", "/x?y=%0d%0a",
		"/%ff", "/%c0%af", "/%ed%a0%80", "/x?y=%fe",
		"/x?y=1&y=2", "/x?y=1&%79=2",
		"/1/2/3/4/5/6/7/8/9",
	};
	/* clang-format on */

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct target target;
		struct err err = { 0 };

		if (target_parse(rows[i], &target, &err) != -EINVAL)
			fail_msg("'%s' was taken", rows[i]);
		assert_true(err.text[0] != '\0');
	}
}

static void a_target_over_its_limit_is_refused_before_it_is_copied(void **state)
{
	_cleanup_free_ char *text = xcalloc(1, LIMIT_TARGET_BYTES + 2);
	struct target target;

	(void)state;
	memset(text, 'a', LIMIT_TARGET_BYTES + 1);
	text[0] = '/';
	assert_int_equal(target_parse(text, &target, NULL), -E2BIG);
	text[LIMIT_TARGET_BYTES] = '\0';
	assert_int_equal(target_parse(text, &target, NULL), 0);
	target_done(&target);
}

static void a_query_has_at_most_so_many_parameters(void **state)
{
	char text[LIMIT_QUERY_PARAMETERS * 8] = "/?";
	struct target target;

	(void)state;
	for (int i = 0; i < LIMIT_QUERY_PARAMETERS; i++)
		snprintf(text + strlen(text), sizeof(text) - strlen(text), "p%d&", i);
	assert_int_equal(target_parse(text, &target, NULL), 0);
	assert_int_equal(target.n_parameters, LIMIT_QUERY_PARAMETERS);
	target_done(&target);
	strcat(text, "q");
	assert_int_equal(target_parse(text, &target, NULL), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_path_and_its_query_are_decoded_once),
		cmocka_unit_test(the_root_has_no_segment_and_a_slash_at_the_end_is_seen),
		cmocka_unit_test(what_others_could_read_differently_is_refused),
		cmocka_unit_test(a_target_over_its_limit_is_refused_before_it_is_copied),
		cmocka_unit_test(a_query_has_at_most_so_many_parameters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
