/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "collector/store/sight_sql.h"
#include "collector/store/store_conflict.h"
#include "common/base/mem.h"

const char *const conflict_kind_words[] = {
	[CONFLICT_FINGERPRINT] = "fingerprint",
	[CONFLICT_BOOTS] = "boots",
	[CONFLICT_ENROLLMENT] = "enrollment",
	[CONFLICT_KIND_MAX_] = NULL,
};
static_assert(ARRAY_SIZE(conflict_kind_words) == CONFLICT_KIND_MAX_ + 1, "every kind has a word");

const char *const conflict_resolution_words[] = {
	[RESOLUTION_NONE] = "",
	[RESOLUTION_TWO_DEVICES] = "two_devices",
	[RESOLUTION_REPAIRED] = "repaired",
	[RESOLUTION_IGNORE] = "ignore",
	[RESOLUTION_MAX_] = NULL,
};
static_assert(ARRAY_SIZE(conflict_resolution_words) == RESOLUTION_MAX_ + 1,
	      "every resolution has a word");

const char *const conflict_resolution_texts[] = {
	[RESOLUTION_NONE] = "Open: reports are kept, and the device counts as in conflict.",
	[RESOLUTION_TWO_DEVICES] =
		"They are two devices: the shared key ends, both machines enrol again by "
		"themselves where they have an enrolment key, and become devices of their own. "
		"This one is retired. Undo: it comes back with its key, in conflict; devices that "
		"enrolled meanwhile stay.",
	[RESOLUTION_REPAIRED] =
		"It is one device, repaired or set back: what it is now is what it is from now "
		"on. Undo: it is in conflict again, with the hardware that it had before.",
	[RESOLUTION_IGNORE] =
		"Both are accepted as this device from now on, each may have a key, and nothing "
		"more is asked. Undo: it is in conflict again.",
};
static_assert(ARRAY_SIZE(conflict_resolution_texts) == RESOLUTION_MAX_,
	      "every resolution says what it does");

#define CONFLICT_ROW                                                                         \
	"id, device_id, kind, explanation, opened_ms, before_fingerprint, now_fingerprint, " \
	"before_boot, now_boot, resolution, resolved_ms, resolved_by, key_hash, line_id"

void conflict_done(struct conflict *conflict)
{
	free(conflict->explanation);
	free(conflict->before_fingerprint);
	free(conflict->now_fingerprint);
	free(conflict->before_boot);
	free(conflict->now_boot);
	free(conflict->resolved_by);
	*conflict = (struct conflict){ 0 };
}

void conflict_list_done(struct conflict_list *list)
{
	for (size_t i = 0; i < list->n_conflicts; i++)
		conflict_done(&list->conflicts[i]);
	free(list->conflicts);
	*list = (struct conflict_list){ 0 };
}

/* The place of @word; -1: it is none of them. */
static int place_of(const char *const *words, const char *word)
{
	for (int i = 0; words[i]; i++) {
		if (strcmp(words[i], word) == 0)
			return i;
	}
	return -1;
}

static int read_row(struct db_rows *rows, struct conflict *ret_conflict, struct err *err)
{
	int kind = place_of(conflict_kind_words, db_text(rows, 2));
	int resolution = place_of(conflict_resolution_words, db_text(rows, 9));
	struct conflict conflict = { 0 };

	if (kind < 0 || resolution < 0)
		return err_set(err, -EUCLEAN, "conflict %s: no kind '%s' or resolution '%s'",
			       db_text(rows, 0), db_text(rows, 2), db_text(rows, 9));
	snprintf(conflict.id, sizeof(conflict.id), "%s", db_text(rows, 0));
	snprintf(conflict.device_id, sizeof(conflict.device_id), "%s", db_text(rows, 1));
	conflict.kind = (enum conflict_kind)kind;
	conflict.explanation = xstrdup(db_text(rows, 3));
	conflict.opened_ms = db_int(rows, 4);
	conflict.before_fingerprint = xstrdup(db_text(rows, 5));
	conflict.now_fingerprint = xstrdup(db_text(rows, 6));
	conflict.before_boot = xstrdup(db_text(rows, 7));
	conflict.now_boot = xstrdup(db_text(rows, 8));
	conflict.resolution = (enum conflict_resolution)resolution;
	conflict.resolved_ms = db_int(rows, 10);
	conflict.resolved_by = xstrdup(db_text(rows, 11));
	snprintf(conflict.key_hash, sizeof(conflict.key_hash), "%s", db_text(rows, 12));
	snprintf(conflict.line_id, sizeof(conflict.line_id), "%s", db_text(rows, 13));
	*ret_conflict = conflict;
	return 0;
}

int store_conflict_insert(struct store *store, const struct conflict *conflict, struct err *err)
{
	return db_exec(store->db,
		       "INSERT INTO conflict (" CONFLICT_ROW
		       ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, NULLIF($11, 0), $12, "
		       "NULLIF($13, ''), $14)",
		       NULL, err, "ttttitttttittt", conflict->id, conflict->device_id,
		       conflict_kind_words[conflict->kind], conflict->explanation,
		       conflict->opened_ms, conflict->before_fingerprint, conflict->now_fingerprint,
		       conflict->before_boot, conflict->now_boot,
		       conflict_resolution_words[conflict->resolution], conflict->resolved_ms,
		       conflict->resolved_by, conflict->key_hash, conflict->line_id);
}

int store_conflict_update(struct store *store, const struct conflict *conflict, struct err *err)
{
	return db_exec(store->db,
		       "UPDATE conflict SET resolution = $2, resolved_ms = NULLIF($3, 0), "
		       "resolved_by = $4, key_hash = NULLIF($5, ''), line_id = $6 WHERE id = $1",
		       NULL, err, "ttittt", conflict->id,
		       conflict_resolution_words[conflict->resolution], conflict->resolved_ms,
		       conflict->resolved_by, conflict->key_hash, conflict->line_id);
}

int store_conflict_get(struct store *store, const char *id, struct conflict *ret_conflict,
		       struct err *err)
{
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	int r = db_query(store->db, "SELECT " CONFLICT_ROW " FROM conflict WHERE id = $1", &rows,
			 err, "t", id);

	if (r >= 0)
		r = db_next(rows, err);
	if (r == 0)
		return err_set(err, -ENOENT, "no conflict has the id '%.40s'", id);
	return r < 0 ? r : read_row(rows, ret_conflict, err);
}

int store_conflict_newest(struct store *store, const char *device_id, char ret_id[static ID_SIZE],
			  struct err *err)
{
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	/* The open one was opened last, also where the clock was set back since. */
	int r = db_query(store->db,
			 "SELECT id FROM conflict WHERE device_id = $1 ORDER BY "
			 "CASE WHEN resolution = '' THEN 0 ELSE 1 END, opened_ms DESC, id DESC "
			 "LIMIT 1",
			 &rows, err, "t", device_id);

	if (r >= 0)
		r = db_next(rows, err);
	if (r > 0)
		snprintf(ret_id, ID_SIZE, "%s", db_text(rows, 0));
	return r;
}

/* The condition on the resolution by what is wanted: bit 0 open, bit 1 resolved. */
#define LIST(condition)                                                                      \
	"SELECT " CONFLICT_ROW " FROM conflict WHERE " condition                             \
	" AND (opened_ms, id) < ($1, $2) AND ($4 IS NULL OR EXISTS (SELECT 1 FROM device d " \
	"JOIN site s ON s.code = d.site_code WHERE d.id = device_id AND " SEES(              \
		"s.lea_code", "s.code", "$4", "$5") ")) ORDER BY opened_ms DESC, id DESC LIMIT $3"
static const char *const list_sqls[] = {
	LIST("1 = 0"),
	LIST("resolution = ''"),
	LIST("resolution <> ''"),
	LIST("1 = 1"),
};

int store_conflict_list(struct store *store, const struct conflict_query *query,
			struct conflict_list *ret_list, struct err *err)
{
	const char *sql = list_sqls[query->is_open_wanted + 2 * query->is_resolved_wanted];
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	struct conflict_list list = {
		.conflicts = xreallocarray(NULL, query->limit, sizeof(*list.conflicts)),
	};
	int r = db_query(store->db, sql, &rows, err, "ititt",
			 query->before_id ? query->before_ms : INT64_MAX,
			 query->before_id ? query->before_id : "", (int64_t)query->limit,
			 SIGHT_VALUES(query->sight));

	while (r >= 0 && (r = db_next(rows, err)) > 0 && list.n_conflicts < query->limit) {
		r = read_row(rows, &list.conflicts[list.n_conflicts], err);
		if (r >= 0)
			list.n_conflicts++;
	}
	if (r < 0) {
		conflict_list_done(&list);
		return r;
	}
	*ret_list = list;
	return 0;
}

int store_conflict_act_put(struct store *store, const char *conflict_id,
			   const struct conflict_act *act, struct err *err)
{
	return db_exec(store->db,
		       "INSERT INTO conflict_act (conflict_id, at_ms, who, act) "
		       "VALUES ($1, $2, $3, $4)",
		       NULL, err, "titt", conflict_id, act->at_ms, act->who, act->act);
}

int store_conflict_act_list(struct store *store, const char *conflict_id, size_t limit,
			    struct conflict_act_list *ret_list, struct err *err)
{
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	struct conflict_act_list list = { .acts = xreallocarray(NULL, limit, sizeof(*list.acts)) };
	int r = db_query(store->db,
			 "SELECT at_ms, who, act FROM conflict_act WHERE conflict_id = $1 "
			 "ORDER BY at_ms LIMIT $2",
			 &rows, err, "ti", conflict_id, (int64_t)limit);

	while (r >= 0 && (r = db_next(rows, err)) > 0 && list.n_acts < limit)
		list.acts[list.n_acts++] = (struct conflict_act){
			.at_ms = db_int(rows, 0),
			.who = xstrdup(db_text(rows, 1)),
			.act = xstrdup(db_text(rows, 2)),
		};
	if (r < 0) {
		conflict_act_list_done(&list);
		return r;
	}
	*ret_list = list;
	return 0;
}

void conflict_act_list_done(struct conflict_act_list *list)
{
	for (size_t i = 0; i < list->n_acts; i++) {
		free(list->acts[i].who);
		free(list->acts[i].act);
	}
	free(list->acts);
	*list = (struct conflict_act_list){ 0 };
}
