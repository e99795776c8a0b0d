/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * The facts of the report that the collector took last, in sent.json of the
 * state folder: what is compared with what the device is now, so that a device
 * that stands still stays silent.
 */

#include <jansson.h>

#include "agent/state.h"
#include "common/base/id.h"

struct sent {
	json_t *facts; /* they have passed facts_check(); NULL: none are known */
	/* SHA-256 of their canonical JSON, by which the collector knows them. */
	char hash[HASH_SIZE];
};

/*
 * Read what the device @device_id sent. What is damaged, of another device, or
 * of an agent that knew other facts is as good as none: then a whole report is
 * sent, which mends it. sent_done() @ret_sent.
 */
void sent_read(const struct state *state, const char *device_id, struct sent *ret_sent);
/* The same of @facts, which the collector just took. */
void sent_of(json_t *facts, struct sent *ret_sent);
/* Frees what @sent owns; it may be all zero. */
void sent_done(struct sent *sent);

/* Keep @facts, durably. @state must be locked. */
int sent_write(struct state *state, const char *device_id, const json_t *facts,
	       struct err *err) _must_check_;
