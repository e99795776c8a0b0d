/* SPDX-License-Identifier: Apache-2.0 */
/*
 * site import: sites with their windows (JSON), or the devices they should have (CSV).
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sys/stat.h>

#include "collector/act/act_import.h"
#include "collector/act/asked.h"
#include "collector/cmd/admin.h"
#include "collector/io/csv.h"
#include "collector/io/inventory_csv.h"
#include "collector/io/site_file.h"
#include "common/base/clock.h"
#include "common/base/fd.h"
#include "common/base/file.h"
#include "common/base/mem.h"

struct import {
	const char *file;
	FILE *in;
	int64_t now_ms;
	struct profile_cache *cache;
	struct inventory_import *inventory;
	struct problems problems;
	struct import_sites_count sites;
	struct inventory_count devices;
	bool is_inventory;
	bool is_dry; /* all is done, and given up then */
};

static int import_site(struct store *store, struct import *import, const struct site_file *file,
		       size_t index, struct err *err)
{
	unsigned line, column;
	int r = act_import_site(store, &file->rows[index], import->now_ms, &import->sites, err);

	if (r != -EEXIST)
		return r;
	site_file_locate(file, index, &line, &column);
	problems_add(&import->problems, "%s:%u:%u: %s", import->file, line, column,
		     err ? err->text : "");
	return 0;
}

static int import_sites(struct store *store, struct import *import, struct err *err)
{
	_cleanup_(site_file_done) struct site_file file = { 0 };
	_cleanup_free_ char *text = NULL;
	size_t len;
	int r = file_read_at(AT_FDCWD, import->file, SITE_FILE_BYTES_MAX, &text, &len, err);

	if (r < 0)
		return r;
	site_file_read(text, len, import->file, &import->problems, &file);
	if (import->problems.n > 0)
		return 1;
	for (size_t i = 0; i < file.n_rows && r >= 0; i++)
		r = import_site(store, import, &file, i, err);
	if (r >= 0)
		r = asked_sites_imported(store, admin_actor(), import->file, &import->sites,
					 import->now_ms, err);
	return r >= 0 && import->problems.n > 0 ? 1 : r;
}

static int take_row(const struct inventory_row *row, bool is_only_checked, void *arg,
		    struct err *err)
{
	struct import *import = arg;

	return is_only_checked ? inventory_import_check(import->inventory, row, err)
			       : inventory_import_take(import->inventory, row, err);
}

static int import_inventory(struct store *store, struct import *import, struct err *err)
{
	int r = inventory_import_begin(store, import->cache, import->now_ms, &import->inventory,
				       err);

	if (r >= 0)
		r = inventory_csv_read(import->in, import->file, &import->problems, take_row,
				       import, err);
	if (r >= 0 && import->problems.n > 0)
		return 1;
	if (r >= 0)
		r = inventory_import_finish(import->inventory, &import->devices, err);
	if (r >= 0)
		r = asked_inventory_imported(store, admin_actor(),
					     &(struct inventory_imported){ import->inventory,
									   import->file,
									   import->devices },
					     import->now_ms, err);
	return r;
}

/* JSON begins with a brace or bracket, a header of ours with neither. */
static bool is_json(FILE *in)
{
	char start[256];
	size_t n = fread(start, 1, sizeof(start), in), i = 0;

	rewind(in);
	while (i < n &&
	       (start[i] == ' ' || start[i] == '\t' || start[i] == '\r' || start[i] == '\n'))
		i++;
	return i < n && (start[i] == '{' || start[i] == '[');
}

static int import_file(struct store *store, void *arg, struct err *err)
{
	struct import *import = arg;

	int r;

	import->is_inventory = !is_json(import->in);
	r = import->is_inventory ? import_inventory(store, import, err)
				 : import_sites(store, import, err);
	return r == 0 && import->is_dry ? 1 : r;
}

static void print_changes(const struct import *import)
{
	const struct inventory_count *devices = &import->devices;
	const struct import_sites_count *sites = &import->sites;

	if (!import->is_inventory) {
		printf("%" PRId64 " sites, %" PRId64 " windows: %" PRId64 " new, %" PRId64
		       " changed.\n",
		       sites->sites, sites->windows, sites->new_sites, sites->changed);
		return;
	}
	printf("%" PRId64 " devices of %" PRId64 " sites: %" PRId64 " new, %" PRId64
	       " changed, %" PRId64 " unchanged",
	       devices->devices, devices->sites, devices->added, devices->changed,
	       devices->unchanged);
	if (devices->removed > 0)
		printf(", %" PRId64 " removed", devices->removed);
	if (devices->unexpected > 0)
		printf(", %" PRId64 " unexpected now", devices->unexpected);
	if (devices->moved > 0)
		printf(", %" PRId64 " taken from another site's inventory", devices->moved);
	printf(".\n");
}

static int open_file(struct import *import, struct err *err)
{
	/* O_NONBLOCK, so that a FIFO in the place of a file cannot hold us. */
	_cleanup_close_ int fd = open(import->file, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0)
		return err_errno(err, -errno, "%s", import->file);
	if (!S_ISREG(st.st_mode))
		return err_set(err, -EINVAL, "%s: not a regular file", import->file);
	if ((uint64_t)st.st_size > CSV_BYTES_MAX)
		return err_set(err, -EFBIG, "%s: larger than 64 MiB; split it by site",
			       import->file);
	import->in = fdopen(fd, "r");
	if (!import->in)
		return err_errno(err, -errno, "%s", import->file);
	(void)TAKE_FD(fd);
	return 0;
}

/* What the command ends with; @r is of the transaction. */
static int end(struct import *import, int r, const struct err *err)
{
	bool is_wrong = import->problems.n > 0;

	problems_print(&import->problems, stderr);
	problems_done(&import->problems);
	if (r < 0)
		return admin_fail(&cmd_site_import, err);
	if (!is_wrong)
		print_changes(import);
	if (is_wrong)
		fprintf(stderr, "Nothing was imported.\n");
	else if (import->is_dry)
		printf("Nothing was imported: this was a dry run.\n");
	return admin_end(&cmd_site_import, is_wrong ? ADMIN_REFUSED : CLI_OK);
}

static int run(int argc, char *argv[])
{
	const char *store_url = NULL;
	struct import import = { .now_ms = clock_now_ms() };
	const struct cli_option options[] = {
		{ "dry-run", NULL, "only say what is wrong or would change", NULL, &import.is_dry },
		ADMIN_STORE_OPTION(&store_url),
		{ 0 },
	};
	struct err err = { 0 };
	size_t n_args;
	int r = cli_parse(&cmd_site_import, options, 1, argc, argv, &n_args);

	if (r != 0)
		return r > 0 ? CLI_OK : CLI_USAGE;
	if (n_args != 1)
		return admin_usage(&cmd_site_import, "name one file");
	import.file = argv[1];
	r = open_file(&import, &err);
	if (r < 0)
		return admin_fail(&cmd_site_import, &err);

	import.cache = profile_cache_new();
	/* What nothing is put into is not made. */
	r = (import.is_dry ? admin_run : admin_run_new)(store_url, import_file, &import, &err);
	inventory_import_free(import.inventory);
	profile_cache_free(import.cache);
	fclose(import.in);
	return end(&import, r, &err);
}

const struct cli_command cmd_site_import = {
	.name = "site import",
	.args = "FILE",
	.summary = "take in sites and windows (JSON) or the devices they should have (CSV)",
	.run = run,
};
