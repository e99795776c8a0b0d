/* SPDX-License-Identifier: Apache-2.0 */
/*
 * backup and restore: a copy of the store, and making a copy the store.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "collector/cmd/admin.h"
#include "collector/store/backup.h"
#include "common/base/clock.h"

static void print_summary(const char *did, const char *path, const struct summary *summary)
{
	printf("%s %s: %" PRId64 " device%s at %" PRId64 " site%s, %" PRId64
	       " of them ready; layout %" PRId64 ", %" PRId64 " bytes\n",
	       did, path, summary->n_devices, summary->n_devices == 1 ? "" : "s", summary->n_sites,
	       summary->n_sites == 1 ? "" : "s", summary->n_ready, summary->layout, summary->bytes);
}

static int back_up(const char *store_url, const char *path, bool is_forced,
		   struct summary *ret_summary, struct err *err)
{
	_cleanup_(db_closep) struct db *db = NULL;
	int r = db_open(admin_store_url(store_url), DB_READ, &db, err);

	return r < 0 ? r : backup_write(db, path, is_forced, false, ret_summary, err);
}

static int run_backup(int argc, char *argv[])
{
	const char *store_url = NULL;
	bool is_forced = false;
	const struct cli_option options[] = {
		{ "force", NULL, "replace the file if it is there", NULL, &is_forced },
		ADMIN_STORE_OPTION(&store_url),
		{ 0 },
	};
	struct summary summary;
	struct err err = { 0 };
	size_t n_args;
	int r = cli_parse(&cmd_backup, options, 1, argc, argv, &n_args);

	if (r != 0)
		return r > 0 ? CLI_OK : CLI_USAGE;
	if (n_args != 1)
		return admin_usage(&cmd_backup, "name the file that becomes the backup");
	if (back_up(store_url, argv[1], is_forced, &summary, &err) < 0)
		return admin_fail(&cmd_backup, &err);
	print_summary("wrote and checked", argv[1], &summary);
	return admin_end(&cmd_backup, CLI_OK);
}

static int run_restore(int argc, char *argv[])
{
	const char *store_url = NULL;
	bool is_forced = false;
	const struct cli_option options[] = {
		{ "force", NULL, "also if there is a store, which is kept beside", NULL,
		  &is_forced },
		ADMIN_STORE_OPTION(&store_url),
		{ 0 },
	};
	struct restored restored;
	struct err err = { 0 };
	size_t n_args;
	int r = cli_parse(&cmd_restore, options, 1, argc, argv, &n_args);

	if (r != 0)
		return r > 0 ? CLI_OK : CLI_USAGE;
	if (n_args != 1)
		return admin_usage(&cmd_restore, "name the backup");
	store_url = admin_store_url(store_url);
	r = backup_restore(argv[1], store_url, is_forced, clock_now_ms(), &restored, &err);
	if (r < 0)
		return admin_fail(&cmd_restore, &err);
	print_summary("checked and restored to", store_url, &restored.summary);
	if (restored.kept)
		printf("what was there is now %s\n", restored.kept);
	free(restored.kept);
	return admin_end(&cmd_restore, CLI_OK);
}

const struct cli_command cmd_backup = {
	.name = "backup",
	.args = "FILE",
	.summary = "copy the store to FILE, also while a collector serves, and check the copy",
	.run = run_backup,
};
const struct cli_command cmd_restore = {
	.name = "restore",
	.args = "FILE",
	.summary = "check the backup FILE and make it the store",
	.run = run_restore,
};
