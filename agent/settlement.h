/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * What is under way about the identity: an enrolment that was begun and is not
 * stored yet, and why; and a move that was not followed. It is written before
 * anything is asked, so that a lost answer is asked for again, and read by
 * `status`. There is no key in it.
 */

#include <stdbool.h>
#include <stdint.h>

#include "agent/state.h"
#include "common/base/id.h"
#include "common/model/fingerprint.h"
#include "common/model/report.h"

struct settlement {
	char request_id[ID_SIZE];       /* "": no enrolment is under way */
	char previous[ID_SIZE];         /* the device that this one was until then; "" */
	bool is_renewal;                /* since its key was refused; the identity is still there */
	struct fingerprint fingerprint; /* of the machine that asks */
	char *why;                      /* a sentence: why it has to be enrolled; NULL */
	char *trouble;                  /* a sentence: what came of the last try; NULL */
	int64_t tried_ms;               /* 0: never */
	/* Of the identity that was set aside, to enrol where it was and as what it was; NULL. */
	char *url, *moved_from, *ca_pem;
	enum device_role role; /* if there is a ->url */
	char *moved;           /* a sentence: why the collector's move was not followed; NULL */
};

/*
 * On success settlement_done() @ret_settlement, also where there is none: then
 * it is all zero. -EINVAL: damaged.
 */
int settlement_read(const struct state *state, struct settlement *ret_settlement,
		    struct err *err) _must_check_;
/* Write it durably. One that says nothing is removed. */
int settlement_write(struct state *state, const struct settlement *settlement,
		     struct err *err) _must_check_;
/*
 * The same where failing changes nothing: one that cannot be read names no
 * request that could be repeated and is all zero, and one that cannot be
 * written only told a person why something else failed.
 */
void settlement_find(const struct state *state, struct settlement *ret_settlement);
void settlement_note(struct state *state, const struct settlement *settlement);
/* Frees what @settlement owns; it may be all zero. */
void settlement_done(struct settlement *settlement);

/* Put a copy of @text, which may be NULL, into the place of *@member. */
void settlement_set(char **member, const char *text);
