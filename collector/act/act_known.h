/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Reports and heartbeats that say what their device said before. What such a one would change is
 * when the device was seen and, where others judge it now than did before, its results: those
 * that its stored facts have. Whatever might be more than that is left to act_report() and
 * act_heartbeat().
 */

#include "collector/act/act.h"
#include "collector/act/judges.h"

struct known_delivery {
	const struct report *head; /* without names, fingerprint and facts */
	const char *contents;      /* digest of the rest of the report, not "" */
	const char *key_hash;      /* of the key that it came with; "": it came otherwise */
};

/*
 * Take in a report whose contents are those that the row of its device was made from.
 * 1: it is, and the store and *@ret_answer are what act_report() would make of them.
 * 0: it needs a look; nothing was changed.
 */
int act_known(struct judges *judges, const struct moment *moment,
	      const struct known_delivery *delivery, struct contact_answer *ret_answer,
	      struct err *err) _must_check_;
/*
 * The same where only the facts are others: @facts, which were checked. 1 only if their results
 * are those that the row has.
 */
struct known_facts {
	const json_t *json;
	const char *text;        /* their canonical JSON */
	const char *hash;        /* SHA-256 of that */
	const uint64_t *numbers; /* see struct numbered_facts */
};
/* NOLINTNEXTLINE(readability-function-size): see act_report() */
int act_known_facts(struct judges *judges, const struct moment *moment,
		    const struct known_delivery *delivery, const struct known_facts *facts,
		    struct contact_answer *ret_answer, struct err *err) _must_check_;
/* The same for a heartbeat of the facts that are stored, and act_heartbeat(). */
int act_known_heartbeat(struct judges *judges, const struct moment *moment,
			const struct heartbeat *heartbeat, const char *key_hash,
			struct contact_answer *ret_answer, struct err *err) _must_check_;
