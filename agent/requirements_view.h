/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Which requirements a device has, and whether they are what its collector
 * judges by: what `status` tells about it.
 */

#include <stdbool.h>
#include <stdio.h>

#include "agent/requirements_note.h"
#include "agent/state.h"

struct requirements_view {
	/* That is kept; "": none, or it cannot be used. */
	char profile_id[PROFILE_ID_MAX + 1], version[HASH_SIZE];
	struct requirements_note note; /* all zero: the collector has said nothing yet */
};

/*
 * Look into @state for what the device @device_id has; "" where it is not enrolled.
 * What is not there is no error. -EINVAL and others: @err says what cannot be used and
 * what to do. requirements_view_done() @ret_view, which is filled in also then.
 */
int requirements_view_read(const struct state *state, const char *device_id,
			   struct requirements_view *ret_view, struct err *err) _must_check_;
/* Frees what @view owns; it may be all zero. */
void requirements_view_done(struct requirements_view *view);

/* Whether the collector judges by requirements that this device did not take. */
bool requirements_view_is_behind(const struct requirements_view *view);

void requirements_view_print(const struct requirements_view *view, FILE *out);
/* {kept, since, judged_for, announced, trouble, trouble_since}; owned by the caller. */
json_t *requirements_view_json(const struct requirements_view *view) _must_check_;
