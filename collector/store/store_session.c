/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdio.h>

#include "collector/store/store_session.h"

int store_session_put(struct store *store, const struct session *session, struct err *err)
{
	return db_exec(store->db,
		       "INSERT INTO session (token_hash, account_id, created_ms, seen_ms, network, "
		       "browser) VALUES ($1, $2, $3, $4, $5, $6)",
		       NULL, err, "ttiitt", session->token_hash, session->account_id,
		       session->created_ms, session->seen_ms,
		       session->network ? session->network : "",
		       session->browser ? session->browser : "");
}

int store_session_get(struct store *store, const char *token_hash, struct session *ret_session,
		      struct err *err)
{
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	struct session session = { 0 };
	int r = db_query(store->db,
			 "SELECT account_id, created_ms, seen_ms FROM session "
			 "WHERE token_hash = $1",
			 &rows, err, "t", token_hash);

	if (r >= 0)
		r = db_next(rows, err);
	if (r == 0)
		return err_set(err, -ENOENT, "There is no such session.");
	if (r < 0)
		return r;
	snprintf(session.token_hash, HASH_SIZE, "%s", token_hash);
	snprintf(session.account_id, ID_SIZE, "%s", db_text(rows, 0));
	session.created_ms = db_int(rows, 1);
	session.seen_ms = db_int(rows, 2);
	*ret_session = session;
	return 0;
}

int store_session_note_use(struct store *store, const char *token_hash, int64_t now_ms,
			   struct err *err)
{
	return db_exec(store->db,
		       "UPDATE session SET seen_ms = $2 WHERE token_hash = $1 AND seen_ms < $2",
		       NULL, err, "ti", token_hash, now_ms);
}

int store_session_delete(struct store *store, const char *token_hash, int64_t *ret_n,
			 struct err *err)
{
	return db_exec(store->db, "DELETE FROM session WHERE token_hash = $1", ret_n, err, "t",
		       token_hash);
}

int store_session_delete_others(struct store *store, const char *account_id, const char *but,
				int64_t *ret_n, struct err *err)
{
	return db_exec(store->db, "DELETE FROM session WHERE account_id = $1 AND token_hash <> $2",
		       ret_n, err, "tt", account_id, but);
}

int store_session_keep(struct store *store, const char *account_id, int64_t max, struct err *err)
{
	return db_exec(store->db,
		       "DELETE FROM session WHERE account_id = $1 AND token_hash NOT IN (SELECT "
		       "token_hash FROM session WHERE account_id = $1 ORDER BY created_ms DESC, "
		       "token_hash LIMIT $2)",
		       NULL, err, "ti", account_id, max);
}

int store_session_forget(struct store *store, int64_t created_ms, int64_t seen_ms, struct err *err)
{
	return db_exec(store->db, "DELETE FROM session WHERE created_ms < $1 OR seen_ms < $2", NULL,
		       err, "ii", created_ms, seen_ms);
}
