/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdio.h>

#include "collector/store/store_collector_key.h"

int store_collector_key_get(struct store *store, struct collector_key *ret_key, struct err *err)
{
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	int r = db_query(store->db,
			 "SELECT public_key, secret_key, created_ms FROM collector_key "
			 "ORDER BY created_ms LIMIT 1",
			 &rows, err, "");

	if (r >= 0)
		r = db_next(rows, err);
	if (r == 0)
		return err_set(err, -ENOENT,
			       "this collector has no key yet; make one with "
			       "testready-collector key init");
	if (r < 0)
		return r;
	snprintf(ret_key->public_key, sizeof(ret_key->public_key), "%s", db_text(rows, 0));
	snprintf(ret_key->secret_key, sizeof(ret_key->secret_key), "%s", db_text(rows, 1));
	ret_key->created_ms = db_int(rows, 2);
	return 0;
}

int store_collector_key_put(struct store *store, const struct collector_key *key, struct err *err)
{
	return db_exec(store->db,
		       "INSERT INTO collector_key (public_key, secret_key, created_ms) "
		       "VALUES ($1, $2, $3)",
		       NULL, err, "tti", key->public_key, key->secret_key, key->created_ms);
}
