/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/store/site_about.h"
#include "common/base/id.h"
#include "common/base/mem.h"

void site_about_done(struct site_about *about)
{
	contact_list_done(&about->contacts);
	site_room_list_done(&about->rooms);
	free(about->tracks);
	*about = (struct site_about){ 0 };
}

static void put_text(FILE *out, const char *text)
{
	fprintf(out, "%zu:%s,", strlen(text), text);
}

static void make_version(const struct site *site, struct site_about *about)
{
	_cleanup_free_ char *text = NULL;
	char hash[HASH_SIZE];
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		abort();
	put_text(out, site->name);
	put_text(out, site->zone);
	put_text(out, site->lea_code);
	for (unsigned role = CONTACT_COORDINATOR; role <= CONTACT_TECHNOLOGY; role++) {
		for (size_t i = 0; i < CONTACT_TEXT_MAX_; i++)
			put_text(out, about->contacts.by[role].texts[i]);
	}
	put_text(out, about->tracks);
	for (size_t i = 0; i < about->rooms.n_rooms; i++) {
		put_text(out, about->rooms.rooms[i].name);
		put_text(out, about->rooms.rooms[i].track);
		fprintf(out, "%" PRId64 ",", about->rooms.rooms[i].seats);
	}
	fclose(out);
	hash_hex(text, size, hash);
	snprintf(about->version, sizeof(about->version), "%.16s", hash);
}

static int read_contacts(struct store *store, const struct site *site, struct contact_list *list,
			 struct err *err)
{
	_cleanup_(contact_list_done) struct contact_list of_lea = { 0 };
	int r = store_contact_list(store, SCOPE_SITE, site->code, list, err);

	if (r >= 0)
		r = store_contact_list(store, SCOPE_LEA, site->lea_code, &of_lea, err);
	if (r >= 0) {
		struct contact_person empty = list->by[CONTACT_OF_LEA];

		list->by[CONTACT_OF_LEA] = of_lea.by[CONTACT_OF_LEA];
		of_lea.by[CONTACT_OF_LEA] = empty;
	}
	return r;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct site_room *)a)->name, ((const struct site_room *)b)->name);
}

int site_about_read(struct store *store, const struct site *site, struct site_about *ret_about,
		    struct err *err)
{
	_cleanup_(site_about_done) struct site_about about = { 0 };
	int r = read_contacts(store, site, &about.contacts, err);

	if (r >= 0)
		r = store_track_names(store, site->code, &about.tracks, err);
	if (r >= 0)
		r = store_room_list(store, site->code, &about.rooms, err);
	if (r < 0)
		return r;
	/* A database may have an order of its own. */
	if (about.rooms.n_rooms > 0)
		qsort(about.rooms.rooms, about.rooms.n_rooms, sizeof(*about.rooms.rooms), by_name);
	make_version(site, &about);
	*ret_about = about;
	about = (struct site_about){ 0 };
	return 0;
}
