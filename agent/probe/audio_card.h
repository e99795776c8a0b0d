/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * One sound card: what it is for a person, and what it can do.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <libudev.h>

#include "agent/device.h"
#include "agent/env.h"
#include "common/base/base.h"
#include "common/base/err.h"

enum form_factor {
	FORM_UNKNOWN,
	FORM_INTERNAL,
	FORM_HEADSET,
	FORM_HEADPHONE,
	FORM_SPEAKER,
	FORM_HANDSET,
	FORM_MICROPHONE,
	FORM_WEBCAM,
	FORM_HDMI,
	FORM_LOOPBACK,
	FORM_MAX_,
};

/* As in the facts table. */
extern const char *const form_factor_words[];

#define AUDIO_CARD_NONE UINT32_MAX

struct audio_card {
	char *name;
	uint32_t number; /* of ALSA; AUDIO_CARD_NONE over Bluetooth */
	const char *bus;
	char usb_id[DEVICE_USB_ID_SIZE];
	enum form_factor form;
	bool is_playing;   /* to a person: not to HDMI, not into a loopback */
	bool is_capturing; /* from the world: not out of a loopback */
	bool has_pcm;
	bool has_array; /* microphones built into the lid */
	/* There whether or not a headset is: a dock, an adapter with a socket. */
	bool is_socket;
	/* There whether or not its headset is switched on. */
	bool is_receiver;
};

/* The form that the words in a name stand for; FORM_UNKNOWN: none. */
enum form_factor form_from_name(const char *name);

/* Whether it calls itself what others are plugged into: it is there without them as well. */
bool is_name_of_socket(const char *name);

struct audio_cards {
	struct audio_card *cards;
	size_t n;
};

/*
 * The cards with something to play or record, in *@ret_cards: audio_cards_done()
 * it. Mixers and MIDI are left out.
 */
int audio_cards_read(const struct env *env, struct audio_cards *ret_cards,
		     struct err *err) _must_check_;
/* Add @card, whose name is taken. */
void audio_cards_add(struct audio_cards *cards, const struct audio_card *card);
void audio_cards_done(struct audio_cards *cards);
