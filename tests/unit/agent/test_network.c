/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>
#include <sys/stat.h>

#include "agent/env.h"
#include "agent/look.h"
#include "agent/probe.h"
#include "agent/probe/network_endpoint.h"
#include "common/model/endpoint.h"
#include "common/model/facts.h"
#include "common/model/profile.h"
#include "tests/unit/agent/folder.h"
#include "tests/unit/unit.h"

#define END "echo '{\"end\":true}'"

static const char *const two[] = { "b.example:8443", "a.example", NULL };

/* What the probe says of @endpoints where its helper is the script @text. */
static json_t *look_at(const char *folder, const char *text, const char *const *endpoints)
{
	const struct probe *probe = probe_find("network");
	_cleanup_free_ char *script = xasprintf("#!/bin/sh\n%s\n", text);
	_cleanup_free_ char *path = xasprintf("%s/network", folder);
	struct env env;
	struct err err;
	json_t *facts, *list;

	folder_write(folder, "network", script);
	assert_int_equal(chmod(path, 0700), 0);
	assert_int_equal(env_init(&env, "", NULL), 0);
	env.helpers = folder;
	env.endpoints = endpoints;
	facts = look_with(&env, &probe, 1, NULL);
	env_done(&env);
	facts_complete(facts, "not looked at");
	if (facts_check(facts, "", NULL, &err) < 0)
		fail_msg("%s", err.text);
	list = json_incref(json_object_get(json_object_get(facts, "network"), "endpoints"));
	json_decref(facts);
	return list;
}

static const json_t *member(const json_t *list, size_t i, const char *name)
{
	return json_object_get(json_array_get(list, i), name);
}

static void assert_unknown(const json_t *list, size_t i, const char *part)
{
	static const char *const names[] = { "reachable", "ms", "tls_issuer", "why_not",
					     "by_proxy" };

	for (size_t n = 0; n < ARRAY_SIZE(names); n++) {
		const char *why = fact_unknown_reason(member(list, i, names[n]));

		if (!why || !strstr(why, part))
			fail_msg("%s: \"%s\" does not say \"%s\"", names[n], why ? why : "", part);
	}
}

static void servers_are_told_in_the_order_of_the_profile(void **state)
{
	json_t *list = look_at(
		*state,
		"[ \"$1|$2|$#\" = 'b.example:8443|a.example|2' ] || exit 1\n"
		"echo '{\"host\":\"a.example\",\"reachable\":true,\"ms\":12,\"issuer\":\"An "
		"authority\",\"why_not\":\"\",\"by_proxy\":true}'\n"
		"echo '{\"host\":\"b.example:8443\",\"reachable\":false,\"issuer\":\"\","
		"\"why_not\":\"refused\",\"by_proxy\":false}'\n" END,
		two);

	assert_int_equal(json_array_size(list), 2);
	assert_string_equal(json_string_value(member(list, 0, "host")), "b.example:8443");
	assert_true(json_is_false(member(list, 0, "reachable")));
	assert_string_equal(json_string_value(member(list, 0, "why_not")), "refused");
	assert_non_null(fact_unknown_reason(member(list, 0, "ms")));
	assert_non_null(fact_unknown_reason(member(list, 0, "tls_issuer")));
	assert_true(json_is_false(member(list, 0, "by_proxy")));
	assert_string_equal(json_string_value(member(list, 1, "host")), "a.example");
	assert_true(json_is_true(member(list, 1, "reachable")));
	assert_string_equal(json_string_value(member(list, 1, "why_not")), "");
	assert_int_equal(json_integer_value(member(list, 1, "ms")), 12);
	assert_string_equal(json_string_value(member(list, 1, "tls_issuer")), "An authority");
	assert_true(json_is_true(member(list, 1, "by_proxy")));
	json_decref(list);
}

static void no_server_is_tried_where_no_profile_names_one(void **state)
{
	static const char *const none[] = { NULL };
	_cleanup_free_ char *trace = xasprintf("%s/ran", *(char **)state);
	_cleanup_free_ char *script = xasprintf("touch %s\n" END, trace);
	json_t *list = look_at(*state, script, NULL);

	assert_string_equal(fact_unknown_reason(list),
			    "no profile says which servers the test needs");
	json_decref(list);
	list = look_at(*state, script, none);
	assert_true(json_is_array(list));
	assert_int_equal(json_array_size(list), 0);
	json_decref(list);
	assert_true(access(trace, F_OK) < 0);
}

static void a_helper_that_fails_leaves_every_server_in_the_list_and_unknown(void **state)
{
	json_t *list = look_at(*state, "exit 3", two);

	assert_int_equal(json_array_size(list), 2);
	assert_string_equal(json_string_value(member(list, 1, "host")), "a.example");
	assert_unknown(list, 0, "before it had said all");
	assert_unknown(list, 1, "before it had said all");
	json_decref(list);
}

static void what_the_helper_could_not_find_out_is_unknown_with_its_reason(void **state)
{
	json_t *list = look_at(
		*state, "echo '{\"host\":\"a.example\",\"unknown\":\"Out of memory\"}'\n" END, two);

	assert_unknown(list, 1, "Out of memory");
	/* Nothing was said of this one. */
	assert_unknown(list, 0, "as it should");
	json_decref(list);
}

static void who_names_no_reason_leaves_a_server_unknown_and_not_the_report_refused(void **state)
{
	static const char *const reasons[] = { "", " ", "\\ufeff" };

	for (size_t i = 0; i < ARRAY_SIZE(reasons); i++) {
		_cleanup_free_ char *script = xasprintf(
			"printf '%%s\\n' '{\"host\":\"a.example\",\"unknown\":\"%s\"}'\n" END,
			reasons[i]);
		json_t *list = look_at(*state, script, two);

		assert_unknown(list, 1, "no reason");
		json_decref(list);
	}
}

static void an_answer_that_cannot_be_is_unknown(void **state)
{
	static const char *const lines[] = {
		"{\"host\":\"a.example\"}",
		"{\"host\":\"a.example\",\"reachable\":\"yes\",\"issuer\":\"\",\"why_not\":\"\","
		"\"by_proxy\":false}",
		"{\"host\":\"a.example\",\"reachable\":true,\"issuer\":\"\",\"why_not\":\"\",\"by_"
		"proxy\":0}",
		"{\"host\":\"a.example\",\"reachable\":true,\"issuer\":1,\"why_not\":\"\",\"by_"
		"proxy\":true}",
		"{\"host\":\"a.example\",\"reachable\":true,\"issuer\":\"\",\"by_proxy\":true}",
		"{\"host\":\"a.example\",\"reachable\":\"no\",\"issuer\":\"\",\"why_not\":\"x\","
		"\"by_proxy\":false}",
		/* reachable, but here is why it is not; and the other way round */
		"{\"host\":\"a.example\",\"reachable\":true,\"issuer\":\"\",\"why_not\":\"x\",\"by_"
		"proxy\":true}",
		"{\"host\":\"a.example\",\"reachable\":false,\"issuer\":\"\",\"why_not\":\"\",\"by_"
		"proxy\":true}",
		"{\"host\":\"other.example\",\"reachable\":true,\"issuer\":\"\",\"why_not\":\"\","
		"\"by_proxy\":true}",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
		json_t *said = json_array(), *list;

		json_array_append_new(said, json_loads(lines[i], 0, NULL));
		list = endpoints_read(two, said);
		assert_int_equal(json_array_size(list), 2);
		assert_unknown(list, 1, "as it should");
		json_decref(list);
		json_decref(said);
	}
}

static void a_time_that_cannot_be_is_unknown(void **state)
{
	static const char *const times[] = { "-1", "60001", "1.5", "\"12\"", "null" };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(times); i++) {
		_cleanup_free_ char *line = xasprintf(
			"{\"host\":\"a.example\",\"reachable\":true,\"issuer\":\"\",\"why_not\":"
			"\"\",\"by_proxy\":true,\"ms\":%s}",
			times[i]);
		json_t *said = json_array(), *list;

		json_array_append_new(said, json_loads(line, 0, NULL));
		list = endpoints_read(two, said);
		assert_true(json_is_true(member(list, 1, "reachable")));
		assert_non_null(fact_unknown_reason(member(list, 1, "ms")));
		json_decref(list);
		json_decref(said);
	}
}

static void many_servers_of_long_names_and_hostile_issuers_still_fit_a_report(void **state)
{
	char names[PROFILE_ENDPOINTS_MAX][ENDPOINT_MAX + 1], issuer[2000], why[2000];
	const char *endpoints[PROFILE_ENDPOINTS_MAX + 1] = { NULL };
	json_t *said = json_array(), *list;
	char *text;

	(void)state;
	memset(issuer, '"', sizeof(issuer) - 1);
	memset(why, '\\', sizeof(why) - 1);
	issuer[sizeof(issuer) - 1] = why[sizeof(why) - 1] = '\0';
	for (size_t i = 0; i < PROFILE_ENDPOINTS_MAX; i++) {
		memset(names[i], 'a' + (int)i, ENDPOINT_MAX);
		names[i][ENDPOINT_MAX] = '\0';
		endpoints[i] = names[i];
		json_array_append_new(said, json_pack("{s:s, s:b, s:s, s:s, s:b}", "host", names[i],
						      "reachable", 0, "issuer", issuer, "why_not",
						      why, "by_proxy", 0));
	}
	list = endpoints_read(endpoints, said);
	text = json_dumps(list, JSON_COMPACT);
	/* 4 KiB are left for the interfaces. */
	assert_true(strlen(text) < LOOK_PROBE_BYTES_MAX - 4096);
	assert_string_equal(json_string_value(member(list, 15, "host")), names[15]);
	free(text);
	json_decref(list);
	json_decref(said);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(servers_are_told_in_the_order_of_the_profile,
						folder_make, folder_remove),
		cmocka_unit_test_setup_teardown(no_server_is_tried_where_no_profile_names_one,
						folder_make, folder_remove),
		cmocka_unit_test_setup_teardown(
			a_helper_that_fails_leaves_every_server_in_the_list_and_unknown,
			folder_make, folder_remove),
		cmocka_unit_test_setup_teardown(
			what_the_helper_could_not_find_out_is_unknown_with_its_reason, folder_make,
			folder_remove),
		cmocka_unit_test_setup_teardown(
			who_names_no_reason_leaves_a_server_unknown_and_not_the_report_refused,
			folder_make, folder_remove),
		cmocka_unit_test(an_answer_that_cannot_be_is_unknown),
		cmocka_unit_test(a_time_that_cannot_be_is_unknown),
		cmocka_unit_test(many_servers_of_long_names_and_hostile_issuers_still_fit_a_report),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
