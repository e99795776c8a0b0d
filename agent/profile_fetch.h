/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * The profile that the collector judges this device by, kept in the state
 * folder for `check` and for the servers that are tried.
 */

#include "agent/answer.h"
#include "agent/http.h"
#include "agent/identity.h"
#include "agent/state.h"

/*
 * If @said names another profile, or another version of it, than the one that
 * is kept, get it and keep it instead, durably. What comes is checked: its
 * version is a hash of what it says. Until then the last good one stays.
 * @state must be locked.
 *
 * 1: it is new. 0: there is nothing to do. Else @err is a whole sentence.
 */
int profile_fetch(struct state *state, struct http *http, const struct identity *identity,
		  const struct answer_reported *said, struct err *err) _must_check_;
