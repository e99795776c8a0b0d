/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "collector/act/act_place.h"
#include "collector/act/asked.h"
#include "collector/act/day_begin.h"
#include "collector/act/place_note.h"
#include "collector/act/placing.h"
#include "common/base/civil.h"
#include "common/base/mem.h"
#include "common/base/text.h"

static char *copy(const char *text)
{
	return xstrdup(text ? text : "");
}

/* --- who may --------------------------------------------------------------------------- */

/* What is elsewhere and what is nowhere is said alike. */
static int no_device(const char *id, struct err *err)
{
	return err_set(err, -ENOENT, "no device has the id '%.40s'", id);
}

/* Whether @actor may, at the site that the device is of. */
static int may_at(struct store *store, const struct actor *actor, enum action action,
		  const struct device *device, struct err *err)
{
	_cleanup_(asked_place_done) struct asked_place place = { 0 };
	int r = asked_place_of_site(store, device->site_code, &place, err);

	if (r >= 0 && !access_allows(actor->grants, MAY_SEE, &place.place))
		return no_device(device->id, err);
	return r < 0 ? r : access_check(actor->grants, action, &place.place, err);
}

/* The same at another site, which they named. */
static int may_at_other(struct store *store, const struct actor *actor, const char *site_code,
			struct err *err)
{
	_cleanup_(asked_place_done) struct asked_place place = { 0 };
	int r = asked_place_of_site(store, site_code, &place, err);

	if (r == -ENOENT || (r >= 0 && !access_allows(actor->grants, MAY_SEE, &place.place)))
		return err_set(err, -EINVAL,
			       "There is no site with the code '%.40s' that you could know of.",
			       site_code);
	return r < 0 ? r : access_check(actor->grants, MAY_MEND_DEVICES, &place.place, err);
}

static int open_asked(const struct moment *moment, const struct actor *actor, const char *id,
		      struct placing *ret_placing, struct err *err)
{
	int r = placing_open(moment, id, ret_placing, err);

	if (r == -ENOENT)
		return no_device(id, err);
	return r < 0 ? r
		     : may_at(moment->store, actor, MAY_MEND_INVENTORY, &ret_placing->before, err);
}

static int check_version(const struct placing *placing, const char *version, struct err *err)
{
	char now[PLACE_VERSION_SIZE];

	if (!version)
		return 0;
	placement_version(&placing->before, &placing->sum, now);
	if (strcmp(now, version) == 0)
		return 0;
	return err_set(err, -ESTALE,
		       "Somebody moved, retired or restored the device meanwhile, or planned to. "
		       "Look at it again, and say anew what is to be done.");
}

/* --- doing and planning -------------------------------------------------------------------- */

/* Made fit to be shown; NULL: it has more than @max bytes. */
static char *clean(const char *text, size_t max)
{
	size_t len = text ? strlen(text) : 0;
	_cleanup_free_ char *clean = len <= max ? text_clean(text ? text : "", len, max * 4) : NULL;

	return clean && strlen(clean) <= max ? TAKE_PTR(clean) : NULL;
}

static int read_reason(const struct place_wish *wish, struct placement *placement, struct err *err)
{
	placement->note = clean(wish->note, PLACEMENT_NOTE_MAX);
	if (!placement->note)
		return err_set(err, -EINVAL, "The note has more than %d bytes; say it shorter.",
			       PLACEMENT_NOTE_MAX);
	placement->reason =
		copy(wish->kind == PLACEMENT_RETIRE ? retire_reason_words[wish->reason] : "");
	if (wish->kind == PLACEMENT_RETIRE && wish->reason == RETIRE_OTHER && !placement->note[0])
		return err_set(err, -EINVAL,
			       "Say in the note why the device is retired, or give lost, broken, "
			       "sold or replaced as the reason.");
	return 0;
}

/* @wish as a placement of the device at hand. */
static int read_wish(const struct place_wish *wish, const struct actor *actor,
		     const struct placing *placing, struct placement *placement, struct err *err)
{
	const struct device *device = &placing->before;

	*placement = (struct placement){
		.kind = wish->kind,
		.asked_ms = placing->moment->now_ms,
		.asked_by = copy(actor->who),
		.account_id = copy(actor->account_id),
		.on = wish->on,
		.to = { .site_code = copy(wish->site_code ? wish->site_code : device->site_code),
			.has_role = wish->has_role,
			.role = wish->role,
			.is_expected = device->is_expected },
		.was = { .site_code = copy(device->site_code),
			 .room = copy(device->room),
			 .has_role = true,
			 .role = device->role,
			 .is_expected = device->is_expected },
		.was_tag = copy(device->asset_tag),
		.line = copy(""),
		.ended_by = copy(""),
		.why = copy(""),
	};
	memcpy(placement->device_id, device->id, ID_SIZE);
	if (wish->room) {
		placement->to.room = clean(wish->room, PLACEMENT_ROOM_MAX);
		if (!placement->to.room)
			return err_set(err, -EINVAL, "The room has more than %d bytes.",
				       PLACEMENT_ROOM_MAX);
	}
	return read_reason(wish, placement, err);
}

/* When the day of a plan begins where the device is to be. */
static int read_day(const struct placing *placing, struct placement *placement, struct err *err)
{
	_cleanup_(site_done) struct site site = { 0 };
	int64_t now_ms = placing->moment->now_ms;
	char day[CIVIL_WORDS_SIZE];
	int r;

	if (placement->kind == PLACEMENT_RESTORE)
		return err_set(err, -EINVAL, "A device is restored at once; leave the day out.");
	if (placement->on > civil_of_ms(now_ms) + PLACEMENT_DAYS_AHEAD)
		return err_set(err, -EINVAL, "%s is more than %d days from now.",
			       civil_words(placement->on, day), PLACEMENT_DAYS_AHEAD);
	r = store_site_get(placing->moment->store, placement->to.site_code, &site, err);
	if (r >= 0)
		placement->to_lea = copy(site.lea_code);
	if (r >= 0)
		r = day_begin_ms(site.zone, placement->on, &placement->due_ms, err);
	if (r >= 0 && placement->due_ms <= now_ms)
		r = err_set(err, -EINVAL,
			    "%s has begun at the site (%s). Leave the day out to do it at once.",
			    civil_words(placement->on, day), site.zone);
	return r;
}

static int plan(const struct placing *placing, struct placement *placement, struct err *err)
{
	_cleanup_(asked_place_done) struct asked_place was = { 0 };
	int r = read_day(placing, placement, err);

	if (r >= 0)
		r = asked_place_of_site(placing->moment->store, placement->was.site_code, &was,
					err);
	if (r >= 0)
		placement->was_lea = TAKE_PTR(was.lea_code);
	if (r >= 0 && placing->sum.planned)
		r = err_set(err, -EALREADY,
			    "Something is planned for the device already, as its placement "
			    "%" PRId64 "; cancel that first.",
			    placing->sum.planned);
	placement->status = PLACEMENT_PLANNED;
	return r < 0 ? r : placing_check(placing, placement, err);
}

int act_place(const struct moment *moment, const struct actor *actor, const struct place_wish *wish,
	      int64_t *ret_number, struct err *err)
{
	_cleanup_(placing_close) struct placing placing = { 0 };
	_cleanup_(placement_done) struct placement placement = { 0 };
	const char *from;
	int r = open_asked(moment, actor, wish->device_id, &placing, err);

	if (r < 0)
		return r;
	from = placing.before.site_code;
	if (wish->site_code && strcmp(wish->site_code, from) != 0)
		r = may_at_other(moment->store, actor, wish->site_code, err);
	if (r >= 0)
		r = may_at(moment->store, actor,
			   placing_action(wish->kind, from,
					  wish->site_code ? wish->site_code : from, wish->has_role),
			   &placing.before, err);
	if (r >= 0)
		r = check_version(&placing, wish->version, err);
	if (r >= 0)
		r = read_wish(wish, actor, &placing, &placement, err);
	if (r >= 0)
		r = wish->on ? plan(&placing, &placement, err)
			     : placing_do(&placing, &placement, err);
	if (r >= 0)
		r = store_placement_add(moment->store, &placement, err);
	if (r >= 0)
		r = place_note(moment, actor, &placement, err);
	if (r >= 0)
		*ret_number = placement.number;
	return r;
}

/* --- taking it back ------------------------------------------------------------------------ */

static int find(const struct placing *placing, const struct place_end *end,
		struct placement *ret_placement, struct err *err)
{
	_cleanup_(placement_list_done) struct placement_list list = { 0 };
	const char *id = placing->before.id;
	int64_t number = end->is_plan ? placing->sum.planned : end->number;
	int r;

	if (end->is_plan && !number)
		return err_set(err, -EALREADY, "Nothing is planned for device %s.", id);
	if (number)
		return store_placement_get(placing->moment->store, id, number, ret_placement, err);
	r = store_placement_list(placing->moment->store, id, PLACEMENTS_SHOWN, &list, err);
	for (size_t i = 0; i < list.n_placements && r >= 0; i++) {
		if (list.placements[i].damage || list.placements[i].status != PLACEMENT_DONE ||
		    list.placements[i].turn != placing->sum.newest_turn)
			continue;
		*ret_placement = list.placements[i];
		list.placements[i] = (struct placement){ 0 };
		return 0;
	}
	return r < 0 ? r
		     : err_set(err, -EALREADY,
			       "Device %s was not moved, retired or restored; there is nothing to "
			       "undo.",
			       id);
}

/* The same at a site that they did not name, and may not know of. */
static int may_at_unnamed(struct store *store, const struct actor *actor, const char *site_code,
			  struct err *err)
{
	_cleanup_(asked_place_done) struct asked_place place = { 0 };
	int r = asked_place_of_site(store, site_code, &place, err);

	if (r < 0 || access_allows(actor->grants, MAY_MEND_DEVICES, &place.place))
		return r;
	return err_set(err, -EPERM,
		       "It was between two sites, and at one of them you may not change devices. "
		       "Ask somebody who may at both.");
}

/*
 * Whoever undoes it may do what it was, at both places. What is only planned concerns who has the
 * device: they may have it stay where it is, whoever wanted it, and wherever it was to go.
 */
static int may_end(const struct moment *moment, const struct actor *actor,
		   const struct placing *placing, const struct placement *placement,
		   struct err *err)
{
	const char *here = placing->before.site_code, *was = placement->was.site_code;
	const char *to = placement->to.site_code;
	bool is_plan = placement->status == PLACEMENT_PLANNED;
	bool is_role = is_plan ? placement->to.has_role : placement->to.role != placement->was.role;
	enum action action = placing_action(placement->kind, was, to, is_role);
	int r = may_at(moment->store, actor, action, &placing->before, err);

	if (r >= 0 && !is_plan && strcmp(was, here) != 0)
		r = may_at_unnamed(moment->store, actor, was, err);
	if (r >= 0 && !is_plan && strcmp(to, here) != 0)
		r = may_at_unnamed(moment->store, actor, to, err);
	return r;
}

static int end_it(struct placing *placing, const struct actor *actor, struct placement *placement,
		  struct err *err)
{
	int r = 0;

	if (placement->status == PLACEMENT_PLANNED)
		placement->status = PLACEMENT_CANCELLED;
	else
		r = placing_undo(placing, placement, err);
	placement->ended_ms = placing->moment->now_ms;
	free(placement->ended_by);
	placement->ended_by = copy(actor->who);
	return r < 0 ? r : store_placement_update(placing->moment->store, placement, err);
}

int act_place_end(const struct moment *moment, const struct actor *actor,
		  const struct place_end *end, int64_t *ret_number, struct err *err)
{
	_cleanup_(placing_close) struct placing placing = { 0 };
	_cleanup_(placement_done) struct placement placement = { 0 };
	int r = open_asked(moment, actor, end->device_id, &placing, err);

	if (r >= 0)
		r = find(&placing, end, &placement, err);
	if (r >= 0)
		r = may_end(moment, actor, &placing, &placement, err);
	if (r >= 0)
		r = check_version(&placing, end->version, err);
	if (r >= 0)
		r = end_it(&placing, actor, &placement, err);
	if (r >= 0)
		r = place_note(moment, actor, &placement, err);
	if (r >= 0)
		*ret_number = placement.number;
	return r;
}
