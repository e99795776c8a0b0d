/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "collector/act/act_audit.h"
#include "collector/act/act_import_rooms.h"
#include "collector/store/store_site.h"
#include "common/base/mem.h"

/* A site while its rooms are taken in. */
struct taking {
	struct rooms_import *import;
	struct site site;
	char *tracks;
	struct site_room_list old;
	bool *is_named; /* of each of these: the file has it */
};

static void taking_done(struct taking *taking)
{
	site_done(&taking->site);
	site_room_list_done(&taking->old);
	free(taking->tracks);
	free(taking->is_named);
}

json_t *site_room_json(const struct site_room *room)
{
	if (!room)
		return json_null();
	return json_pack("{s:s, s:s, s:o}", "room", room->name, "track", room->track, "seats",
			 room->seats < 0 ? json_null() : json_integer(room->seats));
}

json_t *site_rooms_json(const struct site_room_list *rooms)
{
	json_t *json = json_array();

	for (size_t i = 0; i < rooms->n_rooms; i++)
		json_array_append_new(json, site_room_json(&rooms->rooms[i]));
	return json;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct site_room *)a)->name, ((const struct site_room *)b)->name);
}

static int look(struct taking *taking, const struct room_row *row, struct err *err)
{
	struct store *store = taking->import->store;
	struct place place;
	int r = store_site_get(store, row->site_code, &taking->site, err);

	if (r < 0)
		return r;
	place = (struct place){ SCOPE_SITE, taking->site.lea_code, taking->site.code };
	/* What is elsewhere and what is nowhere is said alike. */
	if (!access_allows(taking->import->actor->grants, MAY_MEND_INVENTORY, &place))
		return err_set(err, -ENOENT, "no site has the code '%s'", row->site_code);
	r = store_track_names(store, row->site_code, &taking->tracks, err);
	if (r >= 0)
		r = store_room_list(store, row->site_code, &taking->old, err);
	if (r < 0)
		return r;
	/* A database may have an order of its own. */
	if (taking->old.n_rooms > 0)
		qsort(taking->old.rooms, taking->old.n_rooms, sizeof(*taking->old.rooms), by_name);
	taking->is_named = xcalloc(taking->old.n_rooms + 1, sizeof(*taking->is_named));
	return 0;
}

/* Whether all rows can be. */
static bool check_tracks(const struct taking *taking, const struct room_row *rows, size_t n)
{
	struct rooms_import *import = taking->import;
	bool is_right = true;

	for (size_t i = 0; i < n; i++) {
		_cleanup_free_ char *why = NULL;

		if (!rows[i].track || !rows[i].track[0] ||
		    tracks_have(taking->tracks, rows[i].track))
			continue;
		why = taking->tracks[0]
			      ? xasprintf("the site has no track '%s'; it has %s", rows[i].track,
					  taking->tracks)
			      : xasprintf(
					"the site has no track '%s', and no other; name its tracks "
					"first",
					rows[i].track);
		import->wrong(import->arg, &rows[i], ROOM_COLUMN_TRACK, why);
		is_right = false;
	}
	return is_right;
}

static void tell(const struct taking *taking, enum import_act act, const struct site_room *before,
		 const struct site_room *after)
{
	if (taking->import->note)
		taking->import->note(taking->import->arg, act, taking->site.code, before, after);
}

static int take_row(struct taking *taking, const struct room_row *row, struct err *err)
{
	struct rooms_count *count = &taking->import->count;
	const struct site_room wanted = { .name = (char *)row->room };
	const struct site_room *before =
		taking->old.n_rooms > 0 ? bsearch(&wanted, taking->old.rooms, taking->old.n_rooms,
						  sizeof(wanted), by_name)
					: NULL;
	/* Nothing of it is freed: all texts are borrowed. */
	const struct site_room after = {
		.name = (char *)row->room,
		.track = row->track ? (char *)row->track : (before ? before->track : (char *)""),
		.seats = row->has_seats ? row->seats : (before ? before->seats : -1),
	};

	if (before)
		taking->is_named[before - taking->old.rooms] = true;
	if (before && strcmp(before->track, after.track) == 0 && before->seats == after.seats) {
		count->unchanged++;
		return 0;
	}
	count->added += !before;
	count->changed += before != NULL;
	tell(taking, before ? IMPORT_CHANGED : IMPORT_NEW, before, &after);
	return store_room_put(taking->import->store, taking->site.code, &after, err);
}

static int remove_others(struct taking *taking, struct err *err)
{
	int r = 0;

	for (size_t i = 0; i < taking->old.n_rooms && r >= 0; i++) {
		if (taking->is_named[i])
			continue;
		taking->import->count.removed++;
		tell(taking, IMPORT_REMOVED, &taking->old.rooms[i], NULL);
		r = store_room_delete(taking->import->store, taking->site.code,
				      taking->old.rooms[i].name, err);
	}
	return r;
}

static int note_change(const struct taking *taking, struct err *err)
{
	struct rooms_import *import = taking->import;
	_cleanup_(site_room_list_done) struct site_room_list now = { 0 };
	json_t *before, *after;
	int r = store_room_list(import->store, taking->site.code, &now, err);

	if (r < 0)
		return r;
	before = json_pack("{s:o}", "rooms", site_rooms_json(&taking->old));
	after = json_pack("{s:o}", "rooms", site_rooms_json(&now));
	r = act_audit(import->store, import->actor,
		      &(struct audit_note){ .act = AUDIT_SITE_CHANGED,
					    .object = taking->site.code,
					    .lea_code = taking->site.lea_code,
					    .site_code = taking->site.code,
					    .before = before,
					    .after = after },
		      import->now_ms, err);
	json_decref(before);
	json_decref(after);
	return r;
}

static int64_t changes(const struct rooms_count *count)
{
	return count->added + count->changed + count->removed;
}

int rooms_import_take(struct rooms_import *import, const struct room_row *rows, size_t n,
		      struct err *err)
{
	_cleanup_(taking_done) struct taking taking = { .import = import };
	int64_t before = changes(&import->count);
	struct err why = { 0 };
	int r = look(&taking, &rows[0], &why);

	if (r == -ENOENT) {
		import->wrong(import->arg, &rows[0], ROOM_COLUMN_SITE, why.text);
		return 0;
	}
	if (r < 0)
		return err_set(err, r, "%s", why.text);
	if (!check_tracks(&taking, rows, n))
		return 0;
	import->count.sites++;
	import->count.rooms += (int64_t)n;
	for (size_t i = 0; i < n && r >= 0; i++)
		r = take_row(&taking, &rows[i], err);
	if (r >= 0)
		r = remove_others(&taking, err);
	return r < 0 || changes(&import->count) == before ? r : note_change(&taking, err);
}

int rooms_import_take_all(struct rooms_import *import, const struct room_row *rows, size_t n,
			  struct err *err)
{
	size_t n_site;
	int r = 0;

	for (size_t i = 0; i < n && r >= 0; i += n_site) {
		for (n_site = 1;
		     i + n_site < n && strcmp(rows[i].site_code, rows[i + n_site].site_code) == 0;)
			n_site++;
		r = rooms_import_take(import, &rows[i], n_site, err);
	}
	return r;
}
