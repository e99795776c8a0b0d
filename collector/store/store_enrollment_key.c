/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdio.h>

#include "collector/store/store_enrollment_key.h"

int store_enrollment_key_get(struct store *store, const char *key_hash,
			     struct enrollment_key *ret_key, struct err *err)
{
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	int r = db_query(store->db,
			 "SELECT site_code, created_ms, expires_ms, uses_left FROM enrollment_key "
			 "WHERE key_hash = $1",
			 &rows, err, "t", key_hash);

	if (r >= 0)
		r = db_next(rows, err);
	if (r == 0)
		return err_set(err, -ENOENT, "no such enrolment key");
	if (r < 0)
		return r;
	*ret_key = (struct enrollment_key){
		.created_ms = db_int(rows, 1),
		.expires_ms = db_int(rows, 2),
		.uses_left = db_int(rows, 3),
	};
	snprintf(ret_key->site_code, sizeof(ret_key->site_code), "%s", db_text(rows, 0));
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
