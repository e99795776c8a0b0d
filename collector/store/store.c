/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/store/store.h"
#include "collector/store/migrate.h"
#include "collector/store/store_site.h"
#include "common/base/mem.h"

static int open_as(const char *url, enum db_mode mode, struct store **ret_store, struct err *err)
{
	_cleanup_(db_closep) struct db *db = NULL;
	int r = db_open(url, mode, &db, err);

	if (r >= 0)
		r = mode == DB_READ ? migrate_check(db, err) : migrate(db, err);
	if (r < 0)
		return r;
	*ret_store = xcalloc(1, sizeof(**ret_store));
	(*ret_store)->is_read_only = mode == DB_READ;
	if (mode != DB_READ)
		db->driver->follow(db, site_brief_tables, SITE_TURN_NEXT);
	(*ret_store)->db = TAKE_PTR(db);
	return 0;
}

int store_open(const char *url, bool is_read_only, struct store **ret_store, struct err *err)
{
	return open_as(url, is_read_only ? DB_READ : DB_WRITE, ret_store, err);
}

int store_open_old(const char *url, struct store **ret_store, struct err *err)
{
	return open_as(url, DB_CHANGE, ret_store, err);
}

void store_close(struct store *store)
{
	if (!store)
		return;
	sites_kept_free(store->sites);
	db_close(store->db);
	free(store);
}

int store_begin(struct store *store, struct err *err)
{
	return store->db->driver->begin(store->db, err);
}

int store_version(struct store *store, int64_t *ret_version, struct err *err)
{
	return store->db->driver->version(store->db, ret_version, err);
}

int store_commit(struct store *store, struct err *err)
{
	return store->db->driver->commit(store->db, err);
}

void store_rollback(struct store *store)
{
	store->db->driver->rollback(store->db);
}

int store_try(struct store *store, struct err *err)
{
	return db_exec(store->db, "SAVEPOINT attempt", NULL, err, "");
}

int store_try_end(struct store *store, bool is_kept, struct err *err)
{
	int r = is_kept ? 0 : db_exec(store->db, "ROLLBACK TO attempt", NULL, err, "");

	return r < 0 ? r : db_exec(store->db, "RELEASE attempt", NULL, err, "");
}

int store_check_writable(struct store *store, struct err *err)
{
	int r = migrate_check(store->db, err);

	if (r >= 0)
		r = store_begin(store, err);
	if (r < 0)
		return r;
	r = db_exec(store->db, "UPDATE schema_version SET name = name", NULL, err, "");
	/* A disk that is full refuses no row before this. */
	if (r >= 0)
		r = store_commit(store, err);
	store_rollback(store);
	return r;
}
