/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <sodium.h>
#include <string.h>

#include "collector/http/response.h"
#include "tests/unit/unit.h"

static int set_up(void **state)
{
	(void)state;
	return sodium_init() < 0 ? -1 : 0;
}

static void fill(struct response *res, int64_t now_ms, int value)
{
	*res = (struct response){ 0 };
	response_json_as_of(res, now_ms, json_pack("{s:i}", "value", value));
}

static void the_same_at_another_time_has_the_same_etag(void **state)
{
	struct response now, later, changed;

	(void)state;
	fill(&now, 1000, 1);
	fill(&later, 2000, 1);
	fill(&changed, 2000, 2);
	assert_string_equal(now.body, "{\"as_of\":\"1970-01-01T00:00:01.000Z\",\"value\":1}");
	assert_memory_equal(now.etag, "W/\"", 3);
	assert_string_equal(now.etag, later.etag);
	assert_string_not_equal(now.etag, changed.etag);

	response_check_match(&changed, now.etag);
	assert_int_equal(changed.status, 200);
	response_check_match(&later, "\"other\"");
	assert_int_equal(later.status, 200);
	response_check_match(&later, now.etag);
	assert_int_equal(later.status, 304);
	assert_int_equal(later.len, 0);
	response_check_match(&now, "W/\"a\", \"b\", *");
	assert_int_equal(now.status, 200);
	response_check_match(&now, "*");
	assert_int_equal(now.status, 304);
	response_done(&now);
	response_done(&later);
	response_done(&changed);
}

static void a_problem_says_what_where_and_what_to_do(void **state)
{
	struct response res = { 0 };
	json_t *json;

	(void)state;
	response_problem_at(&res, PROBLEM_INVALID_BODY, "/facts/os", "facts.os: expected %s",
			    "object");
	json = json_loads(res.body, 0, NULL);
	assert_string_equal(res.type, "application/problem+json");
	assert_string_equal(json_string_value(json_object_get(json, "type")),
			    "urn:testready:problem:invalid-body");
	assert_int_equal(json_integer_value(json_object_get(json, "status")), 400);
	assert_string_equal(json_string_value(json_object_get(json, "pointer")), "/facts/os");
	assert_string_equal(json_string_value(json_object_get(json, "detail")),
			    "facts.os: expected object");
	/* A refusal has no ETag: it is nothing to come back for. */
	assert_string_equal(res.etag, "");
	json_decref(json);
	response_done(&res);
}

static void a_sentence_cut_inside_a_character_is_still_json(void **state)
{
	struct response res = { 0 };
	json_t *json;

	(void)state;
	response_problem(&res, PROBLEM_INVALID_BODY, "%s", "half \xc3");
	json = json_loads(res.body, 0, NULL);
	assert_non_null(json);
	json_decref(json);
	response_done(&res);
}

static void what_will_pass_is_503_and_the_rest_tells_nothing(void **state)
{
	static const struct {
		int r, status;
	} rows[] = {
		{ -ENOENT, 404 }, { -EINVAL, 400 }, { -ENOSPC, 503 },  { -EBUSY, 503 },
		{ -EROFS, 503 },  { -EIO, 503 },    { -EUCLEAN, 500 }, { -EPERM, 403 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct response res = { 0 };
		struct err err = { "/var/lib/secret-place" };

		response_failure(&res, rows[i].r, &err);
		assert_int_equal(res.status, rows[i].status);
		assert_true((res.n_headers == 1) == (res.status == 503));
		if (res.status >= 500)
			assert_null(strstr(res.body, "secret-place"));
		response_done(&res);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_same_at_another_time_has_the_same_etag),
		cmocka_unit_test(a_problem_says_what_where_and_what_to_do),
		cmocka_unit_test(a_sentence_cut_inside_a_character_is_still_json),
		cmocka_unit_test(what_will_pass_is_503_and_the_rest_tells_nothing),
	};

	return cmocka_run_group_tests(tests, set_up, NULL);
}
