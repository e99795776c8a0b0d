/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * A waiver that a person asks for, and what is decided on a proposal, checked wholly before
 * anything is done with it. PURE.
 */

#include <stddef.h>

#include "collector/act/asked.h"
#include "collector/store/store_waiver.h"

struct accepted_waiver {
	struct waiver waiver; /* without an id */
	enum waive_as as;
};
void accepted_waiver_done(struct accepted_waiver *accepted);

/*
 * Read {"profile", "requirement", "scope", "code", "reason", "who", "until", "as"}; the last is
 * "proposal" or "waiver", or left out. On success accepted_waiver_done() *@ret_accepted.
 * -EINVAL, -E2BIG: @err has the place and what is wrong, *@ret_pointer the JSON pointer of
 * the place (owned by the caller; NULL where the body is not JSON).
 */
int accept_waiver(const char *body, size_t len, struct accepted_waiver *ret_accepted,
		  char **ret_pointer, struct err *err) _must_check_;

struct accepted_verdict {
	struct waiver_verdict verdict; /* its texts are these: */
	char *who, *reason;
};
void accepted_verdict_done(struct accepted_verdict *accepted);

/*
 * Read {"decision", "until", "who", "reason"}: the decision is a word of waiver_decision_words[];
 * only who gives names another last day or person, and only who declines, a reason. Errors as
 * above.
 */
int accept_waiver_verdict(const char *body, size_t len, struct accepted_verdict *ret_accepted,
			  char **ret_pointer, struct err *err) _must_check_;
