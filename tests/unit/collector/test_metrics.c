/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "collector/metrics.h"
#include "common/base/mem.h"
#include "tests/unit/unit.h"

static const struct route first[] = {
	{ "GET", "/v1/a", ACCESS_ANYBODY, MAY_NOTHING_, NULL, 0, NULL }, { 0 }
};
static const struct route second[] = {
	{ "GET", "/v1/b/:id", ACCESS_ANYBODY, MAY_NOTHING_, NULL, 0, NULL },
	{ "POST", "/v1/b", ACCESS_ANYBODY, MAY_NOTHING_, NULL, 1, NULL },
	{ 0 }
};
static const struct route *const tables[] = { first, second, NULL };

static void expect_line(const char *text, const char *line)
{
	const char *at = strstr(text, line);

	if (!at || (at != text && at[-1] != '\n') || at[strlen(line)] != '\n')
		fail_msg("no line %s in\n%s", line, text);
}

static void what_was_counted_is_written_once_with_its_type(void **state)
{
	const struct metrics_gauge gauges[] = {
		{ "devices", "Devices.", "state=\"ready\"", 5 },
		{ "devices", NULL, "state=\"stale\"", 1LL << 40 },
		{ "plain", "No label.", NULL, -1 },
	};
	_cleanup_free_ char *text = NULL;

	(void)state;
	metrics_request(route_row(tables, &second[1]), 200, PROBLEM_MAX_, 499);
	metrics_request(route_row(tables, &second[1]), 200, PROBLEM_MAX_, 500);
	metrics_request(route_row(tables, &second[1]), 400, PROBLEM_INVALID_BODY, 501);
	metrics_request(route_row(tables, &second[1]), 503, PROBLEM_UNAVAILABLE, 99000000);
	metrics_request(METRICS_NO_ROUTE, 404, PROBLEM_NOT_FOUND, 1);
	metrics_request(METRICS_NO_ROUTE + 9, 404, PROBLEM_NOT_FOUND, 1);
	metrics_commit(1, 1000);
	metrics_commit(512, 20000000);
	metrics_commit_failed();
	metrics_cut();
	text = metrics_text(tables, gauges, ARRAY_SIZE(gauges));
	expect_line(text, "# TYPE testready_http_requests_total counter");
#define B "method=\"POST\",route=\"/v1/b\""
	expect_line(text, "testready_http_requests_total{" B ",code=\"2xx\"} 2");
	expect_line(text, "testready_http_requests_total{" B ",code=\"4xx\"} 1");
	expect_line(text, "testready_http_refused_total{" B ",reason=\"unavailable\"} 1");
	expect_line(text, "testready_http_requests_total{method=\"\",route=\"\",code=\"4xx\"} 2");
	expect_line(text, "testready_http_request_seconds_bucket{" B ",le=\"0.0005\"} 2");
	expect_line(text, "testready_http_request_seconds_bucket{" B ",le=\"0.001\"} 3");
	expect_line(text, "testready_http_request_seconds_bucket{" B ",le=\"10\"} 3");
	expect_line(text, "testready_http_request_seconds_bucket{" B ",le=\"+Inf\"} 4");
	expect_line(text, "testready_http_request_seconds_count{" B "} 4");
	expect_line(text, "testready_http_request_seconds_sum{" B "} 99.0015");
	expect_line(text, "testready_http_cut_total 1");
	expect_line(text, "testready_commit_jobs_bucket{le=\"1\"} 1");
	expect_line(text, "testready_commit_jobs_bucket{le=\"500\"} 1");
	expect_line(text, "testready_commit_jobs_sum 513");
	expect_line(text, "testready_commit_seconds_count 2");
	expect_line(text, "testready_commit_failed_total 1");
	expect_line(text, "testready_devices{state=\"ready\"} 5");
	expect_line(text, "testready_devices{state=\"stale\"} 1099511627776");
	expect_line(text, "testready_plain -1");
	/* Nobody asked for this one. */
	assert_null(strstr(text, "/v1/a"));
	assert_ptr_equal(
		strstr(strstr(text, "# TYPE testready_devices") + 1, "# TYPE testready_devices"),
		NULL);
}

static void a_row_is_the_place_among_all_routes(void **state)
{
	(void)state;
	assert_int_equal(route_row(tables, &first[0]), 0);
	assert_int_equal(route_row(tables, &second[0]), 1);
	assert_int_equal(route_row(tables, &second[1]), 2);
	assert_int_equal(route_row(tables, NULL), 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_counted_is_written_once_with_its_type),
		cmocka_unit_test(a_row_is_the_place_among_all_routes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
