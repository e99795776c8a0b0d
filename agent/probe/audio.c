/* SPDX-License-Identifier: Apache-2.0 */
/*
 * audio: sound cards, their sockets, what is connected by Bluetooth, and what
 * follows from these for a student who has to listen and to speak.
 */
#include <string.h>

#include "agent/env.h"
#include "agent/probe.h"
#include "agent/probe/audio_answer.h"
#include "agent/probe/audio_bluetooth.h"
#include "agent/probe/audio_card.h"
#include "agent/probe/audio_controls.h"
#include "agent/probe/audio_volume.h"
#include "agent/probe/fact.h"
#include "agent/probe/jack.h"

static json_t *card_write(const struct audio_card *card)
{
	json_t *item = json_object();

	fact_set_text(item, "name", card->name);
	fact_set_text(item, "bus", card->bus);
	fact_set_text(item, "form_factor", form_factor_words[card->form]);
	fact_set_text(item, "usb_id", card->usb_id);
	if (card->has_pcm) {
		fact_set_bool(item, "playback", card->is_playing);
		fact_set_bool(item, "capture", card->is_capturing);
	} else {
		fact_set_unknown(item, "playback", "the kernel lists no streams of it");
		fact_set_unknown(item, "capture", "the kernel lists no streams of it");
	}
	return item;
}

static void write_cards(const struct audio_seen *seen, json_t *facts)
{
	json_t *items = json_array();

	for (size_t i = 0; i < seen->cards.n; i++)
		json_array_append_new(items, card_write(&seen->cards.cards[i]));
	fact_set_list(facts, "cards", items);
	if (seen->is_linked)
		fact_set_unknown(facts, "cards", "%s", seen->bluetooth.text);
}

static void write_jacks(const struct audio_seen *seen, json_t *facts)
{
	fact_set_list(facts, "jacks", jacks_write(&seen->jacks));
	/* Some cards tell of their sockets only by controls, and these were not heard. */
	for (size_t i = 0; i < seen->cards.n; i++) {
		const struct audio_card *card = &seen->cards.cards[i];
		const char *why = audio_controls_why_not(&seen->controls, card->number);

		if (!why || jacks_has(&seen->jacks, card->number, ~0U))
			continue;
		fact_set_unknown(facts, "jacks", "%s cannot be asked for its sockets: %s",
				 card->name, why);
		return;
	}
}

static void write_answers(const struct audio_seen *seen, json_t *facts)
{
	struct answer headphones = { 0 }, microphone = { 0 };

	audio_answer_headphones(seen, &headphones);
	if (headphones.word) {
		fact_set_text(facts, "headphones", headphones.word);
		fact_set_text(facts, "headphones_evidence", headphones.why.text);
	} else {
		fact_set_unknown(facts, "headphones", "%s", headphones.why.text);
		fact_set_unknown(facts, "headphones_evidence", "%s", headphones.why.text);
	}
	audio_answer_microphone(seen, &microphone);
	if (microphone.word)
		fact_set_text(facts, "microphone", microphone.word);
	else
		fact_set_unknown(facts, "microphone", "%s", microphone.why.text);
}

/* The order matters: what is over Bluetooth has no number to ask ALSA for. */
static int audio_see(const struct env *env, struct audio_seen *seen, struct err *err)
{
	unsigned numbers[AUDIO_CARDS_MAX];
	size_t n = 0;
	int r = audio_cards_read(env, &seen->cards, err);

	if (r < 0)
		return r;
	for (size_t i = 0; i < seen->cards.n && n < AUDIO_CARDS_MAX; i++) {
		if (seen->cards.cards[i].number < AUDIO_CARDS_MAX)
			numbers[n++] = seen->cards.cards[i].number;
	}
	audio_controls_read(env, numbers, n, &seen->controls);
	seen->is_linked = audio_bluetooth_add(env, &seen->cards, &seen->bluetooth) < 0;
	return jacks_read(env, &seen->controls, &seen->jacks, err);
}

static int audio_run(const struct env *env, json_t *facts, struct err *err)
{
	struct audio_seen seen = { 0 };
	int r = audio_see(env, &seen, err);

	if (r >= 0) {
		write_cards(&seen, facts);
		write_jacks(&seen, facts);
		write_answers(&seen, facts);
		audio_volume_write(&seen, facts);
	}
	jacks_done(&seen.jacks);
	audio_controls_done(&seen.controls);
	audio_cards_done(&seen.cards);
	return r;
}

const struct probe probe_audio = { .name = "audio", .run = audio_run };
