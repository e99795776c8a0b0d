/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "agent/requirements_view.h"
#include "common/base/file.h"
#include "tests/unit/agent/folder.h"
#include "tests/unit/unit.h"

#define DEVICE "0123456789abcdef0123456789abcdef"
#define OTHER "f123456789abcdef0123456789abcdef"
#define VERSION_1 "1111111111111111111111111111111111111111111111111111111111111111"
#define VERSION_2 "2222222222222222222222222222222222222222222222222222222222222222"
#define DAY_31_MAY 20969 /* 2027-05-31 */

static struct state *open_state(const char *folder)
{
	struct state *state = NULL;

	assert_int_equal(state_open(folder, false, &state, NULL), 0);
	return state;
}

static struct requirements_note some_note(void)
{
	return (struct requirements_note){
		.profile_id = "p-2027",
		.version = VERSION_1,
		.since_ms = 1000,
		.wanted_id = "p-2027",
		.wanted_version = VERSION_2,
		.judged_for = DAY_31_MAY,
		.trouble = xstrdup("It came without a signature"),
		.trouble_ms = 2000,
	};
}

static void a_note_is_read_as_it_was_written(void **folder)
{
	_cleanup_(state_closep) struct state *state = open_state(*folder);
	struct requirements_note note = some_note(), again = { 0 }, empty = { 0 };

	assert_int_equal(requirements_note_read(state, DEVICE, &again, NULL), -ENOENT);
	assert_int_equal(requirements_note_write(state, DEVICE, &note, NULL), 0);
	assert_int_equal(requirements_note_read(state, DEVICE, &again, NULL), 0);
	assert_true(requirements_note_same(&note, &again));
	requirements_note_done(&again);
	assert_int_equal(requirements_note_write(state, DEVICE, &empty, NULL), 0);
	assert_int_equal(requirements_note_read(state, DEVICE, &again, NULL), 0);
	assert_true(requirements_note_same(&empty, &again));
	assert_null(again.trouble);
	requirements_note_done(&note);
}

static void what_was_said_to_another_device_is_nothing(void **folder)
{
	_cleanup_(state_closep) struct state *state = open_state(*folder);
	struct requirements_note note = some_note(), again = { 0 };

	assert_int_equal(requirements_note_write(state, OTHER, &note, NULL), 0);
	assert_int_equal(requirements_note_read(state, DEVICE, &again, NULL), -ENOENT);
	assert_int_equal(again.judged_for, 0);
	requirements_note_done(&note);
}

static void a_damaged_note_is_an_error_since_the_day_would_be_guessed(void **folder)
{
	static const char *const texts[] = {
		"",
		"{",
		"[]",
		"{\"device_id\":\"" DEVICE "\"}",
		"{\"device_id\":\"" DEVICE "\",\"kept\":{\"id\":\"\",\"version\":\"\"},"
		"\"wanted\":{\"id\":\"\",\"version\":\"\"},\"since\":null,\"trouble\":\"\","
		"\"trouble_since\":null,\"judged_for\":\"2027-02-30\"}",
	};
	_cleanup_(state_closep) struct state *state = open_state(*folder);

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		struct requirements_note note = { 0 };
		struct err err = { 0 };

		folder_write(*folder, STATE_FILE_REQUIREMENTS, texts[i]);
		assert_int_equal(requirements_note_read(state, DEVICE, &note, &err), -EINVAL);
		assert_non_null(strstr(err.text, "testready-agent report"));
	}
}

static void every_member_makes_a_difference(void **folder)
{
	struct requirements_note a = some_note(), b = some_note();

	(void)folder;
	assert_true(requirements_note_same(&a, &b));
	b.judged_for++;
	assert_false(requirements_note_same(&a, &b));
	b.judged_for--;
	b.since_ms++;
	assert_false(requirements_note_same(&a, &b));
	b.since_ms--;
	b.wanted_version[0] = '3';
	assert_false(requirements_note_same(&a, &b));
	b.wanted_version[0] = '2';
	b.version[0] = '3';
	assert_false(requirements_note_same(&a, &b));
	b.version[0] = '1';
	b.trouble[0] = 'i';
	assert_false(requirements_note_same(&a, &b));
	requirements_note_done(&b);
	assert_false(requirements_note_same(&a, &b));
	requirements_note_done(&a);
}

/* What status prints; owned by the caller. */
static char *shown(const struct requirements_view *view)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	requirements_view_print(view, out);
	fclose(out);
	return text;
}

static void status_tells_what_is_kept_since_when_for_which_day_and_what_is_wrong(void **folder)
{
	struct requirements_view view = { .profile_id = "p-2027",
					  .version = VERSION_1,
					  .note = some_note() };
	_cleanup_free_ char *text = shown(&view);

	(void)folder;
	assert_string_equal(
		text, "Requirements  p-2027, version 11111111, since 1970-01-01T00:00:01.000Z\n"
		      "            Judged for 2027-05-31, the window's last day.\n"
		      "            The collector judges by p-2027, version 22222222.\n"
		      "            Since 1970-01-01T00:00:02.000Z: It came without a signature.\n");
	assert_true(requirements_view_is_behind(&view));
	requirements_view_done(&view);
}

static void since_when_is_told_only_of_what_is_kept_now(void **folder)
{
	struct requirements_view view = { .profile_id = "p-2027",
					  .version = VERSION_2,
					  .note = some_note() };
	_cleanup_free_ char *text = NULL, *none = NULL;

	(void)folder;
	requirements_note_done(&view.note);
	none = shown(&view);
	assert_string_equal(none, "Requirements  p-2027, version 22222222\n");
	assert_false(requirements_view_is_behind(&view));
	view.note = some_note();
	text = shown(&view);
	assert_null(strstr(text, "1970-01-01T00:00:01.000Z"));
	assert_false(requirements_view_is_behind(&view));
	requirements_view_done(&view);
}

static void requirements_that_cannot_be_read_hide_no_note(void **folder)
{
	_cleanup_(state_closep) struct state *state = open_state(*folder);
	struct requirements_note note = some_note();
	struct requirements_view view;
	struct err err = { 0 };

	assert_int_equal(requirements_view_read(state, DEVICE, &view, &err), 0);
	assert_int_equal(requirements_note_write(state, DEVICE, &note, NULL), 0);
	folder_write(*folder, STATE_FILE_PROFILE, "{\"profile\":");
	assert_true(requirements_view_read(state, DEVICE, &view, &err) < 0);
	assert_non_null(strstr(err.text, "testready-agent report"));
	assert_string_equal(view.note.wanted_version, VERSION_2);
	assert_true(requirements_view_is_behind(&view));
	requirements_view_done(&view);
	requirements_note_done(&note);
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, folder_make, folder_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_FOLDER(a_note_is_read_as_it_was_written),
		IN_FOLDER(what_was_said_to_another_device_is_nothing),
		IN_FOLDER(a_damaged_note_is_an_error_since_the_day_would_be_guessed),
		cmocka_unit_test(every_member_makes_a_difference),
		cmocka_unit_test(
			status_tells_what_is_kept_since_when_for_which_day_and_what_is_wrong),
		cmocka_unit_test(since_when_is_told_only_of_what_is_kept_now),
		IN_FOLDER(requirements_that_cannot_be_read_hide_no_note),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
