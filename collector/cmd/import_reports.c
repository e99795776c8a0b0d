/* SPDX-License-Identifier: Apache-2.0 */
/*
 * import-reports: what agents without a network exported, each file whole or not at all.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "collector/cmd/admin.h"
#include "collector/ingest/accept.h"
#include "collector/io/export_file.h"
#include "collector/store/store_device.h"
#include "collector/store/store_identity.h"
#include "common/base/clock.h"
#include "common/base/fd.h"
#include "common/base/file.h"
#include "common/base/mem.h"
#include "common/base/text.h"

#define FILES_MAX 100000
#define NAME_SHOWN 120

struct import {
	struct store *store;
	struct profile_cache *cache;
	int dir_fd;
	int64_t n_new, n_known, n_refused;
};

/* Whether @file is of its device; a key that was given and not used yet may have made it. */
static int check_mac(struct store *store, const struct export_file *file, struct err *err)
{
	char key_hash[HASH_SIZE];
	struct identity identity;
	int r = store_device_key(store, file->device_id, key_hash, err);

	if (r == -ENOENT)
		return err_set(err, -ENOENT,
			       "device %s is not known here; import it into the collector where it "
			       "enrolled",
			       file->device_id);
	if (r >= 0)
		r = store_identity_get(store, file->device_id, NULL, &identity, err);
	if (r < 0)
		return r;
	if (!export_file_is_of(file, key_hash) && !export_file_is_of(file, identity.next_key_hash))
		return err_set(err, -EACCES,
			       "it is not signed with the key of device %s: it was changed, or the "
			       "device enrolled again since; export it again on the device",
			       file->device_id);
	return 0;
}

/* The report inside must be the one that the file says it is. */
static int check_body(const struct export_file *file, const struct report *report, struct err *err)
{
	if (strcmp(report->device_id, file->device_id) != 0 ||
	    strcmp(report->boot_id, file->boot_id) != 0 || report->sequence != file->sequence)
		return err_set(err, -EINVAL,
			       "its body is another report than it says; export it again on the "
			       "device");
	return 0;
}

/* 1: it is new; 0: it came before. */
static int take(struct import *import, const struct export_file *file, struct err *err)
{
	struct accepted_report accepted = { 0 };
	struct contact_answer answer;
	struct delivery delivery;
	int r = accept_report(file->body, strlen(file->body), &accepted, NULL, err);

	if (r >= 0)
		r = check_body(file, &accepted.report, err);
	if (r >= 0) {
		/* How long ago it was is not known any more, only when: nobody knows the way's. */
		accepted.report.age_ms = -1;
		delivery = (struct delivery){
			&accepted.report,   accepted.facts_text, accepted.sent_hash, "", "",
			accepted.facts_hash
		};
		r = act_report(import->store, import->cache, &delivery, clock_now_ms(), &answer,
			       err);
	}
	if (r >= 0)
		r = !answer.was_there;
	accepted_report_done(&accepted);
	return r;
}

static int import_parsed(struct import *import, const struct export_file *file, struct err *err)
{
	int r = store_begin(import->store, err);
	int is_new;

	if (r < 0)
		return r;
	r = check_mac(import->store, file, err);
	if (r >= 0)
		r = take(import, file, err);
	is_new = r;
	if (r >= 0)
		r = store_commit(import->store, err);
	if (r < 0) {
		store_rollback(import->store);
		return r;
	}
	return is_new;
}

/* What is wrong with a file is its own affair, even if the folder's disk is what fails. */
static int read_export(struct import *import, const char *name, struct export_file *ret_file,
		       struct err *err)
{
	_cleanup_free_ char *text = NULL;
	size_t len;

	if (file_read_at(import->dir_fd, name, EXPORT_BYTES_MAX, &text, &len, err) < 0)
		return -EINVAL;
	if (export_file_parse(text, len, ret_file, err) < 0)
		return err_prefix(err, -EINVAL,
				  "this is no export of testready-agent, or it is damaged");
	return 0;
}

static int import_file(struct import *import, const char *name, struct err *err)
{
	struct export_file file = { 0 };
	int r = read_export(import, name, &file, err);

	if (r >= 0)
		r = import_parsed(import, &file, err);
	export_file_done(&file);
	/* Each site may be judged by a document of its own. */
	profile_cache_trim(import->cache);
	return r;
}

/* What stands in the way of every file, as a full disk does. */
static bool is_store_failure(int r)
{
	return r == -EBUSY || r == -ENOSPC || r == -EIO || r == -EROFS || r == -EUCLEAN;
}

static int is_export(const struct dirent *entry)
{
	return entry->d_name[0] != '.' && text_ends(entry->d_name, ".json");
}

static int import_files(struct import *import, struct dirent **entries, int n, struct err *err)
{
	for (int i = 0; i < n; i++) {
		const char *name = entries[i]->d_name;
		_cleanup_free_ char *shown = text_clean(name, strlen(name), NAME_SHOWN);
		int r = import_file(import, name, err);

		if (is_store_failure(r))
			return err_prefix(err, r, "%s", shown);
		if (r < 0) {
			fprintf(stderr, "%s: %s\n", shown, err->text);
			import->n_refused++;
		} else if (r > 0) {
			import->n_new++;
		} else {
			import->n_known++;
		}
	}
	return 0;
}

static int import_folder(struct import *import, const char *path, struct err *err)
{
	struct dirent **entries = NULL;
	int r, n = scandir(path, &entries, is_export, alphasort);

	if (n < 0)
		return err_errno(err, -errno, "%s", path);
	if (n > FILES_MAX)
		r = err_set(err, -E2BIG,
			    "%s: has %d files, at most %d are taken at once; import it in parts",
			    path, n, FILES_MAX);
	else
		r = import_files(import, entries, n, err);
	for (int i = 0; i < n; i++)
		free(entries[i]);
	free(entries);
	return r;
}

static int import_all(const char *store_url, const char *path, struct import *import,
		      struct err *err)
{
	_cleanup_(profile_cache_freep) struct profile_cache *cache = profile_cache_new();
	_cleanup_close_ int dir_fd = open(path, O_DIRECTORY | O_RDONLY | O_CLOEXEC);
	_cleanup_(store_closep) struct store *store = NULL;
	int r;

	if (dir_fd < 0)
		return err_errno(err, -errno, "%s", path);
	r = store_open_old(admin_store_url(store_url), &store, err);
	if (r < 0)
		return r;
	import->store = store;
	import->cache = cache;
	import->dir_fd = dir_fd;
	return import_folder(import, path, err);
}

static int run(int argc, char *argv[])
{
	const char *store_url = NULL;
	const struct cli_option options[] = { ADMIN_STORE_OPTION(&store_url), { 0 } };
	struct import import = { 0 };
	struct err err = { 0 };
	size_t n_args;
	int64_t n;
	int r = cli_parse(&cmd_import_reports, options, 1, argc, argv, &n_args);

	if (r != 0)
		return r > 0 ? CLI_OK : CLI_USAGE;
	if (n_args != 1)
		return admin_usage(&cmd_import_reports,
				   "name the folder that testready-agent export wrote");
	r = import_all(store_url, argv[1], &import, &err);
	n = import.n_new + import.n_known + import.n_refused;
	if (r >= 0 && n == 0)
		printf("There are no reports in %s; name the folder that testready-agent export "
		       "wrote.\n",
		       argv[1]);
	else if (n > 0)
		printf("%" PRId64 " reports: %" PRId64 " new, %" PRId64 " known before, %" PRId64
		       " refused.\n",
		       n, import.n_new, import.n_known, import.n_refused);
	if (r < 0)
		return admin_fail(&cmd_import_reports, &err);
	return admin_end(&cmd_import_reports, import.n_refused ? ADMIN_REFUSED : CLI_OK);
}

const struct cli_command cmd_import_reports = {
	.name = "import-reports",
	.args = "DIR",
	.summary = "take in what agents without a network exported",
	.run = run,
};
