/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * One sound card: what it is for a person, and what it can do.
 */

#include <stdbool.h>
#include <stddef.h>

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

struct audio_card {
	char *name;
	const char *bus;
	char usb_id[DEVICE_USB_ID_SIZE];
	enum form_factor form;
	bool is_playing;   /* to a person: not to HDMI, not into a loopback */
	bool is_capturing; /* from the world: not out of a loopback */
	bool has_pcm;
	bool has_array; /* microphones built into the lid */
};

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
void audio_cards_done(struct audio_cards *cards);
