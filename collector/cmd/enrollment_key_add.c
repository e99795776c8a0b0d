/* SPDX-License-Identifier: Apache-2.0 */
/*
 * enrollment-key add: what devices of a site need to enrol, ready to paste.
 */
#include <string.h>

#include "collector/act/act_key.h"
#include "collector/cmd/admin.h"
#include "common/base/clock.h"

enum {
	DAYS_DEFAULT = 30,
	DAYS_MAX = 366,
	USES_MAX = 1000000,
	USES_UNLIMITED = -1,
};

struct request {
	struct enrollment_grant grant;
	char key[SECRET_SIZE];
};

static int add(struct store *store, void *arg, struct err *err)
{
	struct request *request = arg;

	return act_key_give(store, admin_actor(), &request->grant, clock_now_ms(), request->key,
			    err);
}

static void print_key(const struct request *request, const char *url, const char *ca)
{
	char hash[HASH_SIZE];

	printf("%s\n\nOn each device of the site, within %lld days:\n\n"
	       "  echo %s | testready-agent enroll --url %s%s%s --key-file -\n\n",
	       request->key, (long long)request->grant.days, request->key, url, ca ? " --ca " : "",
	       ca ? ca : "");
	if (request->grant.uses > 0)
		printf("It is good for %lld devices. ", (long long)request->grant.uses);
	hash_hex(request->key, strlen(request->key), hash);
	printf("It is shown this once; enrollment-key revoke %.*s ends it.\n", ADMIN_KEY_DIGITS,
	       hash);
}

static int run(int argc, char *argv[])
{
	const char *store_url = NULL, *days = NULL, *uses = NULL;
	const char *url = "https://COLLECTOR", *ca = NULL;
	struct request request = { .grant = { .days = DAYS_DEFAULT, .uses = USES_UNLIMITED } };
	bool is_key_only = false;
	const struct cli_option options[] = {
		{ "site", "CODE", "the site that the devices belong to", &request.grant.site_code,
		  NULL },
		{ "days", "N", "how long it is good for; default 30, at most 366", &days, NULL },
		{ "uses", "N", "for how many devices; default any number", &uses, NULL },
		{ "url", "URL", "of the collector, for the command to paste", &url, NULL },
		{ "ca", "FILE", "of a private authority, on the devices; for the same command", &ca,
		  NULL },
		{ "key-only", NULL, "print the key and nothing else", NULL, &is_key_only },
		ADMIN_STORE_OPTION(&store_url),
		{ 0 },
	};
	struct err err = { 0 };
	size_t n_args;
	int r = cli_parse(&cmd_enrollment_key_add, options, 0, argc, argv, &n_args);

	if (r != 0)
		return r > 0 ? CLI_OK : CLI_USAGE;
	if (!request.grant.site_code)
		return admin_usage(&cmd_enrollment_key_add, "--site CODE is needed");
	if (days && admin_parse_number(days, 1, DAYS_MAX, &request.grant.days) < 0)
		return admin_usage(&cmd_enrollment_key_add, "--days '%s' is not within 1 to %d",
				   days, DAYS_MAX);
	if (uses && admin_parse_number(uses, 1, USES_MAX, &request.grant.uses) < 0)
		return admin_usage(&cmd_enrollment_key_add, "--uses '%s' is not within 1 to %d",
				   uses, USES_MAX);
	if (admin_run(store_url, add, &request, &err) < 0)
		return admin_fail(&cmd_enrollment_key_add, &err);
	if (is_key_only)
		printf("%s\n", request.key);
	else
		print_key(&request, url, ca);
	return admin_end(&cmd_enrollment_key_add, CLI_OK);
}

const struct cli_command cmd_enrollment_key_add = {
	.name = "enrollment-key add",
	.args = "",
	.summary = "make a key that devices of a site enrol with",
	.run = run,
};
