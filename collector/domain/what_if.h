/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Sums of what would be otherwise if a site were judged by another document. PURE.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/model/profile.h"
#include "common/model/result.h"

/* The place of results where a document has no such requirement, beside the results. */
#define WHAT_IF_NONE RESULT_MAX_

struct what_if_requirement {
	char *id;
	char *title;
	/* Devices by result before and after; the same before and after is not counted. */
	int64_t changes[RESULT_MAX_ + 1][RESULT_MAX_ + 1];
};

struct what_if_site {
	char *code;
	char *name;
	int64_t expected;
	int64_t ready_before, ready_after; /* with or without warnings */
	int64_t worse, better;             /* devices that stop being ready, or become it */
	int64_t changed;                   /* devices whose state changes, those among them */
	/* Whether so many are ready as the document's certification asks. */
	bool reaches_before, reaches_after;
};

struct what_if {
	int64_t n_sites;   /* whose window names the profile */
	int64_t n_touched; /* that would be judged by another document */
	/*
	 * Of those sites: expected devices by state before and after. Who is in conflict or was
	 * never seen stays that, whatever the results.
	 */
	int64_t states[STATE_MAX_][STATE_MAX_];
	int64_t n_retired;            /* of those sites */
	int64_t n_results;            /* expected devices of which a result changes */
	int64_t n_unexpected_changed; /* devices that are not expected, of which a state does */
	struct what_if_requirement *requirements; /* of which a result changes, by id */
	size_t n_requirements;
	struct what_if_site *sites; /* where something changes; who loses most first */
	size_t n_listed;
};
void what_if_done(struct what_if *what_if);

/* Adding up, a site after the other; what_if_tally_finish() ends it. */
struct what_if_tally {
	struct what_if sum;
	struct what_if_site site;
	const struct profile *old, *new;
	int old_places[PROFILE_REQUIREMENTS_MAX];  /* in @old of each requirement of @new; -1 */
	bool is_dropped[PROFILE_REQUIREMENTS_MAX]; /* of @old: @new has it no more */
};

/*
 * Begin a site whose document would be @new, which must stay until the site's end; @old
 * is what it has now, NULL: none.
 */
void what_if_tally_site(struct what_if_tally *tally, const char *code, const char *name,
			const struct profile *old, const struct profile *new);
/* One device of a site: its state, and its results as letters; "" where it has none. */
struct what_if_view {
	enum device_state state;
	const char *results;
};
void what_if_tally_device(struct what_if_tally *tally, bool is_expected,
			  const struct what_if_view *before, const struct what_if_view *after);
void what_if_tally_site_end(struct what_if_tally *tally);
/* Sort, and hand over; what_if_done() *@ret_what_if. @tally is empty then. */
void what_if_tally_finish(struct what_if_tally *tally, struct what_if *ret_what_if);
/* Give up what was added. */
void what_if_tally_done(struct what_if_tally *tally);

/* The result of the requirement @id in @results of @profile; WHAT_IF_NONE: it has none. */
unsigned what_if_result(const struct profile *profile, const char *results, const char *id);
/* The word of it, "none" for WHAT_IF_NONE. */
const char *what_if_result_word(unsigned result);

/* Whether a result says anything of a device in @state: it was seen lately and is not in doubt. */
bool what_if_is_judged(enum device_state state);
bool what_if_is_ready(enum device_state state);
/* Whether anything would be otherwise for anybody. */
bool what_if_changes(const struct what_if *what_if);
