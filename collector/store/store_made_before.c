/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/store/store_made_before.h"
#include "common/base/mem.h"

void made_before_done(struct made_before *made)
{
	free(made->answer);
	*made = (struct made_before){ 0 };
}

int store_made_before_get(struct store *store, const char *key_hash, struct made_before *ret_made,
			  struct err *err)
{
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	struct made_before made = { 0 };
	int r = db_query(store->db,
			 "SELECT body_hash, at_ms, status, answer FROM made_before WHERE key_hash "
			 "= $1",
			 &rows, err, "t", key_hash);

	if (r >= 0)
		r = db_next(rows, err);
	if (r == 0)
		return err_set(err, -ENOENT, "nothing was made with that key");
	if (r < 0)
		return r;
	snprintf(made.key_hash, sizeof(made.key_hash), "%s", key_hash);
	snprintf(made.body_hash, sizeof(made.body_hash), "%s", db_text(rows, 0));
	made.at_ms = db_int(rows, 1);
	made.status = (int)db_int(rows, 2);
	made.answer = xstrdup(db_text(rows, 3));
	*ret_made = made;
	return 0;
}

int store_made_before_put(struct store *store, const struct made_before *made, struct err *err)
{
	int r = db_exec(store->db, "DELETE FROM made_before WHERE key_hash = $1", NULL, err, "t",
			made->key_hash);

	if (r < 0)
		return r;
	return db_exec(
		store->db,
		"INSERT INTO made_before (key_hash, body_hash, owner, at_ms, status, answer, "
		"bytes) VALUES ($1, $2, $3, $4, $5, $6, $7)",
		NULL, err, "tttiiti", made->key_hash, made->body_hash, made->owner, made->at_ms,
		(int64_t)made->status, made->answer, (int64_t)strlen(made->answer));
}

int store_made_before_keep(struct store *store, const struct made_before *made, int64_t n,
			   int64_t bytes, struct err *err)
{
	/* That one is first even where the clock was set back, or does not tell them apart. */
	return db_exec(store->db,
		       "DELETE FROM made_before WHERE key_hash IN (SELECT key_hash FROM (SELECT "
		       "key_hash, row_number() OVER newest AS n, sum(bytes) OVER newest AS bytes "
		       "FROM made_before WHERE owner = $1 WINDOW newest AS (ORDER BY key_hash = $4 "
		       "DESC, at_ms DESC, key_hash ROWS UNBOUNDED PRECEDING)) AS ranked WHERE n > "
		       "$2 OR bytes > $3)",
		       NULL, err, "tiit", made->owner, n, bytes, made->key_hash);
}

int store_made_before_forget(struct store *store, int64_t until_ms, int64_t limit, int64_t *ret_n,
			     struct err *err)
{
	return db_exec(
		store->db,
		"DELETE FROM made_before WHERE key_hash IN (SELECT key_hash FROM made_before "
		"WHERE at_ms <= $1 ORDER BY at_ms LIMIT $2)",
		ret_n, err, "ii", until_ms, limit);
}
