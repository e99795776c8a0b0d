/* SPDX-License-Identifier: Apache-2.0 */
/*
 * person add and list: accounts, from the machine of the collector, where nobody has to
 * sign in.
 */
#include <errno.h>
#include <string.h>

#include "collector/act/act_invite.h"
#include "collector/cmd/change.h"
#include "collector/cmd/person.h"
#include "collector/view/view_people.h"
#include "common/base/clock.h"

#define LISTED_AT_ONCE 500

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

	return act_account_add(store, &actor_command_line, &addition->request, clock_now_ms(),
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
	if (is_admin && !role.role)
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

struct listing {
	struct people_filter filter;
	json_t *people;
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
		r = view_people(&view, &listing->filter, &page, &part, err);
		json_decref(before);
		if (r < 0)
			return r;
		json_array_extend(listing->people, json_object_get(part, "people"));
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

static void print_person(const json_t *person)
{
	const char *used = text_of(person, "used_at");
	const json_t *sign_on = json_object_get(person, "sign_on"), *grant;
	const char *awaits = text_of(sign_on, "awaits"), *bound = text_of(sign_on, "bound_at");
	size_t i;

	printf("%s  %s  %s  until %s, %s%.10s\n", text_of(person, "login"), text_of(person, "name"),
	       text_of(person, "state"), text_of(person, "good_until"),
	       used ? "used " : "never used", used ? used : "");
	if (bound || awaits)
		printf("  single sign-on: %s%s\n", bound ? "bound at " : "awaits ",
		       bound ? bound : awaits);
	json_array_foreach (json_object_get(person, "grants"), i, grant) {
		const char *code = text_of(grant, "code");

		printf("  %s  %s%s%s\n", text_of(grant, "role"), text_of(grant, "scope"),
		       code ? " " : "", code ? code : "");
	}
}

static void print_list(const json_t *people)
{
	const json_t *person;
	size_t i;

	json_array_foreach (people, i, person)
		print_person(person);
	if (json_array_size(people) == 0)
		printf("None.\n");
}

static int run_list(int argc, char *argv[])
{
	struct listing listing = { 0 };
	const char *store_url = NULL;
	bool is_json = false;
	const struct cli_option options[] = {
		{ "role", "ROLE", "only those with this role", &listing.filter.role, NULL },
		{ "code", "CODE", "only those with a role of this LEA or site",
		  &listing.filter.code, NULL },
		{ "state", "WORD", "only those that are active, invited, expired or disabled",
		  &listing.filter.state, NULL },
		{ "review", NULL, "only those that somebody should look at, and why", NULL,
		  &listing.filter.is_review },
		{ "json", NULL, "print JSON", NULL, &is_json },
		ADMIN_STORE_OPTION(&store_url),
		{ 0 },
	};
	struct err err = { 0 };
	size_t n_args;
	int r = cli_parse(&cmd_person_list, options, 0, argc, argv, &n_args);

	if (r != 0)
		return r > 0 ? CLI_OK : CLI_USAGE;
	listing.people = json_array();
	r = admin_run(store_url, list, &listing, &err);
	if (r >= 0 && is_json) {
		json_t *json = json_pack("{s:O}", "people", listing.people);

		admin_print_json(json);
		json_decref(json);
	} else if (r >= 0) {
		print_list(listing.people);
	}
	json_decref(listing.people);
	if (r < 0)
		return admin_fail(&cmd_person_list, &err);
	return admin_end(&cmd_person_list, CLI_OK);
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
