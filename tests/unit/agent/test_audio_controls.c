/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "agent/env.h"
#include "agent/probe/audio_controls.h"
#include "common/base/mem.h"
#include "tests/unit/agent/folder.h"
#include "tests/unit/unit.h"

static int parse(const char *text, struct audio_controls *controls)
{
	json_t *lines = json_loads(text, 0, NULL);
	struct err err;
	int r;

	assert_non_null(lines);
	r = audio_controls_parse(lines, controls, &err);
	json_decref(lines);
	return r;
}

static void what_a_card_says_is_read(void **state)
{
	struct audio_controls controls = { 0 };
	const struct audio_control *master;

	(void)state;
	assert_int_equal(parse("[{\"card\":0,\"jack\":\"Mic Jack\",\"plugged\":true},"
			       "{\"card\":0,\"mixer\":\"Master\",\"muted\":false,"
			       "\"volume_percent\":74},{\"card\":1,\"why_not\":\"closed\"},"
			       "{\"card\":1,\"jack\":\"Mic Jack\"}]",
			       &controls),
			 0);
	assert_int_equal(controls.n, 4);
	assert_int_equal(controls.controls[0].kind, CONTROL_JACK);
	assert_int_equal(controls.controls[0].plugged, 1);
	assert_int_equal(controls.controls[0].volume_percent, -1);
	assert_int_equal(controls.controls[3].plugged, -1);
	master = audio_controls_mixer(&controls, 0, "Master");
	assert_int_equal(master->muted, 0);
	assert_int_equal(master->volume_percent, 74);
	assert_null(audio_controls_mixer(&controls, 1, "Master"));
	assert_null(audio_controls_mixer(&controls, 0, "Mic Jack"));
	assert_string_equal(audio_controls_why_not(&controls, 1), "closed");
	assert_null(audio_controls_why_not(&controls, 0));
	audio_controls_done(&controls);
}

static void an_answer_with_one_wrong_line_is_none(void **state)
{
	static const char *const wrong[] = {
		"[7]",
		"[{\"jack\":\"Mic Jack\"}]",
		"[{\"card\":0}]",
		"[{\"card\":0,\"jack\":7}]",
		"[{\"card\":-1,\"jack\":\"Mic Jack\"}]",
		"[{\"card\":32,\"jack\":\"Mic Jack\"}]",
		"[{\"card\":0.0,\"jack\":\"Mic Jack\"}]",
		"[{\"card\":0,\"jack\":\"Mic Jack\",\"plugged\":1}]",
		"[{\"card\":0,\"mixer\":\"Master\",\"muted\":null}]",
		"[{\"card\":0,\"mixer\":\"Master\",\"volume_percent\":101}]",
		"[{\"card\":0,\"mixer\":\"Master\",\"volume_percent\":-1}]",
		"[{\"card\":0,\"mixer\":\"Master\",\"volume_percent\":\"7\"}]",
		"[{\"card\":0,\"jack\":\"Mic Jack\"},{}]",
	};
	struct audio_controls controls = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		if (parse(wrong[i], &controls) != -EPROTO || controls.n != 0)
			fail_msg("%s", wrong[i]);
	}
}

/* Ask cards 0 to @n - 1 of the helper that is the script @text. */
static void ask(const char *folder, const char *text, size_t n, struct audio_controls *controls)
{
	const struct env env = { .helpers = folder };
	_cleanup_free_ char *script = xasprintf("#!/bin/sh\n%s\n", text);
	_cleanup_free_ char *path = xasprintf("%s/alsa", folder);
	unsigned cards[AUDIO_CARDS_MAX];

	for (size_t i = 0; i < n; i++)
		cards[i] = (unsigned)i;
	folder_write(folder, "alsa", script);
	assert_int_equal(chmod(path, 0700), 0);
	audio_controls_read(&env, cards, n, controls);
}

static void all_cards_are_asked_at_once(void **state)
{
	struct audio_controls controls;

	ask(*state,
	    "echo \"{\\\"card\\\":1,\\\"jack\\\":\\\"$*\\\"}\"; echo '{\"end\":true}'; "
	    "echo >>$0.log; [ $(wc -l <$0.log) = 1 ]",
	    3, &controls);
	assert_int_equal(controls.n, 1);
	assert_string_equal(controls.controls[0].name, "0 1 2");
	audio_controls_done(&controls);
}

static void a_card_that_does_not_answer_is_silent_alone(void **state)
{
	struct audio_controls controls;

	ask(*state,
	    "for c; do [ $c = 1 ] && exit 1; echo \"{\\\"card\\\":$c,\\\"jack\\\":\\\"J\\\"}\"; "
	    "done; "
	    "echo '{\"end\":true}'",
	    3, &controls);
	assert_int_equal(controls.n, 3);
	assert_null(audio_controls_why_not(&controls, 0));
	assert_non_null(strstr(audio_controls_why_not(&controls, 1), "alsa"));
	assert_null(audio_controls_why_not(&controls, 2));
	audio_controls_done(&controls);
}

static void who_never_answers_is_not_asked_for_ever(void **state)
{
	struct audio_controls controls;
	_cleanup_free_ char *log = xasprintf("%s/alsa.log", (char *)*state);
	struct stat st;

	ask(*state, "printf x >>$0.log; exit 1", 10, &controls);
	assert_int_equal(controls.n, 10);
	assert_int_equal(stat(log, &st), 0);
	assert_int_equal(st.st_size, 1 + 3);
	audio_controls_done(&controls);
}

static void without_cards_or_a_helper_nobody_is_asked(void **state)
{
	const struct env env = { .helpers = *state };
	struct audio_controls controls;

	audio_controls_read(&env, (const unsigned[]){ 0, 5 }, 2, &controls);
	assert_int_equal(controls.n, 2);
	assert_non_null(strstr(audio_controls_why_not(&controls, 5), "not installed"));
	audio_controls_done(&controls);
	audio_controls_read(&env, NULL, 0, &controls);
	assert_int_equal(controls.n, 0);
}

#define with_folder(test) cmocka_unit_test_setup_teardown(test, folder_make, folder_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_a_card_says_is_read),
		cmocka_unit_test(an_answer_with_one_wrong_line_is_none),
		with_folder(all_cards_are_asked_at_once),
		with_folder(a_card_that_does_not_answer_is_silent_alone),
		with_folder(who_never_answers_is_not_asked_for_ever),
		with_folder(without_cards_or_a_helper_nobody_is_asked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
