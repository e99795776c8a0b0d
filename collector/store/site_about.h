/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * All that people say of a site, read at once: what they change of it they change from this.
 */

#include "collector/store/store_contact.h"
#include "collector/store/store_room.h"
#include "collector/store/store_site.h"

#define SITE_VERSION_SIZE 17

struct site_about {
	struct contact_list contacts; /* of the site, and of its LEA */
	char *tracks;                 /* as tracks_read() makes them */
	struct site_room_list rooms;  /* that are declared, in the order of strcmp() */
	/* Of this, but for the LEA's contact, and of name, zone and LEA; 16 hexadecimal digits. */
	char version[SITE_VERSION_SIZE];
};

/* site_about_done() *@ret_about. */
int site_about_read(struct store *store, const struct site *site, struct site_about *ret_about,
		    struct err *err) _must_check_;
void site_about_done(struct site_about *about);
