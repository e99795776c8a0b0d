/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdio.h>

#include "collector/store/store_sign_on.h"
#include "common/base/mem.h"

/* The account whose id is what @sql, with one text, finds. */
static int find(struct store *store, const char *sql, const char *text, struct account *ret_account,
		struct err *err)
{
	char id[ID_SIZE] = "";
	struct db_rows *rows;
	int r = db_query(store->db, sql, &rows, err, "t", text);

	if (r < 0)
		return r;
	r = db_next(rows, err);
	if (r > 0)
		snprintf(id, sizeof(id), "%s", db_text(rows, 0));
	db_rows_close(rows);
	if (r <= 0)
		return r < 0 ? r : err_set(err, -ENOENT, "no account is known by that");
	return store_account_get(store, id, ret_account, err);
}

int store_sign_on_by_subject(struct store *store, const char *subject, struct account *ret_account,
			     struct err *err)
{
	return find(store, "SELECT id FROM account WHERE subject = $1", subject, ret_account, err);
}

int store_sign_on_by_name(struct store *store, const char *name, struct account *ret_account,
			  struct err *err)
{
	if (!name[0])
		return err_set(err, -ENOENT, "nobody is known by no name");
	/* Said twice, or the index, which has no empty names in it, would not be used. */
	return find(store, "SELECT id FROM account WHERE awaited_name = $1 AND awaited_name <> ''",
		    name, ret_account, err);
}

int store_sign_on_awaited(struct store *store, const char *id, char **ret_name, struct err *err)
{
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	int r = db_query(store->db, "SELECT awaited_name FROM account WHERE id = $1", &rows, err,
			 "t", id);

	if (r >= 0)
		r = db_next(rows, err);
	if (r <= 0)
		return r < 0 ? r : err_set(err, -ENOENT, "There is no account '%.64s'.", id);
	*ret_name = xstrdup(db_text(rows, 0));
	return 0;
}

int store_sign_on_await(struct store *store, const char *id, const char *name, struct err *err)
{
	return db_exec(store->db,
		       "UPDATE account SET awaited_name = $2, subject = NULL WHERE id = $1", NULL,
		       err, "tt", id, name);
}

int store_sign_on_await_nobody(struct store *store, const char *id, struct err *err)
{
	return db_exec(store->db,
		       "UPDATE account SET awaited_name = '' "
		       "WHERE id = $1 AND awaited_name <> ''",
		       NULL, err, "t", id);
}

int store_sign_on_bind(struct store *store, const char *id, const char *subject, struct err *err)
{
	return db_exec(store->db,
		       "UPDATE account SET subject = $2, awaited_name = '' WHERE id = $1", NULL,
		       err, "tt", id, subject);
}

int store_sign_on_use(struct store *store, const char *state_hash, int64_t now_ms, struct err *err)
{
	int64_t n = 0;
	int r = db_exec(store->db,
			"INSERT INTO sign_on_used (state_hash, at_ms) VALUES ($1, $2) "
			"ON CONFLICT (state_hash) DO NOTHING",
			&n, err, "ti", state_hash, now_ms);

	if (r >= 0 && n == 0)
		return err_set(err, -EEXIST, "this sign-in came back before");
	return r;
}

int store_sign_on_forget(struct store *store, int64_t before_ms, struct err *err)
{
	return db_exec(store->db, "DELETE FROM sign_on_used WHERE at_ms < $1", NULL, err, "i",
		       before_ms);
}
