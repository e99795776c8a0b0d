/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "agent/probe/audio_answer.h"

#define HEADPHONES (1U << FORM_HEADSET | 1U << FORM_HEADPHONE)
#define MICROPHONES \
	(1U << FORM_HEADSET | 1U << FORM_MICROPHONE | 1U << FORM_WEBCAM | 1U << FORM_HANDSET)

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

static bool is_on(const struct audio_card *card, const char *bus)
{
	return strcmp(card->bus, bus) == 0;
}

/* A USB card that has a socket of its own tells by this, and not by what it calls itself. */
static bool is_told_by_jack(const struct audio_seen *seen, const struct audio_card *card,
			    unsigned use)
{
	return card->number != AUDIO_CARD_NONE && jacks_has(&seen->jacks, card->number, use);
}

static bool may_play(const struct audio_card *card)
{
	return card->is_playing || !card->has_pcm;
}

static bool may_capture(const struct audio_card *card)
{
	return card->is_capturing || !card->has_pcm;
}

/* A microphone may call itself one of a headset: what plays nothing is not listened with. */
const struct audio_card *audio_find_headphones(const struct audio_seen *seen)
{
	for (size_t i = 0; i < seen->cards.n; i++) {
		const struct audio_card *card = &seen->cards.cards[i];

		if ((HEADPHONES & 1U << card->form) && may_play(card) && !card->is_receiver &&
		    !is_told_by_jack(seen, card, JACK_HEADPHONE))
			return card;
	}
	return NULL;
}

static const struct audio_card *find_microphone(const struct audio_seen *seen)
{
	for (size_t i = 0; i < seen->cards.n; i++) {
		const struct audio_card *card = &seen->cards.cards[i];

		if (card->has_array)
			return card;
		if ((MICROPHONES & 1U << card->form) && may_capture(card) && !card->is_receiver &&
		    !is_told_by_jack(seen, card, JACK_MICROPHONE))
			return card;
	}
	return NULL;
}

const struct jack *audio_find_plugged(const struct audio_seen *seen, unsigned uses)
{
	for (size_t i = 0; i < seen->jacks.n; i++) {
		if (seen->jacks.jacks[i].plugged & uses)
			return &seen->jacks.jacks[i];
	}
	return NULL;
}

static const char *jack_name(const struct jack *jack)
{
	return jack->name[0] ? jack->name : "the jack";
}

/* A socket for @use that leaves open whether this is plugged in; false: there is none. */
static bool doubt_jack(const struct audio_seen *seen, unsigned use, struct answer *answer)
{
	for (size_t i = 0; i < seen->jacks.n; i++) {
		const struct jack *jack = &seen->jacks.jacks[i];

		if (!(jack->uses & use))
			continue;
		if (jack->maybe & use)
			answer_set(answer, NULL,
				   "something is plugged into %s; whether headphones, a headset or "
				   "a microphone it does not tell",
				   jack_name(jack));
		else if (!jack->is_known)
			answer_set(answer, NULL, "%s", jack->why_not);
		else
			continue;
		return true;
	}
	return false;
}

/* Why @card may be headphones, or have some plugged in; NULL: it does not. */
static const char *why_may_be_heard(const struct audio_seen *seen, const struct audio_card *card)
{
	if (!may_play(card))
		return NULL;
	if (card->is_receiver && (HEADPHONES & 1U << card->form))
		return "is the receiver of a headset; whether that is switched on it does not tell";
	if (is_told_by_jack(seen, card, JACK_HEADPHONE))
		return NULL;
	if (is_on(card, "bluetooth") && card->form == FORM_UNKNOWN)
		return "is connected by Bluetooth and may be a headset; it does not say";
	if (card->is_socket && card->form == FORM_UNKNOWN)
		return "has a socket and does not tell whether headphones are plugged in";
	if (is_on(card, "usb") && card->form == FORM_UNKNOWN)
		return "may be a headset; it does not say";
	if (card->form == FORM_INTERNAL || card->form == FORM_UNKNOWN)
		return "does not tell whether headphones are plugged in";
	return NULL;
}

static bool doubt_card(const struct audio_seen *seen, struct answer *answer)
{
	for (size_t i = 0; i < seen->cards.n; i++) {
		const struct audio_card *card = &seen->cards.cards[i];
		const char *why = why_may_be_heard(seen, card);
		const char *silence = audio_controls_why_not(&seen->controls, card->number);

		if (!why)
			continue;
		answer_set(answer, NULL, "%s %s%s%s%s", card->name, why, silence ? " (" : "",
			   silence ? silence : "", silence ? ")" : "");
		return true;
	}
	return false;
}

static bool doubt_link(const struct audio_seen *seen, struct answer *answer)
{
	if (seen->is_linked)
		answer_set(answer, NULL, "%s", seen->bluetooth.text);
	return seen->is_linked;
}

static bool doubt_line_out(const struct audio_seen *seen, struct answer *answer)
{
	const struct jack *jack = audio_find_plugged(seen, JACK_LINE_OUT);

	if (jack)
		answer_set(answer, NULL,
			   "something is plugged into %s; whether loudspeakers or headphones it "
			   "does not tell",
			   jack_name(jack));
	return jack;
}

/* Whether anything leaves it open that a student has headphones; *@answer is what. */
static bool doubt_headphones(const struct audio_seen *seen, struct answer *answer)
{
	return doubt_jack(seen, JACK_HEADPHONE, answer) || doubt_link(seen, answer) ||
	       doubt_line_out(seen, answer) || doubt_card(seen, answer);
}

/* A loudspeaker over Bluetooth has no socket. */
static bool has_kernel_card(const struct audio_seen *seen)
{
	for (size_t i = 0; i < seen->cards.n; i++) {
		if (seen->cards.cards[i].number != AUDIO_CARD_NONE)
			return true;
	}
	return false;
}

void audio_answer_headphones(const struct audio_seen *seen, struct answer *ret_answer)
{
	const struct audio_card *card = audio_find_headphones(seen);
	const struct jack *jack = audio_find_plugged(seen, JACK_HEADPHONE);

	if (card)
		answer_set(ret_answer, "present", "%s is %s", card->name,
			   is_on(card, "bluetooth") ? "connected by Bluetooth" : "plugged in");
	else if (jack)
		answer_set(ret_answer, "present", "something is plugged into %s", jack_name(jack));
	else if (doubt_headphones(seen, ret_answer))
		return;
	else if (!has_kernel_card(seen))
		answer_set(ret_answer, "absent", "there is no sound card");
	else if (jacks_has(&seen->jacks, JACK_CARD_ANY, JACK_HEADPHONE))
		answer_set(ret_answer, "absent", "nothing is plugged into the headphone jack");
	else
		answer_set(ret_answer, NULL,
			   "the sound card does not tell whether headphones are plugged in");
}

void audio_answer_microphone(const struct audio_seen *seen, struct answer *ret_answer)
{
	const struct audio_card *card = find_microphone(seen);
	const struct jack *jack = audio_find_plugged(seen, JACK_MICROPHONE);
	bool can_capture = false;

	for (size_t i = 0; i < seen->cards.n; i++)
		can_capture |= may_capture(&seen->cards.cards[i]);
	if (card)
		answer_set(ret_answer, "present", "%s", card->name);
	else if (jack)
		answer_set(ret_answer, "present", "something is plugged into %s", jack_name(jack));
	else if (doubt_link(seen, ret_answer))
		return;
	else if (!can_capture)
		answer_set(ret_answer, "absent", "no sound card can record");
	else if (!doubt_jack(seen, JACK_MICROPHONE, ret_answer))
		answer_set(ret_answer, NULL,
			   "the sound card can record; whether a microphone is built in or plugged "
			   "in it does not tell");
}
