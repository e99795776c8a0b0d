/* SPDX-License-Identifier: Apache-2.0 */
/* What a person wants done with where a device is: what is taken, and where what is not is wrong.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "collector/domain/access.h"
#include "collector/ingest/accept_placement.h"
#include "common/base/civil.h"
#include "common/base/mem.h"
#include "tests/unit/unit.h"

static struct accepted_placement taken(const char *body)
{
	struct accepted_placement placement;
	char *pointer = NULL;
	struct err err = { 0 };

	if (accept_placement(body, strlen(body), &placement, &pointer, &err) < 0)
		fail_msg("%s: %s", body, err.text);
	assert_null(pointer);
	return placement;
}

static void a_move_says_where_to_and_what_it_does_not_say_stays(void **state)
{
	struct accepted_placement placement =
		taken("{\"kind\":\"move\",\"site\":\"0002\",\"room\":\"\",\"role\":\"ta\",\"on\":"
		      "\"2027-08-01\"}");
	int32_t day;

	(void)state;
	assert_int_equal(placement.kind, PLACEMENT_MOVE);
	assert_string_equal(placement.site_code, "0002");
	/* No room is something else than the room that it has. */
	assert_string_equal(placement.room, "");
	assert_true(placement.has_role);
	assert_int_equal(placement.role, ROLE_TA);
	assert_int_equal(civil_parse("2027-08-01", &day, NULL), 0);
	assert_int_equal(placement.on, day);
	accepted_placement_done(&placement);
	assert_null(placement.site_code);

	placement =
		taken("{\"kind\":\"move\",\"site\":null,\"room\":\"7\",\"role\":null,\"on\":null}");
	assert_null(placement.site_code);
	assert_string_equal(placement.room, "7");
	assert_false(placement.has_role);
	assert_int_equal(placement.on, 0);
	accepted_placement_done(&placement);
}

static void a_retirement_has_a_reason_and_a_restoration_nothing(void **state)
{
	struct accepted_placement placement =
		taken("{\"kind\":\"retire\",\"reason\":\"other\",\"note\":\"Given away.\"}");

	(void)state;
	assert_int_equal(placement.kind, PLACEMENT_RETIRE);
	assert_int_equal(placement.reason, RETIRE_OTHER);
	assert_string_equal(placement.note, "Given away.");
	accepted_placement_done(&placement);
	placement = taken("{\"kind\":\"retire\",\"reason\":\"lost\"}");
	assert_int_equal(placement.reason, RETIRE_LOST);
	assert_null(placement.note);
	accepted_placement_done(&placement);
	placement = taken("{\"kind\":\"restore\"}");
	assert_int_equal(placement.kind, PLACEMENT_RESTORE);
	accepted_placement_done(&placement);
}

static void what_is_wrong_is_told_with_its_place(void **state)
{
	/* clang-format off */
	static const struct {
		const char *body, *pointer;
	} rows[] = {
		{ "", NULL },
		{ "[]", "" },
		{ "{}", "/kind" },
		{ "{\"kind\":\"destroy\"}", "/kind" },
		{ "{\"kind\":\"move\"}", "" },
		{ "{\"kind\":\"move\",\"site\":null}", "" },
		{ "{\"kind\":\"move\",\"site\":7}", "/site" },
		{ "{\"kind\":\"move\",\"site\":\"\"}", "/site" },
		{ "{\"kind\":\"move\",\"role\":\"teacher\"}", "/role" },
		{ "{\"kind\":\"move\",\"room\":\"1\",\"on\":\"tomorrow\"}", "/on" },
		{ "{\"kind\":\"move\",\"room\":\"1\",\"on\":\"1970-01-01\"}", "/on" },
		{ "{\"kind\":\"move\",\"room\":\"1\",\"reason\":\"lost\"}", "" },
		{ "{\"kind\":\"retire\"}", "/reason" },
		{ "{\"kind\":\"retire\",\"reason\":\"eaten\"}", "/reason" },
		{ "{\"kind\":\"retire\",\"reason\":\"other\"}", "/note" },
		{ "{\"kind\":\"retire\",\"reason\":\"lost\",\"site\":\"0002\"}", "" },
		{ "{\"kind\":\"restore\",\"on\":\"2027-08-01\"}", "" },
		{ "{\"kind\":\"restore\",\"more\":1}", "" },
		{ "{\"kind\":{\"a\":{\"b\":1}}}", NULL },
	};
	/* clang-format on */
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct accepted_placement placement;
		_cleanup_free_ char *pointer = NULL;
		struct err err = { 0 };
		int r = accept_placement(rows[i].body, strlen(rows[i].body), &placement, &pointer,
					 &err);

		if ((r != -EINVAL && r != -E2BIG) || !err.text[0])
			fail_msg("%s: %d %s", rows[i].body, r, err.text);
		if (!rows[i].pointer != !pointer ||
		    (pointer && strcmp(pointer, rows[i].pointer) != 0))
			fail_msg("%s: at '%s'", rows[i].body, pointer ? pointer : "nowhere");
	}
}

static void a_text_that_is_too_long_is_refused(void **state)
{
	static const struct {
		const char *before, *after, *pointer;
		size_t max;
	} rows[] = {
		{ "{\"kind\":\"move\",\"site\":\"", "\"}", "/site", ACCESS_CODE_SIZE - 1 },
		{ "{\"kind\":\"move\",\"room\":\"", "\"}", "/room", PLACEMENT_ROOM_MAX },
		{ "{\"kind\":\"retire\",\"reason\":\"lost\",\"note\":\"", "\"}", "/note",
		  PLACEMENT_NOTE_MAX },
	};
	char text[PLACEMENT_NOTE_MAX + 2];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		for (size_t over = 0; over <= 1; over++) {
			size_t len = rows[i].max + over;
			_cleanup_free_ char *body = NULL, *pointer = NULL;
			struct accepted_placement placement;
			int r;

			memset(text, 'x', len);
			text[len] = '\0';
			body = xasprintf("%s%s%s", rows[i].before, text, rows[i].after);
			r = accept_placement(body, strlen(body), &placement, &pointer, NULL);
			if (over) {
				assert_true(r < 0);
				assert_string_equal(pointer, rows[i].pointer);
			} else {
				assert_int_equal(r, 0);
				accepted_placement_done(&placement);
			}
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_move_says_where_to_and_what_it_does_not_say_stays),
		cmocka_unit_test(a_retirement_has_a_reason_and_a_restoration_nothing),
		cmocka_unit_test(what_is_wrong_is_told_with_its_place),
		cmocka_unit_test(a_text_that_is_too_long_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
