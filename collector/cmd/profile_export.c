/* SPDX-License-Identifier: Apache-2.0 */
/*
 * profile export: the text of a profile, as it was published, or of what a site is judged by.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "collector/cmd/change.h"
#include "collector/store/store_profile.h"
#include "collector/store/store_site.h"
#include "common/base/mem.h"

struct export
{
	const char *profile_id, *prefix, *site_code;
	char *body;
};

static int find_of_site(struct store *store, const struct export *export,
			char version[static HASH_SIZE], struct err *err)
{
	_cleanup_(site_done) struct site site = { 0 };
	int r = store_site_get(store, export->site_code, &site, err);

	if (r < 0)
		return r;
	if (!site.has_window)
		return err_set(err, -ENOENT, "site %s has no window yet, so nothing judges it",
			       site.code);
	if (strcmp(site.window.profile_id, export->profile_id) != 0)
		return err_set(err, -ENOENT, "site %s is judged by the profile %s, not by %.64s",
			       site.code, site.window.profile_id, export->profile_id);
	if (!site.window.profile_version[0])
		return err_set(err, -ENOENT, "the profile %s of site %s is not published",
			       site.window.profile_id, site.code);
	memcpy(version, site.window.profile_version, HASH_SIZE);
	return 0;
}

static int find(struct store *store, void *arg, struct err *err)
{
	struct export *export = arg;
	char version[HASH_SIZE];
	int r;

	if (export->site_code)
		r = find_of_site(store, export, version, err);
	else if (export->prefix)
		r = store_profile_find(store, export->profile_id, export->prefix, version, err);
	else
		r = store_profile_version(store, export->profile_id, version, err);
	return r < 0 ? r : store_profile_body(store, version, &export->body, err);
}

static int run(int argc, char *argv[])
{
	struct export export = { 0 };
	const char *store_url = NULL;
	const struct cli_option options[] = {
		{ "version", "PREFIX", "this version; its first 8 digits or more", &export.prefix,
		  NULL },
		{ "site", "CODE", "what this site is judged by", &export.site_code, NULL },
		ADMIN_STORE_OPTION(&store_url),
		{ 0 },
	};
	struct err err = { 0 };
	size_t n_args, len;
	int r = cli_parse(&cmd_profile_export, options, 1, argc, argv, &n_args);

	if (r != 0)
		return r > 0 ? CLI_OK : CLI_USAGE;
	if (n_args != 1 || (export.prefix && export.site_code))
		return admin_usage(&cmd_profile_export,
				   "name one profile, and at most one of --version and --site");
	export.profile_id = argv[1];
	r = admin_run(store_url, find, &export, &err);
	if (r < 0) {
		(void)admin_fail(&cmd_profile_export, &err);
		return r == -ENOENT || r == -EEXIST ? ADMIN_REFUSED : CLI_USAGE;
	}
	len = strlen(export.body);
	printf("%s%s", export.body, len > 0 && export.body[len - 1] == '\n' ? "" : "\n");
	free(export.body);
	return admin_end(&cmd_profile_export, CLI_OK);
}

const struct cli_command cmd_profile_export = {
	.name = "profile export",
	.args = "ID",
	.summary = "print a published profile, or what a site is judged by",
	.run = run,
};
