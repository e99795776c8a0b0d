/* SPDX-License-Identifier: Apache-2.0 */
/*
 * enrollment-key list and revoke. A key is named by the beginning of its hash: the
 * key itself is not stored, and is no name to write down.
 */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "collector/act/act_key.h"
#include "collector/cmd/admin.h"
#include "collector/store/store_enrollment_key.h"
#include "common/base/clock.h"

#define LISTED_MAX 1000
#define ID_DIGITS_MIN 8

struct listing {
	const char *site_code;
	struct enrollment_key_list list;
};

static int list(struct store *store, void *arg, struct err *err)
{
	struct listing *listing = arg;

	return store_enrollment_key_list(store, listing->site_code, "", LISTED_MAX, &listing->list,
					 err);
}

static const char *state_of(const struct enrollment_key *key, int64_t now_ms)
{
	if (key->revoked_ms)
		return "revoked";
	if (now_ms >= key->expires_ms)
		return "expired";
	return key->uses_left == 0 ? "used up" : "good";
}

static void print_row(const struct enrollment_key_row *row, int64_t now_ms)
{
	char expires[CLOCK_TEXT_SIZE], uses[32] = "any number of";

	if (row->key.uses_left >= 0)
		snprintf(uses, sizeof(uses), "%" PRId64, row->key.uses_left);
	printf("%.*s  site %s  %-7s  until %.10s, for %s more devices\n", ADMIN_KEY_DIGITS,
	       row->key_hash, row->key.site_code, state_of(&row->key, now_ms),
	       clock_text(row->key.expires_ms, expires), uses);
}

static int run_list(int argc, char *argv[])
{
	struct listing listing = { 0 };
	const char *store_url = NULL;
	const struct cli_option options[] = {
		{ "site", "CODE", "only of this site", &listing.site_code, NULL },
		ADMIN_STORE_OPTION(&store_url),
		{ 0 },
	};
	struct err err = { 0 };
	size_t n_args;
	int r = cli_parse(&cmd_enrollment_key_list, options, 0, argc, argv, &n_args);

	if (r != 0)
		return r > 0 ? CLI_OK : CLI_USAGE;
	if (admin_run(store_url, list, &listing, &err) < 0)
		return admin_fail(&cmd_enrollment_key_list, &err);
	for (size_t i = 0; i < listing.list.n_rows; i++)
		print_row(&listing.list.rows[i], clock_now_ms());
	if (listing.list.n_rows == 0)
		printf("None.\n");
	if (listing.list.n_rows == LISTED_MAX)
		printf("There may be more than these %d; name a site with --site.\n", LISTED_MAX);
	enrollment_key_list_done(&listing.list);
	return admin_end(&cmd_enrollment_key_list, CLI_OK);
}

static int revoke(struct store *store, void *arg, struct err *err)
{
	return act_key_revoke(store, &actor_command_line, arg, clock_now_ms(), err);
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
