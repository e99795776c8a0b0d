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
	_cleanup_(waiver_done) struct waiver waiver = { 0 }, wide = { 0 };
	char *pointer = NULL, day[CIVIL_TEXT_SIZE];
	struct err err = { 0 };

	(void)state;
	assert_int_equal(accept_waiver(site, strlen(site), &waiver, &pointer, &err), 0);
	assert_string_equal(waiver.profile_id, "p");
	assert_string_equal(waiver.requirement, "memory.size");
	assert_int_equal(waiver.scope, SCOPE_SITE);
	assert_string_equal(waiver.scope_code, "0001");
	assert_string_equal(waiver.reason, "Old.");
	assert_string_equal(waiver.who, "A. Ruiz");
	assert_string_equal(civil_text(waiver.until, day), "2027-06-30");
	assert_string_equal(waiver.id, "");
	assert_int_equal(accept_waiver(all, strlen(all), &wide, &pointer, &err), 0);
	assert_int_equal(wide.scope, SCOPE_STATE);
	assert_string_equal(wide.scope_code, "");
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
		{ "{\"profile\":\"p\",\"requirement\":\"r\",\"reason\":\" \",\"who\":\"A\"" UNTIL ",\"scope\":\"state\"}", "/reason", "empty" },
		{ "{\"profile\":\"p\",\"requirement\":\"r\",\"reason\":\"a\\u0007\",\"who\":\"A\"" UNTIL ",\"scope\":\"state\"}", "/reason", "control" },
		{ "{\"profile\":\"p\",\"requirement\":\"r\",\"reason\":\"a\",\"who\":\"\"" UNTIL ",\"scope\":\"state\"}", "/who", "empty" },
	};
	/* clang-format on */

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		_cleanup_free_ char *pointer = NULL;
		struct waiver waiver = { 0 };
		struct err err = { 0 };
		int r = accept_waiver(rows[i].body, strlen(rows[i].body), &waiver, &pointer, &err);

		if (r != -EINVAL || !strstr(err.text, rows[i].says) ||
		    strcmp(pointer ? pointer : "-", rows[i].pointer ? rows[i].pointer : "-") != 0)
			fail_msg("row %zu: %d at %s: %s", i, r, pointer ? pointer : "-", err.text);
		assert_null(waiver.profile_id);
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
			_cleanup_(waiver_done) struct waiver waiver = { 0 };
			struct err err = { 0 };
			int n = rows[i].max + more;
			bool is_reason = strcmp(rows[i].name, "reason") == 0;

			long_text = xcalloc(1, (size_t)n + 1);
			memset(long_text, 'x', (size_t)n);
			body = xasprintf("{\"profile\":\"p\",\"requirement\":\"r\",\"reason\":"
					 "\"%s\",\"who\":\"%s\"" UNTIL ",\"scope\":\"state\"}",
					 is_reason ? long_text : "a", is_reason ? "A" : long_text);
			assert_int_equal(accept_waiver(body, strlen(body), &waiver, &pointer, &err),
					 more ? -EINVAL : 0);
			if (more)
				assert_string_equal(pointer + 1, rows[i].name);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_right_waiver_is_taken_as_it_is),
		cmocka_unit_test(what_is_wrong_is_named_by_its_pointer),
		cmocka_unit_test(a_text_that_is_too_long_is_refused_and_the_longest_is_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
