/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <string.h>

#include "collector/act/site_parts.h"
#include "collector/domain/site_text.h"
#include "collector/store/store_contact.h"
#include "common/base/mem.h"

void site_parts_done(struct site_parts *parts)
{
	for (size_t role = 0; role < CONTACT_ROLE_MAX_; role++) {
		for (size_t i = 0; i < CONTACT_TEXT_MAX_; i++)
			free((void *)parts->contacts[role].texts[i]);
	}
	free(parts->tracks);
	*parts = (struct site_parts){ 0 };
}

/* Take those of @roles out of @list. */
static void take_contacts(struct contact_list *list, unsigned roles, struct site_parts *parts)
{
	for (size_t role = 0; role < CONTACT_ROLE_MAX_; role++) {
		if (!(roles & 1U << role))
			continue;
		parts->contacts[role] = list->by[role];
		list->by[role] = (struct contact_person){ { NULL } };
	}
}

static int read_contacts(struct store *store, enum scope scope, const char *code, unsigned roles,
			 struct site_parts *parts, struct err *err)
{
	_cleanup_(contact_list_done) struct contact_list list = { 0 };
	int r = store_contact_list(store, scope, code, &list, err);

	if (r >= 0)
		take_contacts(&list, roles, parts);
	return r;
}

static void fill_up(struct site_parts *parts)
{
	for (size_t role = 0; role < CONTACT_ROLE_MAX_; role++) {
		for (size_t i = 0; i < CONTACT_TEXT_MAX_; i++) {
			if (!parts->contacts[role].texts[i])
				parts->contacts[role].texts[i] = xstrdup("");
		}
	}
	if (!parts->tracks)
		parts->tracks = xstrdup("");
}

int site_parts_read(struct store *store, const char *site_code, const char *lea_code,
		    const struct site_parts_wanted *wanted, struct site_parts *ret_parts,
		    struct err *err)
{
	_cleanup_(site_parts_done) struct site_parts parts = { 0 };
	int r = 0;

	if (wanted->contacts_of_site)
		r = read_contacts(store, SCOPE_SITE, site_code,
				  1U << CONTACT_COORDINATOR | 1U << CONTACT_TECHNOLOGY, &parts,
				  err);
	if (r >= 0 && wanted->contact_of_lea)
		r = read_contacts(store, SCOPE_LEA, lea_code, 1U << CONTACT_OF_LEA, &parts, err);
	if (r >= 0 && wanted->tracks)
		r = store_track_names(store, site_code, &parts.tracks, err);
	if (r < 0)
		return r;
	fill_up(&parts);
	*ret_parts = parts;
	parts = (struct site_parts){ 0 };
	return 0;
}

int site_contact_change(struct store *store, enum contact_role role, const char *code,
			const struct contact_person *before, const struct contact_person *said,
			struct err *err)
{
	struct contact_person after;

	for (size_t i = 0; i < CONTACT_TEXT_MAX_; i++)
		after.texts[i] = said->texts[i] ? said->texts[i] : before->texts[i];
	return store_contact_put(store, role, code, &after, err);
}

/* --- tracks ------------------------------------------------------------------------ */

struct tracks_pass {
	struct store *store;
	const struct site_tracks_change *change;
};

static int add_track(void *arg, const char *track, struct err *err)
{
	const struct tracks_pass *pass = arg;

	if (tracks_have(pass->change->before, track))
		return 0;
	return store_track_put(pass->store, pass->change->site_code, track, err);
}

static int drop_track(void *arg, const char *track, struct err *err)
{
	const struct tracks_pass *pass = arg;

	if (tracks_have(pass->change->after, track))
		return 0;
	return store_track_delete(pass->store, pass->change->site_code, track, err);
}

static int check_use(struct store *store, const struct site_tracks_change *change, struct err *err)
{
	_cleanup_(site_room_list_done) struct site_room_list rooms = { 0 };
	const char *track = change->window_track;
	int r;

	if (track[0] && !tracks_have(change->after, track))
		return err_set(err, -EINVAL,
			       "the site's window is of the track '%s', which is not among '%s'",
			       track, change->after);
	r = store_room_list(store, change->site_code, &rooms, err);
	for (size_t i = 0; i < rooms.n_rooms && r >= 0; i++) {
		track = rooms.rooms[i].track;
		if (track[0] && !tracks_have(change->after, track))
			return err_set(err, -EINVAL,
				       "the track '%s' of the room '%s' is not among '%s'; give "
				       "the room another one before",
				       track, rooms.rooms[i].name, change->after);
	}
	return r;
}

int site_tracks_change(struct store *store, const struct site_tracks_change *change,
		       struct err *err)
{
	struct tracks_pass pass = { store, change };
	int r = check_use(store, change, err);

	if (r >= 0)
		r = tracks_each(change->before, drop_track, &pass, err);
	return r < 0 ? r : tracks_each(change->after, add_track, &pass, err);
}
