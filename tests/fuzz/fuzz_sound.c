/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the helpers alsa and bluez write, as one array of lines, and all that
 * is concluded from it. Names come from whoever made or owns a device.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "agent/probe/audio_answer.h"
#include "agent/probe/audio_bluetooth.h"
#include "agent/probe/audio_volume.h"
#include "agent/probe/bluetooth.h"
#include "agent/probe/fact.h"
#include "common/base/mem.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_answer(const struct answer *answer)
{
	if (!memchr(answer->why.text, '\0', sizeof(answer->why.text)) || !answer->why.text[0])
		abort();
	if (answer->word && strcmp(answer->word, "present") != 0 &&
	    strcmp(answer->word, "absent") != 0)
		abort();
}

/* Two cards, a laptop's and one on USB, and two of its sockets, closed. */
static void add_machine(struct audio_seen *seen)
{
	const struct audio_card cards[] = {
		{ .name = xstrdup("PCH"),
		  .bus = "pci",
		  .form = FORM_INTERNAL,
		  .is_playing = true,
		  .is_capturing = true,
		  .has_pcm = true },
		{ .name = xstrdup("Thing"), .number = 1, .bus = "usb", .is_playing = true },
	};
	static const char *const names[] = { "PCH Headphone", "PCH Headset Jack" };
	const unsigned uses[] = { JACK_HEADPHONE, JACK_HEADPHONE | JACK_MICROPHONE };

	for (size_t i = 0; i < ARRAY_SIZE(cards); i++)
		audio_cards_add(&seen->cards, &cards[i]);
	seen->jacks.jacks = xcalloc(ARRAY_SIZE(names), sizeof(*seen->jacks.jacks));
	for (; seen->jacks.n < ARRAY_SIZE(names); seen->jacks.n++) {
		struct jack *jack = &seen->jacks.jacks[seen->jacks.n];

		jack->name = xstrdup(names[seen->jacks.n]);
		jack->uses = uses[seen->jacks.n];
		jack->why_not = xstrdup("closed");
	}
}

static void conclude(struct audio_seen *seen)
{
	struct answer headphones = { 0 }, microphone = { 0 };
	json_t *facts = json_object();

	jacks_hear(&seen->jacks, &seen->controls);
	audio_answer_headphones(seen, &headphones);
	audio_answer_microphone(seen, &microphone);
	check_answer(&headphones);
	check_answer(&microphone);
	audio_volume_write(seen, facts);
	fact_set_list(facts, "jacks", jacks_write(&seen->jacks));
	fact_set_text(facts, "headphones_evidence", headphones.why.text);
	/* What is not valid UTF-8 would make jansson refuse the text, and the fact be missing. */
	if (json_object_size(facts) != 4)
		abort();
	json_decref(facts);
}

static void hear_bluetooth(const json_t *lines, struct audio_seen *seen)
{
	struct bluetooth_devices devices = { 0 };
	struct audio_card card;

	if (bluetooth_parse(lines, &devices, NULL) < 0)
		return;
	for (size_t i = 0; i < devices.n; i++) {
		if (strstr(devices.devices[i].name, "'s "))
			abort();
		if (audio_bluetooth_kind(&devices.devices[i], &card) == AUDIO_LINK_CARD)
			audio_cards_add(&seen->cards, &card);
	}
	bluetooth_devices_done(&devices);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	json_t *lines = json_loadb((const char *)data, size, JSON_REJECT_DUPLICATES, NULL);
	struct audio_seen seen = { 0 };

	if (json_is_array(lines)) {
		add_machine(&seen);
		(void)!audio_controls_parse(lines, &seen.controls, NULL);
		hear_bluetooth(lines, &seen);
		conclude(&seen);
	}
	jacks_done(&seen.jacks);
	audio_controls_done(&seen.controls);
	audio_cards_done(&seen.cards);
	json_decref(lines);
	return 0;
}
