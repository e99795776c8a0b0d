/* SPDX-License-Identifier: Apache-2.0 */
/*
 * compact: give back what is free in the store.
 */
#include <inttypes.h>

#include "collector/cmd/admin.h"
#include "collector/store/backup.h"

static int show(const char *store_url, struct err *err)
{
	_cleanup_(db_closep) struct db *db = NULL;
	struct db_sizes sizes;
	int r = db_open(store_url, DB_READ, &db, err);

	if (r >= 0)
		r = db->driver->sizes(db, &sizes, err);
	if (r >= 0)
		printf("%s: %" PRId64 " bytes, of which %" PRId64 " are free; beside it %" PRId64
		       " bytes of log\n",
		       db->driver->path(db), sizes.file_bytes, sizes.free_bytes, sizes.log_bytes);
	return r;
}

static int run(int argc, char *argv[])
{
	const char *store_url = NULL;
	bool is_dry_run = false;
	const struct cli_option options[] = {
		{ "dry-run", NULL, "only say what is free, also while a collector serves", NULL,
		  &is_dry_run },
		ADMIN_STORE_OPTION(&store_url),
		{ 0 },
	};
	struct compacted compacted;
	struct err err = { 0 };
	size_t n_args;
	int r = cli_parse(&cmd_compact, options, 0, argc, argv, &n_args);

	if (r != 0)
		return r > 0 ? CLI_OK : CLI_USAGE;
	store_url = admin_store_url(store_url);
	r = is_dry_run ? show(store_url, &err) : backup_compact(store_url, &compacted, &err);
	if (r < 0)
		return admin_fail(&cmd_compact, &err);
	if (!is_dry_run && compacted.n_packed > 0)
		printf("packed the facts of %" PRId64 " devices, which an older version stored\n",
		       compacted.n_packed);
	if (!is_dry_run)
		printf("%s: %" PRId64 " bytes, which were %" PRId64 "\n", store_url,
		       compacted.after, compacted.before);
	return admin_end(&cmd_compact, CLI_OK);
}

const struct cli_command cmd_compact = {
	.name = "compact",
	.args = "",
	.summary = "give back what is free in the store; no collector may serve meanwhile",
	.run = run,
};
