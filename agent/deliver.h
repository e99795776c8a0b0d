/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Deliver what waits in the spool, the oldest first, and decide by the answer
 * what becomes of each report. A report leaves the spool only when the
 * collector confirmed that very report, or when it never will take it.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "agent/answer.h"
#include "agent/http.h"
#include "agent/identity.h"
#include "agent/parcel.h"
#include "agent/spool.h"

enum delivery {
	DELIVERY_DONE,    /* the collector has it */
	DELIVERY_WAITS,   /* not now */
	DELIVERY_REFUSED, /* this report never */
	DELIVERY_NO_KEY,  /* no report, until the device is enrolled again */
	DELIVERY_MAX_,
};

/* What a status of HTTP means for a report. *@ret_meaning, in words, is static. */
enum delivery delivery_of_status(long status, const char **ret_meaning);

/* "503: it has trouble of its own (the queue is full)"; owned by the caller. */
char *delivery_answer_text(const struct http_answer *answer) _must_check_;

struct deliverer {
	const struct identity *identity;
	struct spool *waiting;
	struct spool *refused;
	struct http *http;
	const char *boot_id; /* of this boot */
	int64_t now_ms;      /* since 1970, for what is kept about refused reports */
};

/* What came of it. */
struct delivery_run {
	size_t n_delivered;
	int64_t delivered_first, delivered_last;
	struct answer_reported said; /* to the last of them */
	json_t *facts;               /* of the last of them, unchecked */

	size_t n_refused;
	int64_t refused_last;
	char *refused_why;

	char *trouble;   /* why reports wait: the beginning of a sentence; NULL */
	bool has_no_key; /* DELIVERY_NO_KEY */
	long http_status;
	int64_t retry_after_s;

	size_t n_waiting;
	int64_t waiting_first, waiting_last;
};

/*
 * Deliver until nothing waits, the collector does not answer, or it asks to be
 * left alone. The folder of state must be locked. delivery_run_done() @ret_run.
 *
 * A report whose file cannot be read is set aside, or where even that fails
 * left where it is, and the others go. Fails only where the spool itself cannot
 * be listed or changed: what was delivered until then is in @ret_run also then.
 */
int deliver(const struct deliverer *deliverer, struct delivery_run *ret_run,
	    struct err *err) _must_check_;
void delivery_run_done(struct delivery_run *run);
/* Add what came of another round to what came of those before. Takes @more. */
void delivery_run_add(struct delivery_run *run, struct delivery_run *more);

/* @run in one or two sentences for a person; owned by the caller. */
char *delivery_run_text(const struct delivery_run *run, const char *state_path) _must_check_;
