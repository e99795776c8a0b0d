/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Where the members of a JSON object are in its text, without reading what is in
 * them: for those who know a value again by its bytes. PURE; nothing is allocated.
 */

#include <stddef.h>

#include "common/base/base.h"

struct span {
	const char *text;
	size_t len;
};

struct span_member {
	struct span key; /* what is between its quotes; it has no escape */
	struct span value;
};

/*
 * The members of the object @text, at most @max of them, in their order. Values are
 * only looked at to find where they end: what is in one may be no JSON.
 *
 * Returns how many there are. -EINVAL: not an object, cut off, followed by something,
 * nested deeper than 32 levels, with a key that has an escape, or with more members.
 */
int span_members(const char *text, size_t len, struct span_member *members,
		 size_t max) _must_check_;
