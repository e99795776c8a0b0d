/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>

#include "collector/store/store_recovery.h"
#include "common/base/mem.h"

int store_recovery_put(struct store *store, const char *account_id, const char *code_hash,
		       struct err *err)
{
	return db_exec(store->db,
		       "INSERT INTO recovery_code (code_hash, account_id) VALUES ($1, $2)", NULL,
		       err, "tt", code_hash, account_id);
}

int store_recovery_delete(struct store *store, const char *account_id, struct err *err)
{
	return db_exec(store->db, "DELETE FROM recovery_code WHERE account_id = $1", NULL, err, "t",
		       account_id);
}

int store_recovery_use(struct store *store, const char *account_id, const char *code_hash,
		       int64_t now_ms, struct err *err)
{
	int64_t n_changed = 0;
	int r = db_exec(store->db,
			"UPDATE recovery_code SET used_ms = $3 WHERE code_hash = $1 AND "
			"account_id = $2 AND used_ms IS NULL",
			&n_changed, err, "tti", code_hash, account_id, now_ms);

	return r < 0 ? r : n_changed > 0;
}

int store_recovery_left(struct store *store, const char *account_id, int64_t *ret_n,
			struct err *err)
{
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	int r = db_query(store->db,
			 "SELECT count(*) FROM recovery_code WHERE account_id = $1 AND used_ms IS "
			 "NULL",
			 &rows, err, "t", account_id);

	if (r >= 0)
		r = db_next(rows, err);
	if (r > 0)
		*ret_n = db_int(rows, 0);
	return r < 0 ? r : 0;
}

int store_second_factor_begun_put(struct store *store, const char *account_id, const char *secret,
				  int64_t now_ms, struct err *err)
{
	return db_exec(store->db,
		       "INSERT INTO second_factor_begun (account_id, totp_secret, begun_ms) VALUES "
		       "($1, $2, $3) ON CONFLICT (account_id) DO UPDATE SET totp_secret = "
		       "excluded.totp_secret, begun_ms = excluded.begun_ms",
		       NULL, err, "tti", account_id, secret, now_ms);
}

int store_second_factor_begun_get(struct store *store, const char *account_id, int64_t since_ms,
				  char **ret_secret, struct err *err)
{
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	int r = db_query(store->db,
			 "SELECT totp_secret FROM second_factor_begun WHERE account_id = $1 AND "
			 "begun_ms >= $2",
			 &rows, err, "ti", account_id, since_ms);

	if (r >= 0)
		r = db_next(rows, err);
	if (r == 0)
		return err_set(err, -ENOENT, "No second factor was begun; begin one first.");
	if (r > 0)
		*ret_secret = xstrdup(db_text(rows, 0));
	return r < 0 ? r : 0;
}

int store_second_factor_begun_delete(struct store *store, const char *account_id, struct err *err)
{
	return db_exec(store->db, "DELETE FROM second_factor_begun WHERE account_id = $1", NULL,
		       err, "t", account_id);
}

int store_second_factor_begun_forget(struct store *store, int64_t before_ms, struct err *err)
{
	return db_exec(store->db, "DELETE FROM second_factor_begun WHERE begun_ms < $1", NULL, err,
		       "i", before_ms);
}
