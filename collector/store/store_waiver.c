/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "collector/store/store_waiver.h"
#include "common/base/civil.h"
#include "common/base/mem.h"
#include "common/model/result.h"

#define WAIVER_ROW                                                                             \
	"id, profile_id, scope, scope_code, requirement, reason, who, until_day, created_ms, " \
	"revoked_ms, revoked_by, status, proposed_by, proposer_id, decided_ms, decided_by, "   \
	"decline_reason"

const char *const waiver_status_words[] = {
	[WAIVER_STATUS_GIVEN] = "given",       [WAIVER_STATUS_PROPOSED] = "proposed",
	[WAIVER_STATUS_DECLINED] = "declined", [WAIVER_STATUS_WITHDRAWN] = "withdrawn",
	[WAIVER_STATUS_REVOKED] = "revoked",   [WAIVER_STATUS_MAX_] = NULL,
};

void waiver_done(struct waiver *waiver)
{
	free(waiver->profile_id);
	free(waiver->scope_code);
	free(waiver->requirement);
	free(waiver->reason);
	free(waiver->who);
	free(waiver->revoked_by);
	free(waiver->proposed_by);
	free(waiver->proposer_id);
	free(waiver->decided_by);
	free(waiver->decline_reason);
	*waiver = (struct waiver){ 0 };
}

void waiver_list_done(struct waiver_list *list)
{
	for (size_t i = 0; i < list->n_waivers; i++)
		waiver_done(&list->waivers[i]);
	free(list->waivers);
	*list = (struct waiver_list){ 0 };
}

/* The place of @word in @words, which NULL ends; that of the NULL if it is not there. */
static unsigned find_word(const char *const *words, const char *word)
{
	unsigned i = 0;

	while (words[i] && strcmp(words[i], word) != 0)
		i++;
	return i;
}

static int read_row(struct db_rows *rows, struct waiver *ret_waiver, struct err *err)
{
	struct waiver waiver = { 0 };
	int r = civil_parse(db_text(rows, 7), &waiver.until, err);

	if (r < 0)
		return err_prefix(err, -EUCLEAN, "waiver %s", db_text(rows, 0));
	waiver.scope = (enum scope)find_word(scope_words, db_text(rows, 2));
	if (waiver.scope == SCOPE_MAX_)
		return err_set(err, -EUCLEAN, "waiver %s: no scope '%s'", db_text(rows, 0),
			       db_text(rows, 2));
	waiver.status = (enum waiver_status)find_word(waiver_status_words, db_text(rows, 11));
	if (waiver.status == WAIVER_STATUS_MAX_)
		return err_set(err, -EUCLEAN, "waiver %s: no status '%s'", db_text(rows, 0),
			       db_text(rows, 11));
	snprintf(waiver.id, ID_SIZE, "%s", db_text(rows, 0));
	waiver.profile_id = xstrdup(db_text(rows, 1));
	waiver.scope_code = xstrdup(db_text(rows, 3));
	waiver.requirement = xstrdup(db_text(rows, 4));
	waiver.reason = xstrdup(db_text(rows, 5));
	waiver.who = xstrdup(db_text(rows, 6));
	waiver.created_ms = db_int(rows, 8);
	waiver.revoked_ms = db_int(rows, 9);
	waiver.revoked_by = xstrdup(db_text(rows, 10));
	waiver.proposed_by = xstrdup(db_text(rows, 12));
	waiver.proposer_id = xstrdup(db_text(rows, 13));
	waiver.decided_ms = db_int(rows, 14);
	waiver.decided_by = xstrdup(db_text(rows, 15));
	waiver.decline_reason = xstrdup(db_text(rows, 16));
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
		list.waivers = xgrow(list.waivers, list.n_waivers, &room, sizeof(*list.waivers));
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

static const char *or_empty(const char *text)
{
	return text ? text : "";
}

int store_waiver_put(struct store *store, const struct waiver *waiver, struct err *err)
{
	char until[CIVIL_TEXT_SIZE];

	return db_exec(store->db,
		       "INSERT INTO waiver (" WAIVER_ROW
		       ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, NULLIF($10, 0), $11, $12, "
		       "$13, $14, NULLIF($15, 0), $16, $17)",
		       NULL, err, "ttttttttiittttitt", waiver->id, waiver->profile_id,
		       scope_words[waiver->scope], waiver->scope_code, waiver->requirement,
		       waiver->reason, waiver->who, civil_text(waiver->until, until),
		       waiver->created_ms, waiver->revoked_ms, or_empty(waiver->revoked_by),
		       waiver_status_words[waiver->status], or_empty(waiver->proposed_by),
		       or_empty(waiver->proposer_id), waiver->decided_ms,
		       or_empty(waiver->decided_by), or_empty(waiver->decline_reason));
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

int store_waiver_set(struct store *store, const struct waiver *waiver, struct err *err)
{
	char until[CIVIL_TEXT_SIZE];

	return db_exec(
		store->db,
		"UPDATE waiver SET who = $2, until_day = $3, status = $4, revoked_ms = "
		"NULLIF($5, 0), revoked_by = $6, decided_ms = NULLIF($7, 0), decided_by = $8, "
		"decline_reason = $9 WHERE id = $1",
		NULL, err, "ttttititt", waiver->id, waiver->who, civil_text(waiver->until, until),
		waiver_status_words[waiver->status], waiver->revoked_ms,
		or_empty(waiver->revoked_by), waiver->decided_ms, or_empty(waiver->decided_by),
		or_empty(waiver->decline_reason));
}

int store_waiver_same(struct store *store, const struct waiver *waiver, struct waiver *ret_waiver,
		      struct err *err)
{
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	int r = db_query(store->db,
			 "SELECT " WAIVER_ROW " FROM waiver WHERE profile_id = $1 AND requirement "
			 "= $2 AND scope = $3 AND scope_code = $4 AND status = 'proposed'",
			 &rows, err, "tttt", waiver->profile_id, waiver->requirement,
			 scope_words[waiver->scope], waiver->scope_code);

	if (r >= 0)
		r = db_next(rows, err);
	if (r == 0)
		return err_set(err, -ENOENT, "nobody proposed to waive %.64s there",
			       waiver->requirement);
	return r < 0 ? r : read_row(rows, ret_waiver, err);
}

int store_waiver_list(struct store *store, const struct waiver_query *query,
		      struct waiver_list *ret_list, struct err *err)
{
#define LIST(condition)                                                                     \
	"SELECT " WAIVER_ROW " FROM waiver WHERE (created_ms, id) > ($1, $2)" condition " " \
	"AND ($4 IS NULL OR status = $4) ORDER BY created_ms, id LIMIT $3"
	static const char *const all = LIST("");
	static const char *const some = LIST(" AND profile_id = $5");
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	int r = db_query(
		store->db, query->profile_id ? some : all, &rows, err,
		query->profile_id ? "ititt" : "itit", query->after_id ? query->after_ms : INT64_MIN,
		query->after_id ? query->after_id : "", (int64_t)query->limit,
		query->is_any ? NULL : waiver_status_words[query->status], query->profile_id);

	return r < 0 ? r : read_list(rows, ret_list, err);
}

int store_waiver_of(struct store *store, const char *profile_id, enum scope scope,
		    const char *scope_code, struct waiver_list *ret_list, struct err *err)
{
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	int r = db_query(store->db,
			 "SELECT " WAIVER_ROW " FROM waiver WHERE profile_id = $1 AND scope = $2 "
			 "AND scope_code = $3 AND status = 'given' ORDER BY created_ms, id",
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
			 "SELECT count(*) FROM waiver WHERE profile_id = $1 AND status = 'given'",
			 &rows, err, "t", profile_id);

	if (r >= 0)
		r = db_next(rows, err);
	if (r > 0)
		*ret_n = db_int(rows, 0);
	return r < 0 ? r : 0;
}

int store_waiver_forget(struct store *store, int64_t before_ms, size_t limit, int64_t *ret_n,
			struct err *err)
{
	/* When it ended: declined, or else withdrawn. */
	return db_exec(
		store->db,
		"DELETE FROM waiver WHERE id IN (SELECT id FROM waiver WHERE status IN "
		"('declined', 'withdrawn') AND COALESCE(revoked_ms, decided_ms) < $1 ORDER BY "
		"created_ms, id LIMIT $2)",
		ret_n, err, "ii", before_ms, (int64_t)limit);
}

/* --- what it would reach -------------------------------------------------------------- */

void waiver_pattern_list_done(struct waiver_pattern_list *list)
{
	for (size_t i = 0; i < list->n_patterns; i++)
		free(list->patterns[i].results);
	free(list->patterns);
	*list = (struct waiver_pattern_list){ 0 };
}

static int read_pattern(struct db_rows *rows, struct waiver_pattern *ret_pattern, struct err *err)
{
	struct waiver_pattern pattern = { 0 };
	int r = civil_parse(db_text(rows, 1), &pattern.last_day, err);

	if (r < 0)
		return err_prefix(err, -EUCLEAN, "a window");
	pattern.state = (enum device_state)find_word(device_state_words, db_text(rows, 3));
	if (pattern.state == STATE_MAX_)
		return err_set(err, -EUCLEAN, "a pattern: no state '%s'", db_text(rows, 3));
	snprintf(pattern.version, HASH_SIZE, "%s", db_text(rows, 0));
	pattern.is_current = db_int(rows, 2) != 0;
	pattern.results = xstrdup(db_text(rows, 4));
	pattern.n = db_int(rows, 5);
	*ret_pattern = pattern;
	return 0;
}

int store_waiver_patterns(struct store *store, const struct waiver *waiver,
			  struct waiver_pattern_list *ret_list, struct err *err)
{
#define PATTERNS(condition)                                                                      \
	"SELECT w.profile_version, w.last_day, CASE WHEN p.profile_version = w.profile_version " \
	"THEN 1 ELSE 0 END AS is_current, COALESCE(p.state, 'never_seen') AS state, "            \
	"COALESCE(p.results, '') AS results, COALESCE(sum(p.n), 0) FROM test_window w JOIN "     \
	"site s ON s.code = w.site_code LEFT JOIN site_pattern p ON p.site_code = s.code WHERE " \
	"w.profile_id = $1" condition " GROUP BY 1, 2, 3, 4, 5 ORDER BY 1"
	static const char *const sqls[] = {
		[SCOPE_STATE] = PATTERNS(" AND $2 = ''"),
		[SCOPE_LEA] = PATTERNS(" AND s.lea_code = $2"),
		[SCOPE_SITE] = PATTERNS(" AND s.code = $2"),
	};
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	struct waiver_pattern_list list = { 0 };
	size_t room = 0;
	int r = db_query(store->db, sqls[waiver->scope], &rows, err, "tt", waiver->profile_id,
			 waiver->scope_code);

	while (r >= 0 && (r = db_next(rows, err)) > 0) {
		list.patterns =
			xgrow(list.patterns, list.n_patterns, &room, sizeof(*list.patterns));
		r = read_pattern(rows, &list.patterns[list.n_patterns], err);
		if (r >= 0)
			list.n_patterns++;
	}
	if (r < 0) {
		waiver_pattern_list_done(&list);
		return r;
	}
	*ret_list = list;
	return 0;
}
