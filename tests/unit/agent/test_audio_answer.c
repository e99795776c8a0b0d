/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "agent/probe/audio_answer.h"
#include "agent/probe/audio_volume.h"
#include "tests/unit/unit.h"

/* clang-format off */
#define TEXT(text) ((char *)(text))
#define USB(form_) \
	{ .name = TEXT("Thing"), .number = 1, .bus = "usb", .form = (form_), \
	  .is_playing = true, .is_capturing = true, .has_pcm = true }
#define BUILT_IN \
	{ .name = TEXT("PCH"), .number = 0, .bus = "pci", .form = FORM_INTERNAL, \
	  .is_playing = true, .is_capturing = true, .has_pcm = true }
#define SOCKET(card_, uses_, plugged_) \
	{ .name = TEXT("Socket"), .card = (card_), .uses = (uses_), .is_known = true, \
	  .is_plugged = (plugged_) != 0, .plugged = (plugged_) }

#define CARDS(...) \
	{ (struct audio_card[]){ __VA_ARGS__ }, \
	  sizeof((struct audio_card[]){ __VA_ARGS__ }) / sizeof(struct audio_card) }
#define JACKS(...) \
	{ (struct jack[]){ __VA_ARGS__ }, sizeof((struct jack[]){ __VA_ARGS__ }) / sizeof(struct jack) }
#define CONTROLS(...) \
	{ (struct audio_control[]){ __VA_ARGS__ }, \
	  sizeof((struct audio_control[]){ __VA_ARGS__ }) / sizeof(struct audio_control) }

/* clang-format on */

/* @word NULL: unknown; @part is in the reason. */
static void assert_headphones(const struct audio_seen *seen, const char *word, const char *part)
{
	struct answer answer = { 0 };

	audio_answer_headphones(seen, &answer);
	if (!strstr(answer.why.text, part))
		fail_msg("\"%s\" does not say \"%s\"", answer.why.text, part);
	if (!word)
		assert_null(answer.word);
	else
		assert_string_equal(answer.word, word);
}

static void assert_microphone(const struct audio_seen *seen, const char *word, const char *part)
{
	struct answer answer = { 0 };

	audio_answer_microphone(seen, &answer);
	if (!strstr(answer.why.text, part))
		fail_msg("\"%s\" does not say \"%s\"", answer.why.text, part);
	if (!word)
		assert_null(answer.word);
	else
		assert_string_equal(answer.word, word);
}

static void a_headset_on_usb_is_present(void **state)
{
	struct audio_seen seen = { .cards = CARDS(BUILT_IN, USB(FORM_HEADSET)) };

	(void)state;
	assert_headphones(&seen, "present", "Thing is plugged in");
	assert_microphone(&seen, "present", "Thing");
	seen.cards.cards[1].form = FORM_HEADPHONE;
	assert_headphones(&seen, "present", "Thing is plugged in");
	assert_microphone(&seen, NULL, "does not tell");
	seen.cards.cards[1].form = FORM_SPEAKER;
	assert_headphones(&seen, NULL, "PCH does not tell");
	seen.cards.cards[1].form = FORM_UNKNOWN;
	seen.cards.n = 2;
	assert_headphones(&seen, NULL, "tell");
}

static void a_microphone_that_plays_nothing_is_no_headset(void **state)
{
	struct audio_seen seen = { .cards = CARDS(USB(FORM_HEADSET)) };

	(void)state;
	seen.cards.cards[0].is_playing = false;
	assert_headphones(&seen, NULL, "does not tell");
	assert_microphone(&seen, "present", "Thing");
}

static void the_receiver_of_a_headset_is_no_headset(void **state)
{
	struct audio_seen seen = { .cards = CARDS(USB(FORM_HEADSET)) };

	(void)state;
	seen.cards.cards[0].is_receiver = true;
	assert_headphones(&seen, NULL, "switched on");
	assert_microphone(&seen, NULL, "does not tell");
}

static void a_dock_is_no_headset(void **state)
{
	struct audio_seen seen = { .cards = CARDS(USB(FORM_UNKNOWN)) };

	(void)state;
	seen.cards.cards[0].is_socket = true;
	assert_headphones(&seen, NULL, "has a socket");
}

static void a_card_with_a_socket_of_its_own_tells_by_this(void **state)
{
	struct audio_seen seen = {
		.cards = CARDS(USB(FORM_HEADPHONE)),
		.jacks = JACKS(SOCKET(1, JACK_HEADPHONE | JACK_MICROPHONE, 0)),
	};

	(void)state;
	assert_headphones(&seen, "absent", "nothing is plugged into");
	seen.cards.cards[0].form = FORM_UNKNOWN;
	assert_headphones(&seen, "absent", "nothing is plugged into");
	seen.jacks.jacks[0].plugged = JACK_HEADPHONE;
	assert_headphones(&seen, "present", "Socket");
	assert_microphone(&seen, NULL, "does not tell");
	seen.jacks.jacks[0].plugged = JACK_MICROPHONE;
	assert_microphone(&seen, "present", "Socket");
}

static void an_empty_socket_is_absent_only_if_nothing_else_is_open(void **state)
{
	struct audio_seen seen = {
		.cards = CARDS(BUILT_IN),
		.jacks = JACKS(SOCKET(0, JACK_HEADPHONE, 0), SOCKET(0, JACK_LINE_OUT, 0)),
	};

	(void)state;
	assert_headphones(&seen, "absent", "nothing is plugged into the headphone jack");
	seen.jacks.jacks[1].plugged = JACK_LINE_OUT;
	assert_headphones(&seen, NULL, "loudspeakers or headphones");
	seen.jacks.jacks[1].plugged = 0;
	seen.is_linked = true;
	strcpy(seen.bluetooth.text, "BlueZ is silent");
	assert_headphones(&seen, NULL, "BlueZ is silent");
	assert_microphone(&seen, NULL, "BlueZ is silent");
	seen.is_linked = false;
	seen.jacks.jacks[0].is_known = false;
	seen.jacks.jacks[0].why_not = TEXT("may not read");
	assert_headphones(&seen, NULL, "may not read");
}

static void a_socket_for_either_leaves_both_open(void **state)
{
	struct audio_seen seen = {
		.cards = CARDS(BUILT_IN),
		.jacks = JACKS(SOCKET(0, JACK_HEADPHONE | JACK_MICROPHONE, 0)),
	};

	(void)state;
	assert_headphones(&seen, "absent", "nothing");
	seen.jacks.jacks[0].is_plugged = true;
	seen.jacks.jacks[0].maybe = JACK_HEADPHONE | JACK_MICROPHONE;
	assert_headphones(&seen, NULL, "does not tell");
	assert_microphone(&seen, NULL, "something is plugged into Socket");
}

static void a_second_card_that_does_not_tell_leaves_it_open(void **state)
{
	struct audio_seen seen = {
		.cards = CARDS(BUILT_IN, USB(FORM_UNKNOWN)),
		.jacks = JACKS(SOCKET(0, JACK_HEADPHONE, 0)),
		.controls = CONTROLS({ .kind = CONTROL_WHY_NOT, .card = 1, .name = TEXT("hung") }),
	};

	(void)state;
	assert_headphones(&seen, NULL, "Thing may be a headset; it does not say (hung)");
	seen.cards.cards[1].is_playing = false;
	assert_headphones(&seen, "absent", "nothing");
}

static void without_cards_there_is_nothing(void **state)
{
	struct audio_seen seen = { 0 };

	(void)state;
	assert_headphones(&seen, "absent", "no sound card");
	assert_microphone(&seen, "absent", "no sound card can record");
}

static void what_is_connected_by_bluetooth_counts_if_it_is_worn(void **state)
{
	struct audio_seen seen = { .cards = CARDS({ .name = TEXT("UFO"),
						    .number = AUDIO_CARD_NONE,
						    .bus = "bluetooth",
						    .form = FORM_HEADPHONE,
						    .is_playing = true,
						    .has_pcm = true }) };

	(void)state;
	assert_headphones(&seen, "present", "UFO is connected by Bluetooth");
	seen.cards.cards[0].form = FORM_UNKNOWN;
	assert_headphones(&seen, NULL, "UFO is connected by Bluetooth and may be");
	seen.cards.cards[0].form = FORM_SPEAKER;
	assert_headphones(&seen, "absent", "there is no sound card");
}

static void assert_volume(const struct audio_seen *seen, const char *expected)
{
	json_t *facts = json_object();
	char *text;

	audio_volume_write(seen, facts);
	text = json_dumps(facts, JSON_COMPACT | JSON_SORT_KEYS);
	assert_string_equal(text, expected);
	free(text);
	json_decref(facts);
}

#define MIXER(card_, name_, muted_, percent)                                                \
	{                                                                                   \
		.kind = CONTROL_MIXER, .card = (card_), .name = TEXT(name_), .plugged = -1, \
		.muted = (muted_), .volume_percent = (percent)                              \
	}

static void the_volume_is_that_of_the_headset(void **state)
{
	struct audio_seen seen = {
		.cards = CARDS(BUILT_IN, USB(FORM_HEADSET)),
		.controls = CONTROLS(MIXER(0, "Master", 1, 10), MIXER(1, "Speaker", 0, 20),
				     MIXER(1, "PCM", -1, 30)),
	};

	(void)state;
	assert_volume(&seen, "{\"muted\":false,\"volume_percent\":30}");
	seen.cards.n = 1;
	assert_volume(&seen, "{\"muted\":true,\"volume_percent\":10}");
}

static void a_socket_that_is_switched_off_is_muted(void **state)
{
	struct audio_seen seen = {
		.cards = CARDS(BUILT_IN),
		.jacks = JACKS(SOCKET(0, JACK_HEADPHONE, 0)),
		.controls = CONTROLS(MIXER(0, "Headphone", 1, 5), MIXER(0, "Master", 0, 74)),
	};

	(void)state;
	assert_volume(&seen, "{\"muted\":false,\"volume_percent\":74}");
	seen.jacks.jacks[0].plugged = JACK_HEADPHONE;
	assert_volume(&seen, "{\"muted\":true,\"volume_percent\":74}");
}

static void loudspeakers_are_heard_where_nothing_is_plugged_in(void **state)
{
	struct audio_seen seen = {
		.cards = CARDS(BUILT_IN),
		.controls = CONTROLS(MIXER(0, "Headphone", 1, 5), MIXER(0, "Speaker", 0, 60)),
	};

	(void)state;
	assert_volume(&seen, "{\"muted\":false,\"volume_percent\":60}");
}

static void a_volume_that_is_not_known_has_its_reason(void **state)
{
	struct audio_seen seen = {
		.cards = CARDS(USB(FORM_UNKNOWN), USB(FORM_SPEAKER)),
		.controls = CONTROLS({ .kind = CONTROL_WHY_NOT, .card = 1, .name = TEXT("hung") }),
	};
	struct audio_seen none = { 0 };

	(void)state;
	assert_volume(&none, "{\"muted\":{\"unknown\":\"there is no sound card\"},"
			     "\"volume_percent\":{\"unknown\":\"there is no sound card\"}}");
	assert_volume(&seen,
		      "{\"muted\":{\"unknown\":\"several sound cards play, and which one is "
		      "listened with is not known\"},\"volume_percent\":{\"unknown\":\"several "
		      "sound cards play, and which one is listened with is not known\"}}");
	seen.cards.n = 1;
	assert_volume(&seen, "{\"muted\":{\"unknown\":\"the mixer of the sound card cannot be "
			     "asked: hung\"},\"volume_percent\":{\"unknown\":\"the mixer of the "
			     "sound card cannot be asked: hung\"}}");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_headset_on_usb_is_present),
		cmocka_unit_test(a_microphone_that_plays_nothing_is_no_headset),
		cmocka_unit_test(the_receiver_of_a_headset_is_no_headset),
		cmocka_unit_test(a_dock_is_no_headset),
		cmocka_unit_test(a_card_with_a_socket_of_its_own_tells_by_this),
		cmocka_unit_test(an_empty_socket_is_absent_only_if_nothing_else_is_open),
		cmocka_unit_test(a_socket_for_either_leaves_both_open),
		cmocka_unit_test(a_second_card_that_does_not_tell_leaves_it_open),
		cmocka_unit_test(without_cards_there_is_nothing),
		cmocka_unit_test(what_is_connected_by_bluetooth_counts_if_it_is_worn),
		cmocka_unit_test(the_volume_is_that_of_the_headset),
		cmocka_unit_test(a_socket_that_is_switched_off_is_muted),
		cmocka_unit_test(loudspeakers_are_heard_where_nothing_is_plugged_in),
		cmocka_unit_test(a_volume_that_is_not_known_has_its_reason),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
