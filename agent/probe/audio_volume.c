/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "agent/probe/audio_volume.h"
#include "agent/probe/fact.h"

/*
 * The first that the card has counts. Master is behind all others where it
 * exists; next what is named after what a student wears; USB headsets without
 * these have a PCM, or, as they call their earpieces loudspeakers, a Speaker.
 * With nothing plugged into a built-in card its loudspeakers are what is heard.
 */
static const char *const worn[] = { "Master", "Headset", "Headphone", "Front Headphone",
				    "PCM",    "Speaker", NULL };
static const char *const loud[] = { "Master", "Speaker", "PCM", "Headphone", NULL };

static const struct audio_card *find_card(const struct audio_seen *seen, uint32_t number)
{
	for (size_t i = 0; i < seen->cards.n; i++) {
		if (seen->cards.cards[i].number == number)
			return &seen->cards.cards[i];
	}
	return NULL;
}

/*
 * What a student would listen with: the headset; what the headphones are
 * plugged into; what is built in; else the only card that plays to a person.
 */
static const struct audio_card *choose(const struct audio_seen *seen, bool *ret_is_jack)
{
	const struct audio_card *card = audio_find_headphones(seen), *only = NULL;
	const struct jack *jack = audio_find_plugged(seen, JACK_HEADPHONE);
	size_t n = 0;

	*ret_is_jack = false;
	if (card)
		return card;
	card = jack ? find_card(seen, jack->card) : NULL;
	if (card) {
		*ret_is_jack = true;
		return card;
	}
	for (size_t i = 0; i < seen->cards.n; i++) {
		card = &seen->cards.cards[i];
		if (!card->is_playing)
			continue;
		if (card->form == FORM_INTERNAL)
			return card;
		only = card;
		n++;
	}
	return n == 1 ? only : NULL;
}

/* *@ret_silence: why the card itself did not say. */
static const char *why_unknown(const struct audio_seen *seen, const struct audio_card *card,
			       const char **ret_silence)
{
	bool is_any = false;

	for (size_t i = 0; i < seen->cards.n; i++)
		is_any |= seen->cards.cards[i].is_playing;
	if (seen->cards.n == 0)
		return "there is no sound card";
	if (!is_any && !card)
		return "no sound card plays to a person";
	if (!card)
		return "several sound cards play, and which one is listened with is not known";
	if (card->number == AUDIO_CARD_NONE)
		return "the mixer of a Bluetooth device is not known to the kernel";
	*ret_silence = audio_controls_why_not(&seen->controls, card->number);
	return *ret_silence ? "the mixer of the sound card cannot be asked: " : NULL;
}

struct volume {
	int muted, percent; /* -1: not known */
};

static struct volume volume_of(const struct audio_controls *controls, const struct audio_card *card,
			       bool is_jack)
{
	const char *const *elements = is_jack || card->form != FORM_INTERNAL ? worn : loud;
	struct volume volume = { -1, -1 };

	for (; *elements; elements++) {
		const struct audio_control *control =
			audio_controls_mixer(controls, card->number, *elements);

		if (!control)
			continue;
		if (volume.muted < 0)
			volume.muted = control->muted;
		if (volume.percent < 0)
			volume.percent = control->volume_percent;
		/* Master on, and still nothing to hear: the socket has a switch of its own. */
		if (is_jack && strstr(*elements, "Headphone") && control->muted == 1)
			volume.muted = 1;
	}
	return volume;
}

void audio_volume_write(const struct audio_seen *seen, json_t *facts)
{
	bool is_jack;
	const struct audio_card *card = choose(seen, &is_jack);
	const char *silence = NULL;
	const char *why = why_unknown(seen, card, &silence);
	struct volume volume = { -1, -1 };

	if (!why && card)
		volume = volume_of(&seen->controls, card, is_jack);
	if (volume.muted >= 0)
		fact_set_bool(facts, "muted", volume.muted);
	else
		fact_set_unknown(facts, "muted", "%s%s",
				 why ? why : "the mixer of the sound card has no switch",
				 silence ? silence : "");
	if (volume.percent >= 0)
		fact_set_int(facts, "volume_percent", volume.percent);
	else
		fact_set_unknown(facts, "volume_percent", "%s%s",
				 why ? why : "the mixer of the sound card has no volume",
				 silence ? silence : "");
}
