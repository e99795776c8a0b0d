/* SPDX-License-Identifier: Apache-2.0 */
/*
 * person disable, enable, invite, renew, grant, ungrant: what is done to one account, named by
 * its login.
 */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "collector/act/act_invite.h"
#include "collector/cmd/change.h"
#include "collector/cmd/person.h"
#include "collector/domain/login_name.h"
#include "common/base/clock.h"

struct person_work {
	const char *login;
	const char *lea; /* of renew */
	struct grants grants;
	int64_t n;
	char invitation[SECRET_SIZE];
	int (*act)(struct store *store, struct person_work *work, const struct account *account,
		   struct err *err);
};

static int find_and_act(struct store *store, void *arg, struct err *err)
{
	_cleanup_(account_done) struct account account = { 0 };
	struct person_work *work = arg;
	char login[LOGIN_NAME_SIZE];
	int r = login_name_read(work->login, login, err);

	if (r >= 0)
		r = store_account_by_login(store, login, &account, err);
	return r < 0 ? r : work->act(store, work, &account, err);
}

/* Do @work to the account that the line names, and say @done. */
static int run(const struct cli_command *command, const char *store_url, struct person_work *work,
	       const char *done)
{
	struct err err = { 0 };
	int r = admin_run(store_url, find_and_act, work, &err);

	if (r < 0)
		return change_refuse(command, r, &err, "Nothing was changed.");
	if (done)
		printf("%s\n", done);
	else
		person_print_invitation(work->login, work->invitation);
	explicit_bzero(work->invitation, sizeof(work->invitation));
	return admin_end(command, CLI_OK);
}

/* A line with a LOGIN and no options of its own. */
static int run_plain(const struct cli_command *command, int argc, char *argv[],
		     struct person_work *work, const char *done)
{
	const char *store_url = NULL;
	const struct cli_option options[] = { ADMIN_STORE_OPTION(&store_url), { 0 } };
	size_t n_args;
	int r = cli_parse(command, options, 1, argc, argv, &n_args);

	if (r != 0)
		return r > 0 ? CLI_OK : CLI_USAGE;
	if (n_args != 1)
		return admin_usage(command, "name an account by its LOGIN");
	work->login = argv[1];
	return run(command, store_url, work, done);
}

/* --- disable, enable, invite --------------------------------------------------------- */

static int set_disabled(struct store *store, const struct account *account, int is_disabled,
			struct err *err)
{
	const struct account_change change = { .id = account->id, .is_disabled = is_disabled };

	return act_account_change(store, admin_actor(), &change, clock_now_ms(), err);
}

static int disable(struct store *store, struct person_work *work, const struct account *account,
		   struct err *err)
{
	(void)work;
	return set_disabled(store, account, 1, err);
}

static int enable(struct store *store, struct person_work *work, const struct account *account,
		  struct err *err)
{
	(void)work;
	return set_disabled(store, account, 0, err);
}

static int invite(struct store *store, struct person_work *work, const struct account *account,
		  struct err *err)
{
	return act_invite(store, admin_actor(), account->id, clock_now_ms(), work->invitation, err);
}

static int run_disable(int argc, char *argv[])
{
	return run_plain(&cmd_person_disable, argc, argv, &(struct person_work){ .act = disable },
			 "Disabled. Its sessions are over.");
}

static int run_enable(int argc, char *argv[])
{
	return run_plain(&cmd_person_enable, argc, argv, &(struct person_work){ .act = enable },
			 "Enabled.");
}

static int run_invite(int argc, char *argv[])
{
	return run_plain(&cmd_person_invite, argc, argv, &(struct person_work){ .act = invite },
			 NULL);
}

/* --- renew --------------------------------------------------------------------------- */

static int renew(struct store *store, struct person_work *work, const struct account *account,
		 struct err *err)
{
	(void)work;
	return act_account_renew(store, admin_actor(), account->id, clock_now_ms(), err);
}

static int renew_lea(struct store *store, void *arg, struct err *err)
{
	struct person_work *work = arg;

	return act_account_renew_lea(store, admin_actor(), work->lea, clock_now_ms(), &work->n,
				     err);
}

static int run_renew(int argc, char *argv[])
{
	struct person_work work = { .act = renew };
	const char *store_url = NULL;
	const struct cli_option options[] = {
		{ "all-of-lea", "CODE", "everybody with a role of this LEA or of a site there",
		  &work.lea, NULL },
		ADMIN_STORE_OPTION(&store_url),
		{ 0 },
	};
	struct err err = { 0 };
	size_t n_args;
	int r = cli_parse(&cmd_person_renew, options, 1, argc, argv, &n_args);

	if (r != 0)
		return r > 0 ? CLI_OK : CLI_USAGE;
	if ((n_args == 1) == (work.lea != NULL))
		return admin_usage(&cmd_person_renew, "give a LOGIN or --all-of-lea CODE");
	work.login = argv[1];
	if (!work.lea)
		return run(&cmd_person_renew, store_url, &work, "Renewed.");
	r = admin_run(store_url, renew_lea, &work, &err);
	if (r < 0)
		return change_refuse(&cmd_person_renew, r, &err, "Nobody was renewed.");
	printf("Renewed %" PRId64 " account%s.\n", work.n, work.n == 1 ? "" : "s");
	return admin_end(&cmd_person_renew, CLI_OK);
}

/* --- grant, ungrant ------------------------------------------------------------------ */

static bool is_same(const struct grant *a, const struct grant *b)
{
	return a->role == b->role && a->scope == b->scope && strcmp(a->code, b->code) == 0;
}

static int set_grants(struct store *store, const struct account *account,
		      const struct grants *grants, struct err *err)
{
	const struct account_change change = { .id = account->id,
					       .grants = grants,
					       .is_disabled = -1 };

	return act_account_change(store, admin_actor(), &change, clock_now_ms(), err);
}

static int grant(struct store *store, struct person_work *work, const struct account *account,
		 struct err *err)
{
	struct grants grants = account->grants;
	int r = grants_add(&grants, &work->grants.grants[0], err);

	return r < 0 ? r : set_grants(store, account, &grants, err);
}

static int ungrant(struct store *store, struct person_work *work, const struct account *account,
		   struct err *err)
{
	struct grants grants = { 0 };

	for (size_t i = 0; i < account->grants.n_grants; i++) {
		if (!is_same(&account->grants.grants[i], &work->grants.grants[0]))
			grants.grants[grants.n_grants++] = account->grants.grants[i];
	}
	if (grants.n_grants == account->grants.n_grants)
		return err_set(err, -ENOENT, "%s does not have this role; see person list",
			       account->login);
	return set_grants(store, account, &grants, err);
}

static int run_role(const struct cli_command *command, int argc, char *argv[],
		    struct person_work *work, const char *done)
{
	struct person_role_options role = { 0 };
	const char *store_url = NULL;
	const struct cli_option options[] = {
		PERSON_ROLE_OPTIONS(&role),
		ADMIN_STORE_OPTION(&store_url),
		{ 0 },
	};
	struct err err = { 0 };
	size_t n_args;
	int r = cli_parse(command, options, 1, argc, argv, &n_args);

	if (r != 0)
		return r > 0 ? CLI_OK : CLI_USAGE;
	if (n_args != 1)
		return admin_usage(command, "name an account by its LOGIN");
	if (person_grant(&role, &work->grants, &err) < 0)
		return admin_usage(command, "%s", err.text);
	work->login = argv[1];
	return run(command, store_url, work, done);
}

static int run_grant(int argc, char *argv[])
{
	return run_role(&cmd_person_grant, argc, argv, &(struct person_work){ .act = grant },
			"Granted; it holds at once.");
}

static int run_ungrant(int argc, char *argv[])
{
	return run_role(&cmd_person_ungrant, argc, argv, &(struct person_work){ .act = ungrant },
			"Taken away; it holds at once.");
}

const struct cli_command cmd_person_disable = {
	.name = "person disable",
	.args = "LOGIN",
	.summary = "nobody signs in with this account any more",
	.run = run_disable,
};
const struct cli_command cmd_person_enable = {
	.name = "person enable",
	.args = "LOGIN",
	.summary = "an account that was disabled can sign in again",
	.run = run_enable,
};
const struct cli_command cmd_person_invite = {
	.name = "person invite",
	.args = "LOGIN",
	.summary = "another invitation, also for a password that was forgotten",
	.run = run_invite,
};
const struct cli_command cmd_person_renew = {
	.name = "person renew",
	.args = "[LOGIN]",
	.summary = "accounts are good for another year; without that they end on 1 July",
	.run = run_renew,
};
const struct cli_command cmd_person_grant = {
	.name = "person grant",
	.args = "LOGIN",
	.summary = "give an account another role",
	.run = run_grant,
};
const struct cli_command cmd_person_ungrant = {
	.name = "person ungrant",
	.args = "LOGIN",
	.summary = "take a role from an account",
	.run = run_ungrant,
};
