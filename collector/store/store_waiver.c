/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "collector/store/store_waiver.h"
#include "common/base/civil.h"
#include "common/base/mem.h"

#define WAIVER_ROW                                                                             \
	"id, profile_id, scope, scope_code, requirement, reason, who, until_day, created_ms, " \
	"revoked_ms, revoked_by"

void waiver_done(struct waiver *waiver)
{
	free(waiver->profile_id);
	free(waiver->scope_code);
	free(waiver->requirement);
	free(waiver->reason);
	free(waiver->who);
	free(waiver->revoked_by);
	*waiver = (struct waiver){ 0 };
}

void waiver_list_done(struct waiver_list *list)
{
	for (size_t i = 0; i < list->n_waivers; i++)
		waiver_done(&list->waivers[i]);
	free(list->waivers);
	*list = (struct waiver_list){ 0 };
}

static int read_row(struct db_rows *rows, struct waiver *ret_waiver, struct err *err)
{
	struct waiver waiver = { 0 };
	int r = civil_parse(db_text(rows, 7), &waiver.until, err);

	if (r < 0)
		return err_prefix(err, -EUCLEAN, "waiver %s", db_text(rows, 0));
	while (waiver.scope < SCOPE_MAX_ &&
	       strcmp(scope_words[waiver.scope], db_text(rows, 2)) != 0)
		waiver.scope++;
	if (waiver.scope == SCOPE_MAX_)
		return err_set(err, -EUCLEAN, "waiver %s: no scope '%s'", db_text(rows, 0),
			       db_text(rows, 2));
	snprintf(waiver.id, ID_SIZE, "%s", db_text(rows, 0));
	waiver.profile_id = xstrdup(db_text(rows, 1));
	waiver.scope_code = xstrdup(db_text(rows, 3));
	waiver.requirement = xstrdup(db_text(rows, 4));
	waiver.reason = xstrdup(db_text(rows, 5));
	waiver.who = xstrdup(db_text(rows, 6));
	waiver.created_ms = db_int(rows, 8);
	waiver.revoked_ms = db_int(rows, 9);
	waiver.revoked_by = xstrdup(db_text(rows, 10));
	*ret_waiver = waiver;
	return 0;
}

/* All rows that are left. */
static int read_list(struct db_rows *rows, struct waiver_list *ret_list, struct err *err)
{
	struct waiver_list list = { 0 };
	size_t room = 0;
	int r;

	while ((r = db_next(rows, err)) > 0) {
		if (list.n_waivers == room) {
			room = room ? room * 2 : 16;
			list.waivers = xreallocarray(list.waivers, room, sizeof(*list.waivers));
		}
		r = read_row(rows, &list.waivers[list.n_waivers], err);
		if (r < 0)
			break;
		list.n_waivers++;
	}
	if (r < 0) {
		waiver_list_done(&list);
		return r;
	}
	*ret_list = list;
	return 0;
}

int store_waiver_put(struct store *store, const struct waiver *waiver, struct err *err)
{
	char until[CIVIL_TEXT_SIZE];

	return db_exec(store->db,
		       "INSERT INTO waiver (" WAIVER_ROW
		       ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, NULLIF($10, 0), $11)",
		       NULL, err, "ttttttttiit", waiver->id, waiver->profile_id,
		       scope_words[waiver->scope], waiver->scope_code, waiver->requirement,
		       waiver->reason, waiver->who, civil_text(waiver->until, until),
		       waiver->created_ms, waiver->revoked_ms,
		       waiver->revoked_by ? waiver->revoked_by : "");
}

int store_waiver_get(struct store *store, const char *id, struct waiver *ret_waiver,
		     struct err *err)
{
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	int r = db_query(store->db, "SELECT " WAIVER_ROW " FROM waiver WHERE id = $1", &rows, err,
			 "t", id);

	if (r >= 0)
		r = db_next(rows, err);
	if (r == 0)
		return err_set(err, -ENOENT, "no waiver has the id '%.40s'; see waiver list", id);
	return r < 0 ? r : read_row(rows, ret_waiver, err);
}

int store_waiver_revoke(struct store *store, const char *id, const char *who, int64_t now_ms,
			struct err *err)
{
	_cleanup_(waiver_done) struct waiver waiver = { 0 };
	int r = store_waiver_get(store, id, &waiver, err);

	if (r < 0)
		return r;
	if (waiver.revoked_ms)
		return err_set(err, -EALREADY, "the waiver %.40s was revoked already, by %s", id,
			       waiver.revoked_by);
	return db_exec(store->db,
		       "UPDATE waiver SET revoked_ms = $2, revoked_by = $3 WHERE id = $1", NULL,
		       err, "tit", id, now_ms, who);
}

int store_waiver_list(struct store *store, const struct waiver_query *query,
		      struct waiver_list *ret_list, struct err *err)
{
#define LIST(condition)                                                                     \
	"SELECT " WAIVER_ROW " FROM waiver WHERE (created_ms, id) > ($1, $2)" condition " " \
	"AND ($4 = 1 OR revoked_ms IS NULL) ORDER BY created_ms, id LIMIT $3"
	static const char *const all = LIST("");
	static const char *const some = LIST(" AND profile_id = $5");
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	int r = db_query(store->db, query->profile_id ? some : all, &rows, err,
			 query->profile_id ? "itiit" : "itii",
			 query->after_id ? query->after_ms : INT64_MIN,
			 query->after_id ? query->after_id : "", (int64_t)query->limit,
			 (int64_t)query->with_revoked, query->profile_id);

	return r < 0 ? r : read_list(rows, ret_list, err);
}

int store_waiver_of(struct store *store, const char *profile_id, enum scope scope,
		    const char *scope_code, struct waiver_list *ret_list, struct err *err)
{
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	int r = db_query(store->db,
			 "SELECT " WAIVER_ROW " FROM waiver WHERE profile_id = $1 AND scope = $2 "
			 "AND scope_code = $3 AND revoked_ms IS NULL ORDER BY created_ms, id",
			 &rows, err, "ttt", profile_id, scope_words[scope], scope_code);

	return r < 0 ? r : read_list(rows, ret_list, err);
}

int store_waiver_sites(struct store *store, const struct waiver *waiver, int64_t *ret_n_sites,
		       int64_t *ret_n_too_short, struct err *err)
{
	/* Days are ISO text, so their order is that of the texts. */
#define SITES(condition)                                                                       \
	"SELECT count(*), COALESCE(sum(CASE WHEN w.last_day > $2 THEN 1 ELSE 0 END), 0) FROM " \
	"test_window w JOIN site s ON s.code = w.site_code WHERE w.profile_id = $1" condition
	static const char *const sqls[] = {
		[SCOPE_STATE] = SITES(" AND $3 = ''"),
		[SCOPE_LEA] = SITES(" AND s.lea_code = $3"),
		[SCOPE_SITE] = SITES(" AND s.code = $3"),
	};
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	char until[CIVIL_TEXT_SIZE];
	int r = db_query(store->db, sqls[waiver->scope], &rows, err, "ttt", waiver->profile_id,
			 civil_text(waiver->until, until), waiver->scope_code);

	if (r >= 0)
		r = db_next(rows, err);
	if (r > 0) {
		*ret_n_sites = db_int(rows, 0);
		*ret_n_too_short = db_int(rows, 1);
	}
	return r < 0 ? r : 0;
}

int store_waiver_count(struct store *store, const char *profile_id, int64_t *ret_n, struct err *err)
{
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	int r = db_query(store->db,
			 "SELECT count(*) FROM waiver WHERE profile_id = $1 AND revoked_ms IS NULL",
			 &rows, err, "t", profile_id);

	if (r >= 0)
		r = db_next(rows, err);
	if (r > 0)
		*ret_n = db_int(rows, 0);
	return r < 0 ? r : 0;
}
