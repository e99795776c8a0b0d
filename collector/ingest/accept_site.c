/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/domain/site_text.h"
#include "collector/domain/time_zone.h"
#include "collector/ingest/accept_site.h"
#include "common/base/mem.h"
#include "common/base/text.h"
#include "common/model/document.h"

#define BYTES_MAX ((size_t)256 * 1024)

static const struct document_limits limits = { .bytes = BYTES_MAX, .depth = 5 };

void accepted_site_done(struct accepted_site *site)
{
	site_room_list_done(&site->rooms);
	free(site->tracks);
	json_decref(site->json);
	*site = (struct accepted_site){ 0 };
}

/* A text as a file may have it: clean, and not "" but where @may_be_empty. */
static int read_text(const struct node *node, size_t max, bool may_be_empty, const char **ret_text,
		     char **pointer, struct err *err)
{
	_cleanup_free_ char *clean = NULL;
	const char *text = "";
	int r = node_text(node, max, &text, err);

	if (r >= 0) {
		clean = text_clean(text, strlen(text), max);
		if (strcmp(clean, text) != 0)
			r = node_error(
				node, err,
				"begins or ends with a space, or has a character that cannot "
				"be seen");
		else if (!text[0] && !may_be_empty)
			r = node_error(node, err, "empty");
	}
	if (r >= 0)
		*ret_text = text;
	return node_at(node, r, pointer);
}

/* Of a site or an LEA; what is not there stays NULL. */
static int read_name_and_zone(const struct node *root, const char **ret_name, const char **ret_zone,
			      char **pointer, struct err *err)
{
	struct node name = node_member(root, "name"), zone = node_member(root, "zone");
	int r = 0;

	if (name.value)
		r = read_text(&name, SITE_NAME_MAX, false, ret_name, pointer, err);
	if (r >= 0 && zone.value)
		r = read_text(&zone, SITE_WORD_MAX, false, ret_zone, pointer, err);
	if (r >= 0 && *ret_zone && !time_zone_is_known(*ret_zone))
		r = node_at(
			&zone,
			node_error(&zone, err,
				   "'%s' is no time zone; write one such as America/Los_Angeles",
				   *ret_zone),
			pointer);
	return r;
}

static int read_own(const struct node *root, struct site_change *change, char **pointer,
		    struct err *err)
{
	struct node lea = node_member(root, "lea");
	struct err why;
	int r = read_name_and_zone(root, &change->name, &change->zone, pointer, err);

	if (r >= 0 && lea.value)
		r = read_text(&lea, SITE_CODE_MAX, false, &change->lea_code, pointer, err);
	if (r >= 0 && change->lea_code && site_code_check(change->lea_code, &why) < 0)
		r = node_at(&lea, node_error(&lea, err, "%s", why.text), pointer);
	return r;
}

/* --- contacts ------------------------------------------------------------------------ */

static int read_contact(const struct node *node, struct contact_person *person, char **pointer,
			struct err *err)
{
	struct err why;
	int r = 0;

	for (size_t i = 0; i < CONTACT_TEXT_MAX_; i++)
		person->texts[i] = "";
	if (json_is_null(node->value))
		return 0;
	r = node_at(node, node_object(node, contact_text_words, err), pointer);
	for (unsigned i = 0; i < CONTACT_TEXT_MAX_ && r >= 0; i++) {
		struct node member = node_member(node, contact_text_words[i]);

		if (!member.value)
			continue;
		r = read_text(&member, CONTACT_BYTES_MAX, true, &person->texts[i], pointer, err);
		if (r >= 0 && person->texts[i][0] &&
		    contact_text_check((enum contact_text)i, person->texts[i], &why) < 0)
			r = node_at(&member, node_error(&member, err, "%s", why.text), pointer);
	}
	return r;
}

static int read_contacts(const struct node *root, struct site_change *change, char **pointer,
			 struct err *err)
{
	static const char *const names[] = { "coordinator", "technology", NULL };
	struct node contacts = node_member(root, "contacts");
	int r = node_at(&contacts, node_object(&contacts, names, err), pointer);

	for (unsigned i = 0; names[i] && r >= 0; i++) {
		struct node member = node_member(&contacts, names[i]);
		enum contact_role role = CONTACT_COORDINATOR + i;

		if (!member.value)
			continue;
		change->has_contact[role] = true;
		r = read_contact(&member, &change->contacts[role], pointer, err);
	}
	return r;
}

/* --- tracks and rooms ---------------------------------------------------------------- */

static int read_track(const struct node *node, bool may_be_empty, const char **ret_track,
		      char **pointer, struct err *err)
{
	int r = read_text(node, TRACK_NAME_MAX, may_be_empty, ret_track, pointer, err);

	if (r >= 0 && strchr(*ret_track, ';'))
		r = node_at(node, node_error(node, err, "a track has no ; in its name"), pointer);
	return r;
}

static int read_tracks(const struct node *root, struct accepted_site *site, char **pointer,
		       struct err *err)
{
	struct node list = node_member(root, "tracks");
	_cleanup_free_ char *tracks = xstrdup("");
	char sorted[TRACKS_BYTES];
	struct err why;
	size_t n = 0;
	int r = node_at(&list, node_list(&list, TRACKS_MAX, &n, err), pointer);

	for (size_t i = 0; r >= 0 && i < n; i++) {
		struct node item = node_item(&list, i);
		_cleanup_free_ char *before = tracks;
		const char *track = "";

		r = read_track(&item, false, &track, pointer, err);
		tracks = xasprintf("%s%s%s", before, i > 0 ? "; " : "", r < 0 ? "" : track);
	}
	if (r >= 0 && tracks_read(tracks, sorted, &why) < 0)
		r = node_at(&list, node_error(&list, err, "%s", why.text), pointer);
	if (r < 0)
		return r;
	site->tracks = xstrdup(sorted);
	site->change.tracks = site->tracks;
	return 0;
}

static int read_seats(const struct node *node, int64_t *ret_seats, char **pointer, struct err *err)
{
	json_int_t seats = json_integer_value(node->value);

	if (!node->value || json_is_null(node->value))
		return 0;
	if (!json_is_integer(node->value) || seats < 0 || seats > ROOM_SEATS_MAX)
		return node_at(node,
			       node_error(node, err, "expected a whole number of 0 to %d, or null",
					  ROOM_SEATS_MAX),
			       pointer);
	*ret_seats = seats;
	return 0;
}

static int read_room(const struct node *node, struct site_room_list *rooms, char **pointer,
		     struct err *err)
{
	static const char *const names[] = { "room", "track", "seats", NULL };
	struct node room_node = node_member(node, "room"), track_node = node_member(node, "track");
	struct node seats_node = node_member(node, "seats");
	const char *room = "", *track = "";
	int64_t seats = -1;
	int r = node_at(node, node_object(node, names, err), pointer);

	if (r >= 0)
		r = read_text(&room_node, ROOM_NAME_MAX, false, &room, pointer, err);
	if (r >= 0 && track_node.value)
		r = read_track(&track_node, true, &track, pointer, err);
	if (r >= 0)
		r = read_seats(&seats_node, &seats, pointer, err);
	if (r < 0)
		return r;
	rooms->rooms[rooms->n_rooms++] = (struct site_room){ xstrdup(room), xstrdup(track), seats };
	return 0;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct site_room *)a)->name, ((const struct site_room *)b)->name);
}

static int read_rooms(const struct node *root, struct accepted_site *site, char **pointer,
		      struct err *err)
{
	struct node list = node_member(root, "rooms");
	struct site_room_list *rooms = &site->rooms;
	size_t n = 0;
	int r = node_at(&list, node_list(&list, ROOMS_MAX, &n, err), pointer);

	if (r < 0)
		return r;
	rooms->rooms = xcalloc(n + 1, sizeof(*rooms->rooms));
	for (size_t i = 0; r >= 0 && i < n; i++) {
		struct node item = node_item(&list, i);

		r = read_room(&item, rooms, pointer, err);
	}
	if (r < 0)
		return r;
	qsort(rooms->rooms, rooms->n_rooms, sizeof(*rooms->rooms), by_name);
	for (size_t i = 1; i < rooms->n_rooms; i++) {
		if (strcmp(rooms->rooms[i - 1].name, rooms->rooms[i].name) == 0)
			return node_at(&list,
				       node_error(&list, err, "the room '%s' comes twice",
						  rooms->rooms[i].name),
				       pointer);
	}
	site->change.rooms = rooms;
	return 0;
}

static int read_site(const struct node *root, struct accepted_site *site, char **pointer,
		     struct err *err)
{
	static const char *const names[] = { "name",   "zone",  "lea", "contacts",
					     "tracks", "rooms", NULL };
	int r = node_at(root, node_object(root, names, err), pointer);

	if (r >= 0)
		r = read_own(root, &site->change, pointer, err);
	if (r >= 0 && node_member(root, "contacts").value)
		r = read_contacts(root, &site->change, pointer, err);
	if (r >= 0 && node_member(root, "tracks").value)
		r = read_tracks(root, site, pointer, err);
	if (r >= 0 && node_member(root, "rooms").value)
		r = read_rooms(root, site, pointer, err);
	return r;
}

int accept_site(const char *body, size_t len, struct accepted_site *ret_site, char **ret_pointer,
		struct err *err)
{
	struct node root = { .key = "" };
	json_t *json;
	int r = document_parse(body, len, &limits, &json, err);

	if (r < 0)
		return r;
	*ret_site = (struct accepted_site){ .json = json };
	root.value = json;
	r = read_site(&root, ret_site, ret_pointer, err);
	if (r < 0)
		accepted_site_done(ret_site);
	return r;
}

/* --- LEAs ------------------------------------------------------------------------------ */

void accepted_lea_done(struct accepted_lea *lea)
{
	json_decref(lea->json);
	*lea = (struct accepted_lea){ 0 };
}

static int read_lea(const struct node *root, struct lea_change *change, char **pointer,
		    struct err *err)
{
	static const char *const names[] = { "name", "zone", "coordinator", NULL };
	struct node coordinator = node_member(root, "coordinator");
	int r = node_at(root, node_object(root, names, err), pointer);

	if (r >= 0)
		r = read_name_and_zone(root, &change->name, &change->zone, pointer, err);
	if (r < 0 || !coordinator.value)
		return r;
	change->has_coordinator = true;
	return read_contact(&coordinator, &change->coordinator, pointer, err);
}

int accept_lea(const char *body, size_t len, struct accepted_lea *ret_lea, char **ret_pointer,
	       struct err *err)
{
	struct node root = { .key = "" };
	json_t *json;
	int r = document_parse(body, len, &limits, &json, err);

	if (r < 0)
		return r;
	*ret_lea = (struct accepted_lea){ .json = json };
	root.value = json;
	r = read_lea(&root, &ret_lea->change, ret_pointer, err);
	if (r < 0)
		accepted_lea_done(ret_lea);
	return r;
}
