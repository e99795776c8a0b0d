/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * What came of the last attempt to deliver, so that `status` can tell it long
 * after, and whatever is broken by then.
 */

#include <stdint.h>

#include "agent/answer.h"
#include "agent/state.h"

struct attempt {
	int64_t at_ms;
	int64_t sequence;     /* the largest number that was given out until then */
	long http_status;     /* of the last answer; 0: there was none */
	char *sentence;       /* what the person was told */
	int64_t retry_at_ms;  /* before which the collector asked not to come back; 0: it did not */
	int64_t delivered_ms; /* when a report was last delivered; 0: never */
	int64_t delivered;    /* its number; 0: none */
	char state[ANSWER_STATE_SIZE]; /* that the collector then gave the device, or "" */
	int64_t discarded;             /* reports that had to go since the spool was full */
	/* What the collector named last, for a service that starts again; 0: nothing. */
	int64_t period_ms, spread_ms;
	int64_t next_ms; /* when the service comes again by itself; 0: there is no service */
};

/*
 * On success attempt_done() @ret_attempt. -ENOENT: nothing was tried yet.
 * -EINVAL: damaged.
 */
int attempt_read(const struct state *state, struct attempt *ret_attempt,
		 struct err *err) _must_check_;
int attempt_write(struct state *state, const struct attempt *attempt, struct err *err) _must_check_;
/* Forget it, since it was another device's. That there is none is no error. */
int attempt_forget(struct state *state, struct err *err) _must_check_;
/* Frees what @attempt owns; it may be all zero. */
void attempt_done(struct attempt *attempt);
