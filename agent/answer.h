/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * What the collector answered. Anything may stand in its place (a login page
 * of the school's network, half an answer, another collector), so nothing is
 * believed that was not checked, and no text goes to a terminal unclean.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "agent/identity.h"
#include "common/base/err.h"
#include "common/base/id.h"
#include "common/model/document.h"
#include "common/model/profile.h"

/*
 * What is wrong and what to do, from a problem+json of @len bytes, for a
 * person; "" where the answer says nothing. Owned by the caller.
 */
char *answer_problem(const char *text, size_t len) _must_check_;

struct answer_enrolled {
	char device_id[ID_SIZE];
	char device_key[SECRET_SIZE];
	char *site_code, *site_name;
	char collector_key[COLLECTOR_KEY_SIZE]; /* by which it signs; "" where it does not say */
};

/*
 * On success answer_enrolled_done() @ret_enrolled.
 * -EINVAL, -E2BIG: not the answer of a collector. @err never quotes a key.
 */
int answer_enrolled(const char *text, size_t len, struct answer_enrolled *ret_enrolled,
		    struct err *err) _must_check_;
void answer_enrolled_done(struct answer_enrolled *enrolled);

/* The report, or heartbeat, that an answer has to be about. */
struct answer_about {
	const char *device_id;
	const char *boot_id;
	int64_t sequence;
};

#define ANSWER_STATE_SIZE 32
#define ANSWER_URL_MAX 2048

/* What the collector says to a report or a heartbeat. */
struct answer_reported {
	char state[ANSWER_STATE_SIZE]; /* that it gives the device: a word of letters and "_" */
	bool is_report_wanted;         /* it does not hold these facts */
	/* When to come again, and over what to spread after an outage; 0: it does not say. */
	int64_t period_ms, spread_ms;
	/* What the device is judged by; "" if by nothing, or where it does not say. */
	char profile_id[PROFILE_ID_MAX + 1], profile_version[HASH_SIZE];
	bool has_no_profile; /* it says that it is judged by nothing */
	/* The day that it is judged for, the last of its window; 0: none, or it does not say. */
	int32_t judged_for;
	/* The address of its successor and the signature under it, still to be checked; NULL. */
	char *moved_url, *moved_signature;
};

/*
 * Check that @text confirms what was sent and @about names. What a collector
 * may leave out, or a newer one may say otherwise, is as if it were not said:
 * the report is on its disk all the same. answer_reported_done() @ret_reported.
 *
 * -EINVAL, -E2BIG: it does not, so the report is not known to be on disk.
 */
int answer_reported(const char *text, size_t len, const struct answer_about *about,
		    struct answer_reported *ret_reported, struct err *err) _must_check_;
/* Frees what @reported owns; it may be all zero. */
void answer_reported_done(struct answer_reported *reported);
