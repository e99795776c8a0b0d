/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SQLite asks, of each statement that it prepares, whether it may write a table. Nobody is
 * refused: so it is known which statements write which tables, whoever wrote them down.
 */
#include <stdio.h>
#include <string.h>

#include "collector/store/db_sqlite.h"

static int note_table(void *arg, int action, const char *table, const char *column,
		      const char *database, const char *trigger)
{
	struct sqlite *sqlite = arg;

	(void)column;
	(void)database;
	(void)trigger;
	if (action != SQLITE_INSERT && action != SQLITE_UPDATE && action != SQLITE_DELETE)
		return SQLITE_OK;
	for (const char *const *followed = sqlite->followed; *followed; followed++) {
		if (strcmp(*followed, table) == 0)
			sqlite->is_preparing_followed = true;
	}
	return SQLITE_OK;
}

void sqlite_follow(struct db *db, const char *const tables[], const char *sql)
{
	struct sqlite *sqlite = (struct sqlite *)db;

	sqlite->followed = tables;
	sqlite->followed_sql = sql;
	/* This prepares anew what was prepared before. */
	(void)sqlite3_set_authorizer(sqlite->handle, note_table, sqlite);
}

int sqlite_follow_up(struct sqlite *sqlite, struct err *err)
{
	return sqlite->is_followed ? db_exec(&sqlite->db, sqlite->followed_sql, NULL, err, "") : 0;
}
