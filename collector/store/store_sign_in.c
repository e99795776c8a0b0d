/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/store/store_sign_in.h"
#include "common/base/base.h"

int store_sign_in_failure_get(struct store *store, enum lockout_kind kind, const char *subject,
			      struct lockout_count *ret_count, struct err *err)
{
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	int r = db_query(store->db,
			 "SELECT failures, last_ms FROM sign_in_failure WHERE kind = $1 AND "
			 "subject = $2",
			 &rows, err, "tt", lockout_words[kind], subject);

	if (r >= 0)
		r = db_next(rows, err);
	if (r < 0)
		return r;
	*ret_count = (struct lockout_count){ 0 };
	if (r > 0)
		*ret_count = (struct lockout_count){ db_int(rows, 0), db_int(rows, 1) };
	return 0;
}

int store_sign_in_failure_put(struct store *store, enum lockout_kind kind, const char *subject,
			      const struct lockout_count *count, struct err *err)
{
	return db_exec(store->db,
		       "INSERT INTO sign_in_failure (kind, subject, failures, last_ms) VALUES "
		       "($1, $2, $3, $4) ON CONFLICT (kind, subject) DO UPDATE SET "
		       "failures = excluded.failures, last_ms = excluded.last_ms",
		       NULL, err, "ttii", lockout_words[kind], subject, count->failures,
		       count->last_ms);
}

int store_sign_in_failure_delete(struct store *store, enum lockout_kind kind, const char *subject,
				 struct err *err)
{
	return db_exec(store->db, "DELETE FROM sign_in_failure WHERE kind = $1 AND subject = $2",
		       NULL, err, "tt", lockout_words[kind], subject);
}

int store_known_network_get(struct store *store, const char *subject, int64_t *ret_last_ms,
			    struct err *err)
{
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	int r = db_query(store->db, "SELECT last_ms FROM known_network WHERE subject = $1", &rows,
			 err, "t", subject);

	if (r >= 0)
		r = db_next(rows, err);
	if (r >= 0)
		*ret_last_ms = r > 0 ? db_int(rows, 0) : 0;
	return r < 0 ? r : 0;
}

int store_known_network_put(struct store *store, const char *subject, int64_t now_ms,
			    struct err *err)
{
	return db_exec(store->db,
		       "INSERT INTO known_network (subject, last_ms) VALUES ($1, $2) ON CONFLICT "
		       "(subject) DO UPDATE SET last_ms = excluded.last_ms",
		       NULL, err, "ti", subject, now_ms);
}

int store_sign_in_forget(struct store *store, const struct sign_in_bounds *bounds, struct err *err)
{
#define FORGET(table)                                                            \
	"DELETE FROM " table                                                     \
	" WHERE last_ms < $1 OR last_ms <= COALESCE((SELECT last_ms FROM " table \
	" ORDER BY last_ms DESC LIMIT 1 OFFSET $2), $1 - 1)"
	const struct {
		const char *sql;
		int64_t before_ms;
	} steps[] = {
		{ FORGET("sign_in_failure"), bounds->failures_before_ms },
		{ FORGET("known_network"), bounds->networks_before_ms },
	};
	int r = 0;

	for (size_t i = 0; i < ARRAY_SIZE(steps) && r >= 0; i++)
		r = db_exec(store->db, steps[i].sql, NULL, err, "ii", steps[i].before_ms,
			    bounds->max_rows);
	return r;
}
