/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What the files of the SQLite driver share; nobody else includes it. */

#include <sqlite3.h>

#include "collector/store/db.h"

/* "Trdy": tells our files from any other SQLite database. */
#define SQLITE_APPLICATION_ID 0x54726479

enum {
	SQLITE_CHAINS = 64, /* of statements that are kept prepared */
	SQLITE_BUSY_TRIES = 2500,
	SQLITE_BUSY_TRY_MS = 2, /* so five seconds in all */
};

struct statement;

struct sqlite {
	struct db db;
	sqlite3 *handle;
	char *path;
	bool is_read_only;
	bool is_look; /* so what it finds damaged is not marked: who looks tells */
	void (*committed)(void *arg, int64_t n_pages);
	void *committed_arg;
	const char *const *followed; /* tables; NULL: none are */
	const char *followed_sql;
	bool is_preparing_followed; /* what is being prepared writes one of them */
	bool is_followed;           /* so does what was run in this transaction */
	struct statement *chains[SQLITE_CHAINS];
	size_t n_statements;
	uint64_t uses;
};

/*
 * Wait for who writes, for five seconds. SQLite's own waiting looks each 100 ms, and between two
 * looks a collector that is busy has begun its next transaction: a command never had its turn.
 */
void sqlite_wait_for_writers(struct sqlite *sqlite);

/* What went wrong last and what a person can do about it. A file that is damaged is marked. */
int sqlite_fail(const struct sqlite *sqlite, struct err *err);
int sqlite_script(struct db *db, const char *sql, struct err *err);
/* The first column of the first row of @sql, an integer; untouched if there is no row. */
int sqlite_read_int(struct sqlite *sqlite, const char *sql, int64_t *ret_value,
		    struct err *err) _must_check_;

/* --- db_sqlite_file.c: the file itself -------------------------------------------- */

/*
 * Before SQLite opens it, which tells less of what is wrong. With DB_WRITE the file is made if it
 * is not there, for only its owner to read: keys are in it. -ENOENT: there is none; -EISDIR: it is
 * a folder; -EACCES: it is somebody else's; -EUCLEAN: it is marked as damaged.
 */
int sqlite_file_prepare(const char *path, enum db_mode mode, struct err *err) _must_check_;
/* Refuse another program's file before a byte of it is changed. 1: a new store. */
int sqlite_file_check_ours(struct sqlite *sqlite, struct err *err) _must_check_;
/* Look at the whole file, if that takes no longer than a blink. -EUCLEAN: damaged. */
int sqlite_file_check_small(struct sqlite *sqlite, struct err *err) _must_check_;
/*
 * Where the file is damaged the log beside it may be what is wrong with it, as that of another
 * store: closing the connection does not write it into the file.
 */
void sqlite_leave_log(sqlite3 *handle);
/* -EBUSY: what has the file's name is another file by now. */
int sqlite_file_check_moved(const struct sqlite *sqlite, struct err *err) _must_check_;

/* What db.h says of these. */
int sqlite_file_copy(struct db *db, const char *to, struct err *err) _must_check_;
int sqlite_file_compact(struct db *db, const char *to, struct err *err) _must_check_;
int sqlite_file_check(struct db *db, const struct db_check *how, struct err *err) _must_check_;
int sqlite_file_lock(const char *path, int *ret_fd, struct err *err) _must_check_;
int sqlite_file_sizes(struct db *db, struct db_sizes *ret_sizes, struct err *err) _must_check_;

/* --- db_sqlite_log.c: what was committed and is not in the file yet ------------------- */

/* The log of a connection that writes is bounded from now on. */
int sqlite_log_bound(struct sqlite *sqlite, struct err *err) _must_check_;
int sqlite_log_settle(struct db *db, bool is_idle, struct err *err) _must_check_;
void sqlite_log_watch(struct db *db, void (*committed)(void *arg, int64_t n_pages), void *arg);

/* --- db_sqlite_follow.c: which transactions write certain tables ------------------------ */

void sqlite_follow(struct db *db, const char *const tables[], const char *sql);
/* Before the commit of a transaction. */
int sqlite_follow_up(struct sqlite *sqlite, struct err *err) _must_check_;

/* --- db_sqlite_damage.c: the mark beside a damaged file ---------------------------- */

/* Mark the file at @path, unless it is marked. */
void sqlite_damage_note(const char *path, const char *why);
/* -EUCLEAN: the file at @path is marked. */
int sqlite_damage_check(const char *path, struct err *err) _must_check_;
int sqlite_damage_forget(const char *path, struct err *err) _must_check_;
