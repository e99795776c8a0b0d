/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "collector/domain/site_text.h"
#include "collector/view/site_words.h"

json_t *contact_words(const struct contact_person *person)
{
	json_t *json = json_object();
	bool is_there = false;

	for (size_t i = 0; i < CONTACT_TEXT_MAX_; i++) {
		is_there |= person->texts[i][0] != '\0';
		json_object_set_new(json, contact_text_words[i], view_text(person->texts[i]));
	}
	if (is_there)
		return json;
	json_decref(json);
	return json_null();
}

json_t *site_contact_words(const struct contact_list *contacts)
{
	return json_pack("{s:o, s:o, s:o}", "lea_coordinator",
			 contact_words(&contacts->by[CONTACT_OF_LEA]), "coordinator",
			 contact_words(&contacts->by[CONTACT_COORDINATOR]), "technology",
			 contact_words(&contacts->by[CONTACT_TECHNOLOGY]));
}

static int add_track(void *arg, const char *track, struct err *err)
{
	(void)err;
	return json_array_append_new(arg, view_text(track));
}

json_t *track_words(const char *tracks)
{
	json_t *json = json_array();

	(void)!tracks_each(tracks, add_track, json, NULL);
	return json;
}

static json_t *room(const struct room_count *count, const struct site_room *declared)
{
	const char *name = count ? count->room : declared ? declared->name : "";

	return json_pack("{s:o, s:I, s:I, s:b, s:o, s:o}", "room", view_text(name), "expected",
			 (json_int_t)(count ? count->expected : 0), "ready",
			 (json_int_t)(count ? count->ready : 0), "declared", declared != NULL,
			 "track", view_text(declared ? declared->track : ""), "seats",
			 declared && declared->seats >= 0 ? json_integer(declared->seats)
							  : json_null());
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct room_count *)a)->room, ((const struct room_count *)b)->room);
}

json_t *room_words(struct room_list *counts, const struct site_room_list *declared)
{
	json_t *json = json_array();
	size_t i = 0, j = 0;

	if (counts->n_rooms > 0)
		qsort(counts->rooms, counts->n_rooms, sizeof(*counts->rooms), by_name);
	while (i < counts->n_rooms || j < declared->n_rooms) {
		const struct room_count *count = i < counts->n_rooms ? &counts->rooms[i] : NULL;
		const struct site_room *own = j < declared->n_rooms ? &declared->rooms[j] : NULL;
		int order = count && own ? strcmp(count->room, own->name) : 0;

		/* The first of the two, or both where they are the same room. */
		if (order > 0)
			count = NULL;
		else if (order < 0)
			own = NULL;
		json_array_append_new(json, room(count, own));
		i += count != NULL;
		j += own != NULL;
	}
	return json;
}
