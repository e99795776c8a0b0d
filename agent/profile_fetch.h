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

struct profile_contact {
	struct state *state; /* locked */
	struct http *http;
	const struct identity *identity;
	const struct answer_reported *said; /* what the collector just answered */
	int64_t now_ms;
};

/*
 * If the collector says that it judges by another profile, or another version of it,
 * than the one that is kept, get it and keep it instead, durably. It is kept only if
 * it is the version that was announced (a hash of what it says), if that was signed
 * by the collector that this device enrolled with, and if this agent understands it.
 * Else the last good one stays. What the collector said, and why what is kept is not
 * what it judges by, is noted: see requirements_note.h.
 *
 * 1: it is new. 0: there is nothing to do. Else @err is a whole sentence.
 */
int profile_fetch(const struct profile_contact *contact, struct err *err) _must_check_;
