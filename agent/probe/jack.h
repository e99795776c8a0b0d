/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Sockets for headphones and microphones. ALSA shows them as input devices
 * with switches, which are found by their switch bits as their names say
 * little, and as controls of the sound card, which are known by their names.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include "agent/env.h"
#include "agent/probe/audio_controls.h"
#include "common/base/base.h"
#include "common/base/err.h"

/* What goes into a socket, as bits; the numbers are those of linux/input.h. */
#define JACK_HEADPHONE (1U << 2)
#define JACK_MICROPHONE (1U << 4)
#define JACK_LINE_OUT (1U << 6)
#define JACK_VIDEO (1U << 8)
#define JACK_LINE_IN (1U << 13)

#define JACK_CARD_NONE UINT32_MAX
#define JACK_CARD_ANY (UINT32_MAX - 1)

struct jack {
	char *name;
	uint32_t card; /* number of its sound card */
	unsigned uses; /* what can be plugged in */
	bool is_known; /* whether anything is plugged in */
	bool is_plugged;
	/* Of the uses: what is plugged in, and what may be, as the socket does not tell which. */
	unsigned plugged, maybe;
	char *why_not; /* if it is not known, for people */
	/* Only of use to jacks_hear(): its switch was read; its control was found; the uses of
	 * which controls said something. */
	bool is_read, is_found;
	unsigned heard;
};

struct jacks {
	struct jack *jacks;
	size_t n;
};

/*
 * All sockets that tell, by their switches or, where these may not be read, by
 * @controls. Phantom jacks, which are always plugged, are left out.
 * jacks_done() *@ret_jacks.
 */
int jacks_read(const struct env *env, const struct audio_controls *controls,
	       struct jacks *ret_jacks, struct err *err) _must_check_;
void jacks_done(struct jacks *jacks);

/*
 * Add to @jacks, the sockets that are input devices, what @controls say: the
 * state of those whose switches could not be read, and sockets that have none.
 */
void jacks_hear(struct jacks *jacks, const struct audio_controls *controls);

/* Whether @card, or JACK_CARD_ANY, has a socket for one of @uses. */
bool jacks_has(const struct jacks *jacks, uint32_t card, unsigned uses);

/* As the fact `jacks`; owned by the caller. */
json_t *jacks_write(const struct jacks *jacks) _must_check_;

/*
 * What can be plugged into the socket of the control @name. *@ret_is_either:
 * it takes one of these and does not tell which. False: it is a phantom.
 */
bool jack_uses_of(const char *name, unsigned *ret_uses, bool *ret_is_either);
