/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * What differs between two profiles, for people: requirements that came, went or
 * changed, rows of tables, waivers, freshness, what certification asks. PURE.
 */

#include <stddef.h>

#include "common/model/profile.h"

enum diff_direction {
	DIFF_TIGHTER,
	DIFF_LOOSER,
	DIFF_EITHER,  /* some devices gain, others lose; or it is not known */
	DIFF_WORDING, /* no device is judged otherwise */
	DIFF_DIRECTION_MAX_,
};
extern const char *const diff_direction_words[]; /* tighter, looser, either, wording */

struct diff_entry {
	char *place; /* "requirement audio.headphones", "table os", "freshness" */
	char *text;  /* "severity was recommended, is required" */
	enum diff_direction direction;
};

struct diff_list {
	struct diff_entry *entries;
	size_t n_entries;
};

/*
 * Tighter and looser are said only where they are certain: tighter is that no device has a better
 * result, looser that none has a worse one, where what a requirement is not for counts as nothing.
 * diff_list_done() @ret_list. No entry: they judge alike
 * and say the same.
 */
void profile_diff(const struct profile *old, const struct profile *new, struct diff_list *ret_list);
void diff_list_done(struct diff_list *list);
