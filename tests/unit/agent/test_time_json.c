/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>

#include "agent/time_json.h"
#include "tests/unit/unit.h"

static const struct {
	int64_t ms;
	const char *json;
} times[] = {
	{ 0, "{\"at\":null}" },
	{ 1, "{\"at\":\"1970-01-01T00:00:00.001Z\"}" },
	{ 1790000000000, "{\"at\":\"2026-09-21T14:13:20.000Z\"}" },
};

static void a_time_is_read_as_it_was_written_and_none_is_null(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(times); i++) {
		json_t *json = json_pack("{s:o}", "at", time_json(times[i].ms));
		const struct node root = { .key = "", .value = json };
		char *text = json_dumps(json, JSON_COMPACT);
		struct err err = { 0 };
		int64_t ms = -1;

		assert_string_equal(text, times[i].json);
		assert_int_equal(time_json_read(&root, "at", &ms, &err), 0);
		assert_int_equal(ms, times[i].ms);
		free(text);
		json_decref(json);
	}
}

static void what_is_no_time_is_refused_and_changes_nothing(void **state)
{
	static const char *const wrong[] = {
		"{}",
		"{\"at\":0}",
		"{\"at\":\"\"}",
		"{\"at\":\"yesterday\"}",
		"{\"at\":\"2026-09-21T14:13:20.000Z and more\"}",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		json_t *json = json_loads(wrong[i], 0, NULL);
		const struct node root = { .key = "", .value = json };
		struct err err = { 0 };
		int64_t ms = 7;

		assert_int_equal(time_json_read(&root, "at", &ms, &err), -EINVAL);
		assert_int_equal(ms, 7);
		assert_true(err.text[0]);
		json_decref(json);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_time_is_read_as_it_was_written_and_none_is_null),
		cmocka_unit_test(what_is_no_time_is_refused_and_changes_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
