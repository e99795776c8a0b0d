/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Sockets for headphones and microphones, which ALSA shows as input devices
 * with switches. They are found by their switch bits: their names say little.
 */

#include <libudev.h>

#include "agent/env.h"
#include "common/base/base.h"
#include "common/base/err.h"

enum jack_state {
	JACK_NONE,       /* no such socket tells */
	JACK_EMPTY,      /* all are empty */
	JACK_PLUGGED,    /* something is plugged into one */
	JACK_UNREADABLE, /* none is known to be plugged, and one could not be read */
};

/*
 * Look at all sockets with the switch @sw (SW_HEADPHONE_INSERT or
 * SW_MICROPHONE_INSERT of linux/input.h). *@ret_name, owned by the caller, is
 * the name of the plugged one; @err says why one could not be read.
 */
int jack_look(const struct env *env, unsigned sw, enum jack_state *ret_state, char **ret_name,
	      struct err *err) _must_check_;
