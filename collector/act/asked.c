/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <string.h>

#include "collector/act/act_audit.h"
#include "collector/act/asked.h"
#include "collector/store/store_device.h"
#include "collector/store/store_profile.h"
#include "collector/store/store_site.h"
#include "collector/store/store_supplement.h"
#include "common/base/civil.h"
#include "common/base/mem.h"

/* --- where things are --------------------------------------------------------- */

void asked_place_done(struct asked_place *place)
{
	free(place->lea_code);
	free(place->site_code);
	*place = (struct asked_place){ 0 };
}

int asked_place_of_site(struct store *store, const char *code, struct asked_place *ret_place,
			struct err *err)
{
	_cleanup_(site_done) struct site site = { 0 };
	int r = store_site_get(store, code, &site, err);

	if (r < 0)
		return r;
	*ret_place = (struct asked_place){ .lea_code = TAKE_PTR(site.lea_code),
					   .site_code = TAKE_PTR(site.code) };
	ret_place->place = (struct place){ SCOPE_SITE, ret_place->lea_code, ret_place->site_code };
	return 0;
}

int asked_place_of_device(struct store *store, const char *id, struct asked_place *ret_place,
			  struct err *err)
{
	_cleanup_(device_done) struct device device = { 0 };
	int r = store_device_head(store, id, &device, err);

	return r < 0 ? r : asked_place_of_site(store, device.site_code, ret_place, err);
}

static int place_of(struct store *store, const struct audience *audience,
		    struct asked_place *ret_place, struct err *err)
{
	if (audience->scope == SCOPE_SITE)
		return asked_place_of_site(store, audience->code, ret_place, err);
	*ret_place = (struct asked_place){ .place.scope = audience->scope };
	if (audience->scope == SCOPE_LEA)
		ret_place->place.lea_code = ret_place->lea_code = xstrdup(audience->code);
	return 0;
}

/*
 * Whether @actor may, where something is for @audience. Who may not is told the same whether
 * what they named exists or not.
 */
static int may(struct store *store, const struct actor *actor, enum action action,
	       const struct audience *audience, struct asked_place *ret_place, struct err *err)
{
	int r = place_of(store, audience, ret_place, err);

	if (r == -ENOENT && !access_allows_everywhere(actor->grants, action))
		return access_check(actor->grants, action, &(struct place){ .scope = SCOPE_STATE },
				    err);
	return r < 0 ? r : access_check(actor->grants, action, &ret_place->place, err);
}

/*
 * Whether @actor may know of what is at @place; what holds for all is known to everybody. Of
 * anything else it is said what the store says of what is not there.
 */
static bool knows(const struct actor *actor, const struct asked_place *place)
{
	return place->place.scope == SCOPE_STATE ||
	       access_allows(actor->grants, MAY_SEE, &place->place);
}

/* One entry of what was done at @place; takes @before and @after, which may be NULL. */
static int note(struct store *store, const struct actor *actor, const struct audit_note *what,
		const struct asked_place *place, int64_t now_ms, struct err *err)
{
	struct audit_note full = *what;
	int r;

	full.lea_code = place ? place->lea_code : NULL;
	full.site_code = place ? place->site_code : NULL;
	r = act_audit(store, actor, &full, now_ms, err);
	json_decref((json_t *)what->before);
	json_decref((json_t *)what->after);
	return r;
}

/* --- waivers ------------------------------------------------------------------ */

static json_t *waiver_json(const struct waiver *waiver)
{
	bool is_declined = waiver->status == WAIVER_STATUS_DECLINED;
	char until[CIVIL_TEXT_SIZE];

	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s*}", "profile", waiver->profile_id,
			 "requirement", waiver->requirement, "scope", scope_words[waiver->scope],
			 "code", waiver->scope_code, "reason", waiver->reason, "who", waiver->who,
			 "until", civil_text(waiver->until, until), "decline_reason",
			 is_declined ? waiver->decline_reason : NULL);
}

/* The place of a waiver that is to be changed; -ENOENT to whom nothing of it may be told. */
static int place_of_waiver(struct store *store, const struct actor *actor,
			   const struct waiver *waiver, struct asked_place *ret_place,
			   struct err *err)
{
	const struct audience audience = { waiver->scope, waiver->scope_code };
	bool is_given =
		waiver->status == WAIVER_STATUS_GIVEN || waiver->status == WAIVER_STATUS_REVOKED;
	int r = place_of(store, &audience, ret_place, err);

	if ((r == -ENOENT && !access_allows_everywhere(actor->grants, MAY_WAIVE)) ||
	    (r >= 0 &&
	     !(is_given ? knows(actor, ret_place)
			: access_allows(actor->grants, MAY_PROPOSE_WAIVER, &ret_place->place))))
		return err_set(err, -ENOENT, "no waiver has the id '%.40s'; see waiver list",
			       waiver->id);
	/* What it was for is gone: only who may everywhere is left to end it. */
	if (r == -ENOENT) {
		ret_place->place = (struct place){ .scope = SCOPE_STATE };
		return 0;
	}
	return r;
}

static int propose(struct store *store, const struct actor *actor, struct waiver *waiver,
		   int64_t now_ms, struct err *err)
{
	free(waiver->proposed_by);
	free(waiver->proposer_id);
	waiver->proposed_by = xstrdup(actor->who);
	waiver->proposer_id = xstrdup(actor->account_id);
	return act_waiver_propose(store, waiver, now_ms, err);
}

int asked_waive(struct store *store, const struct actor *actor, const struct waive_wish *wish,
		int64_t now_ms, struct reach *ret_reach, struct err *err)
{
	struct waiver *waiver = wish->waiver;
	const struct audience audience = { waiver->scope, waiver->scope_code };
	_cleanup_(asked_place_done) struct asked_place place = { 0 };
	bool is_given;
	int r = may(store, actor, wish->as == WAIVE_AS_WAIVER ? MAY_WAIVE : MAY_PROPOSE_WAIVER,
		    &audience, &place, err);

	if (r < 0)
		return r;
	is_given = wish->as != WAIVE_AS_PROPOSAL &&
		   access_allows(actor->grants, MAY_WAIVE, &place.place);
	*ret_reach = (struct reach){ 0 };
	r = is_given ? act_waive(store, waiver, now_ms, ret_reach, err)
		     : propose(store, actor, waiver, now_ms, err);
	if (r < 0)
		return r;
	return note(
		store, actor,
		&(struct audit_note){ .act = is_given ? AUDIT_WAIVER_GIVEN : AUDIT_WAIVER_PROPOSED,
				      .object = waiver->id,
				      .after = waiver_json(waiver) },
		&place, now_ms, err);
}

/* Whether @actor is who may decide so, of a proposal that they may know of. */
static int check_decider(const struct actor *actor, enum waiver_decision decision,
			 const struct waiver *waiver, const struct asked_place *place,
			 struct err *err)
{
	if (decision != WAIVER_DECISION_WITHDRAW)
		return access_check(actor->grants, MAY_WAIVE, &place->place, err);
	if (actor->account_id[0] && strcmp(actor->account_id, waiver->proposer_id) == 0)
		return 0;
	return err_set(err, -EPERM,
		       "Only who proposed it withdraws it; who may give waivers there can "
		       "decline it.");
}

int asked_waiver_decide(struct store *store, const struct actor *actor,
			const struct waiver_wish *wish, int64_t now_ms, struct reach *ret_reach,
			struct err *err)
{
	static const enum audit_act acts[] = {
		[WAIVER_DECISION_GIVE] = AUDIT_WAIVER_GIVEN,
		[WAIVER_DECISION_DECLINE] = AUDIT_WAIVER_DECLINED,
		[WAIVER_DECISION_WITHDRAW] = AUDIT_WAIVER_WITHDRAWN,
		[WAIVER_DECISION_REOPEN] = AUDIT_WAIVER_REOPENED,
	};
	const struct waiver_act act = { wish->id, wish->verdict, actor->who };
	_cleanup_(asked_place_done) struct asked_place place = { 0 };
	_cleanup_(waiver_done) struct waiver before = { 0 }, after = { 0 };
	int r = store_waiver_get(store, wish->id, &before, err);

	if (r >= 0)
		r = place_of_waiver(store, actor, &before, &place, err);
	if (r >= 0)
		r = check_decider(actor, wish->verdict->decision, &before, &place, err);
	if (r >= 0)
		r = act_waiver_decide(store, &act, now_ms, ret_reach, err);
	if (r >= 0)
		r = store_waiver_get(store, wish->id, &after, err);
	if (r < 0)
		return r;
	return note(store, actor,
		    &(struct audit_note){ .act = acts[wish->verdict->decision],
					  .object = wish->id,
					  .before = waiver_json(&before),
					  .after = waiver_json(&after) },
		    &place, now_ms, err);
}

int asked_waiver_revoke(struct store *store, const struct actor *actor,
			const struct waiver_end *end, int64_t now_ms, struct reach *ret_reach,
			struct err *err)
{
	_cleanup_(asked_place_done) struct asked_place place = { 0 };
	_cleanup_(waiver_done) struct waiver waiver = { 0 };
	int r = store_waiver_get(store, end->id, &waiver, err);

	if (r >= 0)
		r = place_of_waiver(store, actor, &waiver, &place, err);
	if (r >= 0)
		r = access_check(actor->grants, MAY_WAIVE, &place.place, err);
	if (r >= 0)
		r = act_waiver_revoke(store, end->id, end->who ? end->who : actor->who, now_ms,
				      ret_reach, err);
	if (r < 0)
		return r;
	return note(store, actor,
		    &(struct audit_note){ .act = AUDIT_WAIVER_REVOKED,
					  .object = end->id,
					  .before = waiver_json(&waiver) },
		    &place, now_ms, err);
}

/* --- conflicts ---------------------------------------------------------------- */

int asked_conflict_decide(const struct moment *moment, const struct actor *actor,
			  const struct conflict_wish *wish, struct err *err)
{
	const struct decision decision = { wish->conflict_id, wish->resolution, actor->who };
	bool is_undo = wish->resolution == RESOLUTION_NONE;
	_cleanup_(asked_place_done) struct asked_place place = { 0 };
	_cleanup_(conflict_done) struct conflict conflict = { 0 };
	json_t *after;
	int r = store_conflict_get(moment->store, wish->conflict_id, &conflict, err);

	if (r >= 0)
		r = asked_place_of_device(moment->store, conflict.device_id, &place, err);
	if (r >= 0 && !knows(actor, &place))
		return err_set(err, -ENOENT, "no conflict has the id '%.40s'", wish->conflict_id);
	if (r >= 0)
		r = access_check(actor->grants, MAY_MEND_DEVICES, &place.place, err);
	if (r >= 0)
		r = act_conflict_decide(moment->store, moment->cache, &decision, moment->now_ms,
					err);
	if (r < 0)
		return r;
	after = json_pack("{s:s, s:s}", "device", conflict.device_id, "resolution",
			  is_undo ? "" : conflict_resolution_words[wish->resolution]);
	return note(moment->store, actor,
		    &(struct audit_note){ .act = is_undo ? AUDIT_CONFLICT_REOPENED
							 : AUDIT_CONFLICT_RESOLVED,
					  .object = wish->conflict_id,
					  .after = after },
		    &place, moment->now_ms, err);
}

/* --- profiles ----------------------------------------------------------------- */

static json_t *version_json(const char *version)
{
	return version[0] ? json_pack("{s:s}", "version", version) : NULL;
}

int asked_publish(const struct moment *moment, const struct actor *actor,
		  const struct profile *profile, const char *body, struct reach *ret_reach,
		  struct err *err)
{
	const struct place state = { .scope = SCOPE_STATE };
	char before[HASH_SIZE] = "";
	int r = access_check(actor->grants, MAY_PUBLISH, &state, err);

	if (r >= 0)
		r = store_profile_version(moment->store, profile->id, before, err);
	if (r >= 0 || r == -ENOENT)
		r = act_publish(moment->store, profile, body, moment->now_ms, ret_reach, err);
	if (r < 0 || strcmp(before, profile->version) == 0)
		return r;
	return note(moment->store, actor,
		    &(struct audit_note){ .act = AUDIT_PROFILE_PUBLISHED,
					  .object = profile->id,
					  .before = version_json(before),
					  .after = version_json(profile->version) },
		    NULL, moment->now_ms, err);
}

/* The version of what @audience asks beyond @profile_id; "": nothing, or what cannot be read. */
static int supplement_version(struct store *store, const char *profile_id,
			      const struct audience *audience, char ret_version[static HASH_SIZE],
			      struct err *err)
{
	_cleanup_(supplement_freep) struct supplement *supplement = NULL;
	int r = store_supplement_get(store, profile_id, audience->scope, audience->code,
				     &supplement, err);

	ret_version[0] = '\0';
	if (r >= 0)
		memcpy(ret_version, supplement->version, HASH_SIZE);
	return r == -ENOENT || r == -EUCLEAN ? 0 : r;
}

int asked_supplement_publish(struct store *store, const struct actor *actor,
			     const struct supplement *supplement, int64_t now_ms,
			     struct reach *ret_reach, struct err *err)
{
	const struct audience audience = { supplement->scope, supplement->scope_code };
	_cleanup_(asked_place_done) struct asked_place place = { 0 };
	char before[HASH_SIZE];
	int r = may(store, actor, MAY_PUBLISH, &audience, &place, err);

	if (r >= 0)
		r = supplement_version(store, supplement->profile_id, &audience, before, err);
	if (r >= 0)
		r = act_supplement_publish(store, supplement, now_ms, ret_reach, err);
	if (r < 0 || strcmp(before, supplement->version) == 0)
		return r;
	return note(store, actor,
		    &(struct audit_note){ .act = AUDIT_SUPPLEMENT_PUBLISHED,
					  .object = supplement->profile_id,
					  .before = version_json(before),
					  .after = version_json(supplement->version) },
		    &place, now_ms, err);
}

int asked_supplement_withdraw(const struct moment *moment, const struct actor *actor,
			      const char *profile_id, const struct audience *audience,
			      struct reach *ret_reach, struct err *err)
{
	_cleanup_(asked_place_done) struct asked_place place = { 0 };
	char before[HASH_SIZE];
	int r = may(moment->store, actor, MAY_PUBLISH, audience, &place, err);

	if (r >= 0)
		r = supplement_version(moment->store, profile_id, audience, before, err);
	if (r >= 0)
		r = act_supplement_withdraw(moment->store, profile_id, audience, moment->now_ms,
					    ret_reach, err);
	if (r < 0)
		return r;
	return note(moment->store, actor,
		    &(struct audit_note){ .act = AUDIT_SUPPLEMENT_WITHDRAWN,
					  .object = profile_id,
					  .before = version_json(before) },
		    &place, moment->now_ms, err);
}

/* --- imports ------------------------------------------------------------------ */

int asked_sites_imported(const struct moment *moment, const struct actor *actor,
			 const struct sites_imported *imported, struct err *err)
{
	const struct import_sites_count *count = &imported->import->count;
	const struct place state = { .scope = SCOPE_STATE };
	struct audit_note entry = { .act = AUDIT_SITES_IMPORTED, .object = imported->file };
	int r = access_check(actor->grants, MAY_MEND_SITES, &state, err);

	if (r < 0 || count->new_sites + count->changed == 0)
		return r;
	r = import_log_write(imported->import->log, moment, actor, &entry, err);
	if (r < 0)
		return r;
	entry.after =
		json_pack("{s:I, s:I, s:I, s:I}", "sites", (json_int_t)count->sites, "windows",
			  (json_int_t)count->windows, "new", (json_int_t)count->new_sites,
			  "changed", (json_int_t)count->changed);
	return note(moment->store, actor, &entry, NULL, moment->now_ms, err);
}

int asked_sites_others(struct store *store, const struct import_sites_count *count, int64_t *ret_n,
		       struct err *err)
{
	int r = store_site_number(store, ret_n, err);

	if (r >= 0)
		*ret_n -= count->sites;
	return r;
}

/* Nothing that @a and @b do not both have: another LEA is nobody's, another site the LEA's. */
static void widen(struct asked_place *a, const struct asked_place *b)
{
	if (!a->lea_code || strcmp(a->lea_code, b->lea_code) != 0) {
		free(a->lea_code);
		a->lea_code = NULL;
	}
	if (!a->site_code || strcmp(a->site_code, b->site_code) != 0) {
		free(a->site_code);
		a->site_code = NULL;
	}
}

/* Whether @actor may at every site of @import; *@ret_place is what all of them are in. */
static int may_import(struct store *store, const struct actor *actor,
		      const struct inventory_import *import, struct asked_place *ret_place,
		      struct err *err)
{
	char *const *codes;
	size_t n = inventory_import_sites(import, &codes);
	int r = 0;

	for (size_t i = 0; i < n && r >= 0; i++) {
		_cleanup_(asked_place_done) struct asked_place place = { 0 };

		r = asked_place_of_site(store, codes[i], &place, err);
		if (r >= 0)
			r = access_check(actor->grants, MAY_MEND_INVENTORY, &place.place, err);
		if (r >= 0 && i > 0)
			widen(ret_place, &place);
		else if (r >= 0)
			*ret_place = (struct asked_place){ .lea_code = TAKE_PTR(place.lea_code),
							   .site_code = TAKE_PTR(place.site_code) };
	}
	return r;
}

/* What was done at each site, also where only something was taken away. */
static int note_each_site(const struct moment *moment, const struct actor *actor,
			  const struct inventory_imported *imported, const struct asked_place *all,
			  struct err *err)
{
	const struct audit_note entry = { .act = AUDIT_INVENTORY_IMPORTED,
					  .object = imported->file };
	_cleanup_(import_log_done) struct import_log log = { 0 };
	json_t *changes = inventory_import_changes(imported->import), *counts;
	const char *code;
	int r = 0;

	/* Of one site the sum says all. */
	if (all->site_code && json_object_size(changes) == 1 &&
	    json_object_get(changes, all->site_code))
		return 0;
	json_object_foreach (changes, code, counts) {
		_cleanup_(asked_place_done) struct asked_place place = { 0 };

		r = asked_place_of_site(moment->store, code, &place, err);
		if (r < 0)
			return r;
		import_log_put(&log, &place.place, NULL, json_incref(counts));
	}
	return import_log_write(&log, moment, actor, &entry, err);
}

static json_t *inventory_count_json(const struct inventory_count *count)
{
	return json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:I}", "devices",
			 (json_int_t)count->devices, "sites", (json_int_t)count->sites, "new",
			 (json_int_t)count->added, "changed", (json_int_t)count->changed, "removed",
			 (json_int_t)count->removed, "unexpected", (json_int_t)count->unexpected,
			 "moved", (json_int_t)count->moved);
}

int asked_inventory_imported(const struct moment *moment, const struct actor *actor,
			     const struct inventory_imported *imported, struct err *err)
{
	const struct inventory_count *count = &imported->count;
	_cleanup_(asked_place_done) struct asked_place place = { 0 };
	int r = may_import(moment->store, actor, imported->import, &place, err);

	if (r < 0 ||
	    count->added + count->changed + count->removed + count->unexpected + count->moved == 0)
		return r;
	r = note_each_site(moment, actor, imported, &place, err);
	return r < 0 ? r
		     : note(moment->store, actor,
			    &(struct audit_note){ .act = AUDIT_INVENTORY_IMPORTED,
						  .object = imported->file,
						  .after = inventory_count_json(count) },
			    &place, moment->now_ms, err);
}
