/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "collector/store/sight_sql.h"
#include "collector/store/store_judged.h"
#include "common/base/mem.h"
#include "common/model/result.h"

#define LIKE_SIZE 4

/* What results with something waived are like. */
static const char *like_waived(char like[static LIKE_SIZE])
{
	snprintf(like, LIKE_SIZE, "%%%c%%", result_letter(RESULT_WAIVED));
	return like;
}

/* The one number of a query's one row. */
static int read_number(struct db_rows *rows, int64_t *ret_n, struct err *err)
{
	int r = db_next(rows, err);

	if (r > 0)
		*ret_n = db_int(rows, 0);
	return r;
}

int store_profile_reach(struct store *store, const struct sight *sight, const char *profile_id,
			struct profile_reach *ret_reach, struct err *err)
{
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	int r = db_query(store->db,
			 "SELECT count(*), count(r.site_code), COALESCE(sum(CASE WHEN r.site_code "
			 "IS NULL THEN 0 ELSE (SELECT count(*) FROM device d WHERE d.site_code = "
			 "r.site_code AND d.id > r.after_id AND d.facts_hash <> '') END), 0) "
			 "FROM test_window w JOIN site s ON s.code = w.site_code "
			 "LEFT JOIN rejudge r ON r.site_code = w.site_code "
			 "WHERE w.profile_id = $1 AND " SEES("s.lea_code", "s.code", "$2", "$3"),
			 &rows, err, "ttt", profile_id, SIGHT_VALUES(sight));

	if (r >= 0)
		r = db_next(rows, err);
	if (r > 0)
		*ret_reach = (struct profile_reach){ db_int(rows, 0),
						     { db_int(rows, 1), db_int(rows, 2) } };
	return r < 0 ? r : 0;
}

int store_site_left(struct store *store, const char *code, int64_t *ret_n, struct err *err)
{
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	int r = db_query(store->db,
			 "SELECT count(*) FROM rejudge r JOIN device d ON d.site_code = "
			 "r.site_code AND d.id > r.after_id AND d.facts_hash <> '' "
			 "WHERE r.site_code = $1",
			 &rows, err, "t", code);

	if (r >= 0)
		r = read_number(rows, ret_n, err);
	return r < 0 ? r : 0;
}

int store_version_made(struct store *store, const char *version, int64_t *ret_ms, struct err *err)
{
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	int r = db_query(store->db, "SELECT made_ms FROM profile_version WHERE version = $1", &rows,
			 err, "t", version);

	if (r >= 0)
		r = read_number(rows, ret_ms, err);
	if (r == 0)
		return err_set(err, -ENOENT, "no profile has the version '%.64s'", version);
	return r < 0 ? r : 0;
}

int store_lea_name(struct store *store, const char *code, char **ret_name, struct err *err)
{
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	int r = db_query(store->db, "SELECT name FROM lea WHERE code = $1", &rows, err, "t", code);

	if (r >= 0)
		r = db_next(rows, err);
	if (r == 0)
		return err_set(err, -ENOENT, "no LEA has the code '%.40s'", code);
	if (r < 0)
		return r;
	*ret_name = xstrdup(db_text(rows, 0));
	return 0;
}

int store_waived_list(struct store *store, const struct sight *sight, const char *profile_id,
		      struct waived_list *ret_list, struct err *err)
{
#define WAIVED(condition)                                                                        \
	"SELECT p.profile_version, p.results, sum(p.n) FROM test_window w JOIN site_pattern "    \
	"p ON p.site_code = w.site_code AND p.profile_version = w.profile_version WHERE "        \
	"p.results LIKE $1" condition                                                            \
	" AND ($3 IS NULL OR EXISTS (SELECT 1 FROM site s WHERE s.code = w.site_code AND " SEES( \
		"s.lea_code", "s.code", "$3", "$4") "))"                                         \
						    " GROUP BY p.profile_version, p.results "    \
						    "ORDER BY p.profile_version, p.results"
	static const char *const all = WAIVED(" AND $2 IS NULL");
	static const char *const some = WAIVED(" AND w.profile_id = $2");
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	struct waived_list list = { 0 };
	char like[LIKE_SIZE];
	size_t room = 0;
	int r = db_query(store->db, profile_id ? some : all, &rows, err, "tttt", like_waived(like),
			 profile_id, SIGHT_VALUES(sight));

	while (r >= 0 && (r = db_next(rows, err)) > 0) {
		struct waived_pattern *pattern;

		list.patterns =
			xgrow(list.patterns, list.n_patterns, &room, sizeof(*list.patterns));
		pattern = &list.patterns[list.n_patterns++];
		snprintf(pattern->version, HASH_SIZE, "%s", db_text(rows, 0));
		pattern->results = xstrdup(db_text(rows, 1));
		pattern->n = db_int(rows, 2);
	}
	if (r < 0) {
		waived_list_done(&list);
		return r;
	}
	*ret_list = list;
	return 0;
}

void waived_list_done(struct waived_list *list)
{
	for (size_t i = 0; i < list->n_patterns; i++)
		free(list->patterns[i].results);
	free(list->patterns);
	*list = (struct waived_list){ 0 };
}
