/* SPDX-License-Identifier: Apache-2.0 */
/*
 * person sign-on: who at the identity provider an account is.
 */
#include "collector/act/act_sign_on.h"
#include "collector/cmd/change.h"
#include "collector/cmd/person.h"
#include "collector/domain/login_name.h"
#include "common/base/clock.h"

struct allowance {
	const char *login;
	const char *name; /* "": nobody */
};

static int allow(struct store *store, void *arg, struct err *err)
{
	_cleanup_(account_done) struct account account = { 0 };
	const struct allowance *allowance = arg;
	char login[LOGIN_NAME_SIZE];
	int r = login_name_read(allowance->login, login, err);

	if (r >= 0)
		r = store_account_by_login(store, login, &account, err);
	if (r < 0)
		return r;
	return act_sign_on_allow(store, admin_actor(), account.id, allowance->name, clock_now_ms(),
				 err);
}

static int run(int argc, char *argv[])
{
	struct allowance allowance = { 0 };
	const char *store_url = NULL;
	bool is_nobody = false;
	const struct cli_option options[] = {
		{ "name", "NAME", "the address of mail or user name that they have there",
		  &allowance.name, NULL },
		{ "nobody", NULL, "the account is bound to nobody from now on", NULL, &is_nobody },
		ADMIN_STORE_OPTION(&store_url),
		{ 0 },
	};
	struct err err = { 0 };
	size_t n_args;
	int r = cli_parse(&cmd_person_sign_on, options, 1, argc, argv, &n_args);

	if (r != 0)
		return r > 0 ? CLI_OK : CLI_USAGE;
	if (n_args != 1 || is_nobody == (allowance.name != NULL) ||
	    (allowance.name && !allowance.name[0]))
		return admin_usage(&cmd_person_sign_on,
				   "give a LOGIN and --name NAME, or --nobody");
	allowance.login = argv[1];
	if (is_nobody)
		allowance.name = "";
	r = admin_run(store_url, allow, &allowance, &err);
	if (r < 0)
		return change_refuse(&cmd_person_sign_on, r, &err, "Nothing was changed.");
	if (is_nobody)
		printf("Nobody signs in as %s at the identity provider any more.\n", argv[1]);
	else
		printf("Whoever is %s at the identity provider next is %s from then on.\n",
		       allowance.name, argv[1]);
	return admin_end(&cmd_person_sign_on, CLI_OK);
}

const struct cli_command cmd_person_sign_on = {
	.name = "person sign-on",
	.args = "LOGIN",
	.summary = "who at the identity provider may sign in with this account",
	.run = run,
};
