/* SPDX-License-Identifier: Apache-2.0 */
/*
 * person add and list: accounts, from the machine of the collector, where nobody has to
 * sign in.
 */
#include <errno.h>
#include <string.h>

#include "collector/act/act_invite.h"
#include "collector/cmd/change.h"
#include "collector/cmd/listing.h"
#include "collector/cmd/person.h"
#include "collector/cmd/told.h"
#include "collector/view/view_people.h"
#include "common/base/clock.h"

int person_grant(const struct person_role_options *options, struct grants *grants, struct err *err)
{
	struct grant grant = { 0 };
	const char *code = options->site ? options->site : options->lea ? options->lea : "";

	if (!options->role || !!options->site + !!options->lea + options->is_state != 1)
		return err_set(err, -EINVAL,
			       "give --role and one of --state, --lea CODE and --site CODE");
	while (person_role_words[grant.role] &&
	       strcmp(person_role_words[grant.role], options->role) != 0)
		grant.role++;
	if (grant.role == PERSON_MAX_)
		return err_set(err, -EINVAL, "there is no role '%.40s'", options->role);
	if (strlen(code) >= sizeof(grant.code))
		return err_set(err, -EINVAL, "'%.40s' is no code", code);
	grant.scope = options->site ? SCOPE_SITE : options->lea ? SCOPE_LEA : SCOPE_STATE;
	snprintf(grant.code, sizeof(grant.code), "%s", code);
	return grants_add(grants, &grant, err);
}

void person_print_invitation(const char *login, const char *secret)
{
	printf("%s chooses a password within %d days at the collector's address, behind which "
	       "comes\n"
	       "/invitation#%s\n"
	       "This is shown only now.\n",
	       login, INVITATION_DAYS, secret);
}

/* --- add ----------------------------------------------------------------------------- */

struct addition {
	struct account_request request;
	struct account_made made;
};

static int add(struct store *store, void *arg, struct err *err)
{
	struct addition *addition = arg;

	return act_account_add(store, admin_actor(), &addition->request, clock_now_ms(),
			       &addition->made, err);
}

static int run_add(int argc, char *argv[])
{
	struct person_role_options role = { 0 };
	struct grants grants = { 0 };
	struct addition addition = { .request.grants = &grants };
	const char *store_url = NULL;
	bool is_admin = false;
	const struct cli_option options[] = {
		{ "name", "NAME", "the person's name", &addition.request.name, NULL },
		{ "admin", NULL, "the same as --role admin --state", NULL, &is_admin },
		PERSON_ROLE_OPTIONS(&role),
		ADMIN_STORE_OPTION(&store_url),
		{ 0 },
	};
	struct err err = { 0 };
	size_t n_args;
	int r = cli_parse(&cmd_person_add, options, 1, argc, argv, &n_args);

	if (r != 0)
		return r > 0 ? CLI_OK : CLI_USAGE;
	/* What else is said may be meant to make it less. */
	if (is_admin && (role.role || role.is_state || role.lea || role.site))
		return admin_usage(&cmd_person_add,
				   "--admin is a role of the whole state; leave out --role, "
				   "--state, --lea and --site, or --admin");
	if (is_admin)
		role = (struct person_role_options){ .role = "admin", .is_state = true };
	if (n_args != 1 || !addition.request.name)
		return admin_usage(&cmd_person_add, "give a LOGIN and --name NAME");
	if (person_grant(&role, &grants, &err) < 0)
		return admin_usage(&cmd_person_add, "%s", err.text);
	addition.request.login = argv[1];
	r = admin_run(store_url, add, &addition, &err);
	if (r < 0)
		return change_refuse(&cmd_person_add, r, &err, "Nobody was added.");
	person_print_invitation(argv[1], addition.made.invitation);
	explicit_bzero(&addition.made, sizeof(addition.made));
	return admin_end(&cmd_person_add, CLI_OK);
}

/* --- list ---------------------------------------------------------------------------- */

static int read_people(const void *arg, const struct view *view, const struct page *page,
		       json_t **ret_json, struct err *err)
{
	return view_people(view, arg, page, ret_json, err);
}

static void print_person(const json_t *person)
{
	const json_t *sign_on = json_object_get(person, "sign_on"), *row;
	const char *awaits = told_text(sign_on, "awaits");
	const char *bound = told_text(sign_on, "bound_at");
	size_t i;

	printf("%s  %s  %s  until %s, %s%.10s\n", told_text(person, "login"),
	       told_text(person, "name"), told_text(person, "state"),
	       told_text(person, "good_until"), LISTING_USED(told_text(person, "used_at")));
	if (bound[0] || awaits[0])
		printf("  single sign-on: %s%s\n", bound[0] ? "bound at " : "awaits ",
		       bound[0] ? bound : awaits);
	json_array_foreach (json_object_get(person, "grants"), i, row)
		printf("  %s  %s%s%s\n", told_text(row, "role"), told_text(row, "scope"),
		       LISTING_CODE(told_text(row, "code")));
	json_array_foreach (json_object_get(person, "reasons"), i, row)
		printf("%s%s%s", i > 0 ? ", " : "  look at it: ", json_string_value(row),
		       i + 1 == json_array_size(json_object_get(person, "reasons")) ? "\n" : "");
}

static int run_list(int argc, char *argv[])
{
	struct people_filter filter = { 0 };
	const struct listing listing = {
		.name = "people", .read = read_people, .print = print_person, .arg = &filter
	};
	const char *store_url = NULL;
	bool is_json = false;
	const struct cli_option options[] = {
		{ "role", "ROLE", "only those with this role", &filter.role, NULL },
		{ "code", "CODE", "only those with a role of this LEA or site", &filter.code,
		  NULL },
		{ "state", "WORD", "only those that are active, invited, expired or disabled",
		  &filter.state, NULL },
		{ "review", NULL, "only those that somebody should look at, and why", NULL,
		  &filter.is_review },
		{ "json", NULL, "print JSON", NULL, &is_json },
		ADMIN_STORE_OPTION(&store_url),
		{ 0 },
	};
	size_t n_args;
	int r = cli_parse(&cmd_person_list, options, 0, argc, argv, &n_args);

	if (r != 0)
		return r > 0 ? CLI_OK : CLI_USAGE;
	return listing_run(&cmd_person_list, &listing, store_url, is_json);
}

const struct cli_command cmd_person_add = {
	.name = "person add",
	.args = "LOGIN",
	.summary = "make an account with a role, and an invitation to choose its password",
	.run = run_add,
};
const struct cli_command cmd_person_list = {
	.name = "person list",
	.args = "",
	.summary = "who has an account, with which roles, until when, and when it was used",
	.run = run_list,
};
