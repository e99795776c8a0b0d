/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Tracks of sites, and rooms that somebody declared; devices may name others. */

#include <stddef.h>
#include <stdint.h>

#include "collector/store/store.h"

struct site_room {
	char *name;
	char *track;   /* "": none */
	int64_t seats; /* negative: not known */
};
struct site_room_list {
	struct site_room *rooms; /* by name */
	size_t n_rooms;
};
void site_room_list_done(struct site_room_list *list);

/* The declared rooms of the site @code, by name. site_room_list_done() *@ret_list. */
int store_room_list(struct store *store, const char *site_code, struct site_room_list *ret_list,
		    struct err *err) _must_check_;
/* One more, or another track or number of seats. */
int store_room_put(struct store *store, const char *site_code, const struct site_room *room,
		   struct err *err) _must_check_;
/* It is not declared any more; devices that name it still do. */
int store_room_delete(struct store *store, const char *site_code, const char *name,
		      struct err *err) _must_check_;

/* The names of the site's tracks as tracks_read() makes them; owned by the caller. */
int store_track_names(struct store *store, const char *site_code, char **ret_tracks,
		      struct err *err) _must_check_;
int store_track_put(struct store *store, const char *site_code, const char *name,
		    struct err *err) _must_check_;
int store_track_delete(struct store *store, const char *site_code, const char *name,
		       struct err *err) _must_check_;
