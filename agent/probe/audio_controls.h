/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * What ALSA's controls say: whether something is plugged into a socket, and
 * the volume. The helper alsa asks them.
 */

#include <stddef.h>

#include <jansson.h>

#include "agent/env.h"
#include "common/base/base.h"
#include "common/base/err.h"

#define AUDIO_CARDS_MAX 32 /* the kernel has no more, and numbers them from 0 */

enum control_kind {
	CONTROL_JACK,    /* "Headphone Jack" */
	CONTROL_MIXER,   /* "Master" */
	CONTROL_WHY_NOT, /* the card could not be asked; its name says why */
};

/* -1: it does not say */
struct audio_control {
	enum control_kind kind;
	unsigned card;
	char *name;
	int plugged; /* of a socket: 0 or 1 */
	int muted;   /* of a mixer: 0 or 1 */
	int volume_percent;
};

struct audio_controls {
	struct audio_control *controls;
	size_t n;
};

/*
 * Ask the @n sound cards with the numbers @cards. A card that cannot be asked
 * has a CONTROL_WHY_NOT, and does not silence the others. With @n of 0 nobody
 * is asked. audio_controls_done() *@ret_controls.
 */
void audio_controls_read(const struct env *env, const unsigned *cards, size_t n,
			 struct audio_controls *ret_controls);
void audio_controls_done(struct audio_controls *controls);

/*
 * Add what the helper alsa wrote to *@controls. -EPROTO: that is not what it
 * should; then nothing is added.
 */
int audio_controls_parse(const json_t *lines, struct audio_controls *controls,
			 struct err *err) _must_check_;

/* Why @card could not be asked, valid as long as @controls; NULL: it answered. */
const char *audio_controls_why_not(const struct audio_controls *controls, unsigned card);

/* The mixer element @name of @card; NULL: it has none. */
const struct audio_control *audio_controls_mixer(const struct audio_controls *controls,
						 unsigned card, const char *name);
