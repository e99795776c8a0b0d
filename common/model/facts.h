/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Facts
 *
 * What the agent observed: one JSON object with one member per probe. The one
 * table below says which facts exist; the agent builds from it, the collector
 * checks against it, a profile may name only what is in it, and
 * docs/schema/report-1.json and docs/facts.md are compared with it by a test.
 *
 * Every value, at every level, may instead be {"unknown": "why, for a person"}.
 * A fact is never left out: what was not observed is unknown, with its reason.
 */

#include <stdbool.h>
#include <stdint.h>

#include <jansson.h>

#include "common/base/err.h"

enum fact_type {
	FACT_OBJECT,
	FACT_LIST, /* of objects with @members, or of texts where there are none */
	FACT_TEXT,
	FACT_WORD, /* one of @words */
	FACT_INT,  /* within @min..@max */
	FACT_BOOL,
	FACT_TYPE_MAX_,
};

struct fact {
	const char *name;
	enum fact_type type;
	const char *summary; /* one line for docs and `facts --list`; starts with the unit if it has
				one */
	const struct fact *members; /* ended by a fact without a name */
	const char *const *words;   /* ended by NULL */
	int64_t min, max;           /* of FACT_INT, both included */
	int64_t step; /* of FACT_INT: a change by less is none, see facts_same(); 0: every one
			 counts */
};

/* The probes, each a FACT_OBJECT; ended by a fact without a name. */
extern const struct fact facts_table[];
#define FACTS_GROUPS_MAX 32 /* there are fewer */

/* Limits on facts from outside. Lists and texts longer than these are refused. */
#define FACTS_TEXT_MAX 4096 /* bytes of UTF-8 */
#define FACTS_LIST_MAX 1024

/*
 * Find the fact named by @path, as in "audio.cards.bus": names joined by dots,
 * lists are walked through to their items' members. NULL: no such fact.
 */
const struct fact *facts_find(const char *path);

/* The same, starting at the members of @within instead of at the probes. */
const struct fact *facts_find_in(const struct fact *within, const char *path);

/*
 * Check that @facts is complete and has nothing that the table has not.
 * @path is what errors begin with, as in "facts.audio.cards[2].bus: expected
 * one of ..., got number".
 *
 * -EINVAL: with the place in @err, and its JSON pointer in @ret_pointer (owned
 * by the caller, free() it) if that is not NULL.
 */
int facts_check(const json_t *facts, const char *path, char **ret_pointer,
		struct err *err) _must_check_;

/* The same of one member: @value of the fact @group of facts_table. */
int facts_check_group(const struct fact *group, const json_t *value, struct err *err) _must_check_;

/*
 * Make every fact that is missing from the object @facts {"unknown": @why}, at
 * every level: what was not said is not known. Facts of a wrong type are left
 * for facts_check() to refuse.
 */
void facts_complete(json_t *facts, const char *why);
/*
 * The same for facts from outside, where a few bytes, a list of {}, may lack a thousand times as
 * many: of no more than @max facts. What lacks more is left for facts_check() to refuse.
 */
void facts_complete_some(json_t *facts, const char *why, size_t max);

/*
 * Whether @now says the same as @before, so that a device which stands still
 * stays silent: free room, charge and volume change by themselves, and count
 * only by the steps of the table. Both have passed facts_check(). Compare with
 * what was last *sent*, not with what was last seen, or it would creep.
 */
bool facts_same(const json_t *before, const json_t *now);

/*
 * A new {"unknown": why}; owned by the caller. @why is cut to FACTS_TEXT_MAX; where nothing of it
 * can be shown, that no reason was told.
 */
json_t *fact_unknown(const char *why) _must_check_;

/* The reason if @value is an unknown fact, else NULL. Valid as long as @value. */
const char *fact_unknown_reason(const json_t *value);
