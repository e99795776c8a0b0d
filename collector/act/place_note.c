/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <string.h>

#include "collector/act/act_audit.h"
#include "collector/act/asked.h"
#include "collector/act/place_note.h"
#include "common/base/civil.h"

static json_t *spot_json(const struct spot *spot)
{
	json_t *json =
		json_pack("{s:s, s:b}", "site", spot->site_code, "expected", spot->is_expected);

	if (spot->room)
		json_object_set_new(json, "room", json_string(spot->room));
	if (spot->has_role)
		json_object_set_new(json, "role", json_string(device_role_text(spot->role)));
	return json;
}

static json_t *after_json(const struct placement *placement)
{
	json_t *json = spot_json(&placement->to);
	char day[CIVIL_TEXT_SIZE];

	json_object_set_new(json, "placement", json_integer(placement->number));
	json_object_set_new(json, "kind", json_string(placement_kind_words[placement->kind]));
	json_object_set_new(json, "status", json_string(placement_status_words[placement->status]));
	if (placement->reason[0])
		json_object_set_new(json, "reason", json_string(placement->reason));
	if (placement->note[0])
		json_object_set_new(json, "note", json_string(placement->note));
	if (placement->on)
		json_object_set_new(json, "on", json_string(civil_text(placement->on, day)));
	if (placement->why[0])
		json_object_set_new(json, "why", json_string(placement->why));
	/* It went, and comes back where that is undone. */
	if (placement->line[0] && placement->status != PLACEMENT_FAILED)
		json_object_set_new(json, "line", json_loads(placement->line, 0, NULL));
	return json;
}

/* What a placement that was done is called in the log, and one that was undone. */
static const struct {
	enum audit_act done, undone;
} acts[] = {
	[PLACEMENT_MOVE] = { AUDIT_DEVICE_MOVED, AUDIT_DEVICE_MOVED },
	[PLACEMENT_RETIRE] = { AUDIT_DEVICE_RETIRED, AUDIT_DEVICE_RESTORED },
	[PLACEMENT_RESTORE] = { AUDIT_DEVICE_RESTORED, AUDIT_DEVICE_RETIRED },
};
static_assert(ARRAY_SIZE(acts) == PLACEMENT_KIND_MAX_, "every kind is written down");

static enum audit_act act_of(const struct placement *placement)
{
	switch (placement->status) {
	case PLACEMENT_PLANNED:
		return AUDIT_DEVICE_PLANNED;
	case PLACEMENT_CANCELLED:
		return AUDIT_DEVICE_PLAN_CANCELLED;
	case PLACEMENT_FAILED:
		return AUDIT_DEVICE_PLAN_FAILED;
	case PLACEMENT_UNDONE:
		return acts[placement->kind].undone;
	default:
		return acts[placement->kind].done;
	}
}

struct noting {
	const struct moment *moment;
	const struct actor *actor;
	const struct placement *placement;
	struct asked_place was, to; /* of now */
};

static void noting_done(struct noting *noting)
{
	asked_place_done(&noting->was);
	asked_place_done(&noting->to);
}

/*
 * One entry; two where the sites are of two LEAs, since who reads the log of one is told of the
 * other no more than that it is not in it.
 */
static int tell_sites(const struct noting *noting, struct audit_note *entry, json_t *before,
		      json_t *after, struct err *err)
{
	const struct moment *moment = noting->moment;
	bool is_two = strcmp(noting->was.lea_code, noting->to.lea_code) != 0;
	int r = 0;

	entry->lea_code = noting->was.lea_code;
	entry->site_code = noting->was.site_code;
	entry->before = before;
	if (is_two)
		r = act_audit(moment->store, noting->actor, entry, moment->now_ms, err);
	entry->lea_code = noting->to.lea_code;
	entry->site_code = noting->to.site_code;
	entry->before = is_two ? NULL : before;
	entry->after = after;
	return r < 0 ? r : act_audit(moment->store, noting->actor, entry, moment->now_ms, err);
}

/*
 * A plan failed since a site went to another LEA: who has the device now is told, and who had the
 * plan in their log; the LEA that only got the site never knew of it. Nobody is told of a place
 * that was not theirs.
 */
static int tell_leas(const struct noting *noting, struct audit_note *entry, json_t *before,
		     json_t *after, struct err *err)
{
	const struct moment *moment = noting->moment;
	const char *const leas[] = { noting->was.lea_code, noting->placement->was_lea,
				     noting->placement->to_lea };
	int r = 0;

	json_object_del(after, "site");
	json_object_del(after, "room");
	json_object_del(after, "note");
	entry->site_code = noting->was.site_code;
	entry->before = before;
	entry->after = after;
	for (size_t i = 0; i < ARRAY_SIZE(leas) && r >= 0; i++) {
		bool is_told = !leas[i][0];

		for (size_t j = 0; j < i; j++)
			is_told |= strcmp(leas[i], leas[j]) == 0;
		if (is_told)
			continue;
		entry->lea_code = leas[i];
		r = act_audit(moment->store, noting->actor, entry, moment->now_ms, err);
		entry->site_code = NULL;
		entry->before = NULL;
	}
	return r;
}

int place_note(const struct moment *moment, const struct actor *actor,
	       const struct placement *placement, struct err *err)
{
	_cleanup_(noting_done) struct noting noting = { .moment = moment,
							.actor = actor,
							.placement = placement };
	struct audit_note entry = { .act = act_of(placement), .object = placement->device_id };
	int r = asked_place_of_site(moment->store, placement->was.site_code, &noting.was, err);

	if (r >= 0)
		r = asked_place_of_site(moment->store, placement->to.site_code, &noting.to, err);
	if (r >= 0) {
		json_t *before = spot_json(&placement->was), *after = after_json(placement);
		bool is_of_leas = placement_why_is_of_leas(placement->why);

		/* It was at the site that the device is back at. */
		if (placement->dropped)
			json_object_set_new(before, "dropped_line",
					    json_loads(placement->dropped, 0, NULL));
		r = (is_of_leas ? tell_leas : tell_sites)(&noting, &entry, before, after, err);
		json_decref(before);
		json_decref(after);
	}
	return r;
}
