/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Whether what a student would listen with is muted, and its volume. Only what
 * the sound card itself does is seen: a sound server may turn down more.
 */

#include <jansson.h>

#include "agent/probe/audio_answer.h"

/* Write the facts `muted` and `volume_percent`. */
void audio_volume_write(const struct audio_seen *seen, json_t *facts);
