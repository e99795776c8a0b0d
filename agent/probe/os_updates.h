/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Whether updates are about to be installed: what the package managers leave
 * in files, since the agent asks none of them.
 */

#include <jansson.h>

#include "agent/env.h"

/* Set updates_staged, restart_required, automatic_updates and automatic_updates_by of @facts. */
void os_updates_set(const struct env *env, json_t *facts);
