/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * What a site has besides its name: contacts, tracks and declared rooms; read and changed by files
 * and by people alike.
 */

#include <stdbool.h>

#include "collector/domain/contact_person.h"
#include "collector/store/store.h"
#include "collector/store/store_room.h"

/* What is not wanted is "". */
struct site_parts_wanted {
	bool contacts_of_site;
	bool contact_of_lea;
	bool tracks;
};
struct site_parts {
	struct contact_person contacts[CONTACT_ROLE_MAX_]; /* all texts are owned */
	char *tracks;                                      /* as tracks_read() makes them */
};
/* Of a site or LEA that is not there it has none. site_parts_done() *@ret_parts. */
int site_parts_read(struct store *store, const char *site_code, const char *lea_code,
		    const struct site_parts_wanted *wanted, struct site_parts *ret_parts,
		    struct err *err) _must_check_;
void site_parts_done(struct site_parts *parts);

/* @said over @before: what of it is NULL stays. */
int site_contact_change(struct store *store, enum contact_role role, const char *code,
			const struct contact_person *before, const struct contact_person *said,
			struct err *err) _must_check_;

struct site_tracks_change {
	const char *site_code;
	const char *before, *after; /* as tracks_read() makes them */
	const char *window_track;   /* "": none */
};
/* -EINVAL: a track that is not to be any more is the window's or a room's. */
int site_tracks_change(struct store *store, const struct site_tracks_change *change,
		       struct err *err) _must_check_;
