/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SQLite: one file, WAL, every commit on disk. The file itself is
 * in db_sqlite_file.c.
 */
#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "collector/store/db_sqlite.h"
#include "common/base/fd.h"
#include "common/base/mem.h"

enum {
	STATEMENTS_MAX = 128, /* kept prepared; beyond it the least used lately goes */
	VALUES_MAX = 32,
};

/* A prepared statement; one that is kept is in the chain of its hash. */
struct statement {
	struct statement *next;
	char *sql;
	sqlite3_stmt *stmt;
	int places[VALUES_MAX]; /* SQLite numbers $n by first appearance, so by name */
	uint64_t used;          /* when, in uses of the connection */
	bool is_kept;
	bool is_in_use;
	bool is_followed; /* it writes a table that is */
};

struct sqlite_rows {
	struct db_rows rows;
	struct sqlite *sqlite;
	struct statement *statement;
};

/* What a person can do about it. */
static const struct {
	int code;
	int error;
	const char *advice;
} failures[] = {
	{ SQLITE_BUSY, -EBUSY, "another program is writing to it; try again" },
	{ SQLITE_LOCKED, -EBUSY, "another program is writing to it; try again" },
	{ SQLITE_FULL, -ENOSPC, "the disk is full; free some space and try again" },
	{ SQLITE_CORRUPT, -EUCLEAN,
	  "the store is damaged; stop the collector, keep this file and restore a backup" },
	{ SQLITE_NOTADB, -EUCLEAN,
	  "this is not a store, or it is damaged; name another file, or restore a backup" },
	{ SQLITE_CONSTRAINT, -EEXIST, "it is there already, or what it belongs to is not" },
	{ SQLITE_INTERRUPT, -ECANCELED, "what was asked of it was given up" },
	{ SQLITE_READONLY, -EROFS, "it can only be read; check who owns the file and its folder" },
	{ SQLITE_CANTOPEN, -EIO, "it cannot be opened; check the path and who may write there" },
	{ SQLITE_PERM, -EIO, "no permission; check who owns the file and its folder" },
	{ SQLITE_AUTH, -EIO, "no permission; check who owns the file and its folder" },
	{ SQLITE_IOERR, -EIO, "the disk cannot be read or written; check it" },
};

/* A disk that is full says so to SQLite in more ways than SQLite tells apart. */
static int code_of(sqlite3 *handle)
{
	int code = sqlite3_extended_errcode(handle);
	int error = sqlite3_system_errno(handle);

	if ((code & 0xff) != SQLITE_IOERR && (code & 0xff) != SQLITE_CANTOPEN)
		return code;
	if (error == ENOSPC || error == EDQUOT || error == EFBIG)
		return SQLITE_FULL;
	return error == EROFS ? SQLITE_READONLY : code;
}

int sqlite_fail(const struct sqlite *sqlite, struct err *err)
{
	int code = code_of(sqlite->handle);
	const char *why = sqlite3_errmsg(sqlite->handle);

	if ((code & 0xff) == SQLITE_CORRUPT && !sqlite->is_look) {
		sqlite_damage_note(sqlite->path, why);
		sqlite_leave_log(sqlite->handle);
	}
	for (size_t i = 0; i < ARRAY_SIZE(failures); i++) {
		if (failures[i].code == (code & 0xff))
			return err_set(err, failures[i].error, "%s: %s (%s)", sqlite->path,
				       failures[i].advice, why);
	}
	return err_set(err, -EIO, "%s: %s (%d)", sqlite->path, why, code);
}

int sqlite_script(struct db *db, const char *sql, struct err *err)
{
	struct sqlite *sqlite = (struct sqlite *)db;
	int code;

	sqlite->is_preparing_followed = false;
	code = sqlite3_exec(sqlite->handle, sql, NULL, NULL, NULL);
	sqlite->is_followed |= sqlite->is_preparing_followed;
	return code == SQLITE_OK ? 0 : sqlite_fail(sqlite, err);
}

/* --- statements ------------------------------------------------------------- */

static void statement_free(struct statement *statement)
{
	sqlite3_finalize(statement->stmt);
	free(statement->sql);
	free(statement);
}

static void statement_release(struct statement *statement)
{
	sqlite3_reset(statement->stmt);
	sqlite3_clear_bindings(statement->stmt);
	statement->is_in_use = false;
	/* Not kept: a second reader of the same statement at the same time. */
	if (!statement->is_kept)
		statement_free(statement);
}

/* NULL: SQLite says why. */
static struct statement *statement_prepare(struct sqlite *sqlite, const char *sql)
{
	struct statement *statement = xcalloc(1, sizeof(*statement));
	char name[8];

	sqlite->is_preparing_followed = false;
	if (sqlite3_prepare_v3(sqlite->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement->stmt,
			       NULL) != SQLITE_OK) {
		free(statement);
		return NULL;
	}
	statement->sql = xstrdup(sql);
	statement->is_followed = sqlite->is_preparing_followed;
	for (int i = 0; i < VALUES_MAX; i++) {
		snprintf(name, sizeof(name), "$%d", i + 1);
		statement->places[i] = sqlite3_bind_parameter_index(statement->stmt, name);
	}
	return statement;
}

/* FNV-1a */
static struct statement **chain_of(struct sqlite *sqlite, const char *sql)
{
	uint32_t hash = 2166136261;

	for (; *sql; sql++)
		hash = (hash ^ (unsigned char)*sql) * 16777619;
	return &sqlite->chains[hash % SQLITE_CHAINS];
}

/* Room for one more: drop the statement that was not used for the longest time. */
static void statement_evict(struct sqlite *sqlite)
{
	struct statement **oldest = NULL, *statement;

	for (size_t i = 0; i < SQLITE_CHAINS; i++) {
		for (struct statement **at = &sqlite->chains[i]; *at; at = &(*at)->next) {
			if (!(*at)->is_in_use && (!oldest || (*at)->used < (*oldest)->used))
				oldest = at;
		}
	}
	if (!oldest)
		return;
	statement = *oldest;
	*oldest = statement->next;
	sqlite->n_statements--;
	statement_free(statement);
}

static void statement_keep(struct sqlite *sqlite, struct statement *statement)
{
	struct statement **chain = chain_of(sqlite, statement->sql);

	if (sqlite->n_statements >= STATEMENTS_MAX)
		statement_evict(sqlite);
	statement->next = *chain;
	statement->is_kept = true;
	*chain = statement;
	sqlite->n_statements++;
}

/* NULL: SQLite says why. */
static struct statement *statement_get(struct sqlite *sqlite, const char *sql)
{
	struct statement *statement = *chain_of(sqlite, sql);
	bool is_second;

	while (statement && strcmp(statement->sql, sql) != 0)
		statement = statement->next;
	is_second = statement && statement->is_in_use;
	if (!statement || is_second) {
		statement = statement_prepare(sqlite, sql);
		if (!statement)
			return NULL;
		if (!is_second)
			statement_keep(sqlite, statement);
	}
	statement->is_in_use = true;
	statement->used = ++sqlite->uses;
	return statement;
}

/* The values are of the letters in @types, 'i', 't' or 'b'. */
static int bind_one(const struct statement *statement, int place, char type, va_list *values,
		    sqlite3_destructor_type life)
{
	const void *bytes;
	size_t size;

	assert(place > 0 && (type == 'i' || type == 't' || type == 'b'));
	if (type == 'i')
		return sqlite3_bind_int64(statement->stmt, place, va_arg(*values, int64_t));
	if (type == 't')
		return sqlite3_bind_text(statement->stmt, place, va_arg(*values, const char *), -1,
					 life);
	bytes = va_arg(*values, const void *);
	size = va_arg(*values, size_t);
	return sqlite3_bind_blob64(statement->stmt, place, bytes, size, life);
}

/* @life: SQLITE_TRANSIENT where the texts must outlive the call. */
static int statement_bind(struct sqlite *sqlite, const struct statement *statement,
			  const char *types, va_list given, sqlite3_destructor_type life,
			  struct err *err)
{
	int code = SQLITE_OK;
	va_list values;

	assert(strlen(types) <= VALUES_MAX);
	/* A copy of our own, since a va_list that is a parameter has no address to hand on. */
	va_copy(values, given);
	for (int i = 0; types[i] && code == SQLITE_OK; i++)
		code = bind_one(statement, statement->places[i], types[i], &values, life);
	va_end(values);
	return code == SQLITE_OK ? 0 : sqlite_fail(sqlite, err);
}

/* --- transactions ----------------------------------------------------------- */

static int begin(struct db *db, struct err *err)
{
	struct sqlite *sqlite = (struct sqlite *)db;
	int r = sqlite_file_check_moved(sqlite, err);

	sqlite->is_followed = false;
	return r < 0 ? r
		     : sqlite_script(db, sqlite->is_read_only ? "BEGIN" : "BEGIN IMMEDIATE", err);
}

static int commit(struct db *db, struct err *err)
{
	int r = sqlite_follow_up((struct sqlite *)db, err);

	return r < 0 ? r : sqlite_script(db, "COMMIT", err);
}

static void rollback(struct db *db)
{
	/* SQLite may have rolled back by itself, on a full disk for one. */
	if (!sqlite3_get_autocommit(((struct sqlite *)db)->handle))
		(void)sqlite_script(db, "ROLLBACK", NULL);
}

/* --- writing ------------------------------------------------------------------ */

/* To its end. */
static int statement_run(struct sqlite *sqlite, struct statement *statement, struct err *err)
{
	int code;

	/* SQLite prepares it anew by itself where the tables are others than they were. */
	sqlite->is_preparing_followed = statement->is_followed;
	do {
		code = sqlite3_step(statement->stmt);
	} while (code == SQLITE_ROW);
	statement->is_followed = sqlite->is_preparing_followed;
	sqlite->is_followed |= statement->is_followed;
	return code == SQLITE_DONE ? 0 : sqlite_fail(sqlite, err);
}

static int exec(struct db *db, const char *sql, int64_t *ret_n_changed, struct err *err,
		const char *types, va_list values)
{
	struct sqlite *sqlite = (struct sqlite *)db;
	struct statement *statement;
	bool is_alone;
	int r;

	statement = statement_get(sqlite, sql);
	if (!statement)
		return sqlite_fail(sqlite, err);
	is_alone = statement->is_followed && sqlite3_get_autocommit(sqlite->handle);
	r = is_alone ? begin(db, err) : 0;
	if (r >= 0)
		r = statement_bind(sqlite, statement, types, values, SQLITE_STATIC, err);
	if (r >= 0)
		r = statement_run(sqlite, statement, err);
	if (r >= 0 && ret_n_changed)
		*ret_n_changed = sqlite3_changes64(sqlite->handle);
	statement_release(statement);
	if (is_alone && r >= 0)
		r = commit(db, err);
	if (is_alone && r < 0)
		rollback(db);
	return r;
}

/* --- reading ---------------------------------------------------------------- */

static int query(struct db *db, const char *sql, struct db_rows **ret_rows, struct err *err,
		 const char *types, va_list values)
{
	struct sqlite *sqlite = (struct sqlite *)db;
	struct statement *statement;
	struct sqlite_rows *rows;
	int r;

	statement = statement_get(sqlite, sql);
	if (!statement)
		return sqlite_fail(sqlite, err);
	assert(!statement->is_followed); /* what it writes would not be noted */
	r = statement_bind(sqlite, statement, types, values, SQLITE_TRANSIENT, err);
	if (r < 0) {
		statement_release(statement);
		return r;
	}
	rows = xcalloc(1, sizeof(*rows));
	rows->rows.driver = &db_driver_sqlite;
	rows->sqlite = sqlite;
	rows->statement = statement;
	*ret_rows = &rows->rows;
	return 0;
}

static int next(struct db_rows *db_rows, struct err *err)
{
	struct sqlite_rows *rows = (struct sqlite_rows *)db_rows;

	switch (sqlite3_step(rows->statement->stmt)) {
	case SQLITE_ROW:
		return 1;
	case SQLITE_DONE:
		return 0;
	default:
		return sqlite_fail(rows->sqlite, err);
	}
}

static int64_t get_int(struct db_rows *rows, int column)
{
	return sqlite3_column_int64(((struct sqlite_rows *)rows)->statement->stmt, column);
}

static const char *get_text(struct db_rows *rows, int column)
{
	sqlite3_stmt *stmt = ((struct sqlite_rows *)rows)->statement->stmt;
	const char *text = (const char *)sqlite3_column_text(stmt, column);

	return text ? text : "";
}

static const void *get_bytes(struct db_rows *rows, int column, size_t *ret_size)
{
	sqlite3_stmt *stmt = ((struct sqlite_rows *)rows)->statement->stmt;
	const void *bytes = sqlite3_column_blob(stmt, column);

	/* In this order: asking for the size first may convert, and move, the value. */
	*ret_size = (size_t)sqlite3_column_bytes(stmt, column);
	return bytes ? bytes : "";
}

static bool is_null(struct db_rows *rows, int column)
{
	return sqlite3_column_type(((struct sqlite_rows *)rows)->statement->stmt, column) ==
	       SQLITE_NULL;
}

static void rows_close(struct db_rows *db_rows)
{
	struct sqlite_rows *rows = (struct sqlite_rows *)db_rows;

	statement_release(rows->statement);
	free(rows);
}

/* --- opening ------------------------------------------------------------------ */

int sqlite_read_int(struct sqlite *sqlite, const char *sql, int64_t *ret_value, struct err *err)
{
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	int r = db_query(&sqlite->db, sql, &rows, err, "");

	if (r >= 0)
		r = db_next(rows, err);
	if (r > 0)
		*ret_value = db_int(rows, 0);
	return r < 0 ? r : 0;
}

/* What a connection needs, and what the file needs that is written. */
static int set_up(struct sqlite *sqlite, enum db_mode mode, struct err *err)
{
	char mark[64];
	bool is_new;
	int r;

	sqlite3_extended_result_codes(sqlite->handle, 1);
	sqlite_wait_for_writers(sqlite);
	sqlite3_db_config(sqlite->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(sqlite->handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);

	r = sqlite_file_check_ours(sqlite, err);
	is_new = r > 0;
	if (is_new && (sqlite->is_read_only || mode == DB_CHANGE))
		return err_set(
			err, -EMEDIUMTYPE,
			"%s: this file is empty, not a Testready store; restore a backup, or "
			"name another file",
			sqlite->path);
	if (r >= 0)
		r = sqlite_script(&sqlite->db,
				  "PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL", err);
	if (r < 0 || sqlite->is_read_only)
		return r;
	snprintf(mark, sizeof(mark), "PRAGMA application_id = %d", SQLITE_APPLICATION_ID);
	r = sqlite_script(&sqlite->db, "PRAGMA journal_mode = WAL", err);
	if (r >= 0 && is_new)
		r = sqlite_script(&sqlite->db, mark, err);
	if (r >= 0)
		r = sqlite_log_bound(sqlite, err);
	if (r >= 0 && (mode == DB_WRITE || mode == DB_CHANGE))
		r = sqlite_file_check_small(sqlite, err);
	/* A file that was put in its place while this one was being opened. */
	return r < 0 ? r : sqlite_file_check_moved(sqlite, err);
}

/*
 * Keep everybody else out until it is closed. Without a WAL there is nothing beside the
 * file, so that another can be put in its place.
 */
static int claim(struct sqlite *sqlite, struct err *err)
{
	int fd, r;

	sqlite3_extended_result_codes(sqlite->handle, 1);
	/* What cannot be claimed is left as it is, even a log beside a damaged file. */
	sqlite_leave_log(sqlite->handle);
	r = sqlite_file_check_ours(sqlite, err);
	/* Before its log gets into it. */
	if (r == 0)
		r = sqlite_file_check_small(sqlite, err);
	if (r >= 0)
		r = sqlite_script(&sqlite->db,
				  "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = DELETE; "
				  "BEGIN EXCLUSIVE; COMMIT",
				  err);
	if (r != -EBUSY)
		return r < 0 ? r : 0;
	/* Who it is. Locks that closing this drops are nobody's: the claim failed. */
	r = sqlite_file_lock(sqlite->path, &fd, err);
	if (r >= 0)
		close(fd);
	return r < 0 ? r : -EBUSY;
}

static void close_sqlite(struct db *db)
{
	struct sqlite *sqlite = (struct sqlite *)db;

	for (size_t i = 0; i < SQLITE_CHAINS; i++) {
		while (sqlite->chains[i]) {
			struct statement *statement = sqlite->chains[i];

			sqlite->chains[i] = statement->next;
			statement_free(statement);
		}
	}
	sqlite3_close(sqlite->handle);
	free(sqlite->path);
	free(sqlite);
}

/*
 * SQLite sums up what it allocates, for which all threads wait for one lock at each malloc():
 * a sixth of the writer's instructions for a number that nobody asks for.
 */
static void set_up_library(void)
{
	(void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

static int open_sqlite(const char *path, enum db_mode mode, struct db **ret_db, struct err *err)
{
	bool is_read_only = mode == DB_READ || mode == DB_LOOK;
	int flags =
		SQLITE_OPEN_NOMUTEX | (is_read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE);
	static pthread_once_t is_set_up = PTHREAD_ONCE_INIT;
	_cleanup_(db_closep) struct db *db = NULL;
	struct sqlite *sqlite;
	int r = sqlite_file_prepare(path, mode, err);

	if (r < 0)
		return r;
	/* Before anything else of the library. */
	(void)pthread_once(&is_set_up, set_up_library);
	sqlite = xcalloc(1, sizeof(*sqlite));
	sqlite->db.driver = &db_driver_sqlite;
	sqlite->path = xstrdup(path);
	sqlite->is_read_only = is_read_only;
	sqlite->is_look = mode == DB_LOOK;
	db = &sqlite->db;

	if (sqlite3_open_v2(path, &sqlite->handle, flags, NULL) != SQLITE_OK)
		return sqlite_fail(sqlite, err);
	r = mode == DB_ALONE ? claim(sqlite, err) : set_up(sqlite, mode, err);
	if (r < 0)
		return r;
	*ret_db = TAKE_PTR(db);
	return 0;
}

static const char *get_path(const struct db *db)
{
	return ((const struct sqlite *)db)->path;
}

static int version(struct db *db, int64_t *ret_version, struct err *err)
{
	return sqlite_read_int((struct sqlite *)db, "PRAGMA data_version", ret_version, err);
}

const struct db_driver db_driver_sqlite = {
	.scheme = "sqlite",
	.open = open_sqlite,
	.close = close_sqlite,
	.path = get_path,
	.begin = begin,
	.commit = commit,
	.rollback = rollback,
	.script = sqlite_script,
	.copy = sqlite_file_copy,
	.compact = sqlite_file_compact,
	.check = sqlite_file_check,
	.settle = sqlite_log_settle,
	.watch = sqlite_log_watch,
	.follow = sqlite_follow,
	.sizes = sqlite_file_sizes,
	.lock = sqlite_file_lock,
	.note_damage = sqlite_damage_note,
	.check_damage = sqlite_damage_check,
	.forget_damage = sqlite_damage_forget,
	.exec = exec,
	.query = query,
	.next = next,
	.get_int = get_int,
	.get_text = get_text,
	.get_bytes = get_bytes,
	.is_null = is_null,
	.rows_close = rows_close,
	.version = version,
};
