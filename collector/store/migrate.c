/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <errno.h>

#include "collector/store/backup.h"
#include "collector/store/migrate.h"
#include "common/base/mem.h"

#include "migrations.h"

static_assert(ARRAY_SIZE(migrations) > 0, "there are migrations");

static int newest(void)
{
	return migrations[ARRAY_SIZE(migrations) - 1].number;
}

static int read_number(struct db *db, const char *sql, int64_t *ret_number, struct err *err)
{
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	int r = db_query(db, sql, &rows, err, "");

	if (r >= 0)
		r = db_next(rows, err);
	if (r > 0)
		*ret_number = db_int(rows, 0);
	return r < 0 ? r : 0;
}

static int read_version(struct db *db, int64_t *ret_version, struct err *err)
{
	return read_number(db, "SELECT max(number) FROM schema_version", ret_version, err);
}

static int refuse_newer(int64_t version, struct err *err)
{
	if (version > newest())
		return err_set(err, -EPROTO,
			       "the store has layout %lld, made by a newer version; this one knows "
			       "%d: use the newer version",
			       (long long)version, newest());
	return 0;
}

/* Until the last of them is done the store says where it is on the way to. */
static int note_progress(struct db *db, const struct migration *migration, struct err *err)
{
	int r = db_exec(db, "INSERT INTO schema_version (number, name) VALUES ($1, $2)", NULL, err,
			"it", (int64_t)migration->number, migration->name);

	if (r >= 0)
		r = db->driver->script(db, "DROP TABLE IF EXISTS schema_update", err);
	if (r < 0 || migration->number == newest())
		return r;
	r = db->driver->script(db, "CREATE TABLE schema_update (number BIGINT PRIMARY KEY)", err);
	return r < 0 ? r
		     : db_exec(db, "INSERT INTO schema_update (number) VALUES ($1)", NULL, err, "i",
			       (int64_t)newest());
}

static int run(struct db *db, const struct migration *migration, struct err *err)
{
	int64_t version = 0;
	int r = db->driver->begin(db, err);

	if (r < 0)
		return r;
	/* Another process may have been faster than our lock. */
	r = read_version(db, &version, err);
	if (r >= 0 && version < migration->number) {
		r = db->driver->script(db, migration->sql, err);
		if (r >= 0)
			r = note_progress(db, migration, err);
	}
	if (r >= 0)
		r = db->driver->commit(db, err);
	if (r < 0) {
		db->driver->rollback(db);
		return err_prefix(err, r, "migration %s", migration->name);
	}
	return 0;
}

/*
 * Whether an earlier start went half the way to this layout, so that the copy at @path is of
 * before. Another copy may be of an update that was taken back, since when devices have reported.
 */
static bool has_copy_of_before(struct db *db, const char *path, int64_t version)
{
	_cleanup_(db_closep) struct db *earlier = NULL;
	int64_t target = 0, earlier_version = 0;

	return read_number(db, "SELECT max(number) FROM schema_update", &target, NULL) >= 0 &&
	       target == newest() && db->driver->open(path, DB_READ, &earlier, NULL) >= 0 &&
	       read_version(earlier, &earlier_version, NULL) >= 0 && earlier_version > 0 &&
	       earlier_version < version;
}

/* Nobody serves from what is half migrated, so the copy of before has all there is. */
static int copy(struct db *db, int64_t version, struct err *err)
{
	const char *store_path = db->driver->path(db);
	_cleanup_free_ char *path = xasprintf("%s.before-%04d", store_path, newest());
	_cleanup_(db_closep) struct db *reader = NULL;
	struct summary summary;
	int r;

	if (has_copy_of_before(db, path, version))
		return 0;
	r = db->driver->open(store_path, DB_READ, &reader, err);
	if (r >= 0)
		r = backup_write(reader, path, true, true, &summary, err);
	if (r < 0)
		return err_prefix(err, r, "copying the store before its layout changes");
	return 0;
}

int migrate(struct db *db, struct err *err)
{
	int64_t version = 0;
	int r;

	r = db->driver->script(db,
			       "CREATE TABLE IF NOT EXISTS schema_version ("
			       "number BIGINT PRIMARY KEY, name TEXT NOT NULL)",
			       err);
	if (r >= 0)
		r = migrate_layout(db, &version, err);
	if (r >= 0 && version > 0 && version < newest())
		r = copy(db, version, err);
	for (size_t i = 0; r >= 0 && i < ARRAY_SIZE(migrations); i++) {
		if (migrations[i].number > version)
			r = run(db, &migrations[i], err);
	}
	return r;
}

int migrate_layout(struct db *db, int64_t *ret_layout, struct err *err)
{
	int64_t version = 0;
	int r = read_version(db, &version, err);

	if (r >= 0)
		r = refuse_newer(version, err);
	if (r >= 0)
		*ret_layout = version;
	return r;
}

int migrate_check(struct db *db, struct err *err)
{
	int64_t version = 0;
	int r = read_version(db, &version, err);

	if (r >= 0)
		r = refuse_newer(version, err);
	if (r >= 0 && version < newest())
		return err_set(err, -ESTALE,
			       "the store has layout %lld, this version needs %d: start the "
			       "collector once",
			       (long long)version, newest());
	return r;
}
