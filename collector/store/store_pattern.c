/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>

#include "collector/store/store_site.h"
#include "common/base/mem.h"

static int read_pattern(struct db_rows *rows, struct pattern *ret_pattern, struct err *err)
{
	enum device_state state;

	if (device_state_parse(db_text(rows, 1), &state) < 0)
		return err_set(err, -EUCLEAN, "site_pattern has no state '%s'", db_text(rows, 1));
	*ret_pattern = (struct pattern){
		.room = xstrdup(db_text(rows, 0)),
		.state = state,
		.results = xstrdup(db_text(rows, 2)),
		.n = db_int(rows, 3),
	};
	return 0;
}

int store_site_patterns(struct store *store, const char *code, const char *profile_version,
			struct pattern_list *ret_list, struct err *err)
{
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	struct pattern_list list = { 0 };
	size_t room = 0;
	int r = db_query(store->db,
			 "SELECT room, state, results, n FROM site_pattern WHERE site_code = $1 "
			 "AND profile_version = $2 ORDER BY room, state, results",
			 &rows, err, "tt", code, profile_version);

	while (r >= 0 && (r = db_next(rows, err)) > 0) {
		list.patterns =
			xgrow(list.patterns, list.n_patterns, &room, sizeof(*list.patterns));
		r = read_pattern(rows, &list.patterns[list.n_patterns], err);
		if (r >= 0)
			list.n_patterns++;
	}
	if (r < 0) {
		pattern_list_done(&list);
		return r;
	}
	*ret_list = list;
	return 0;
}

void pattern_list_done(struct pattern_list *list)
{
	for (size_t i = 0; i < list->n_patterns; i++) {
		free((void *)list->patterns[i].room);
		free((void *)list->patterns[i].results);
	}
	free(list->patterns);
	*list = (struct pattern_list){ 0 };
}

int store_site_pattern_add(struct store *store, const char *code, const char *profile_version,
			   const struct pattern *pattern, int delta, struct err *err)
{
	const char *state = device_state_words[pattern->state];
	int r = db_exec(store->db,
			"INSERT INTO site_pattern (site_code, room, state, profile_version, "
			"results, n) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (site_code, room, "
			"state, profile_version, results) DO UPDATE SET "
			"n = site_pattern.n + excluded.n",
			NULL, err, "ttttti", code, pattern->room, state, profile_version,
			pattern->results, (int64_t)delta);

	if (r < 0 || delta > 0)
		return r;
	return db_exec(store->db,
		       "DELETE FROM site_pattern WHERE site_code = $1 AND room = $2 AND "
		       "state = $3 AND profile_version = $4 AND results = $5 AND n = 0",
		       NULL, err, "ttttt", code, pattern->room, state, profile_version,
		       pattern->results);
}

int store_site_waived(struct store *store, const char *code, int64_t *ret_n, struct err *err)
{
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	const char waived[] = { '%', result_letter(RESULT_WAIVED), '%', '\0' };
	int r = db_query(store->db,
			 "SELECT COALESCE(sum(n), 0) FROM site_pattern WHERE site_code = $1 AND "
			 "state = $2 AND results LIKE $3",
			 &rows, err, "ttt", code, device_state_words[STATE_READY_WITH_WARNINGS],
			 waived);

	if (r >= 0)
		r = db_next(rows, err);
	if (r > 0)
		*ret_n = db_int(rows, 0);
	return r < 0 ? r : 0;
}

int store_site_rooms(struct store *store, const char *code, struct room_list *ret_list,
		     struct err *err)
{
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	struct room_list list = { 0 };
	size_t room = 0;
	int r = db_query(store->db,
			 "SELECT room, sum(n), sum(CASE WHEN state IN ('ready', "
			 "'ready_with_warnings') THEN n ELSE 0 END) FROM site_pattern "
			 "WHERE site_code = $1 GROUP BY room ORDER BY room",
			 &rows, err, "t", code);

	while (r >= 0 && (r = db_next(rows, err)) > 0) {
		list.rooms = xgrow(list.rooms, list.n_rooms, &room, sizeof(*list.rooms));
		list.rooms[list.n_rooms++] = (struct room_count){
			.room = xstrdup(db_text(rows, 0)),
			.expected = db_int(rows, 1),
			.ready = db_int(rows, 2),
		};
	}
	if (r < 0) {
		room_list_done(&list);
		return r;
	}
	*ret_list = list;
	return 0;
}

void room_list_done(struct room_list *list)
{
	for (size_t i = 0; i < list->n_rooms; i++)
		free(list->rooms[i].room);
	free(list->rooms);
	*list = (struct room_list){ 0 };
}
