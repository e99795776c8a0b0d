/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * A device's key does not last for ever: whoever copied it unseen is left
 * behind. The collector takes the old key until the new one was used, so that a
 * lost answer or a full disk costs nothing.
 */

#include <stdint.h>

#include "agent/http.h"
#include "agent/identity.h"

#define KEY_ROTATE_DAYS 90

/*
 * Ask for another key if @identity's is older than KEY_ROTATE_DAYS at @now_ms,
 * and store it, durably, before it is used. The folder of @state is locked.
 *
 * 1: @identity has a new key. 0: it is not due; also where the clock says that
 * the key was made later than now, or the collector wants this one kept (409):
 * then it is asked again after as long a time.
 * On failure @identity is as before and remains good.
 */
int key_rotate(struct state *state, struct http *http, struct identity *identity, int64_t now_ms,
	       struct err *err) _must_check_;
