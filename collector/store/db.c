/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <string.h>

#include "collector/store/db.h"

static const struct db_driver *const drivers[] = { &db_driver_sqlite };

const struct db_driver *db_driver_of(const char *url, const char **ret_path, struct err *err)
{
	const char *colon = strchr(url, ':');
	const char *slash = strchr(url, '/');
	size_t len = colon ? (size_t)(colon - url) : 0;

	/* A colon after a slash belongs to a file's name. */
	if (!colon || (slash && slash < colon)) {
		*ret_path = url;
		return &db_driver_sqlite;
	}
	for (size_t i = 0; i < ARRAY_SIZE(drivers); i++) {
		if (strlen(drivers[i]->scheme) == len &&
		    strncmp(drivers[i]->scheme, url, len) == 0) {
			*ret_path = colon + 1;
			return drivers[i];
		}
	}
	(void)err_set(err, -EINVAL,
		      "'%.*s' is no kind of store: give a path, or sqlite: and a path", (int)len,
		      url);
	return NULL;
}

int db_open(const char *url, enum db_mode mode, struct db **ret_db, struct err *err)
{
	const char *path;
	const struct db_driver *driver = db_driver_of(url, &path, err);

	return driver ? driver->open(path, mode, ret_db, err) : -EINVAL;
}

int db_check_damage(const char *url, struct err *err)
{
	const char *path;
	const struct db_driver *driver = db_driver_of(url, &path, err);

	return driver ? driver->check_damage(path, err) : -EINVAL;
}

void db_close(struct db *db)
{
	if (db)
		db->driver->close(db);
}

int db_exec(struct db *db, const char *sql, int64_t *ret_n_changed, struct err *err,
	    const char *types, ...)
{
	va_list values;
	int r;

	va_start(values, types);
	r = db->driver->exec(db, sql, ret_n_changed, err, types, values);
	va_end(values);
	return r;
}

int db_query(struct db *db, const char *sql, struct db_rows **ret_rows, struct err *err,
	     const char *types, ...)
{
	va_list values;
	int r;

	va_start(values, types);
	r = db->driver->query(db, sql, ret_rows, err, types, values);
	va_end(values);
	return r;
}

int db_next(struct db_rows *rows, struct err *err)
{
	return rows->driver->next(rows, err);
}

int64_t db_int(struct db_rows *rows, int column)
{
	return rows->driver->get_int(rows, column);
}

const char *db_text(struct db_rows *rows, int column)
{
	return rows->driver->get_text(rows, column);
}

const void *db_bytes(struct db_rows *rows, int column, size_t *ret_size)
{
	return rows->driver->get_bytes(rows, column, ret_size);
}

bool db_is_null(struct db_rows *rows, int column)
{
	return rows->driver->is_null(rows, column);
}

void db_rows_close(struct db_rows *rows)
{
	if (rows)
		rows->driver->rows_close(rows);
}
