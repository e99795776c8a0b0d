/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>

#include "collector/store/sight_sql.h"
#include "collector/store/store_lea.h"
#include "collector/store/store_site.h"
#include "common/base/mem.h"

/*
 * An LEA without sites is seen by who sees all of it, whose sites are summed where they are seen.
 * The counts are in the order of SITE_COUNT_COLUMNS.
 */
#define LEA_ROW                                                                              \
	"SELECT l.code, l.name, l.zone, count(s.code), COALESCE(sum(c.conflict), 0), "       \
	"COALESCE(sum(c.never_seen), 0), COALESCE(sum(c.stale), 0), "                        \
	"COALESCE(sum(c.not_ready), 0), COALESCE(sum(c.unknown), 0), "                       \
	"COALESCE(sum(c.ready_with_warnings), 0), COALESCE(sum(c.ready), 0), "               \
	"COALESCE(sum(c.browser_exempt), 0), COALESCE(sum(c.browser_current), 0), "          \
	"COALESCE(sum(c.unexpected), 0) FROM lea l LEFT JOIN site s ON s.lea_code = l.code " \
	"AND " SEES("s.lea_code", "s.code", "$1", "$2") " LEFT JOIN site_count c ON "        \
							"c.site_code = s.code "
#define LEA_SEEN                                                                                   \
	" GROUP BY l.code, l.name, l.zone HAVING count(s.code) > 0 OR " SEES("l.code", "''", "$1", \
									     "$2")

void lea_done(struct lea *lea)
{
	free(lea->code);
	free(lea->name);
	free(lea->zone);
	*lea = (struct lea){ 0 };
}

void lea_list_done(struct lea_list *list)
{
	for (size_t i = 0; i < list->n_leas; i++)
		lea_done(&list->leas[i]);
	free(list->leas);
	*list = (struct lea_list){ 0 };
}

static struct lea read_lea(struct db_rows *rows)
{
	struct lea lea = {
		.code = xstrdup(db_text(rows, 0)),
		.name = xstrdup(db_text(rows, 1)),
		.zone = xstrdup(db_text(rows, 2)),
		.n_sites = db_int(rows, 3),
	};

	site_count_read(rows, 4, &lea.count);
	return lea;
}

int store_lea_list(struct store *store, const struct lea_query *query, struct lea_list *ret_list,
		   struct err *err)
{
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	struct lea_list list = { 0 };
	size_t room = 0;
	int r = db_query(store->db,
			 LEA_ROW "WHERE l.code > $3 AND substr(l.code, 1, length($4)) = $4 AND "
				 "($5 = '' OR replace(lower(l.name), lower($5), '') <> "
				 "lower(l.name))" LEA_SEEN " ORDER BY l.code LIMIT $6",
			 &rows, err, "ttttti", SIGHT_VALUES(query->sight), query->after,
			 query->code, query->name, (int64_t)query->limit);

	while (r >= 0 && (r = db_next(rows, err)) > 0) {
		list.leas = xgrow(list.leas, list.n_leas, &room, sizeof(*list.leas));
		list.leas[list.n_leas++] = read_lea(rows);
	}
	if (r < 0) {
		lea_list_done(&list);
		return r;
	}
	*ret_list = list;
	return 0;
}

int store_lea_get(struct store *store, const struct sight *sight, const char *code,
		  struct lea *ret_lea, struct err *err)
{
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	int r = db_query(store->db, LEA_ROW "WHERE l.code = $3" LEA_SEEN, &rows, err, "ttt",
			 SIGHT_VALUES(sight), code);

	if (r >= 0)
		r = db_next(rows, err);
	if (r == 0)
		return err_set(err, -ENOENT, "no LEA has the code '%s'", code);
	if (r < 0)
		return r;
	*ret_lea = read_lea(rows);
	return 0;
}

int store_lea_update(struct store *store, const struct lea *lea, struct err *err)
{
	int64_t n = 0;
	int r = db_exec(store->db, "UPDATE lea SET name = $2, zone = $3 WHERE code = $1", &n, err,
			"ttt", lea->code, lea->name, lea->zone);

	return r >= 0 && n == 0 ? err_set(err, -ENOENT, "no LEA has the code '%s'", lea->code) : r;
}

int store_lea_move_sites(struct store *store, const char *code, const char *from_zone,
			 const char *to_zone, int64_t *ret_n, struct err *err)
{
	return db_exec(store->db, "UPDATE site SET zone = $3 WHERE lea_code = $1 AND zone = $2",
		       ret_n, err, "ttt", code, from_zone, to_zone);
}
