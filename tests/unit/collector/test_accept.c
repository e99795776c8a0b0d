/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <string.h>

#include "collector/ingest/accept.h"
#include "common/base/mem.h"
#include "common/model/facts.h"
#include "tests/unit/unit.h"

#define DEVICE_ID "0123456789abcdef0123456789abcdef"

/* A report that is right; every fact is unknown, which is allowed. */
static json_t *make_report(void)
{
	json_t *facts = json_object();

	for (const struct fact *fact = facts_table; fact->name; fact++)
		json_object_set_new(facts, fact->name, fact_unknown("a test"));
	return json_pack("{s:i, s:s, s:s, s:s, s:i, s:s, s:i, s:{s:s, s:s, s:s, s:s}, s:o}",
			 "report", 1, "device_id", DEVICE_ID, "agent_version", "0.1.0", "boot_id",
			 "8c5d2f10-0000-4000-8000-000000000001", "sequence", 1, "observed_at",
			 "2027-03-15T07:00:00Z", "age_ms", 0, "device", "host_name", "h", "serial",
			 "s", "asset_tag", "a", "model", "m", "facts", facts);
}

/* Change @report, which is taken, and say how it is refused; "" where it is not. */
static char *refusal(json_t *report, char **ret_pointer)
{
	_cleanup_free_ char *body = json_dumps(report, 0);
	struct accepted_report accepted;
	struct err err = { 0 };

	*ret_pointer = NULL;
	json_decref(report);
	if (accept_report(body, strlen(body), &accepted, ret_pointer, &err) >= 0) {
		accepted_report_done(&accepted);
		return xstrdup("");
	}
	return xstrdup(err.text);
}

static void a_right_report_is_taken_with_the_canonical_text_of_its_facts(void **state)
{
	json_t *report = make_report();
	_cleanup_free_ char *body = json_dumps(report, JSON_INDENT(2));
	struct accepted_report accepted;
	char hash[HASH_SIZE];

	(void)state;
	assert_int_equal(accept_report(body, strlen(body), &accepted, NULL, NULL), 0);
	assert_string_equal(accepted.report.device_id, DEVICE_ID);
	assert_int_equal(accepted.report.sequence, 1);
	assert_memory_equal(accepted.facts_text, "{\"audio\":{\"unknown\":\"a test\"},", 30);
	assert_null(strchr(accepted.facts_text, '\n'));
	hash_hex(accepted.facts_text, strlen(accepted.facts_text), hash);
	assert_string_equal(accepted.facts_hash, hash);
	accepted_report_done(&accepted);
	json_decref(report);
}

static void a_wrong_member_is_named_by_its_pointer_and_in_words(void **state)
{
	/* clang-format off */
	static const struct {
		const char *member, *value, *pointer, *says;
	} rows[] = {
		{ "report", "2", "/report", "not within 1 to 1" },
		{ "report", "\"1\"", "/report", "expected whole number, got string" },
		{ "device_id", "\"short\"", "/device_id", "32 hexadecimal digits" },
		{ "device_id", "7", "/device_id", "expected string, got number" },
		{ "agent_version", "null", "/agent_version", "got null" },
		{ "boot_id", "\"x\"", "/boot_id", "UUID" },
		{ "sequence", "0", "/sequence", "not within" },
		{ "sequence", "1.5", "/sequence", "got fraction" },
		{ "observed_at", "\"yesterday\"", "/observed_at", "" },
		{ "age_ms", "-1", "/age_ms", "not within" },
		{ "device", "{}", "/device", "host_name" },
		{ "facts", "[]", "/facts", "got list" },
		{ "more", "1", "", "unknown member" },
	};
	/* clang-format on */

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		json_t *report = make_report();
		_cleanup_free_ char *pointer = NULL, *text = NULL;

		json_object_set_new(report, rows[i].member,
				    json_loads(rows[i].value, JSON_DECODE_ANY, NULL));
		text = refusal(report, &pointer);
		if (text[0] == '\0' || !strstr(text, rows[i].says) || !pointer ||
		    strcmp(pointer, rows[i].pointer) != 0)
			fail_msg("%s = %s: '%s' at '%s'", rows[i].member, rows[i].value, text,
				 pointer ? pointer : "(none)");
	}
}

static void a_wrong_fact_is_named_however_deep_it_is(void **state)
{
	json_t *report = make_report();
	_cleanup_free_ char *pointer = NULL, *text = NULL;

	(void)state;
	json_object_set_new(json_object_get(report, "facts"), "memory",
			    json_pack("{s:s}", "total_mib", "much"));
	text = refusal(report, &pointer);
	assert_string_equal(pointer, "/facts/memory/total_mib");
	assert_non_null(strstr(text, "facts.memory.total_mib"));
}

static void what_an_older_agent_does_not_know_is_unknown(void **state)
{
	json_t *report = make_report();
	json_t *facts = json_object_get(report, "facts");
	struct accepted_report accepted;
	char *body;

	(void)state;
	json_object_del(facts, "clock");
	json_object_set_new(facts, "cpu", json_pack("{s:i}", "cores", 4));
	body = json_dumps(report, 0);
	assert_int_equal(accept_report(body, strlen(body), &accepted, NULL, NULL), 0);
	assert_non_null(strstr(accepted.facts_text, "\"clock\":{\"unknown\""));
	assert_non_null(strstr(accepted.facts_text, "\"cores\":4,\"mhz\":{\"unknown\""));
	accepted_report_done(&accepted);
	free(body);
	json_decref(report);
}

/* A report whose printers say nothing of themselves. */
static json_t *report_of_printers(size_t n)
{
	json_t *report = make_report(), *printers = json_array();

	for (size_t i = 0; i < n; i++)
		json_array_append_new(printers, json_object());
	json_object_set_new(json_object_get(report, "facts"), "printer",
			    json_pack("{s:o}", "printers", printers));
	return report;
}

/* A few bytes that lack very much would take a thousand times as many. */
static void what_lacks_more_than_an_older_agent_may_is_refused(void **state)
{
	size_t n_facts = 0, n_most;
	_cleanup_free_ char *pointer = NULL, *none = NULL, *text = NULL, *most = NULL;

	(void)state;
	for (const struct fact *fact = facts_find("printer.printers")->members; fact->name; fact++)
		n_facts++;
	n_most = ACCEPT_COMPLETED_MAX / n_facts;
	most = refusal(report_of_printers(n_most), &none);
	assert_string_equal(most, "");
	text = refusal(report_of_printers(n_most + 1), &pointer);
	assert_non_null(strstr(text, "missing; say"));
	assert_non_null(pointer);
}

/* A report that says of fonts only whose names have @len bytes. */
static json_t *report_of_fonts(size_t len)
{
	_cleanup_free_ char *name = xcalloc(1, FACTS_TEXT_MAX + 1);
	json_t *report = make_report(), *fonts = json_array();

	memset(name, 'x', FACTS_TEXT_MAX);
	for (; len > FACTS_TEXT_MAX; len -= FACTS_TEXT_MAX)
		json_array_append_new(fonts, json_string(name));
	json_array_append_new(fonts, json_stringn(name, len));
	json_object_set_new(report, "facts", json_pack("{s:{s:o}}", "software", "fonts", fonts));
	return report;
}

/* With all that is not in it, which is said to be unknown, the longest report is too long. */
static void facts_that_are_too_long_to_be_stored_are_refused(void **state)
{
	_cleanup_free_ char *none = NULL, *pointer = NULL, *text = NULL, *body = NULL;
	json_t *report = report_of_fonts(261400);

	(void)state;
	body = json_dumps(report, 0);
	assert_in_range(strlen(body), 0, REPORT_BYTES_MAX);
	text = refusal(report, &pointer);
	assert_non_null(strstr(text, "at most 262144"));
	free(text);
	text = refusal(report_of_fonts(250000), &none);
	assert_string_equal(text, "");
}

static void a_missing_member_is_refused_but_for_the_age(void **state)
{
	static const char *const members[] = { "report",  "device_id", "agent_version",
					       "boot_id", "sequence",  "observed_at",
					       "device",  "facts" };
	json_t *report = make_report();
	_cleanup_free_ char *none = NULL, *taken = NULL;

	(void)state;
	json_object_del(report, "age_ms");
	taken = refusal(report, &none);
	assert_string_equal(taken, "");
	for (size_t i = 0; i < ARRAY_SIZE(members); i++) {
		_cleanup_free_ char *pointer = NULL, *text = NULL;

		report = make_report();
		json_object_del(report, members[i]);
		text = refusal(report, &pointer);
		assert_non_null(strstr(text, members[i]));
	}
}

static void what_is_not_json_is_refused_with_line_and_column(void **state)
{
	static const char deep[] = "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]";
	/* clang-format off */
	static const struct {
		const char *body;
		int want;
	} rows[] = {
		{ "", -EINVAL }, { "{", -EINVAL }, { "{}x", -EINVAL },
		{ "{\"a\":1,\"a\":2}", -EINVAL }, { "{\"a\":\"\xff\"}", -EINVAL },
		{ "{\"a\":\"\\u0000\"}", -EINVAL }, { "[1e999]", -EINVAL },
		{ "[99999999999999999999]", -EINVAL }, { deep, -E2BIG },
	};
	/* clang-format on */

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct accepted_report accepted;
		struct err err = { 0 };
		char *pointer = NULL;
		int r = accept_report(rows[i].body, strlen(rows[i].body), &accepted, &pointer,
				      &err);

		if (r != rows[i].want || pointer)
			fail_msg("%s: %d %s", rows[i].body, r, err.text);
		assert_in_range(err.text[0], '1', '9');
	}
}

static void an_enrolment_is_checked_as_strictly(void **state)
{
	/* clang-format off */
	static const struct {
		const char *body, *pointer; /* NULL: it is right */
	} rows[] = {
		{ "{\"agent_version\":\"1\",\"role\":\"ta\",\"device\":{\"host_name\":\"h\",\"serial\":\"\",\"asset_tag\":\"\",\"model\":\"\"}}", NULL },
		{ "{\"agent_version\":\"1\",\"role\":\"boss\",\"device\":{\"host_name\":\"h\",\"serial\":\"\",\"asset_tag\":\"\",\"model\":\"\"}}", "/role" },
		{ "{\"agent_version\":1,\"role\":\"ta\",\"device\":{\"host_name\":\"h\",\"serial\":\"\",\"asset_tag\":\"\",\"model\":\"\"}}", "/agent_version" },
		{ "{\"agent_version\":\"1\",\"role\":\"ta\",\"device\":{\"host_name\":\"h\"}}", "/device" },
		{ "{\"agent_version\":\"1\",\"role\":\"ta\"}", "/device" },
		{ "{\"site\":\"1\",\"agent_version\":\"1\",\"role\":\"ta\",\"device\":{}}", "" },
		{ "[]", "" },
	};
	/* clang-format on */

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct accepted_enroll accepted;
		_cleanup_free_ char *pointer = NULL;
		struct err err = { 0 };
		int r = accept_enroll(rows[i].body, strlen(rows[i].body), &accepted, &pointer,
				      &err);

		if (!rows[i].pointer) {
			assert_int_equal(r, 0);
			assert_int_equal(accepted.request.role, ROLE_TA);
			accepted_enroll_done(&accepted);
			continue;
		}
		assert_int_equal(r, -EINVAL);
		assert_string_equal(pointer, rows[i].pointer);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_right_report_is_taken_with_the_canonical_text_of_its_facts),
		cmocka_unit_test(a_wrong_member_is_named_by_its_pointer_and_in_words),
		cmocka_unit_test(a_wrong_fact_is_named_however_deep_it_is),
		cmocka_unit_test(what_an_older_agent_does_not_know_is_unknown),
		cmocka_unit_test(what_lacks_more_than_an_older_agent_may_is_refused),
		cmocka_unit_test(facts_that_are_too_long_to_be_stored_are_refused),
		cmocka_unit_test(a_missing_member_is_refused_but_for_the_age),
		cmocka_unit_test(what_is_not_json_is_refused_with_line_and_column),
		cmocka_unit_test(an_enrolment_is_checked_as_strictly),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
