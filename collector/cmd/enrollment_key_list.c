/* SPDX-License-Identifier: Apache-2.0 */
/*
 * enrollment-key list and revoke. A key is named by the beginning of its hash: the
 * key itself is not stored, and is no name to write down.
 */
#include <errno.h>
#include <string.h>

#include "collector/act/act_key.h"
#include "collector/cmd/listing.h"
#include "collector/cmd/told.h"
#include "collector/store/store_site.h"
#include "collector/view/view_keys.h"
#include "common/base/clock.h"

#define ID_DIGITS_MIN 8

static int read_keys(const void *arg, const struct view *view, const struct page *page,
		     json_t **ret_json, struct err *err)
{
	const struct key_filter *filter = arg;
	_cleanup_(site_done) struct site site = { 0 };
	int r = 0;

	/* A site that was mistyped has no keys either. */
	if (filter->site_code)
		r = store_site_get(view->store, filter->site_code, &site, err);
	return r < 0 ? r : view_keys(view, filter, page, ret_json, err);
}

static void print_key(const json_t *key)
{
	const json_t *uses_left = json_object_get(key, "uses_left");
	char uses[32] = "any number of";

	if (json_is_integer(uses_left))
		snprintf(uses, sizeof(uses), "%" JSON_INTEGER_FORMAT,
			 json_integer_value(uses_left));
	printf("%s  site %s  %-7s  until %.10s, for %s more devices\n", told_text(key, "id"),
	       told_text(key, "site"), told_text(key, "state"), told_text(key, "expires_at"), uses);
}

static int run_list(int argc, char *argv[])
{
	struct key_filter filter = { .state = "all" };
	const struct listing listing = {
		.name = "enrollment_keys", .read = read_keys, .print = print_key, .arg = &filter
	};
	const char *store_url = NULL;
	bool is_json = false;
	const struct cli_option options[] = {
		{ "site", "CODE", "only of this site", &filter.site_code, NULL },
		{ "json", NULL, "print JSON", NULL, &is_json },
		ADMIN_STORE_OPTION(&store_url),
		{ 0 },
	};
	size_t n_args;
	int r = cli_parse(&cmd_enrollment_key_list, options, 0, argc, argv, &n_args);

	if (r != 0)
		return r > 0 ? CLI_OK : CLI_USAGE;
	return listing_run(&cmd_enrollment_key_list, &listing, store_url, is_json);
}

static int revoke(struct store *store, void *arg, struct err *err)
{
	return act_key_revoke(store, admin_actor(), arg, clock_now_ms(), err);
}

static int run_revoke(int argc, char *argv[])
{
	const char *store_url = NULL;
	const struct cli_option options[] = { ADMIN_STORE_OPTION(&store_url), { 0 } };
	struct err err = { 0 };
	size_t n_args;
	int r = cli_parse(&cmd_enrollment_key_revoke, options, 1, argc, argv, &n_args);

	if (r != 0)
		return r > 0 ? CLI_OK : CLI_USAGE;
	if (n_args != 1 || strlen(argv[1]) < ID_DIGITS_MIN ||
	    strspn(argv[1], "0123456789abcdef") != strlen(argv[1]))
		return admin_usage(&cmd_enrollment_key_revoke,
				   "name a key by the id that enrollment-key list prints");
	r = admin_run(store_url, revoke, argv[1], &err);
	if (r < 0) {
		(void)admin_fail(&cmd_enrollment_key_revoke, &err);
		return r == -EALREADY || r == -ENOENT ? ADMIN_REFUSED : CLI_USAGE;
	}
	printf("Revoked. Devices that enrolled with it keep reporting.\n");
	return admin_end(&cmd_enrollment_key_revoke, CLI_OK);
}

const struct cli_command cmd_enrollment_key_list = {
	.name = "enrollment-key list",
	.args = "",
	.summary = "which keys there are, for how long and how many devices",
	.run = run_list,
};
const struct cli_command cmd_enrollment_key_revoke = {
	.name = "enrollment-key revoke",
	.args = "ID",
	.summary = "no device enrols with this key any more",
	.run = run_revoke,
};
