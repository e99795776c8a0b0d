/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <string.h>

#include "collector/api/api.h"
#include "collector/http/route.h"
#include "tests/unit/unit.h"

static int find(const char *method, const char *text, const struct route **ret_route,
		char allow[static ROUTE_ALLOW_SIZE])
{
	struct target target;
	int r = target_parse(text, &target, NULL);

	assert_int_equal(r, 0);
	r = route_find(api_routes, method, &target, ret_route, allow);
	target_done(&target);
	return r;
}

static void a_path_finds_its_route_and_no_other(void **state)
{
	/* clang-format off */
	static const struct {
		const char *method, *path, *want; /* NULL: none */
	} rows[] = {
		{ "GET", "/v1/sites", "/v1/sites" },
		{ "HEAD", "/v1/sites", "/v1/sites" },
		{ "GET", "/v1/sites/1", "/v1/sites/:code" },
		{ "GET", "/v1/sites/devices", "/v1/sites/:code" },
		{ "GET", "/v1/sites/1/devices", "/v1/sites/:code/devices" },
		{ "GET", "/v1/sites/1/device", NULL },
		{ "GET", "/v1/sites/1/devices/2", NULL },
		{ "GET", "/v1/sites/", NULL },
		{ "GET", "/v1/sites/1/", NULL },
		{ "GET", "/v1/site", NULL },
		{ "GET", "/v1/sitesx", NULL },
		{ "GET", "/V1/sites", NULL },
		{ "GET", "/v1", NULL },
		{ "GET", "/", NULL },
		{ "GET", "/:code", NULL },
		{ "POST", "/v1/reports", "/v1/reports" },
		{ "GET", "/healthz", "/healthz" },
	};
	/* clang-format on */

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct route *route = NULL;
		char allow[ROUTE_ALLOW_SIZE];
		int r = find(rows[i].method, rows[i].path, &route, allow);

		if (rows[i].want && (r < 0 || strcmp(route->path, rows[i].want) != 0))
			fail_msg("%s did not find %s", rows[i].path, rows[i].want);
		if (!rows[i].want && r != -ENOENT)
			fail_msg("%s was found", rows[i].path);
	}
}

static void another_method_is_told_which_ones_there_are(void **state)
{
	const struct route *route;
	char allow[ROUTE_ALLOW_SIZE];

	(void)state;
	assert_int_equal(find("DELETE", "/v1/sites", &route, allow), -EOPNOTSUPP);
	assert_string_equal(allow, "GET, HEAD");
	assert_int_equal(find("GET", "/v1/reports", &route, allow), -EOPNOTSUPP);
	assert_string_equal(allow, "POST");
	assert_int_equal(find("get", "/v1/sites", &route, allow), -EOPNOTSUPP);
}

static void a_segment_is_found_by_the_name_the_route_gives_it(void **state)
{
	static const struct route route = { .method = "GET", .path = "/a/:one/b/:two" };
	struct target target;

	(void)state;
	assert_int_equal(target_parse("/a/1/b/%7a", &target, NULL), 0);
	assert_string_equal(route_param(&route, &target, "one"), "1");
	assert_string_equal(route_param(&route, &target, "two"), "z");
	assert_null(route_param(&route, &target, "on"));
	assert_null(route_param(&route, &target, "a"));
	target_done(&target);
}

static void only_what_changes_takes_a_body(void **state)
{
	(void)state;
	for (const struct route *const *table = api_routes; *table; table++) {
		for (const struct route *route = *table; route->method; route++) {
			assert_true(route->body_bytes == 0 || strcmp(route->method, "GET") != 0);
			/* Files are for who has signed in. */
			if (route->needs != ACCESS_STAFF)
				assert_in_range(route->body_bytes, 0, LIMIT_BODY_BYTES);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_path_finds_its_route_and_no_other),
		cmocka_unit_test(another_method_is_told_which_ones_there_are),
		cmocka_unit_test(a_segment_is_found_by_the_name_the_route_gives_it),
		cmocka_unit_test(only_what_changes_takes_a_body),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
