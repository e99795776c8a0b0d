/* SPDX-License-Identifier: Apache-2.0 */
/*
 * token add, list and revoke: what programs come with in the place of people. One that is made
 * here is nobody's, so no account that ends takes it with it.
 */
#include <errno.h>
#include <string.h>

#include "collector/act/act_token.h"
#include "collector/cmd/change.h"
#include "collector/cmd/listing.h"
#include "collector/cmd/person.h"
#include "collector/cmd/told.h"
#include "collector/view/view_tokens.h"
#include "common/base/clock.h"

#define DAYS_DEFAULT 90

/* --- add ----------------------------------------------------------------------------- */

struct addition {
	struct token_request request;
	struct token_made made;
};

static int add(struct store *store, void *arg, struct err *err)
{
	struct addition *addition = arg;

	return act_token_add(store, admin_actor(), &addition->request, clock_now_ms(),
			     &addition->made, err);
}

static int run_add(int argc, char *argv[])
{
	struct addition addition = { .request.days = DAYS_DEFAULT };
	struct person_role_options role = { 0 };
	struct grants grants = { 0 };
	const char *store_url = NULL, *days = NULL;
	bool is_token_only = false;
	const struct cli_option options[] = {
		{ "name", "NAME", "which program it is for", &addition.request.name, NULL },
		PERSON_ROLE_OPTIONS(&role),
		{ "days", "N", "how long it is good; default 90, at most 366", &days, NULL },
		{ "token-only", NULL, "print the token and nothing else", NULL, &is_token_only },
		ADMIN_STORE_OPTION(&store_url),
		{ 0 },
	};
	struct err err = { 0 };
	size_t n_args;
	int r = cli_parse(&cmd_token_add, options, 0, argc, argv, &n_args);

	if (r != 0)
		return r > 0 ? CLI_OK : CLI_USAGE;
	if (!addition.request.name)
		return admin_usage(&cmd_token_add, "--name NAME is needed");
	if (days && admin_parse_number(days, 1, TOKEN_DAYS_MAX, &addition.request.days) < 0)
		return admin_usage(&cmd_token_add, "--days '%s' is not within 1 to %d", days,
				   TOKEN_DAYS_MAX);
	if (person_grant(&role, &grants, &err) < 0)
		return admin_usage(&cmd_token_add, "%s", err.text);
	addition.request.grant = grants.grants[0];
	r = admin_run(store_url, add, &addition, &err);
	if (r < 0)
		return change_refuse(&cmd_token_add, r, &err, "No token was made.");
	printf("%s\n", addition.made.token);
	if (!is_token_only)
		printf("\nIt is shown this once; token revoke %s ends it.\n", addition.made.id);
	explicit_bzero(&addition.made, sizeof(addition.made));
	return admin_end(&cmd_token_add, CLI_OK);
}

/* --- list ---------------------------------------------------------------------------- */

static int read_tokens(const void *arg, const struct view *view, const struct page *page,
		       json_t **ret_json, struct err *err)
{
	const bool *is_all = arg;

	return view_tokens(view, *is_all ? "all" : "good", page, ret_json, err);
}

static void print_token(const json_t *token)
{
	const char *owner = told_text(token, "owner");

	printf("%s  %s  %s  %s  %s%s%s  %s%s  until %.10s, %s%.10s\n", told_text(token, "id"),
	       told_text(token, "name"), told_text(token, "state"), told_text(token, "role"),
	       told_text(token, "scope"), LISTING_CODE(told_text(token, "code")),
	       owner[0] ? "of " : "nobody's", owner, told_text(token, "expires_at"),
	       LISTING_USED(told_text(token, "used_at")));
}

static int run_list(int argc, char *argv[])
{
	bool is_all = false, is_json = false;
	const struct listing listing = {
		.name = "tokens", .read = read_tokens, .print = print_token, .arg = &is_all
	};
	const char *store_url = NULL;
	const struct cli_option options[] = {
		{ "all", NULL, "also those that expired or were revoked", NULL, &is_all },
		{ "json", NULL, "print JSON", NULL, &is_json },
		ADMIN_STORE_OPTION(&store_url),
		{ 0 },
	};
	size_t n_args;
	int r = cli_parse(&cmd_token_list, options, 0, argc, argv, &n_args);

	if (r != 0)
		return r > 0 ? CLI_OK : CLI_USAGE;
	return listing_run(&cmd_token_list, &listing, store_url, is_json);
}

/* --- revoke -------------------------------------------------------------------------- */

static int revoke(struct store *store, void *arg, struct err *err)
{
	return act_token_revoke(store, admin_actor(), arg, clock_now_ms(), err);
}

static int run_revoke(int argc, char *argv[])
{
	const char *store_url = NULL;
	const struct cli_option options[] = { ADMIN_STORE_OPTION(&store_url), { 0 } };
	struct err err = { 0 };
	size_t n_args;
	int r = cli_parse(&cmd_token_revoke, options, 1, argc, argv, &n_args);

	if (r != 0)
		return r > 0 ? CLI_OK : CLI_USAGE;
	if (n_args != 1 || !id_is_valid(argv[1]))
		return admin_usage(&cmd_token_revoke, "name a token by the id that token list "
						      "prints");
	r = admin_run(store_url, revoke, argv[1], &err);
	if (r < 0)
		return change_refuse(&cmd_token_revoke, r, &err, "No token was revoked.");
	printf("Revoked; it is good for nothing from now on.\n");
	return admin_end(&cmd_token_revoke, CLI_OK);
}

const struct cli_command cmd_token_add = {
	.name = "token add",
	.args = "",
	.summary = "make a token for a program, with one role",
	.run = run_add,
};
const struct cli_command cmd_token_list = {
	.name = "token list",
	.args = "",
	.summary = "which tokens there are, what they may, until when, and when they were used",
	.run = run_list,
};
const struct cli_command cmd_token_revoke = {
	.name = "token revoke",
	.args = "ID",
	.summary = "a token is good for nothing any more",
	.run = run_revoke,
};
