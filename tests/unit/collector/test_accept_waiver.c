/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/unit.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/ingest/accept_waiver.h"
#include "common/base/civil.h"
#include "common/base/mem.h"

#define REST "\"requirement\":\"memory.size\",\"reason\":\"Old.\",\"who\":\"A. Ruiz\""
#define UNTIL ",\"until\":\"2027-06-30\""

static void a_right_waiver_is_taken_as_it_is(void **state)
{
	static const char site[] = "{\"profile\":\"p\"," REST UNTIL ",\"scope\":\"site\","
				   "\"code\":\"0001\"}";
	static const char all[] = "{\"profile\":\"p\"," REST UNTIL ",\"scope\":\"state\"}";
	_cleanup_(accepted_waiver_done) struct accepted_waiver accepted = { 0 }, wide = { 0 };
	char *pointer = NULL, day[CIVIL_TEXT_SIZE];
	struct err err = { 0 };

	(void)state;
	assert_int_equal(accept_waiver(site, strlen(site), &accepted, &pointer, &err), 0);
	assert_string_equal(accepted.waiver.profile_id, "p");
	assert_string_equal(accepted.waiver.requirement, "memory.size");
	assert_int_equal(accepted.waiver.scope, SCOPE_SITE);
	assert_string_equal(accepted.waiver.scope_code, "0001");
	assert_string_equal(accepted.waiver.reason, "Old.");
	assert_string_equal(accepted.waiver.who, "A. Ruiz");
	assert_string_equal(civil_text(accepted.waiver.until, day), "2027-06-30");
	assert_string_equal(accepted.waiver.id, "");
	assert_int_equal(accept_waiver(all, strlen(all), &wide, &pointer, &err), 0);
	assert_int_equal(wide.waiver.scope, SCOPE_STATE);
	assert_string_equal(wide.waiver.scope_code, "");
	assert_int_equal(accepted.as, WAIVE_AS_MAY);
	assert_int_equal(accepted.waiver.status, WAIVER_STATUS_GIVEN);
	assert_null(pointer);
}

static void what_is_wrong_is_named_by_its_pointer(void **state)
{
	/* clang-format off */
	static const struct {
		const char *body, *pointer, *says;
	} rows[] = {
		{ "", NULL, "JSON" },
		{ "[]", "", "object" },
		{ "{}", "/profile", "missing" },
		{ "{\"profile\":7," REST UNTIL ",\"scope\":\"state\"}", "/profile", "string" },
		{ "{\"profile\":\"p\"," REST ",\"scope\":\"state\"}", "/until", "missing" },
		{ "{\"profile\":\"p\"," REST ",\"until\":\"2027-6-30\",\"scope\":\"state\"}", "/until", "2027-6-30" },
		{ "{\"profile\":\"p\"," REST ",\"until\":\"2027-02-29\",\"scope\":\"state\"}", "/until", "2027-02-29" },
		{ "{\"profile\":\"p\"," REST UNTIL "}", "/scope", "" },
		{ "{\"profile\":\"p\"," REST UNTIL ",\"scope\":\"county\"}", "/scope", "county" },
		{ "{\"profile\":\"p\"," REST UNTIL ",\"scope\":\"site\"}", "/code", "missing" },
		{ "{\"profile\":\"p\"," REST UNTIL ",\"scope\":\"lea\",\"code\":\" \"}", "/code", "empty" },
		{ "{\"profile\":\"p\"," REST UNTIL ",\"scope\":\"state\",\"code\":\"0001\"}", "/code", "no code" },
		{ "{\"profile\":\"p\"," REST UNTIL ",\"scope\":\"state\",\"name\":\"x\"}", "", "unknown member" },
		{ "{\"profile\":\"p\"," REST UNTIL ",\"scope\":\"state\",\"as\":\"given\"}", "/as", "given" },
		{ "{\"profile\":\"p\"," REST UNTIL ",\"scope\":\"state\",\"as\":1}", "/as", "number" },
		{ "{\"profile\":\"p\",\"requirement\":\"r\",\"reason\":\" \",\"who\":\"A\"" UNTIL ",\"scope\":\"state\"}", "/reason", "empty" },
		{ "{\"profile\":\"p\",\"requirement\":\"r\",\"reason\":\"a\\u0007\",\"who\":\"A\"" UNTIL ",\"scope\":\"state\"}", "/reason", "control" },
		{ "{\"profile\":\"p\",\"requirement\":\"r\",\"reason\":\"a\",\"who\":\"\"" UNTIL ",\"scope\":\"state\"}", "/who", "empty" },
	};
	/* clang-format on */

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		_cleanup_free_ char *pointer = NULL;
		struct accepted_waiver accepted = { 0 };
		struct err err = { 0 };
		int r = accept_waiver(rows[i].body, strlen(rows[i].body), &accepted, &pointer,
				      &err);

		if (r != -EINVAL || !strstr(err.text, rows[i].says) ||
		    strcmp(pointer ? pointer : "-", rows[i].pointer ? rows[i].pointer : "-") != 0)
			fail_msg("row %zu: %d at %s: %s", i, r, pointer ? pointer : "-", err.text);
		assert_null(accepted.waiver.profile_id);
	}
}

/* At the bound, and one byte past it. */
static void a_text_that_is_too_long_is_refused_and_the_longest_is_not(void **state)
{
	static const struct {
		const char *name;
		int max;
	} rows[] = { { "reason", 500 }, { "who", WAIVER_WHO_MAX } };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		for (int more = 0; more < 2; more++) {
			_cleanup_free_ char *pointer = NULL, *long_text = NULL, *body = NULL;
			_cleanup_(accepted_waiver_done) struct accepted_waiver accepted = { 0 };
			struct err err = { 0 };
			int n = rows[i].max + more;
			bool is_reason = strcmp(rows[i].name, "reason") == 0;

			long_text = xcalloc(1, (size_t)n + 1);
			memset(long_text, 'x', (size_t)n);
			body = xasprintf("{\"profile\":\"p\",\"requirement\":\"r\",\"reason\":"
					 "\"%s\",\"who\":\"%s\"" UNTIL ",\"scope\":\"state\"}",
					 is_reason ? long_text : "a", is_reason ? "A" : long_text);
			assert_int_equal(
				accept_waiver(body, strlen(body), &accepted, &pointer, &err),
				more ? -EINVAL : 0);
			if (more)
				assert_string_equal(pointer + 1, rows[i].name);
		}
	}
}

static void what_one_wants_it_to_be_is_a_word_of_two(void **state)
{
	static const struct {
		const char *body;
		enum waive_as as;
	} rows[] = {
		{ "{\"profile\":\"p\"," REST UNTIL ",\"scope\":\"state\",\"as\":\"proposal\"}",
		  WAIVE_AS_PROPOSAL },
		{ "{\"profile\":\"p\"," REST UNTIL ",\"scope\":\"state\",\"as\":\"waiver\"}",
		  WAIVE_AS_WAIVER },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		_cleanup_(accepted_waiver_done) struct accepted_waiver accepted = { 0 };
		char *pointer = NULL;

		assert_int_equal(accept_waiver(rows[i].body, strlen(rows[i].body), &accepted,
					       &pointer, NULL),
				 0);
		assert_int_equal(accepted.as, rows[i].as);
	}
}

static void a_decision_has_what_belongs_to_it_and_nothing_else(void **state)
{
	/* clang-format off */
	static const struct {
		const char *body;
		int r;
		const char *pointer, *says; /* or of what is taken, who and reason */
		enum waiver_decision decision;
	} rows[] = {
		{ "{\"decision\":\"give\"}", 0, NULL, NULL, WAIVER_DECISION_GIVE },
		{ "{\"decision\":\"give\",\"until\":\"2027-06-30\",\"who\":\"A\"}", 0, "A", NULL, WAIVER_DECISION_GIVE },
		{ "{\"decision\":\"decline\",\"reason\":\"No.\"}", 0, NULL, "No.", WAIVER_DECISION_DECLINE },
		{ "{\"decision\":\"withdraw\"}", 0, NULL, NULL, WAIVER_DECISION_WITHDRAW },
		{ "{\"decision\":\"reopen\"}", 0, NULL, NULL, WAIVER_DECISION_REOPEN },
		{ "", -EINVAL, NULL, "JSON", 0 },
		{ "{}", -EINVAL, "/decision", "", 0 },
		{ "{\"decision\":\"revoke\"}", -EINVAL, "/decision", "revoke", 0 },
		{ "{\"decision\":\"give\",\"reason\":\"x\"}", -EINVAL, "/reason", "leave it out", 0 },
		{ "{\"decision\":\"decline\"}", -EINVAL, "/reason", "tell who proposed it why", 0 },
		{ "{\"decision\":\"decline\",\"reason\":\"x\",\"until\":\"2027-06-30\"}", -EINVAL, "/until", "leave it out", 0 },
		{ "{\"decision\":\"decline\",\"reason\":\"a\\u0007\"}", -EINVAL, "/reason", "control", 0 },
		{ "{\"decision\":\"withdraw\",\"who\":\"x\"}", -EINVAL, "/who", "leave it out", 0 },
		{ "{\"decision\":\"give\",\"until\":\"2027-02-29\"}", -EINVAL, "/until", "2027-02-29", 0 },
		{ "{\"decision\":\"give\",\"x\":1}", -EINVAL, "", "unknown member", 0 },
	};
	/* clang-format on */

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		_cleanup_(accepted_verdict_done) struct accepted_verdict accepted = { 0 };
		_cleanup_free_ char *pointer = NULL;
		struct err err = { 0 };
		int r = accept_waiver_verdict(rows[i].body, strlen(rows[i].body), &accepted,
					      &pointer, &err);

		if (r != rows[i].r)
			fail_msg("row %zu: %d: %s", i, r, err.text);
		if (r < 0) {
			assert_non_null(strstr(err.text, rows[i].says));
			assert_string_equal(pointer ? pointer : "-",
					    rows[i].pointer ? rows[i].pointer : "-");
			assert_null(accepted.who);
			continue;
		}
		assert_int_equal(accepted.verdict.decision, rows[i].decision);
		assert_int_equal(accepted.verdict.until == INT32_MIN, !rows[i].pointer);
		assert_string_equal(accepted.who ? accepted.who : "-",
				    rows[i].pointer ? rows[i].pointer : "-");
		assert_string_equal(accepted.reason ? accepted.reason : "-",
				    rows[i].says ? rows[i].says : "-");
		assert_ptr_equal(accepted.verdict.reason, accepted.reason);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_right_waiver_is_taken_as_it_is),
		cmocka_unit_test(what_is_wrong_is_named_by_its_pointer),
		cmocka_unit_test(a_text_that_is_too_long_is_refused_and_the_longest_is_not),
		cmocka_unit_test(what_one_wants_it_to_be_is_a_word_of_two),
		cmocka_unit_test(a_decision_has_what_belongs_to_it_and_nothing_else),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
