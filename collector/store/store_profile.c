/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "collector/store/store_profile.h"
#include "common/base/mem.h"

static int refuse_unpublished(const char *id, struct err *err)
{
	return err_set(err, -ENOENT,
		       "the profile '%s' is not published; see testready-collector profile publish",
		       id);
}

int store_profile_version(struct store *store, const char *id, char ret_version[static HASH_SIZE],
			  struct err *err)
{
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	int r = db_query(store->db, "SELECT version FROM profile WHERE id = $1", &rows, err, "t",
			 id);

	if (r >= 0)
		r = db_next(rows, err);
	if (r == 0)
		return refuse_unpublished(id, err);
	if (r > 0)
		snprintf(ret_version, HASH_SIZE, "%s", db_text(rows, 0));
	return r < 0 ? r : 0;
}

int store_profile_get(struct store *store, const char *id, struct profile **ret_profile,
		      struct err *err)
{
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	const char *body;
	int r = db_query(store->db, "SELECT body FROM profile WHERE id = $1", &rows, err, "t", id);

	if (r >= 0)
		r = db_next(rows, err);
	if (r == 0)
		return refuse_unpublished(id, err);
	if (r < 0)
		return r;
	body = db_text(rows, 0);
	r = profile_parse(body, strlen(body), id, ret_profile, err);
	/* It was checked before it was stored, so it is no caller's fault. */
	return r < 0 ? err_prefix(err, -EUCLEAN, "the stored profile cannot be read") : 0;
}

int store_profile_put(struct store *store, const struct profile *profile, const char *body,
		      int64_t now_ms, struct err *err)
{
	return db_exec(store->db,
		       "INSERT INTO profile (id, version, body, published_ms) "
		       "VALUES ($1, $2, $3, $4) ON CONFLICT (id) DO UPDATE SET "
		       "version = excluded.version, body = excluded.body, "
		       "published_ms = excluded.published_ms",
		       NULL, err, "ttti", profile->id, profile->version, body, now_ms);
}

int store_profile_body(struct store *store, const char *id, char **ret_body,
		       char ret_version[static HASH_SIZE], struct err *err)
{
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	int r = db_query(store->db, "SELECT version, body FROM profile WHERE id = $1", &rows, err,
			 "t", id);

	if (r >= 0)
		r = db_next(rows, err);
	if (r == 0)
		return refuse_unpublished(id, err);
	if (r < 0)
		return r;
	snprintf(ret_version, HASH_SIZE, "%s", db_text(rows, 0));
	*ret_body = xstrdup(db_text(rows, 1));
	return 0;
}
