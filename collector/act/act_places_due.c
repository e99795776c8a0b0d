/* SPDX-License-Identifier: Apache-2.0 */
/* Plans whose day has begun. */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include <jansson.h>

#include "collector/act/act_audit.h"
#include "collector/act/act_place.h"
#include "collector/act/asked.h"
#include "collector/act/judge.h"
#include "collector/act/place_note.h"
#include "collector/act/placing.h"
#include "collector/store/store_account.h"
#include "collector/store/store_identity.h"
#include "common/base/mem.h"

/*
 * What somebody was allowed in May they may not have any more in August. An account that is only
 * not renewed yet has its roles: nobody took them away, and all accounts end on 1 July.
 */
static bool may_plan(const struct account *account, const struct placement *placement,
		     const struct place *was, const struct place *to)
{
	const struct spot *from = &placement->was, *at = &placement->to;
	enum action action =
		placing_action(placement->kind, from->site_code, at->site_code, at->has_role);
	bool is_far = strcmp(from->site_code, at->site_code) != 0;

	return !account->is_disabled && access_allows(&account->grants, action, was) &&
	       (!is_far || access_allows(&account->grants, MAY_MEND_DEVICES, to));
}

/* The admin's token and the command line have no account, and everything. */
static int check_planner(struct store *store, const struct placement *placement,
			 const struct place *was, const struct place *to, struct err *err)
{
	_cleanup_(account_done) struct account account = { 0 };
	int r = 0;

	if (!placement->account_id[0])
		return 0;
	r = store_account_get(store, placement->account_id, &account, err);
	if (r < 0 && r != -ENOENT)
		return r;
	if (r >= 0 && may_plan(&account, placement, was, to))
		return 0;
	return err_set(err, -EALREADY,
		       "Who planned this may not do it any more, so nothing was changed. If it is "
		       "still wanted, somebody who may change the device here and where it was to "
		       "go does it now, or plans it anew.");
}

/* Whether all is still as whoever planned it knew it. */
static int check_plan(const struct placing *placing, const struct placement *placement,
		      struct err *err)
{
	_cleanup_(asked_place_done) struct asked_place was = { 0 }, to = { 0 };
	struct store *store = placing->moment->store;
	int r;

	if (strcmp(placing->before.site_code, placement->was.site_code) != 0)
		return err_set(err, -EALREADY,
			       "The device was moved to another site after this was planned.");
	r = asked_place_of_site(store, placement->was.site_code, &was, err);
	if (r >= 0)
		r = asked_place_of_site(store, placement->to.site_code, &to, err);
	if (r >= 0)
		r = placement_check_leas(placement, was.lea_code, to.lea_code, err);
	return r < 0 ? r : check_planner(store, placement, &was.place, &to.place, err);
}

static int do_plan(const struct moment *moment, struct placement *placement, struct err *err)
{
	_cleanup_(placing_close) struct placing placing = { 0 };
	int r = placing_open(moment, placement->device_id, &placing, err);

	if (r == -ENOENT)
		return err_set(err, -EALREADY,
			       "It was a line of an inventory, which lists it no more.");
	if (r >= 0)
		r = check_plan(&placing, placement, err);
	return r < 0 ? r : placing_do(&placing, placement, err);
}

/* What says nothing of the plan, but of the disk or of who else writes to it. */
static bool is_passing(int r)
{
	return r == -EBUSY || r == -ENOSPC || r == -EIO || r == -EROFS;
}

static void fail(const struct moment *moment, struct placement *placement, const char *why)
{
	placement->status = PLACEMENT_FAILED;
	placement->ended_ms = moment->now_ms;
	free(placement->why);
	placement->why = xstrdup(why);
}

/*
 * Do @placement, or write into it why not. Whatever is wrong with it concerns it alone: a plan
 * that nobody can do must not keep all devices from being looked at.
 */
static int try_plan(const struct moment *moment, struct placement *placement, struct err *err)
{
	struct err why = { 0 };
	int r = store_try(moment->store, err), end;

	if (r < 0)
		return r;
	r = do_plan(moment, placement, &why);
	end = store_try_end(moment->store, r >= 0, err);
	if (end < 0)
		return end;
	if (is_passing(r))
		return err_set(err, r, "device %s: %s", placement->device_id, why.text);
	if (r < 0)
		fail(moment, placement, why.text);
	return 0;
}

/* --- what cannot be read ------------------------------------------------------------------ */

/* Whether it says where; else ->damage says so. */
static int look_at_site(struct store *store, const char *code, struct placement *placement,
			struct err *err)
{
	_cleanup_(asked_place_done) struct asked_place place = { 0 };
	int r = placement->damage ? 0 : asked_place_of_site(store, code, &place, err);

	if (r != -ENOENT)
		return r;
	placement->damage =
		xasprintf("placement %" PRId64 " of device %s: there is no site '%.40s'",
			  placement->number, placement->device_id, code);
	return 0;
}

/*
 * Nobody knows where the device was to be, so it is not what it was called until now. What it
 * tells next is judged.
 */
static int doubt(const struct moment *moment, const struct device *device, struct err *err)
{
	_cleanup_(device_done) struct device after = { 0 };
	_cleanup_(judge_done) struct judge judge = { 0 };
	int r = judge_open(moment->store, moment->cache, device->site_code, moment->now_ms, &judge,
			   err);

	if (r < 0)
		return r;
	device_copy(device, &after);
	judge_results(&judge, NULL, &after);
	r = judge_state(&judge, &after, err);
	if (r >= 0)
		r = judge_save(&judge, device, &after, err);
	return r < 0 ? r
		     : store_note_put(moment->store, device->id, moment->now_ms,
				      "Something was planned for this day that cannot be read "
				      "any more, so nothing was done, and the device is unknown "
				      "until it reports again or somebody says where it is to "
				      "be. See the audit log for what was planned.",
				      err);
}

static int note_damage(const struct moment *moment, const struct placement *placement,
		       const struct asked_place *place, struct err *err)
{
	const struct actor planner = { placement->asked_by, placement->account_id, "",
				       &access_everything };
	json_t *after =
		json_pack("{s:I, s:s, s:s}", "placement", (json_int_t)placement->number, "status",
			  placement_status_words[PLACEMENT_FAILED], "why", placement->damage);
	const struct audit_note entry = { .act = AUDIT_DEVICE_PLAN_FAILED,
					  .object = placement->device_id,
					  .lea_code = place->lea_code,
					  .site_code = place->site_code,
					  .after = after };
	int r = act_audit(moment->store, &planner, &entry, moment->now_ms, err);

	json_decref(after);
	return r;
}

static int give_up(const struct moment *moment, struct placement *placement, struct err *err)
{
	_cleanup_(device_done) struct device device = { 0 };
	_cleanup_(asked_place_done) struct asked_place place = { 0 };
	int r = store_device_head(moment->store, placement->device_id, &device, err);

	if (r >= 0)
		r = doubt(moment, &device, err);
	if (r >= 0)
		r = asked_place_of_site(moment->store, device.site_code, &place, err);
	/* Its row is gone, or damaged as well: there is nothing to doubt. */
	if (r == -ENOENT || r == -EUCLEAN)
		r = 0;
	if (r >= 0)
		r = store_placement_give_up(moment->store, placement, moment->now_ms, err);
	return r < 0 ? r : note_damage(moment, placement, &place, err);
}

/* --- all of them ---------------------------------------------------------------------------- */

static int do_one(const struct moment *moment, struct placement *placement, struct err *err)
{
	const struct actor planner = { placement->asked_by, placement->account_id, "",
				       &access_everything };
	int r = look_at_site(moment->store, placement->was.site_code, placement, err);

	if (r >= 0)
		r = look_at_site(moment->store, placement->to.site_code, placement, err);
	if (r >= 0 && placement->damage)
		return give_up(moment, placement, err);
	if (r >= 0)
		r = try_plan(moment, placement, err);
	if (r >= 0)
		r = store_placement_update(moment->store, placement, err);
	return r < 0 ? r : place_note(moment, &planner, placement, err);
}

int act_places_due(const struct moment *moment, size_t limit, struct places_due *ret_due,
		   struct err *err)
{
	_cleanup_(placement_list_done) struct placement_list list = { 0 };
	struct places_due due = { 0 };
	int r = store_placement_due(moment->store, moment->now_ms, limit, &list, err);

	for (size_t i = 0; i < list.n_placements && r >= 0; i++) {
		struct placement *placement = &list.placements[i];

		r = do_one(moment, placement, err);
		if (placement->damage && due.n_damaged++ == 0)
			due.damage = TAKE_PTR(placement->damage);
	}
	due.n = list.n_placements;
	if (r < 0) {
		free(due.damage);
		return r;
	}
	*ret_due = due;
	return 0;
}
