/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "collector/act/judge.h"
#include "collector/act/rollup.h"
#include "collector/act/suspect.h"
#include "common/base/mem.h"

/* A conflict at hand, with everything that a resolution changes. */
struct settlement {
	struct store *store;
	struct judge judge;
	struct conflict conflict;
	struct device before, after;
	struct identity identity;
	int64_t now_ms;
};

static void settlement_done(struct settlement *settlement)
{
	judge_done(&settlement->judge);
	conflict_done(&settlement->conflict);
	device_done(&settlement->before);
	device_done(&settlement->after);
}

static int settlement_open(struct store *store, struct profile_cache *cache, const char *id,
			   int64_t now_ms, struct settlement *settlement, struct err *err)
{
	int r = store_conflict_get(store, id, &settlement->conflict, err);

	settlement->store = store;
	settlement->now_ms = now_ms;
	/* With its facts, which it is judged by again. */
	if (r >= 0)
		r = store_device_get(store, settlement->conflict.device_id, &settlement->before,
				     err);
	if (r < 0)
		return r;
	device_copy(&settlement->before, &settlement->after);
	r = judge_open(store, cache, settlement->before.site_code, now_ms, &settlement->judge, err);
	if (r >= 0)
		r = store_identity_get(store, settlement->before.id, NULL, &settlement->identity,
				       err);
	return r;
}

static int write_act(const struct settlement *settlement, const char *who, const char *what,
		     struct err *err)
{
	const struct conflict_act act = { settlement->now_ms, (char *)who, (char *)what };
	_cleanup_free_ char *note = xasprintf("Conflict: %s, by %s.", what, who);
	int r = store_conflict_act_put(settlement->store, settlement->conflict.id, &act, err);

	return r < 0 ? r
		     : store_note_put(settlement->store, settlement->before.id, settlement->now_ms,
				      note, err);
}

static int settlement_save(const struct settlement *settlement, struct err *err)
{
	int r = judge_save(&settlement->judge, &settlement->before, &settlement->after, err);

	if (r >= 0)
		r = store_identity_put(settlement->store, settlement->before.id,
				       &settlement->identity, err);
	return r < 0 ? r : store_conflict_update(settlement->store, &settlement->conflict, err);
}

static void set_state(struct settlement *settlement, enum device_state state)
{
	settlement->after.state = state;
	settlement->after.since_ms = settlement->now_ms;
}

/* It counts again as what its stored facts make it. */
static int count_again(struct settlement *settlement, struct err *err)
{
	set_state(settlement, STATE_UNKNOWN);
	return judge_again(&settlement->judge, &settlement->after, err);
}

/* --- the line of the inventory ------------------------------------------------------ */

/* What is retired stood for a line of the inventory, which waits for a device again. */
static int line_add(struct settlement *settlement, struct err *err)
{
	struct device line = settlement->before;
	int r;

	if (!settlement->judge.site.has_inventory || !line.is_expected)
		return 0;
	id_new(settlement->conflict.line_id);
	line.id = settlement->conflict.line_id;
	line.enrolled_ms = line.seen_ms = 0;
	line.agent_version = line.profile_id = line.profile_version = (char *)"";
	line.results = line.facts_hash = (char *)"";
	line.facts = NULL;
	line.browser = RESULT_UNKNOWN;
	line.state = STATE_NEVER_SEEN;
	line.since_ms = settlement->now_ms;
	r = store_device_insert(settlement->store, &line, err);
	return r < 0 ? r : rollup_change(settlement->store, NULL, &line, err);
}

/* The line goes if nobody claimed it; else it is that one's, and ours is not expected. */
static int line_remove(struct settlement *settlement, struct err *err)
{
	_cleanup_(device_done) struct device line = { 0 };
	int r;

	if (!settlement->conflict.line_id[0])
		return 0;
	r = store_device_head(settlement->store, settlement->conflict.line_id, &line, err);
	settlement->conflict.line_id[0] = '\0';
	/* An inventory that was imported since does not list it any more. */
	if (r == -ENOENT || (r >= 0 && line.enrolled_ms != 0)) {
		settlement->after.is_expected = false;
		return 0;
	}
	settlement->after.is_expected = true;
	if (r >= 0)
		r = store_device_delete(settlement->store, line.id, err);
	return r < 0 ? r : rollup_change(settlement->store, &line, NULL, err);
}

/* --- the resolutions ------------------------------------------------------------------ */

static int two_devices(struct settlement *settlement, struct err *err)
{
	const char *id = settlement->before.id;
	int r = store_device_key(settlement->store, id, settlement->conflict.key_hash, err);

	if (r >= 0)
		r = store_device_set_key(settlement->store, id, NULL, err);
	if (r >= 0)
		r = line_add(settlement, err);
	settlement->identity.next_key_hash[0] = '\0';
	/* Alike as they are, neither may become the other when they enrol again. */
	if (settlement->conflict.kind != CONFLICT_FINGERPRINT)
		settlement->identity.is_shared = true;
	set_state(settlement, STATE_RETIRED);
	return r;
}

static int undo_two_devices(struct settlement *settlement, struct err *err)
{
	const char *key_hash = settlement->conflict.key_hash;
	int r = 0;

	if (key_hash[0])
		r = store_device_set_key(settlement->store, settlement->before.id, key_hash, err);
	settlement->conflict.key_hash[0] = '\0';
	settlement->identity.is_shared = false;
	return r < 0 ? r : line_remove(settlement, err);
}

static int repaired(struct settlement *settlement, struct err *err)
{
	const struct conflict *conflict = &settlement->conflict;
	struct identity *identity = &settlement->identity;
	int r = identity_fingerprint_parse(conflict->now_fingerprint, &identity->fingerprint, err);

	/* Which boot the numbers so far were of is not asked again. */
	if (r >= 0)
		r = store_report_newest(settlement->store, conflict->device_id,
					&identity->sequence_floor, err);
	if (r >= 0)
		r = store_boot_forget(settlement->store, conflict->device_id, err);
	identity->is_taken_over = false;
	return r < 0 ? r : count_again(settlement, err);
}

static int undo_repaired(struct settlement *settlement, struct err *err)
{
	return identity_fingerprint_parse(settlement->conflict.before_fingerprint,
					  &settlement->identity.fingerprint, err);
}

static int ignore(struct settlement *settlement, struct err *err)
{
	settlement->identity.accepts_any = true;
	return count_again(settlement, err);
}

static int undo_ignore(struct settlement *settlement, struct err *err)
{
	(void)err;
	settlement->identity.accepts_any = false;
	return 0;
}

static const struct {
	int (*settle)(struct settlement *settlement, struct err *err);
	int (*undo)(struct settlement *settlement, struct err *err);
} resolutions[RESOLUTION_MAX_] = {
	[RESOLUTION_TWO_DEVICES] = { two_devices, undo_two_devices },
	[RESOLUTION_REPAIRED] = { repaired, undo_repaired },
	[RESOLUTION_IGNORE] = { ignore, undo_ignore },
};

static int resolve(struct settlement *settlement, const struct decision *decision, struct err *err)
{
	struct conflict *conflict = &settlement->conflict;
	int r;

	if (conflict->resolution != RESOLUTION_NONE)
		return err_set(err, -EALREADY,
			       "this conflict was resolved before, as %s; undo that first",
			       conflict_resolution_words[conflict->resolution]);
	r = resolutions[decision->resolution].settle(settlement, err);
	if (r < 0)
		return r;
	conflict->resolution = decision->resolution;
	conflict->resolved_ms = settlement->now_ms;
	free(conflict->resolved_by);
	conflict->resolved_by = xstrdup(decision->who);
	return 0;
}

static int undo(struct settlement *settlement, struct err *err)
{
	struct conflict *conflict = &settlement->conflict;
	char newest_id[ID_SIZE];
	int r;

	if (conflict->resolution == RESOLUTION_NONE)
		return err_set(err, -EALREADY, "this conflict is open; there is nothing to undo");
	if (settlement->before.state == STATE_RETIRED &&
	    conflict->resolution != RESOLUTION_TWO_DEVICES)
		return err_set(
			err, -EALREADY,
			"the device was retired since; restore it first, so that it is known "
			"what it comes back to");
	r = store_conflict_newest(settlement->store, conflict->device_id, newest_id, err);
	if (r > 0 && strcmp(newest_id, conflict->id) != 0)
		return err_set(err, -EALREADY,
			       "the same device has a newer conflict, %s, which builds on this one",
			       newest_id);
	if (r >= 0)
		r = resolutions[conflict->resolution].undo(settlement, err);
	if (r < 0)
		return r;
	set_state(settlement, STATE_CONFLICT);
	conflict->resolution = RESOLUTION_NONE;
	conflict->resolved_ms = 0;
	free(conflict->resolved_by);
	conflict->resolved_by = xstrdup("");
	return 0;
}

int act_conflict_decide(struct store *store, struct profile_cache *cache,
			const struct decision *decision, int64_t now_ms, struct err *err)
{
	_cleanup_(settlement_done) struct settlement settlement = { 0 };
	bool is_undo = decision->resolution == RESOLUTION_NONE;
	int r = settlement_open(store, cache, decision->conflict_id, now_ms, &settlement, err);

	if (r >= 0)
		r = is_undo ? undo(&settlement, err) : resolve(&settlement, decision, err);
	if (r >= 0)
		r = settlement_save(&settlement, err);
	return r < 0 ? r
		     : write_act(&settlement, decision->who,
				 is_undo ? "undo" : conflict_resolution_words[decision->resolution],
				 err);
}
