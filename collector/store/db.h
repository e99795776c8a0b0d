/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Database driver
 *
 * The few calls the store needs, once for each database. Queries are written
 * once, in the SQL that both SQLite and PostgreSQL speak, with $1..$n for
 * parameters. What only one of them speaks stays in its driver.
 *
 * A connection belongs to one thread at a time.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/err.h"

struct db;
struct db_rows; /* a result being read */

struct db_driver {
	const char *scheme; /* "sqlite" in sqlite:/var/lib/testready/testready.db */
	int (*open)(const char *path, bool is_read_only, struct db **ret_db, struct err *err);
	void (*close)(struct db *db);
	/* begin() takes the write lock at once, so that a transaction cannot fail at its commit for
	 * it. */
	int (*begin)(struct db *db, struct err *err);
	int (*commit)(struct db *db, struct err *err);
	void (*rollback)(struct db *db);
	/* Several statements without parameters: migrations. */
	int (*script)(struct db *db, const char *sql, struct err *err);
	/*
	 * Run one statement. @types has one letter a parameter: i int64_t, t text
	 * (const char *, NULL is NULL). *@ret_n_changed, if not NULL: rows changed.
	 */
	int (*exec)(struct db *db, const char *sql, int64_t *ret_n_changed, struct err *err,
		    const char *types, ...);
	/* Begin to read; rows_close() *@ret_rows. */
	int (*query)(struct db *db, const char *sql, struct db_rows **ret_rows, struct err *err,
		     const char *types, ...);
	/* 1: a row is there; 0: no more; or an error. */
	int (*next)(struct db_rows *rows, struct err *err);
	/* Columns from 0. A text is valid until the next next(); "" for NULL. */
	int64_t (*get_int)(struct db_rows *rows, int column);
	const char *(*get_text)(struct db_rows *rows, int column);
	bool (*is_null)(struct db_rows *rows, int column);
	void (*rows_close)(struct db_rows *rows);
};

extern const struct db_driver db_driver_sqlite;

struct db {
	const struct db_driver *driver;
};

/* Open "sqlite:PATH" or a plain path. -EINVAL: no such scheme. */
int db_open(const char *url, bool is_read_only, struct db **ret_db, struct err *err) _must_check_;
void db_close(struct db *db);
DEFINE_CLEANUP(struct db *, db_close);
void db_rows_close(struct db *db, struct db_rows *rows);
