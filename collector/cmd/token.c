/* SPDX-License-Identifier: Apache-2.0 */
/*
 * token add, list and revoke: what programs come with in the place of people. One that is made
 * here is nobody's, so no account that ends takes it with it.
 */
#include <errno.h>
#include <string.h>

#include "collector/act/act_token.h"
#include "collector/cmd/change.h"
#include "collector/cmd/person.h"
#include "collector/view/view_tokens.h"
#include "common/base/clock.h"

#define DAYS_DEFAULT 90
#define LISTED_AT_ONCE 500

/* --- add ----------------------------------------------------------------------------- */

struct addition {
	struct token_request request;
	struct token_made made;
};

static int add(struct store *store, void *arg, struct err *err)
{
	struct addition *addition = arg;

	return act_token_add(store, &actor_command_line, &addition->request, clock_now_ms(),
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

struct listing {
	bool is_all;
	json_t *tokens;
};

/* All parts of the list, in one snapshot. */
static int list(struct store *store, void *arg, struct err *err)
{
	struct listing *listing = arg;
	const struct view view = { store, NULL, clock_now_ms(), &access_everything };
	struct page page = { .limit = LISTED_AT_ONCE };
	json_t *part = NULL, *before = NULL;
	int r;

	do {
		r = view_tokens(&view, listing->is_all ? "all" : "good", &page, &part, err);
		json_decref(before);
		if (r < 0)
			return r;
		json_array_extend(listing->tokens, json_object_get(part, "tokens"));
		page.cursor = json_string_value(json_object_get(part, "next_cursor"));
		before = part; /* which the cursor is of */
	} while (page.cursor);
	json_decref(before);
	return 0;
}

static const char *text_of(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

static void print_list(const json_t *tokens)
{
	const json_t *token;
	size_t i;

	json_array_foreach (tokens, i, token) {
		const char *used = text_of(token, "used_at"), *owner = text_of(token, "owner");
		const char *code = text_of(token, "code");

		printf("%s  %s  %s  %s  %s%s%s  %s%s  until %.10s, %s%.10s\n", text_of(token, "id"),
		       text_of(token, "name"), text_of(token, "state"), text_of(token, "role"),
		       text_of(token, "scope"), code ? " " : "", code ? code : "",
		       owner ? "of " : "nobody's", owner ? owner : "", text_of(token, "expires_at"),
		       used ? "used " : "never used", used ? used : "");
	}
	if (json_array_size(tokens) == 0)
		printf("None.\n");
}

static int run_list(int argc, char *argv[])
{
	struct listing listing = { 0 };
	const char *store_url = NULL;
	bool is_json = false;
	const struct cli_option options[] = {
		{ "all", NULL, "also those that expired or were revoked", NULL, &listing.is_all },
		{ "json", NULL, "print JSON", NULL, &is_json },
		ADMIN_STORE_OPTION(&store_url),
		{ 0 },
	};
	struct err err = { 0 };
	size_t n_args;
	int r = cli_parse(&cmd_token_list, options, 0, argc, argv, &n_args);

	if (r != 0)
		return r > 0 ? CLI_OK : CLI_USAGE;
	listing.tokens = json_array();
	r = admin_run(store_url, list, &listing, &err);
	if (r >= 0 && is_json) {
		json_t *json = json_pack("{s:O}", "tokens", listing.tokens);

		admin_print_json(json);
		json_decref(json);
	} else if (r >= 0) {
		print_list(listing.tokens);
	}
	json_decref(listing.tokens);
	if (r < 0)
		return admin_fail(&cmd_token_list, &err);
	return admin_end(&cmd_token_list, CLI_OK);
}

/* --- revoke -------------------------------------------------------------------------- */

static int revoke(struct store *store, void *arg, struct err *err)
{
	return act_token_revoke(store, &actor_command_line, arg, clock_now_ms(), err);
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
