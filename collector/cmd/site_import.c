/* SPDX-License-Identifier: Apache-2.0 */
/*
 * site import: sites with their windows (JSON, CSV), their rooms, or the devices they should have.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>

#include "collector/act/act_import_rooms.h"
#include "collector/act/asked.h"
#include "collector/cmd/admin.h"
#include "collector/io/csv.h"
#include "collector/io/inventory_csv.h"
#include "collector/io/room_csv.h"
#include "collector/io/site_csv.h"
#include "collector/io/site_file.h"
#include "common/base/clock.h"
#include "common/base/fd.h"
#include "common/base/file.h"
#include "common/base/mem.h"

struct import;

/* A kind of file, by what its beginning looks like. */
struct file_kind {
	bool (*is_it)(const char *start);
	int (*take)(struct store *store, struct import *import, struct err *err);
	void (*print)(const struct import *import);
};

struct import {
	const char *file;
	const struct file_kind *kind;
	FILE *in;
	int64_t now_ms;
	struct profile_cache *cache;
	struct inventory_import *inventory;
	struct problems problems;
	struct import_sites_count sites;
	struct inventory_count devices;
	struct room_csv room_file;
	struct rooms_count rooms;
	int64_t n_others; /* sites that a CSV of sites does not name */
	bool is_dry;      /* all is done, and given up then */
};

static struct moment moment_of(struct store *store, const struct import *import)
{
	return (struct moment){ store, import->cache, import->now_ms };
}

static int note_sites(struct import *import, struct sites_import *taking, struct err *err)
{
	const struct moment moment = moment_of(taking->store, import);

	import->sites = taking->count;
	return asked_sites_imported(&moment, admin_actor(),
				    &(struct sites_imported){ import->file, taking }, err);
}

static int import_site(struct sites_import *taking, struct import *import,
		       const struct site_file *file, size_t index, struct err *err)
{
	unsigned line, column;
	int r = sites_import_take(taking, &file->rows[index], err);

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
	_cleanup_(import_log_done) struct import_log log = { 0 };
	struct sites_import taking = { .store = store, .now_ms = import->now_ms, .log = &log };
	_cleanup_free_ char *text = NULL;
	size_t len;
	int r = file_read_at(AT_FDCWD, import->file, SITE_FILE_BYTES_MAX, &text, &len, err);

	if (r < 0)
		return r;
	site_file_read(text, len, import->file, &import->problems, &file);
	if (import->problems.n > 0)
		return 1;
	for (size_t i = 0; i < file.n_rows && r >= 0; i++)
		r = import_site(&taking, import, &file, i, err);
	if (r >= 0)
		r = note_sites(import, &taking, err);
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
	const struct moment moment = moment_of(store, import);
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
		r = asked_inventory_imported(&moment, admin_actor(),
					     &(struct inventory_imported){ import->inventory,
									   import->file,
									   import->devices },
					     err);
	return r;
}

/* --- CSV of sites -------------------------------------------------------------- */

static int take_sites(struct sites_import *taking, struct import *import,
		      const struct site_csv *csv, struct err *err)
{
	int r = 0;

	for (size_t i = 0; i < csv->n_rows && r >= 0; i++) {
		struct err why = { 0 };

		r = sites_import_take(taking, &csv->rows[i], &why);
		if (sites_import_is_refusal(r)) {
			site_csv_refuse(csv, i, taking->at, &import->problems, why.text);
			r = 0;
		} else if (r < 0) {
			r = err_set(err, r, "%s", why.text);
		}
	}
	return r;
}

static int import_site_csv(struct store *store, struct import *import, struct err *err)
{
	_cleanup_(site_csv_done) struct site_csv csv = { 0 };
	_cleanup_(import_log_done) struct import_log log = { 0 };
	struct sites_import taking = {
		.store = store, .now_ms = import->now_ms, .is_careful = true, .log = &log
	};
	int r = site_csv_read(import->in, import->file, &import->problems, &csv, err);

	if (r >= 0 && import->problems.n == 0)
		r = take_sites(&taking, import, &csv, err);
	if (r >= 0 && import->problems.n > 0)
		return 1;
	if (r >= 0)
		r = asked_sites_others(store, &taking.count, &import->n_others, err);
	return r < 0 ? r : note_sites(import, &taking, err);
}

static void print_sites(const struct import *import)
{
	const struct import_sites_count *sites = &import->sites;

	printf("%" PRId64 " sites, %" PRId64 " windows: %" PRId64 " new, %" PRId64 " changed.\n",
	       sites->sites, sites->windows, sites->new_sites, sites->changed);
}

static void print_site_csv(const struct import *import)
{
	print_sites(import);
	if (import->n_others > 0)
		printf("%" PRId64 " sites that the file does not name stay as they are.\n",
		       import->n_others);
}

/* --- CSV of rooms -------------------------------------------------------------- */

static void wrong_room(void *arg, const struct room_row *row, enum room_column at, const char *why)
{
	struct import *import = arg;

	room_csv_refuse(&import->room_file, (size_t)(row - import->room_file.rows), at,
			&import->problems, why);
}

static int import_rooms(struct store *store, struct import *import, struct err *err)
{
	struct rooms_import taking = { .store = store,
				       .actor = admin_actor(),
				       .now_ms = import->now_ms,
				       .wrong = wrong_room,
				       .arg = import };
	int r = room_csv_read(import->in, import->file, &import->problems, &import->room_file, err);

	if (r >= 0 && import->problems.n == 0)
		r = rooms_import_take_all(&taking, import->room_file.rows, import->room_file.n_rows,
					  err);
	import->rooms = taking.count;
	return r >= 0 && import->problems.n > 0 ? 1 : r;
}

static void print_rooms(const struct import *import)
{
	const struct rooms_count *rooms = &import->rooms;

	printf("%" PRId64 " rooms of %" PRId64 " sites: %" PRId64 " new, %" PRId64
	       " changed, %" PRId64 " unchanged, %" PRId64 " removed.\n",
	       rooms->rooms, rooms->sites, rooms->added, rooms->changed, rooms->unchanged,
	       rooms->removed);
}

/* --- which kind ---------------------------------------------------------------- */

static void print_devices(const struct import *import)
{
	const struct inventory_count *devices = &import->devices;

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

/* JSON begins with a brace or bracket, a header of ours with neither. */
static bool is_json(const char *start)
{
	start += strspn(start, " \t\r\n");
	return *start == '{' || *start == '[';
}

/* Only sites have these names in their header; only devices have those of devices. */
static bool has_sites(const char *start)
{
	return strcasestr(start, "lea_code") || strcasestr(start, "site_name");
}

static bool has_rooms(const char *start)
{
	return strcasestr(start, "room") && !strcasestr(start, "asset_tag") &&
	       !strcasestr(start, "serial") && !strcasestr(start, "host_name");
}

static bool has_any(const char *start)
{
	(void)start;
	return true;
}

/* The first that it is. */
static const struct file_kind kinds[] = {
	{ is_json, import_sites, print_sites },
	{ has_sites, import_site_csv, print_site_csv },
	{ has_rooms, import_rooms, print_rooms },
	{ has_any, import_inventory, print_devices },
};

/* By its first line that is not blank. */
static const struct file_kind *kind_of(FILE *in)
{
	char start[4096];
	size_t n = fread(start, 1, sizeof(start) - 1, in), blank, i = 0;

	rewind(in);
	start[n] = '\0';
	blank = strspn(start, " \t\r\n");
	start[blank + strcspn(start + blank, "\r\n")] = '\0';
	while (!kinds[i].is_it(start))
		i++;
	return &kinds[i];
}

static int import_file(struct store *store, void *arg, struct err *err)
{
	struct import *import = arg;
	int r;

	import->kind = kind_of(import->in);
	r = import->kind->take(store, import, err);
	return r == 0 && import->is_dry ? 1 : r;
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
		import->kind->print(import);
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
	if (r == -ENOENT && import.is_dry && !import.kind)
		(void)err_prefix(&err, r, "a dry run makes no store");
	inventory_import_free(import.inventory);
	room_csv_done(&import.room_file);
	profile_cache_free(import.cache);
	fclose(import.in);
	return end(&import, r, &err);
}

const struct cli_command cmd_site_import = {
	.name = "site import",
	.args = "FILE",
	.summary = "take in sites (CSV or JSON), their rooms or the devices they should have (CSV)",
	.run = run,
};
