/* SPDX-License-Identifier: Apache-2.0 */
/*
 * export: devices, their results or the changes of those as CSV or JSON on standard output, from
 * a snapshot of the store, beside a collector that serves or without one.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "collector/cmd/admin.h"
#include "collector/view/device_sheet.h"
#include "common/base/clock.h"
#include "common/base/mem.h"

#define CHUNK_BYTES ((size_t)64 * 1024)

struct export
{
	struct device_sheet_asked asked;
	int64_t now_ms;
	bool is_open; /* the store; what is not there then is what was asked for */
};

static int write_all(struct sheet *sheet, struct err *err)
{
	_cleanup_free_ char *buffer = xcalloc(1, CHUNK_BYTES);
	ssize_t n;

	while ((n = sheet_read(sheet, buffer, CHUNK_BYTES, err)) >= 0) {
		if (fwrite(buffer, 1, (size_t)n, stdout) != (size_t)n)
			return err_errno(err, -errno, "standard output");
	}
	return n == -ENODATA ? 0 : (int)n;
}

static int run_export(const char *store_url, struct export *export, struct err *err)
{
	_cleanup_(profile_cache_freep) struct profile_cache *cache = profile_cache_new();
	_cleanup_(store_closep) struct store *store = NULL;
	_cleanup_(sheet_freep) struct sheet *sheet = NULL;
	struct view view;
	int r = store_open(admin_store_url(store_url), true, &store, err);

	if (r >= 0)
		r = store_begin(store, err);
	if (r < 0)
		return r;
	export->is_open = true;
	view = (struct view){ store, cache, export->now_ms, &access_everything };
	r = device_sheet_open(&view, &export->asked, &sheet, err);
	return r < 0 ? r : write_all(sheet, err);
}

/* -EINVAL: there is no such kind. */
static int read_kind(const char *word, enum device_sheet_kind *ret_kind)
{
	for (unsigned i = 0; device_sheet_words[i]; i++) {
		if (strcmp(device_sheet_words[i], word) == 0) {
			*ret_kind = (enum device_sheet_kind)i;
			return 0;
		}
	}
	return -EINVAL;
}

static int run(int argc, char *argv[])
{
	static const struct device_filter all = { .is_expected = -1, .is_waived = -1 };
	struct export export = { .asked.devices.filter = &all, .now_ms = clock_now_ms() };
	const char *store_url = NULL;
	bool is_json = false;
	const struct cli_option options[] = {
		{ "site", "CODE", "only of this site", &export.asked.devices.site_code, NULL },
		{ "json", NULL, "JSON instead of CSV", NULL, &is_json },
		ADMIN_STORE_OPTION(&store_url),
		{ 0 },
	};
	struct err err = { 0 };
	size_t n_args;
	int r = cli_parse(&cmd_export, options, 1, argc, argv, &n_args);

	if (r != 0)
		return r > 0 ? CLI_OK : CLI_USAGE;
	if (n_args != 1 || read_kind(argv[1], &export.asked.kind) < 0)
		return admin_usage(&cmd_export, "say what: devices, results or transitions");
	export.asked.form = (struct sheet_form){ is_json ? TABLE_JSON : TABLE_CSV, export.now_ms };
	r = run_export(store_url, &export, &err);
	if (r < 0) {
		(void)admin_fail(&cmd_export, &err);
		return r == -ENOENT && export.is_open ? ADMIN_REFUSED : CLI_USAGE;
	}
	return admin_end(&cmd_export, CLI_OK);
}

const struct cli_command cmd_export = {
	.name = "export",
	.args = "devices|results|transitions",
	.summary = "devices, their results, or the changes of those as CSV or JSON",
	.run = run,
};
