/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SQLite's write-ahead log: what is committed is on the disk there, and goes into the file
 * later. Left to itself SQLite does that in the commit that makes the log 1,000 pages long,
 * for which the batch of that commit waits two syncs more.
 */
#include <stdio.h>
#include <time.h>

#include "collector/store/db_sqlite.h"

enum {
	/*
	 * 64 MiB: where the one who writes does it all the same, since whoever should is not
	 * fast enough. Only then can the log begin anew. A reader that takes long can make it
	 * longer; what is beyond that goes back to the disk afterwards.
	 */
	LOG_PAGES_MAX = 16000,
	LOG_BYTES_KEPT = 64 * 1024 * 1024,
	/*
	 * 96 MiB: where it waits for the other's look to end, since two at a time cannot, and
	 * a log that is written as fast as it is read never ends. At most a second a commit.
	 */
	LOG_PAGES_WAIT = 24000,
	WAIT_STEPS = 100,
	WAIT_STEP_MS = 10,
};

int sqlite_log_bound(struct sqlite *sqlite, struct err *err)
{
	char sql[64];

	snprintf(sql, sizeof(sql), "PRAGMA journal_size_limit = %d", LOG_BYTES_KEPT);
	return sqlite_script(&sqlite->db, sql, err);
}

static int try_again(void *arg, int n_tries)
{
	const struct timespec step = { .tv_nsec = SQLITE_BUSY_TRY_MS * 1000000L };

	(void)arg;
	if (n_tries >= SQLITE_BUSY_TRIES)
		return 0;
	nanosleep(&step, NULL);
	return 1;
}

void sqlite_wait_for_writers(struct sqlite *sqlite)
{
	sqlite3_busy_handler(sqlite->handle, try_again, NULL);
}

int sqlite_log_settle(struct db *db, bool is_idle, struct err *err)
{
	struct sqlite *sqlite = (struct sqlite *)db;
	int mode = is_idle ? SQLITE_CHECKPOINT_TRUNCATE : SQLITE_CHECKPOINT_PASSIVE;
	int code;

	/* To wait for readers here would be to keep who writes waiting. */
	sqlite3_busy_timeout(sqlite->handle, 0);
	code = sqlite3_wal_checkpoint_v2(sqlite->handle, "main", mode, NULL, NULL);
	sqlite_wait_for_writers(sqlite);
	if (code == SQLITE_OK || code == SQLITE_BUSY || code == SQLITE_LOCKED)
		return 0;
	return sqlite_fail(sqlite, err);
}

/* Readers are not waited for: an export may take minutes. */
static void fold(sqlite3 *handle, int n_pages)
{
	int n_steps = n_pages >= LOG_PAGES_WAIT ? WAIT_STEPS : 1;

	for (int i = 0; i < n_steps; i++) {
		if (sqlite3_wal_checkpoint_v2(handle, "main", SQLITE_CHECKPOINT_PASSIVE, NULL,
					      NULL) != SQLITE_BUSY)
			return;
		if (i + 1 < n_steps)
			sqlite3_sleep(WAIT_STEP_MS);
	}
}

static int commit_hook(void *arg, sqlite3 *handle, const char *name, int n_pages)
{
	struct sqlite *sqlite = arg;

	(void)name;
	sqlite->committed(sqlite->committed_arg, n_pages);
	if (n_pages >= LOG_PAGES_MAX)
		fold(handle, n_pages);
	/* What is in the log is committed, whatever came of writing it elsewhere. */
	return SQLITE_OK;
}

void sqlite_log_watch(struct db *db, void (*committed)(void *arg, int64_t n_pages), void *arg)
{
	struct sqlite *sqlite = (struct sqlite *)db;

	sqlite->committed = committed;
	sqlite->committed_arg = arg;
	sqlite3_wal_hook(sqlite->handle, commit_hook, sqlite);
}
