/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <string.h>

#include "collector/store/store_supplement.h"
#include "common/base/mem.h"

int store_supplement_put(struct store *store, const struct supplement *supplement, int64_t now_ms,
			 struct err *err)
{
	return db_exec(store->db,
		       "INSERT INTO supplement (profile_id, scope, scope_code, version, body, "
		       "published_ms) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (profile_id, "
		       "scope, scope_code) DO UPDATE SET version = excluded.version, "
		       "body = excluded.body, published_ms = excluded.published_ms",
		       NULL, err, "ttttti", supplement->profile_id, scope_words[supplement->scope],
		       supplement->scope_code, supplement->version, supplement->text, now_ms);
}

static int refuse(const char *profile_id, enum scope scope, const char *scope_code, struct err *err)
{
	return err_set(err, -ENOENT, "%s %.40s has no supplement to the profile '%.64s'",
		       scope == SCOPE_LEA ? "LEA" : "site", scope_code, profile_id);
}

int store_supplement_delete(struct store *store, const char *profile_id, enum scope scope,
			    const char *scope_code, struct err *err)
{
	int64_t n = 0;
	int r = db_exec(store->db,
			"DELETE FROM supplement WHERE profile_id = $1 AND scope = $2 AND "
			"scope_code = $3",
			&n, err, "ttt", profile_id, scope_words[scope], scope_code);

	return r >= 0 && n == 0 ? refuse(profile_id, scope, scope_code, err) : r;
}

/* Of a row of scope, scope_code and body. */
static int read_row(struct db_rows *rows, struct supplement **ret_supplement, struct err *err)
{
	const char *body = db_text(rows, 2);
	_cleanup_free_ char *name =
		xasprintf("the supplement of %s %s",
			  strcmp(db_text(rows, 0), scope_words[SCOPE_LEA]) == 0 ? "LEA" : "site",
			  db_text(rows, 1));
	int r = supplement_parse(body, strlen(body), name, ret_supplement, err);

	/* It was checked before it was stored, so it is no caller's fault. */
	return r < 0 ? err_prefix(err, -EUCLEAN,
				  "what is stored cannot be read (publish it anew, or take it back "
				  "with profile withdraw)")
		     : 0;
}

int store_supplement_get(struct store *store, const char *profile_id, enum scope scope,
			 const char *scope_code, struct supplement **ret_supplement,
			 struct err *err)
{
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	int r = db_query(store->db,
			 "SELECT scope, scope_code, body FROM supplement WHERE profile_id = $1 AND "
			 "scope = $2 AND scope_code = $3",
			 &rows, err, "ttt", profile_id, scope_words[scope], scope_code);

	if (r >= 0)
		r = db_next(rows, err);
	if (r == 0)
		return refuse(profile_id, scope, scope_code, err);
	return r < 0 ? r : read_row(rows, ret_supplement, err);
}

int store_supplement_places(struct store *store, const struct supplement_query *query,
			    struct supplement_place_list *ret_list, struct err *err)
{
	/* 'lea' is before 'site'. Each finds its rows by keys: who publishes one does not wait for
	 * all. */
#define PLACE_ROW                                                                   \
	"SELECT p.scope, p.scope_code, COALESCE(s.lea_code, p.scope_code) AS lea, " \
	"w.profile_id FROM supplement p LEFT JOIN site s ON p.scope = 'site' AND "  \
	"s.code = p.scope_code LEFT JOIN test_window w ON w.site_code = s.code "    \
	"AND w.profile_id = p.profile_id WHERE p.profile_id = $1"
	static const char *const sqls[] = {
		[SCOPE_STATE] = PLACE_ROW " AND $2 = '' ORDER BY lea, p.scope, p.scope_code",
		[SCOPE_LEA] = PLACE_ROW
		" AND p.scope = 'lea' AND p.scope_code = $2 UNION ALL " PLACE_ROW
		" AND p.scope = 'site' AND p.scope_code IN (SELECT code FROM site WHERE lea_code = "
		"$2) ORDER BY 3, 1, 2",
		[SCOPE_SITE] = PLACE_ROW " AND p.scope = 'site' AND p.scope_code = $2",
	};
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	struct supplement_place_list list = { 0 };
	size_t room = 0;
	int r = db_query(store->db, sqls[query->scope], &rows, err, "tt", query->profile_id,
			 query->code);

	while (r >= 0 && (r = db_next(rows, err)) > 0) {
		bool is_lea = strcmp(db_text(rows, 0), scope_words[SCOPE_LEA]) == 0;

		list.places = xgrow(list.places, list.n, &room, sizeof(*list.places));
		list.places[list.n++] = (struct supplement_place){
			.scope = is_lea ? SCOPE_LEA : SCOPE_SITE,
			.code = xstrdup(db_text(rows, 1)),
			.lea_code = xstrdup(db_text(rows, 2)),
			.is_judged = !db_is_null(rows, 3),
		};
	}
	if (r < 0) {
		supplement_place_list_done(&list);
		return r;
	}
	*ret_list = list;
	return 0;
}

void supplement_place_list_done(struct supplement_place_list *list)
{
	for (size_t i = 0; i < list->n; i++) {
		free(list->places[i].code);
		free(list->places[i].lea_code);
	}
	free(list->places);
	*list = (struct supplement_place_list){ 0 };
}

int store_supplement_count(struct store *store, const char *profile_id, int64_t *ret_n,
			   struct err *err)
{
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	int r = db_query(store->db, "SELECT count(*) FROM supplement WHERE profile_id = $1", &rows,
			 err, "t", profile_id);

	if (r >= 0)
		r = db_next(rows, err);
	if (r > 0)
		*ret_n = db_int(rows, 0);
	return r < 0 ? r : 0;
}
