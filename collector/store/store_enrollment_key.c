/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdio.h>

#include "collector/store/sight_sql.h"
#include "collector/store/store_enrollment_key.h"
#include "common/base/mem.h"

#define KEY_OF "k.site_code, k.created_ms, k.expires_ms, k.uses_left, k.revoked_ms, k.key_hash"
#define KEY_ROW "site_code, created_ms, expires_ms, uses_left, revoked_ms"

static void read_row(struct db_rows *rows, struct enrollment_key *ret_key)
{
	*ret_key = (struct enrollment_key){
		.created_ms = db_int(rows, 1),
		.expires_ms = db_int(rows, 2),
		.uses_left = db_int(rows, 3),
		.revoked_ms = db_int(rows, 4),
	};
	snprintf(ret_key->site_code, sizeof(ret_key->site_code), "%s", db_text(rows, 0));
}

int store_enrollment_key_get(struct store *store, const char *key_hash,
			     struct enrollment_key *ret_key, struct err *err)
{
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	int r = db_query(store->db, "SELECT " KEY_ROW " FROM enrollment_key WHERE key_hash = $1",
			 &rows, err, "t", key_hash);

	if (r >= 0)
		r = db_next(rows, err);
	if (r == 0)
		return err_set(err, -ENOENT, "no such enrolment key");
	if (r < 0)
		return r;
	read_row(rows, ret_key);
	return 0;
}

int store_enrollment_key_put(struct store *store, const char *key_hash,
			     const struct enrollment_key *key, struct err *err)
{
	return db_exec(store->db,
		       "INSERT INTO enrollment_key (key_hash, site_code, created_ms, expires_ms, "
		       "uses_left) VALUES ($1, $2, $3, $4, $5)",
		       NULL, err, "ttiii", key_hash, key->site_code, key->created_ms,
		       key->expires_ms, key->uses_left);
}

int store_enrollment_key_use(struct store *store, const char *key_hash, struct err *err)
{
	int64_t n_changed = 0;
	int r = db_exec(store->db,
			"UPDATE enrollment_key SET uses_left = CASE WHEN uses_left > 0 THEN "
			"uses_left - 1 ELSE uses_left END WHERE key_hash = $1 AND uses_left <> 0",
			&n_changed, err, "t", key_hash);

	return r < 0 ? r : n_changed > 0;
}

int store_enrollment_key_revoke(struct store *store, const char *key_hash, int64_t now_ms,
				struct err *err)
{
	return db_exec(store->db, "UPDATE enrollment_key SET revoked_ms = $2 WHERE key_hash = $1",
		       NULL, err, "ti", key_hash, now_ms);
}

int store_enrollment_key_list(struct store *store, const char *site_code, const char *hash_prefix,
			      size_t limit, struct enrollment_key_list *ret_list, struct err *err)
{
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	struct enrollment_key_list list = {
		.rows = xreallocarray(NULL, limit, sizeof(*list.rows)),
	};
	int r = db_query(store->db,
			 "SELECT " KEY_ROW ", key_hash FROM enrollment_key WHERE "
			 "($1 = '' OR site_code = $1) AND substr(key_hash, 1, length($2)) = $2 "
			 "ORDER BY site_code, created_ms DESC, key_hash LIMIT $3",
			 &rows, err, "tti", site_code ? site_code : "", hash_prefix,
			 (int64_t)limit);

	while (r >= 0 && (r = db_next(rows, err)) > 0 && list.n_rows < limit) {
		struct enrollment_key_row *row = &list.rows[list.n_rows++];

		read_row(rows, &row->key);
		snprintf(row->key_hash, sizeof(row->key_hash), "%s", db_text(rows, 5));
	}
	if (r < 0) {
		enrollment_key_list_done(&list);
		return r;
	}
	*ret_list = list;
	return 0;
}

int store_enrollment_key_page(struct store *store, const struct enrollment_key_query *query,
			      struct enrollment_key_list *ret_list, struct err *err)
{
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	struct enrollment_key_list list = {
		.rows = xreallocarray(NULL, query->limit + 1, sizeof(*list.rows)),
	};
	int r = db_query(
		store->db,
		"SELECT " KEY_OF " FROM enrollment_key k JOIN site s ON s.code = "
		"k.site_code WHERE " SEES(
			"s.lea_code", "s.code", "$1",
			"$2") " AND ($3 = '' OR k.site_code = "
			      "$3) AND ($4 = 0 OR (k.revoked_ms IS NULL AND k.expires_ms > $4 AND "
			      "k.uses_left <> 0)) AND (k.created_ms, k.key_hash) < ($5, $6) ORDER "
			      "BY "
			      "k.created_ms DESC, k.key_hash DESC LIMIT $7",
		&rows, err, "tttiiti", SIGHT_VALUES(query->sight),
		query->site_code ? query->site_code : "", query->good_at_ms,
		query->before_hash ? query->before_ms : INT64_MAX,
		query->before_hash ? query->before_hash : "", (int64_t)query->limit);

	while (r >= 0 && (r = db_next(rows, err)) > 0) {
		struct enrollment_key_row *row = &list.rows[list.n_rows++];

		read_row(rows, &row->key);
		snprintf(row->key_hash, sizeof(row->key_hash), "%s", db_text(rows, 5));
	}
	if (r < 0) {
		enrollment_key_list_done(&list);
		return r;
	}
	*ret_list = list;
	return 0;
}

void enrollment_key_list_done(struct enrollment_key_list *list)
{
	free(list->rows);
	*list = (struct enrollment_key_list){ 0 };
}
