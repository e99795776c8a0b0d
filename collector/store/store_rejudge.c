/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdio.h>

#include "collector/store/store_rejudge.h"
#include "common/base/mem.h"

void rejudge_done(struct rejudge *rejudge)
{
	free(rejudge->site_code);
	*rejudge = (struct rejudge){ 0 };
}

int store_rejudge_put(struct store *store, const char *site_code, int64_t now_ms, struct err *err)
{
	return db_exec(store->db,
		       "INSERT INTO rejudge (site_code, queued_ms, after_id, n_done) "
		       "VALUES ($1, $2, '', 0) ON CONFLICT (site_code) DO UPDATE SET "
		       "queued_ms = excluded.queued_ms, after_id = '', n_done = 0",
		       NULL, err, "ti", site_code, now_ms);
}

int store_rejudge_put_off(struct store *store, const char *site_code, struct err *err)
{
	return db_exec(store->db,
		       "UPDATE rejudge SET queued_ms = (SELECT max(queued_ms) + 1 FROM rejudge) "
		       "WHERE site_code = $1",
		       NULL, err, "t", site_code);
}

int store_rejudge_next(struct store *store, struct rejudge *ret_rejudge, struct err *err)
{
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	int r = db_query(store->db,
			 "SELECT site_code, queued_ms, after_id, n_done FROM rejudge "
			 "ORDER BY queued_ms, site_code LIMIT 1",
			 &rows, err, "");

	if (r >= 0)
		r = db_next(rows, err);
	if (r == 0)
		return err_set(err, -ENOENT, "no site waits to be judged again");
	if (r < 0)
		return r;
	*ret_rejudge = (struct rejudge){
		.site_code = xstrdup(db_text(rows, 0)),
		.queued_ms = db_int(rows, 1),
		.n_done = db_int(rows, 3),
	};
	snprintf(ret_rejudge->after_id, ID_SIZE, "%s", db_text(rows, 2));
	return 0;
}

int store_rejudge_step(struct store *store, const char *site_code, const char *after_id, int64_t n,
		       struct err *err)
{
	if (!after_id)
		return db_exec(store->db, "DELETE FROM rejudge WHERE site_code = $1", NULL, err,
			       "t", site_code);
	return db_exec(store->db,
		       "UPDATE rejudge SET after_id = $2, n_done = n_done + $3 "
		       "WHERE site_code = $1",
		       NULL, err, "tti", site_code, after_id, n);
}

int store_rejudge_has(struct store *store, const char *site_code, struct err *err)
{
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	int r = db_query(store->db, "SELECT 1 FROM rejudge WHERE site_code = $1", &rows, err, "t",
			 site_code);

	return r < 0 ? r : db_next(rows, err);
}

int store_rejudge_left(struct store *store, const char *profile_id, struct rejudge_left *ret_left,
		       struct err *err)
{
	/* The devices of a site are counted in device_by_site, which has only those that reported.
	 */
#define LEFT(from)                                                                          \
	"SELECT count(*), COALESCE(sum((SELECT count(*) FROM device d WHERE d.site_code = " \
	"r.site_code AND d.id > r.after_id AND d.facts_hash <> '')), 0) FROM rejudge r " from
	static const char *const all = LEFT("");
	static const char *const some =
		LEFT("JOIN test_window w ON w.site_code = r.site_code WHERE w.profile_id = $1");
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	int r = db_query(store->db, profile_id ? some : all, &rows, err, profile_id ? "t" : "",
			 profile_id);

	if (r >= 0)
		r = db_next(rows, err);
	if (r > 0)
		*ret_left = (struct rejudge_left){ db_int(rows, 0), db_int(rows, 1) };
	return r < 0 ? r : 0;
}
