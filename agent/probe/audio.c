/* SPDX-License-Identifier: Apache-2.0 */
/*
 * audio: can a student listen alone and be recorded. Only evidence counts: a
 * socket that does not tell, or a USB card of an unknown kind, makes an answer
 * unknown and not "absent".
 */
#include <linux/input.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/env.h"
#include "agent/probe.h"
#include "agent/probe/audio_card.h"
#include "agent/probe/fact.h"
#include "agent/probe/jack.h"
#include "common/base/mem.h"

/* An answer to "is it there", with why. */
struct answer {
	const char *word; /* NULL: unknown */
	struct err why;   /* the evidence, or why it is unknown */
};

static void answer_set(struct answer *answer, const char *word, const char *fmt, ...)
	_printf_(3, 4);
static void answer_set(struct answer *answer, const char *word, const char *fmt, ...)
{
	va_list ap;

	answer->word = word;
	va_start(ap, fmt);
	vsnprintf(answer->why.text, sizeof(answer->why.text), fmt, ap);
	va_end(ap);
}

/* A microphone may call itself one of a headset: what plays nothing is not listened with. */
static const struct audio_card *find_headphones(const struct audio_cards *cards)
{
	unsigned forms = 1U << FORM_HEADSET | 1U << FORM_HEADPHONE;

	for (size_t i = 0; i < cards->n; i++) {
		const struct audio_card *card = &cards->cards[i];

		if ((forms & 1U << card->form) && (card->is_playing || !card->has_pcm))
			return card;
	}
	return NULL;
}

/* A USB card that could be a headset as well as a sound adapter. */
static const struct audio_card *find_doubtful(const struct audio_cards *cards)
{
	for (size_t i = 0; i < cards->n; i++) {
		const struct audio_card *card = &cards->cards[i];

		if (card->form == FORM_UNKNOWN && strcmp(card->bus, "usb") == 0)
			return card;
	}
	return NULL;
}

static const struct audio_card *find_microphone(const struct audio_cards *cards)
{
	unsigned forms =
		1U << FORM_HEADSET | 1U << FORM_MICROPHONE | 1U << FORM_WEBCAM | 1U << FORM_HANDSET;

	for (size_t i = 0; i < cards->n; i++) {
		const struct audio_card *card = &cards->cards[i];

		if (card->has_array ||
		    ((forms & 1U << card->form) && (card->is_capturing || !card->has_pcm)))
			return card;
	}
	return NULL;
}

/* A live Bluetooth link, "hci0:12": its kind is known to BlueZ only. */
static bool has_bluetooth_link(const struct env *env)
{
	struct udev_device *const *devices;
	size_t n = 0;

	return env_devices(env, "bluetooth", "hci*:*", &devices, &n, NULL) < 0 || n > 0;
}

/* What the jacks say; false if they leave the answer open, and then *@ret_state says why. */
static bool answer_by_jack(const struct env *env, unsigned sw, struct answer *answer,
			   enum jack_state *ret_state)
{
	_cleanup_free_ char *name = NULL;

	*ret_state = JACK_NONE;
	if (jack_look(env, sw, ret_state, &name, &answer->why) < 0)
		return true; /* unknown, with its reason */
	if (*ret_state == JACK_PLUGGED)
		answer_set(answer, "present", "something is plugged into %s",
			   name[0] ? name : "the jack");
	return *ret_state == JACK_PLUGGED;
}

static void answer_headphones(const struct env *env, const struct audio_cards *cards,
			      struct answer *answer)
{
	const struct audio_card *card = find_headphones(cards);
	enum jack_state state;

	if (card) {
		answer_set(answer, "present", "%s is plugged in", card->name);
		return;
	}
	if (answer_by_jack(env, SW_HEADPHONE_INSERT, answer, &state))
		return;
	card = find_doubtful(cards);
	if (card)
		answer_set(answer, NULL, "%s may be a headset; it does not say", card->name);
	else if (has_bluetooth_link(env))
		answer_set(answer, NULL, "a Bluetooth device is connected that may be a headset");
	else if (state == JACK_EMPTY)
		answer_set(answer, "absent", "nothing is plugged into the headphone jack");
	else if (state == JACK_NONE && cards->n == 0)
		answer_set(answer, "absent", "there is no sound card");
	else if (state == JACK_NONE)
		answer_set(answer, NULL,
			   "the sound card does not tell whether headphones are plugged in");
	/* JACK_UNREADABLE: the reason is in answer->why already. */
}

static void answer_microphone(const struct env *env, const struct audio_cards *cards,
			      struct answer *answer)
{
	const struct audio_card *card = find_microphone(cards);
	bool can_capture = false;
	enum jack_state state;

	if (card) {
		answer_set(answer, "present", "%s", card->name);
		return;
	}
	if (answer_by_jack(env, SW_MICROPHONE_INSERT, answer, &state))
		return;
	for (size_t i = 0; i < cards->n; i++)
		can_capture |= cards->cards[i].is_capturing;
	if (has_bluetooth_link(env))
		answer_set(answer, NULL, "a Bluetooth device is connected that may be a headset");
	else if (!can_capture)
		answer_set(answer, "absent", "no sound card can record");
	else if (state != JACK_UNREADABLE)
		answer_set(answer, NULL,
			   "the sound card can record; whether a microphone is built in or plugged "
			   "in it does not tell");
}

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

static void answer_write(json_t *facts, const char *name, const struct answer *answer)
{
	if (answer->word)
		fact_set_text(facts, name, answer->word);
	else
		fact_set_unknown(facts, name, "%s", answer->why.text);
}

static int audio_run(const struct env *env, json_t *facts, struct err *err)
{
	_cleanup_(audio_cards_done) struct audio_cards cards = { 0 };
	struct answer headphones = { 0 }, microphone = { 0 };
	const char *why_no_volume = "the agent does not ask the mixer yet";
	json_t *items;
	int r = audio_cards_read(env, &cards, err);

	if (r < 0)
		return r;
	items = json_array();
	for (size_t i = 0; i < cards.n; i++)
		json_array_append_new(items, card_write(&cards.cards[i]));
	fact_set_list(facts, "cards", items);

	answer_headphones(env, &cards, &headphones);
	answer_write(facts, "headphones", &headphones);
	if (headphones.word)
		fact_set_text(facts, "headphones_evidence", headphones.why.text);
	else
		fact_set_unknown(facts, "headphones_evidence", "%s", headphones.why.text);
	answer_microphone(env, &cards, &microphone);
	answer_write(facts, "microphone", &microphone);

	if (cards.n == 0)
		why_no_volume = "there is no sound card";
	fact_set_unknown(facts, "muted", "%s", why_no_volume);
	fact_set_unknown(facts, "volume_percent", "%s", why_no_volume);
	return 0;
}

const struct probe probe_audio = { .name = "audio", .run = audio_run };
