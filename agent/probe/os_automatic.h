/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Whether updates are installed without anyone asking, by the timers and the
 * settings of the package managers that we know.
 */

#include <jansson.h>

#include "agent/env.h"

/* Set automatic_updates and automatic_updates_by of @facts. */
void os_automatic_set(const struct env *env, json_t *facts);
