/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * What the collector answered. Anything may stand in its place (a login page
 * of the school's network, half an answer, another collector), so nothing is
 * believed that was not checked, and no text goes to a terminal unclean.
 */

#include <stddef.h>
#include <stdint.h>

#include "common/base/err.h"
#include "common/base/id.h"
#include "common/model/document.h"

/*
 * What is wrong and what to do, from a problem+json of @len bytes, for a
 * person; "" where the answer says nothing. Owned by the caller.
 */
char *answer_problem(const char *text, size_t len) _must_check_;

struct answer_enrolled {
	char device_id[ID_SIZE];
	char device_key[SECRET_SIZE];
	char *site_code, *site_name;
};

/*
 * On success answer_enrolled_done() @ret_enrolled.
 * -EINVAL, -E2BIG: not the answer of a collector. @err never quotes a key.
 */
int answer_enrolled(const char *text, size_t len, struct answer_enrolled *ret_enrolled,
		    struct err *err) _must_check_;
void answer_enrolled_done(struct answer_enrolled *enrolled);

/* The report that an answer has to be about. */
struct answer_about {
	const char *device_id;
	const char *boot_id;
	int64_t sequence;
};

#define ANSWER_STATE_SIZE 32

/*
 * Check that @text confirms the report @about, and copy the state it gave the
 * device, a word of letters and underscores.
 * -EINVAL, -E2BIG: it does not, so the report is not known to be on disk.
 */
int answer_reported(const char *text, size_t len, const struct answer_about *about,
		    char ret_state[static ANSWER_STATE_SIZE], struct err *err) _must_check_;
