/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "collector/store/store_room.h"
#include "common/base/mem.h"

void site_room_list_done(struct site_room_list *list)
{
	for (size_t i = 0; i < list->n_rooms; i++) {
		free(list->rooms[i].name);
		free(list->rooms[i].track);
	}
	free(list->rooms);
	*list = (struct site_room_list){ 0 };
}

int store_room_list(struct store *store, const char *site_code, struct site_room_list *ret_list,
		    struct err *err)
{
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	struct site_room_list list = { 0 };
	size_t room = 0;
	int r = db_query(store->db,
			 "SELECT name, track, seats FROM room WHERE site_code = $1 ORDER BY name",
			 &rows, err, "t", site_code);

	while (r >= 0 && (r = db_next(rows, err)) > 0) {
		list.rooms = xgrow(list.rooms, list.n_rooms, &room, sizeof(*list.rooms));
		list.rooms[list.n_rooms++] = (struct site_room){
			.name = xstrdup(db_text(rows, 0)),
			.track = xstrdup(db_text(rows, 1)),
			.seats = db_int(rows, 2),
		};
	}
	if (r < 0) {
		site_room_list_done(&list);
		return r;
	}
	*ret_list = list;
	return 0;
}

int store_room_put(struct store *store, const char *site_code, const struct site_room *room,
		   struct err *err)
{
	return db_exec(store->db,
		       "INSERT INTO room (site_code, name, track, seats) VALUES ($1, $2, $3, $4) "
		       "ON CONFLICT (site_code, name) DO UPDATE SET track = excluded.track, "
		       "seats = excluded.seats",
		       NULL, err, "ttti", site_code, room->name, room->track, room->seats);
}

int store_room_delete(struct store *store, const char *site_code, const char *name, struct err *err)
{
	return db_exec(store->db, "DELETE FROM room WHERE site_code = $1 AND name = $2", NULL, err,
		       "tt", site_code, name);
}

int store_track_names(struct store *store, const char *site_code, char **ret_tracks,
		      struct err *err)
{
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	_cleanup_free_ char *tracks = NULL;
	const char *between = "";
	size_t size;
	FILE *out;
	int r = db_query(store->db, "SELECT name FROM track WHERE site_code = $1 ORDER BY name",
			 &rows, err, "t", site_code);

	if (r < 0)
		return r;
	out = open_memstream(&tracks, &size);
	if (!out)
		abort();
	while ((r = db_next(rows, err)) > 0) {
		fprintf(out, "%s%s", between, db_text(rows, 0));
		between = "; ";
	}
	fclose(out);
	if (r >= 0)
		*ret_tracks = TAKE_PTR(tracks);
	return r;
}

int store_track_put(struct store *store, const char *site_code, const char *name, struct err *err)
{
	return db_exec(store->db,
		       "INSERT INTO track (site_code, name) VALUES ($1, $2) "
		       "ON CONFLICT (site_code, name) DO NOTHING",
		       NULL, err, "tt", site_code, name);
}

int store_track_delete(struct store *store, const char *site_code, const char *name,
		       struct err *err)
{
	return db_exec(store->db, "DELETE FROM track WHERE site_code = $1 AND name = $2", NULL, err,
		       "tt", site_code, name);
}
