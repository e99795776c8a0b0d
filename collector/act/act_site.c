/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "collector/act/act_audit.h"
#include "collector/act/act_import_rooms.h"
#include "collector/act/act_profile.h"
#include "collector/act/act_site.h"
#include "collector/act/audit_diff.h"
#include "collector/act/site_parts.h"
#include "collector/store/store_lea.h"
#include "common/base/mem.h"

/* A site while it is changed. */
struct changing {
	struct store *store;
	const struct site_change *change;
	int64_t now_ms;
	struct site site, after;
	struct site_about about, about_after;
};

static void changing_done(struct changing *changing)
{
	site_done(&changing->site);
	site_done(&changing->after);
	site_about_done(&changing->about);
	site_about_done(&changing->about_after);
}

/* What is elsewhere and what is nowhere is said alike. */
static int may_change(const struct actor *actor, const struct changing *changing, struct err *err)
{
	const struct site_change *change = changing->change;
	const struct place state = { .scope = SCOPE_STATE };
	const struct place place = { SCOPE_SITE, changing->site.lea_code, changing->site.code };
	int r;

	if (!access_allows(actor->grants, MAY_SEE, &place))
		return err_set(err, -ENOENT, "no site has the code '%s'", change->code);
	r = access_check(actor->grants, MAY_MEND_INVENTORY, &place, err);
	if (r >= 0 && (change->name || change->zone || change->lea_code))
		r = access_check(actor->grants, MAY_MEND_SITES, &state, err);
	return r;
}

/* --- name, zone and LEA -------------------------------------------------------------- */

static int put_site(struct changing *changing, struct err *err)
{
	const struct site_change *change = changing->change;
	const struct site *old = &changing->site;
	const struct audience audience = { SCOPE_SITE, change->code };
	bool has_moved = change->lea_code && strcmp(change->lea_code, old->lea_code) != 0;
	_cleanup_(lea_done) struct lea lea = { 0 };
	struct reach reach = { 0 };
	/* Nothing of it is freed: all texts are borrowed. */
	struct site site = {
		.code = (char *)change->code,
		.name = (char *)(change->name ? change->name : old->name),
		.lea_code = old->lea_code,
		.lea_name = old->lea_name,
		.zone = (char *)(change->zone ? change->zone : old->zone),
	};
	int r = 0;

	if (has_moved) {
		r = store_lea_get(changing->store, &sight_of_all, change->lea_code, &lea, err);
		if (r == -ENOENT)
			r = -EINVAL;
		site.lea_code = lea.code;
		site.lea_name = lea.name;
	}
	if (r >= 0)
		r = store_site_put(changing->store, &site, err);
	if (r >= 0 && has_moved && old->has_window)
		r = act_compose(changing->store, old->window.profile_id, &audience,
				changing->now_ms, &reach, err);
	return r;
}

/* --- contacts, tracks and rooms ------------------------------------------------------ */

static int put_contacts(struct changing *changing, struct err *err)
{
	const struct site_change *change = changing->change;
	int r = 0;

	for (unsigned role = CONTACT_COORDINATOR; role <= CONTACT_TECHNOLOGY && r >= 0; role++) {
		if (change->has_contact[role])
			r = store_contact_put(changing->store, (enum contact_role)role,
					      change->code, &change->contacts[role], err);
	}
	return r;
}

static bool has_room(const struct site_room_list *rooms, const char *name)
{
	for (size_t i = 0; i < rooms->n_rooms; i++) {
		if (strcmp(rooms->rooms[i].name, name) == 0)
			return true;
	}
	return false;
}

static int put_rooms(struct changing *changing, const char *tracks, struct err *err)
{
	const struct site_room_list *old = &changing->about.rooms;
	const struct site_room_list *rooms = changing->change->rooms;
	const char *code = changing->change->code;
	int r = 0;

	for (size_t i = 0; rooms && i < rooms->n_rooms && r >= 0; i++) {
		const struct site_room *room = &rooms->rooms[i];

		if (room->track[0] && !tracks_have(tracks, room->track))
			return err_set(err, -EINVAL,
				       "The room '%s' has the track '%s', and the site has %s%s.",
				       room->name, room->track, tracks[0] ? "only " : "none",
				       tracks);
		r = store_room_put(changing->store, code, room, err);
	}
	for (size_t i = 0; rooms && i < old->n_rooms && r >= 0; i++) {
		if (!has_room(rooms, old->rooms[i].name))
			r = store_room_delete(changing->store, code, old->rooms[i].name, err);
	}
	return r;
}

static int put_tracks(struct changing *changing, struct err *err)
{
	const struct site *site = &changing->site;
	const struct site_tracks_change change = {
		.site_code = site->code,
		.before = changing->about.tracks,
		.after = changing->change->tracks,
		.window_track = site->has_window ? site->window.track : "",
	};

	return changing->change->tracks ? site_tracks_change(changing->store, &change, err) : 0;
}

/* --- the audit log ------------------------------------------------------------------- */

static json_t *about_json(const struct site *site, const struct site_about *about)
{
	return json_pack("{s:s, s:s, s:s, s:o, s:o, s:s, s:o}", "name", site->name, "zone",
			 site->zone, "lea", site->lea_code, "coordinator",
			 audit_contact(&about->contacts.by[CONTACT_COORDINATOR]), "technology",
			 audit_contact(&about->contacts.by[CONTACT_TECHNOLOGY]), "tracks",
			 about->tracks, "rooms", site_rooms_json(&about->rooms));
}

/* Two entries where the site went to another LEA: who reads the log of one sees none of another. */
static int note_change(const struct changing *changing, const struct actor *actor, struct err *err)
{
	const struct site *site = &changing->after;
	bool has_moved = strcmp(changing->site.lea_code, site->lea_code) != 0;
	json_t *before = about_json(&changing->site, &changing->about);
	json_t *after = about_json(site, &changing->about_after);
	struct audit_note entry = { .act = AUDIT_SITE_CHANGED,
				    .object = site->code,
				    .lea_code = changing->site.lea_code,
				    .site_code = site->code,
				    .before = before };
	int r = 0;

	audit_drop_same(before, after);
	if (has_moved)
		r = act_audit(changing->store, actor, &entry, changing->now_ms, err);
	entry.lea_code = site->lea_code;
	entry.before = has_moved ? NULL : before;
	entry.after = after;
	if (r >= 0)
		r = act_audit(changing->store, actor, &entry, changing->now_ms, err);
	json_decref(before);
	json_decref(after);
	return r;
}

/* --- all of it ----------------------------------------------------------------------- */

static int look(struct changing *changing, const struct actor *actor, struct err *err)
{
	const struct site_change *change = changing->change;
	int r = store_site_get(changing->store, change->code, &changing->site, err);

	if (r >= 0)
		r = may_change(actor, changing, err);
	if (r >= 0)
		r = site_about_read(changing->store, &changing->site, &changing->about, err);
	if (r >= 0 && change->version && strcmp(change->version, changing->about.version) != 0)
		return err_set(err, -ESTALE,
			       "The site was changed since it was read; read it again.");
	return r;
}

/* Tracks that are new come before the rooms of them, and those that go after. */
static int write_down(struct changing *changing, struct err *err)
{
	const struct site_change *change = changing->change;
	const char *tracks = change->tracks ? change->tracks : changing->about.tracks;
	int r = 0;

	if (change->name || change->zone || change->lea_code)
		r = put_site(changing, err);
	if (r >= 0)
		r = put_contacts(changing, err);
	if (r >= 0)
		r = put_rooms(changing, tracks, err);
	return r < 0 ? r : put_tracks(changing, err);
}

int act_site_change(struct store *store, const struct actor *actor,
		    const struct site_change *change, int64_t now_ms, struct err *err)
{
	_cleanup_(changing_done) struct changing changing = { .store = store,
							      .change = change,
							      .now_ms = now_ms };
	int r = look(&changing, actor, err);

	if (r >= 0)
		r = write_down(&changing, err);
	if (r >= 0)
		r = store_site_get(store, change->code, &changing.after, err);
	if (r >= 0)
		r = site_about_read(store, &changing.after, &changing.about_after, err);
	if (r < 0 || strcmp(changing.about.version, changing.about_after.version) == 0)
		return r;
	return note_change(&changing, actor, err);
}
