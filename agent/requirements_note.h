/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * What the collector said last about the requirements, in requirements.json of
 * the state folder: by which it judges this device and for which day, since when
 * they are kept here, and if they are not, why. profile.json beside it has the
 * requirements themselves, and may also be put there by a person.
 */

#include <stdbool.h>
#include <stdint.h>

#include "agent/answer.h"
#include "agent/state.h"

#define REQUIREMENTS_TROUBLE_MAX 1024

struct requirements_note {
	/* What was kept when the collector was last heard, since @since_ms; "": nothing. */
	char profile_id[PROFILE_ID_MAX + 1], version[HASH_SIZE];
	int64_t since_ms;
	/* What the collector judges by; "": nothing, or it never said. */
	char wanted_id[PROFILE_ID_MAX + 1], wanted_version[HASH_SIZE];
	int32_t judged_for; /* the day, the last of the window; 0: none, or it never said */
	/* A sentence: why what is kept is not what the collector judges by; NULL. */
	char *trouble;
	int64_t trouble_ms; /* since when that is so */
};

/*
 * Read what the collector said to the device @device_id.
 *
 * On success requirements_note_done() @ret_note. -ENOENT: nothing, or it was to another
 * device, as before it enrolled anew. -EINVAL: damaged.
 */
int requirements_note_read(const struct state *state, const char *device_id,
			   struct requirements_note *ret_note, struct err *err) _must_check_;
/* Write it durably. @state must be locked. */
int requirements_note_write(struct state *state, const char *device_id,
			    const struct requirements_note *note, struct err *err) _must_check_;
bool requirements_note_same(const struct requirements_note *a, const struct requirements_note *b);
/* Frees what @note owns; it may be all zero. */
void requirements_note_done(struct requirements_note *note);
