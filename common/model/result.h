/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * The words of a verdict. They are part of the wire format, the database and
 * the pages: never change one.
 */

#include "common/base/base.h"

/* Of one requirement on one device. */
enum result {
	RESULT_PASS,
	RESULT_FAIL,
	RESULT_UNKNOWN, /* could not be observed; never counts as pass */
	RESULT_NOT_APPLICABLE,
	RESULT_WAIVED,
	RESULT_MAX_,
};

enum severity {
	SEVERITY_REQUIRED,
	SEVERITY_RECOMMENDED,
	SEVERITY_MAX_,
};

/* Of one device; in the order in which the first that applies is taken. */
enum device_state {
	STATE_RETIRED,
	STATE_CONFLICT,
	STATE_NEVER_SEEN, /* in the inventory, no report */
	STATE_STALE,
	STATE_NOT_READY, /* a required result fails */
	STATE_UNKNOWN,   /* a required result is unknown */
	STATE_READY_WITH_WARNINGS,
	STATE_READY,
	STATE_MAX_,
};

extern const char *const result_words[]; /* each ended by NULL */
extern const char *const severity_words[];
extern const char *const device_state_words[];

/* One letter a result, for storing a device's results as one short text: "PFU-W". */
char result_letter(enum result result);
/* -EINVAL: no such letter. */
int result_of_letter(char letter, enum result *ret_result) _must_check_;

/* -EINVAL: no such word. */
int result_parse(const char *text, enum result *ret_result) _must_check_;
int device_state_parse(const char *text, enum device_state *ret_state) _must_check_;
