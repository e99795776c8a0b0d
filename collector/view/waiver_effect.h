/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * What a proposal would change if it were given now, read from the counts that sites have; and
 * whether it is for nothing any more.
 */

#include <stdbool.h>
#include <stdint.h>

#include "collector/store/store_waiver.h"
#include "collector/view/view.h"

/* Why a proposal is for nothing, as it is now: what changes back makes it wait again. */
enum waiver_moot {
	MOOT_NOT,
	MOOT_OVER,           /* its last day is */
	MOOT_NO_WINDOW,      /* nobody whom it is for is judged by its profile */
	MOOT_NO_REQUIREMENT, /* nobody whom it is for is asked that any more */
	MOOT_NOTHING_FAILS,  /* of all devices there; those that do not know are no reason */
	MOOT_MAX_,
};
extern const char *const waiver_moot_words[]; /* ended by NULL; the first is "not" */

struct waiver_effect {
	bool is_counted; /* else there are too many documents to look at, and nothing is known */
	int64_t n_fail;  /* expected devices that fail it */
	int64_t n_ready; /* of these: they would be ready, with a warning */
	int64_t n_sites; /* whom it is for */
	int64_t n_too_short; /* of these: their window ends after it, so it would not count */
	enum waiver_moot moot;
};

/* What may still be looked at for one answer. */
struct effect_budget {
	size_t n_documents;
};
/* As many documents as are parsed to say what waivers do or would do, and a page stays quick. */
#define EFFECT_DOCUMENTS_MAX 256

/* What @waiver, a proposal, would do. */
int waiver_effect(const struct view *view, const struct waiver *waiver,
		  struct effect_budget *budget, struct waiver_effect *ret_effect,
		  struct err *err) _must_check_;
