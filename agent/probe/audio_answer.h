/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Can a student listen alone and be recorded: what sound cards, sockets and
 * Bluetooth together say. Only evidence counts: what does not tell makes an
 * answer unknown, and not "absent".
 */

#include "agent/probe/audio_card.h"
#include "agent/probe/audio_controls.h"
#include "agent/probe/jack.h"
#include "common/base/base.h"
#include "common/base/err.h"

/* All that was seen. */
struct audio_seen {
	struct audio_cards cards;
	struct audio_controls controls;
	struct jacks jacks;
	bool is_linked;       /* something is connected by Bluetooth, and it is not known what */
	struct err bluetooth; /* why, for people */
};

/* An answer to "is it there", with why. */
struct answer {
	const char *word; /* NULL: unknown */
	struct err why;   /* the evidence, or why it is unknown */
};

void audio_answer_headphones(const struct audio_seen *seen, struct answer *ret_answer);
void audio_answer_microphone(const struct audio_seen *seen, struct answer *ret_answer);

/* A headset or headphones that are certainly there; NULL: none is. */
const struct audio_card *audio_find_headphones(const struct audio_seen *seen);

/* The first socket with one of @uses plugged in; NULL: none has. */
const struct jack *audio_find_plugged(const struct audio_seen *seen, unsigned uses);
