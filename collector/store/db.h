/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Database driver
 *
 * The few calls the store needs, once for each database. Queries are written
 * once, in the SQL that both SQLite and PostgreSQL speak, with $1..$n for
 * parameters. What only one of them speaks stays in its driver.
 *
 * A connection belongs to one thread at a time. What every call may fail with:
 * -EBUSY: another process holds the write lock. -ENOSPC: the disk is full.
 * -EUCLEAN: the file is damaged. -EEXIST: a unique or foreign key would break.
 * -EROFS: opened read-only. -EIO: the rest.
 */

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/err.h"

struct db {
	const struct db_driver *driver;
};

/* A result being read. */
struct db_rows {
	const struct db_driver *driver;
};

/* A file up to this size is checked whenever it is opened to be written: 0.1 s. */
#define DB_SMALL_BYTES (INT64_C(64) * 1024 * 1024)

enum db_mode {
	DB_WRITE,  /* a store that is not there is made */
	DB_CHANGE, /* like DB_WRITE, of a store that is there */
	DB_READ,
	DB_LOOK,  /* read, even if it is marked as damaged; and no mark is made */
	DB_KEEP,  /* like DB_WRITE, beside one that made and checked the store already */
	DB_ALONE, /* nobody else has it open, from now on until it is closed; else -EBUSY */
};

/* In bytes. */
struct db_sizes {
	int64_t file_bytes;
	int64_t free_bytes; /* of these, what is free for new rows */
	int64_t log_bytes;  /* beside the file, what is not in it yet */
};

enum db_depth {
	DB_PAGES,   /* the structure of the file */
	DB_INDEXES, /* that, and each row against the indexes of its table; takes longer */
	DB_KEYS,    /* no structure: rows that belong to rows which are not there */
	DB_DEPTH_MAX_,
};

/* How a file is checked. */
struct db_check {
	enum db_depth depth;
	bool (*go_on)(void *arg); /* asked now and then, or NULL; false: give up with -ECANCELED */
	void (*found)(void *arg, const char *what); /* called for each thing that is wrong */
	void *arg;
};

struct db_driver {
	const char *scheme; /* "sqlite" in sqlite:/var/lib/testready-collector/store.db */
	/*
	 * -ENOENT: no such store. -EMEDIUMTYPE: it is another program's. -EUCLEAN: it is
	 * damaged, or marked so: whoever meets damage marks the file, and nobody else opens it
	 * until it was checked or another is in its place.
	 */
	int (*open)(const char *path, enum db_mode mode, struct db **ret_db, struct err *err);
	void (*close)(struct db *db);
	/* The file, valid until @db is closed. */
	const char *(*path)(const struct db *db);
	/*
	 * begin() takes the write lock at once, so that a transaction cannot fail
	 * at its commit for it; read-only it begins a snapshot. -EBUSY too if another file
	 * was put in the place of the store.
	 */
	int (*begin)(struct db *db, struct err *err);
	int (*commit)(struct db *db, struct err *err);
	void (*rollback)(struct db *db);
	/* Several statements without parameters: migrations. */
	int (*script)(struct db *db, const char *sql, struct err *err);
	/*
	 * Write what @db sees into the empty file @to, and that to the disk; inside a
	 * transaction of a read-only connection. In small steps with rests between them, for
	 * who commits to the same disk. The copy is one file that needs none beside it.
	 */
	int (*copy)(struct db *db, const char *to, struct err *err);
	/* The same without what is free, and in one go; outside a transaction. */
	int (*compact)(struct db *db, const char *to, struct err *err);
	int (*check)(struct db *db, const struct db_check *how, struct err *err);
	/*
	 * What is committed goes into a log first. settle() writes it into the file, without
	 * making anybody wait; @is_idle: and empties the log if nobody needs it. Once somebody
	 * watches the commits of a connection, of which @committed is told how many pages are
	 * in the log, that does so itself only where the log would become too large.
	 */
	int (*settle)(struct db *db, bool is_idle, struct err *err);
	void (*watch)(struct db *db, void (*committed)(void *arg, int64_t n_pages), void *arg);
	/*
	 * From now on each transaction of @db in which a statement is run that writes one of
	 * @tables runs @sql too, before it is committed; the database itself tells which
	 * statements do. Of script() only inside a transaction. @tables ends in NULL; it and @sql
	 * must outlive @db.
	 */
	void (*follow)(struct db *db, const char *const tables[], const char *sql);
	int (*sizes)(struct db *db, struct db_sizes *ret_sizes, struct err *err);
	/*
	 * Keep everybody out of a file, damaged or not, until *@ret_fd is closed. -EBUSY:
	 * somebody has it open, and not this process: that would lose its own locks.
	 */
	int (*lock)(const char *path, int *ret_fd, struct err *err);
	void (*note_damage)(const char *path, const char *why);
	int (*check_damage)(const char *path, struct err *err);
	int (*forget_damage)(const char *path, struct err *err);
	int (*exec)(struct db *db, const char *sql, int64_t *ret_n_changed, struct err *err,
		    const char *types, va_list values);
	int (*query)(struct db *db, const char *sql, struct db_rows **ret_rows, struct err *err,
		     const char *types, va_list values);
	int (*next)(struct db_rows *rows, struct err *err);
	int64_t (*get_int)(struct db_rows *rows, int column);
	const char *(*get_text)(struct db_rows *rows, int column);
	const void *(*get_bytes)(struct db_rows *rows, int column, size_t *ret_size);
	bool (*is_null)(struct db_rows *rows, int column);
	void (*rows_close)(struct db_rows *rows);
	/*
	 * A number that is another one once another connection has committed; it says
	 * nothing beside that of another connection. In a transaction: as of its beginning.
	 */
	int (*version)(struct db *db, int64_t *ret_version, struct err *err);
};

extern const struct db_driver db_driver_sqlite;

/* Open "sqlite:PATH" or a plain path. -EINVAL: no such scheme. */
int db_open(const char *url, enum db_mode mode, struct db **ret_db, struct err *err) _must_check_;
void db_close(struct db *db);
DEFINE_CLEANUP(struct db *, db_close);
/* The driver of @url and in *@ret_path the file, within @url. NULL: no such scheme. */
const struct db_driver *db_driver_of(const char *url, const char **ret_path, struct err *err);
/* -EUCLEAN: the file was found damaged, by whomever. */
int db_check_damage(const char *url, struct err *err) _must_check_;

/*
 * Run one statement. @types has one letter a parameter: i int64_t (exactly that
 * type), t text (const char *, NULL is NULL), b bytes (two arguments: const void *,
 * NULL is NULL, and size_t, exactly that type). *@ret_n_changed, if not NULL: rows
 * changed.
 */
int db_exec(struct db *db, const char *sql, int64_t *ret_n_changed, struct err *err,
	    const char *types, ...) _must_check_;

/* Begin to read; db_rows_close() *@ret_rows. The values are copied. */
int db_query(struct db *db, const char *sql, struct db_rows **ret_rows, struct err *err,
	     const char *types, ...) _must_check_;
/* 1: a row is there; 0: no more; or an error. */
int db_next(struct db_rows *rows, struct err *err) _must_check_;
/* Columns from 0. A text is valid until the next db_next(); "" and 0 for NULL. */
int64_t db_int(struct db_rows *rows, int column);
const char *db_text(struct db_rows *rows, int column);
/* Bytes, as long valid as a text; never NULL: *@ret_size is 0 for NULL and for no bytes. */
const void *db_bytes(struct db_rows *rows, int column, size_t *ret_size);
bool db_is_null(struct db_rows *rows, int column);
void db_rows_close(struct db_rows *rows);
DEFINE_CLEANUP(struct db_rows *, db_rows_close);
