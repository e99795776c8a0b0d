/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Rooms of sites from files: from now on exactly the rooms of the file are declared at each site in
 * it. Devices name rooms as before.
 */

#include <jansson.h>

#include "collector/act/act_import.h"
#include "collector/act/actor.h"
#include "collector/domain/import_row.h"
#include "collector/store/store_room.h"

struct rooms_count {
	int64_t sites, rooms; /* of the file */
	int64_t added, changed, unchanged, removed;
};

struct rooms_import {
	struct store *store;
	const struct actor *actor; /* where they may not mend the inventory, there is no site */
	int64_t now_ms;
	/* Told of each row that cannot be. */
	void (*wrong)(void *arg, const struct room_row *row, enum room_column at, const char *why);
	/* NULL, or told of each change; @before is NULL of a new room, @after of one that goes. */
	void (*note)(void *arg, enum import_act act, const char *site_code,
		     const struct site_room *before, const struct site_room *after);
	void *arg;
	struct rooms_count count; /* of all so far */
};

/*
 * Take in all rooms of one site, which the @n rows name, with an entry in the audit log where
 * something changes. Of a site with a row that cannot be nothing is changed. An error is one of the
 * store.
 */
int rooms_import_take(struct rooms_import *import, const struct room_row *rows, size_t n,
		      struct err *err) _must_check_;
/* The same of all sites of @rows, which are sorted by site. */
int rooms_import_take_all(struct rooms_import *import, const struct room_row *rows, size_t n,
			  struct err *err) _must_check_;

/* [{"room", "track", "seats"}]: as the audit log has it; owned by the caller. */
json_t *site_rooms_json(const struct site_room_list *rooms) _must_check_;
json_t *site_room_json(const struct site_room *room) _must_check_; /* null for NULL */
