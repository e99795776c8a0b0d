/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "agent/probe/jack.h"
#include "common/base/mem.h"
#include "tests/unit/unit.h"

#define HEADSET (JACK_HEADPHONE | JACK_MICROPHONE)

static struct audio_control control(const char *name, int plugged)
{
	return (struct audio_control){
		.kind = CONTROL_JACK, .card = 0, .name = (char *)name, .plugged = plugged
	};
}

/* Sockets that are input devices of card 0, and whose switches may not be read. */
static struct jacks inputs(const char *const *names, const unsigned *uses, size_t n)
{
	struct jacks jacks = { .jacks = xcalloc(n, sizeof(*jacks.jacks)), .n = n };

	for (size_t i = 0; i < n; i++)
		jacks.jacks[i] = (struct jack){ .name = xstrdup(names[i]),
						.uses = uses[i],
						.why_not = xstrdup("closed") };
	return jacks;
}

static void hear(struct jacks *jacks, struct audio_control *controls, size_t n)
{
	jacks_hear(jacks, &(struct audio_controls){ controls, n });
}

static void the_name_of_a_control_says_what_it_is_for(void **state)
{
	static const struct {
		const char *name;
		unsigned uses;
		bool is_either;
	} cases[] = {
		{ "Headphone Jack", JACK_HEADPHONE, false },
		{ "Front Headphone Jack", JACK_HEADPHONE, false },
		{ "Headphone - Output Jack", JACK_HEADPHONE, false },
		{ "Headphone Mic Jack", HEADSET, true },
		{ "Headset Mic Jack", JACK_MICROPHONE, false },
		{ "Headset Jack", HEADSET, false },
		{ "Headset - Output Jack", JACK_HEADPHONE, false },
		{ "Headset - Input Jack", JACK_MICROPHONE, false },
		{ "Dock Mic Jack", JACK_MICROPHONE, false },
		{ "Mic - Input Jack", JACK_MICROPHONE, false },
		{ "Line - Input Jack", JACK_LINE_IN, false },
		{ "Analog In - Input Jack", JACK_LINE_IN, false },
		{ "Line Jack", JACK_LINE_IN, false },
		{ "Dock Line Out Jack", JACK_LINE_OUT, false },
		{ "Speaker - Output Jack", JACK_LINE_OUT, false },
		{ "SPDIF Jack", JACK_LINE_OUT, false },
		{ "HDMI/DP,pcm=3 Jack", JACK_VIDEO, false },
		{ "Dock Jack", 0, false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		unsigned uses;
		bool is_either;

		assert_true(jack_uses_of(cases[i].name, &uses, &is_either));
		if (uses != cases[i].uses || is_either != cases[i].is_either)
			fail_msg("%s: %x", cases[i].name, uses);
	}
}

static void a_phantom_is_no_socket(void **state)
{
	struct audio_control controls[] = { control("Headphone Phantom Jack", 1) };
	struct jacks jacks = { 0 };

	(void)state;
	hear(&jacks, controls, 1);
	assert_int_equal(jacks.n, 0);
}

static void a_control_tells_of_the_socket_of_its_own_name(void **state)
{
	const char *const names[] = { "HDA Intel PCH Dock Headphone", "HDA Intel PCH Headphone" };
	const unsigned uses[] = { JACK_HEADPHONE, JACK_HEADPHONE };
	struct audio_control controls[] = { control("Headphone Jack", 1),
					    control("Dock Headphone Jack", 0) };
	struct jacks jacks = inputs(names, uses, 2);

	(void)state;
	hear(&jacks, controls, 2);
	assert_int_equal(jacks.n, 2);
	assert_true(jacks.jacks[0].is_known && jacks.jacks[1].is_known);
	assert_false(jacks.jacks[0].is_plugged);
	assert_int_equal(jacks.jacks[1].plugged, JACK_HEADPHONE);
	jacks_done(&jacks);
}

static void a_part_of_a_word_is_no_name(void **state)
{
	const char *const names[] = { "sof-hda-dsp DMic" };
	const unsigned uses[] = { JACK_MICROPHONE };
	struct audio_control controls[] = { control("Mic Jack", 1) };
	struct jacks jacks = inputs(names, uses, 1);

	(void)state;
	hear(&jacks, controls, 1);
	assert_int_equal(jacks.n, 2);
	assert_false(jacks.jacks[0].is_known);
	jacks_done(&jacks);
}

static void two_sockets_of_one_name_have_a_control_each(void **state)
{
	const char *const names[] = { "HDA Intel PCH Mic", "HDA Intel PCH Mic" };
	const unsigned uses[] = { JACK_MICROPHONE, JACK_MICROPHONE };
	struct audio_control controls[] = { control("Mic Jack", 0), control("Mic Jack", 1) };
	struct jacks jacks = inputs(names, uses, 2);

	(void)state;
	hear(&jacks, controls, 2);
	assert_int_equal(jacks.n, 2);
	assert_int_equal(jacks.jacks[0].is_plugged + jacks.jacks[1].is_plugged, 1);
	jacks_done(&jacks);
}

static void a_socket_for_headsets_has_a_control_for_each_end(void **state)
{
	const char *const names[] = { "sof-soundwire Headset Jack" };
	const unsigned uses[] = { HEADSET };
	struct audio_control controls[] = { control("Headphone Jack", 1),
					    control("Headset Mic Jack", 0) };
	struct jacks jacks = inputs(names, uses, 1);

	(void)state;
	hear(&jacks, controls, 2);
	assert_int_equal(jacks.n, 1);
	assert_int_equal(jacks.jacks[0].plugged, JACK_HEADPHONE);
	assert_int_equal(jacks.jacks[0].maybe, 0);
	jacks_done(&jacks);
}

static void the_control_of_one_end_says_nothing_of_the_other(void **state)
{
	static const struct {
		const char *name;
		int plugged;
		bool is_known;
		unsigned maybe;
	} cases[] = {
		{ "Headset Mic Jack", 0, false, 0 },
		{ "Headset Mic Jack", 1, true, JACK_HEADPHONE },
		{ "Headset Mic Jack", -1, false, 0 },
		{ "Headset Jack", 0, true, 0 },
		/* Named as the whole socket is, and not after what it takes. */
		{ "sof-soundwire Jack", 0, true, 0 },
		{ "sof-soundwire Jack", 1, true, HEADSET },
	};
	const unsigned uses[] = { HEADSET };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const char *const names[] = { strstr(cases[i].name, "sof-") ? "x sof-soundwire Jack"
									    : "x Headset Jack" };
		struct audio_control controls[] = { control(cases[i].name, cases[i].plugged) };
		struct jacks jacks = inputs(names, uses, 1);

		hear(&jacks, controls, 1);
		if (jacks.n != 1 || jacks.jacks[0].is_known != cases[i].is_known ||
		    jacks.jacks[0].maybe != cases[i].maybe)
			fail_msg("%s: known %d, maybe %x", cases[i].name, jacks.jacks[0].is_known,
				 jacks.jacks[0].maybe);
		jacks_done(&jacks);
	}
}

static void what_a_control_cannot_tell_apart_stays_open(void **state)
{
	struct audio_control controls[] = { control("Headphone Mic Jack", 1),
					    control("Headset Jack", 1), control("Dock Jack", 1) };
	struct jacks jacks = { 0 };

	(void)state;
	hear(&jacks, controls, 3);
	assert_int_equal(jacks.n, 3);
	assert_int_equal(jacks.jacks[0].plugged, 0);
	assert_int_equal(jacks.jacks[0].maybe, HEADSET);
	assert_int_equal(jacks.jacks[1].plugged, JACK_HEADPHONE);
	assert_int_equal(jacks.jacks[1].maybe, JACK_MICROPHONE);
	assert_true(jacks.jacks[2].is_plugged);
	jacks_done(&jacks);
}

static void a_switch_that_was_read_is_believed(void **state)
{
	const char *const names[] = { "HDA Intel PCH Headphone" };
	const unsigned uses[] = { JACK_HEADPHONE };
	struct audio_control controls[] = { control("Headphone Jack", 1) };
	struct jacks jacks = inputs(names, uses, 1);

	(void)state;
	jacks.jacks[0].is_known = jacks.jacks[0].is_read = true;
	hear(&jacks, controls, 1);
	assert_int_equal(jacks.n, 1);
	assert_false(jacks.jacks[0].is_plugged);
	jacks_done(&jacks);
}

static void a_control_of_another_card_is_another_socket(void **state)
{
	const char *const names[] = { "HDA Intel PCH Headphone" };
	const unsigned uses[] = { JACK_HEADPHONE };
	struct audio_control controls[] = { control("Headphone Jack", 1) };
	struct jacks jacks = inputs(names, uses, 1);

	(void)state;
	controls[0].card = 3;
	hear(&jacks, controls, 1);
	assert_int_equal(jacks.n, 2);
	assert_false(jacks.jacks[0].is_known);
	assert_true(jacks_has(&jacks, 3, JACK_HEADPHONE));
	assert_false(jacks_has(&jacks, 3, JACK_MICROPHONE));
	jacks_done(&jacks);
}

static void the_fact_says_what_is_plugged_in_or_why_this_is_unknown(void **state)
{
	const char *const names[] = { "PCH HDMI" };
	const unsigned uses[] = { JACK_VIDEO };
	struct audio_control controls[] = { control("Headset Jack", -1), control("Mic Jack", 0) };
	struct jacks jacks = inputs(names, uses, 1);
	json_t *items;
	char *text;

	(void)state;
	hear(&jacks, controls, 2);
	items = jacks_write(&jacks);
	text = json_dumps(items, JSON_COMPACT | JSON_SORT_KEYS);
	assert_string_equal(
		text,
		"[{\"for\":[\"video\"],\"name\":\"PCH HDMI\",\"plugged\":{\"unknown\":\"closed\"}},"
		"{\"for\":[\"headphone\",\"microphone\"],\"name\":\"Headset Jack\","
		"\"plugged\":{\"unknown\":\"the sound card does not say whether something is "
		"plugged in\"}},"
		"{\"for\":[\"microphone\"],\"name\":\"Mic Jack\",\"plugged\":false}]");
	free(text);
	json_decref(items);
	jacks_done(&jacks);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_name_of_a_control_says_what_it_is_for),
		cmocka_unit_test(a_phantom_is_no_socket),
		cmocka_unit_test(a_control_tells_of_the_socket_of_its_own_name),
		cmocka_unit_test(a_part_of_a_word_is_no_name),
		cmocka_unit_test(two_sockets_of_one_name_have_a_control_each),
		cmocka_unit_test(a_socket_for_headsets_has_a_control_for_each_end),
		cmocka_unit_test(the_control_of_one_end_says_nothing_of_the_other),
		cmocka_unit_test(what_a_control_cannot_tell_apart_stays_open),
		cmocka_unit_test(a_switch_that_was_read_is_believed),
		cmocka_unit_test(a_control_of_another_card_is_another_socket),
		cmocka_unit_test(the_fact_says_what_is_plugged_in_or_why_this_is_unknown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
