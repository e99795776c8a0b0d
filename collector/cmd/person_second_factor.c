/* SPDX-License-Identifier: Apache-2.0 */
/*
 * person second-factor: whose codes cannot be checked any more, and taking second factors away:
 * of who lost phone and recovery codes, or of all whose secret was lost with its key.
 */
#include <errno.h>
#include <string.h>

#include "collector/act/act_second_factor.h"
#include "collector/cmd/change.h"
#include "collector/cmd/person.h"
#include "collector/domain/login_name.h"
#include "collector/store/seal.h"
#include "common/base/clock.h"
#include "common/base/mem.h"

struct factor_work {
	const char *login;  /* whose is taken away; NULL: see below */
	bool is_lost_taken; /* of all that are lost */
	json_t *lost;       /* the logins of those that were; owned */
	struct err why;     /* what is wrong with the key */
	char *key;          /* where it is; owned */
};

static int take_away(struct store *store, const char *text, struct err *err)
{
	_cleanup_(account_done) struct account account = { 0 };
	char login[LOGIN_NAME_SIZE];
	int r = login_name_read(text, login, err);

	if (r >= 0)
		r = store_account_by_login(store, login, &account, err);
	if (r < 0)
		return r;
	return act_second_factor_remove(store, admin_actor(), account.id, clock_now_ms(), err);
}

static int work_on(struct store *store, void *arg, struct err *err)
{
	struct factor_work *work = arg;
	const json_t *login;
	size_t i;
	int r;

	if (work->login)
		return take_away(store, work->login, err);
	work->key = seal_key_path(store);
	r = act_second_factor_lost(store, &work->lost, &work->why, err);
	if (r < 0 || !work->is_lost_taken)
		return r;
	json_array_foreach (work->lost, i, login) {
		r = take_away(store, json_string_value(login), err);
		if (r < 0)
			return r;
	}
	return 0;
}

static int print_lost(const struct factor_work *work)
{
	size_t n = json_array_size(work->lost), i;
	const json_t *login;

	if (n == 0) {
		printf("All second factors that there are can be checked with %s.\n", work->key);
		return CLI_OK;
	}
	json_array_foreach (work->lost, i, login)
		printf("%s\n", json_string_value(login));
	if (work->is_lost_taken) {
		printf("The second factors of these %zu are taken away: their password alone lets "
		       "in until they set up another.\n",
		       n);
		return CLI_OK;
	}
	printf("\nThe second factors of these %zu cannot be checked: %s.\n"
	       "They sign in with a recovery code until the file is back. If it is lost for good, "
	       "person second-factor --take-away-lost takes these second factors away, and each "
	       "sets up the phone again.\n",
	       n, work->why.text);
	return ADMIN_REFUSED;
}

static int run(int argc, char *argv[])
{
	struct factor_work work = { 0 };
	const char *store_url = NULL;
	bool is_taken = false;
	const struct cli_option options[] = {
		{ "take-away", NULL, "the account has no second factor from now on", NULL,
		  &is_taken },
		{ "take-away-lost", NULL, "the same of all that cannot be checked any more", NULL,
		  &work.is_lost_taken },
		ADMIN_STORE_OPTION(&store_url),
		{ 0 },
	};
	struct err err = { 0 };
	size_t n_args;
	int r = cli_parse(&cmd_person_second_factor, options, 1, argc, argv, &n_args);

	if (r != 0)
		return r > 0 ? CLI_OK : CLI_USAGE;
	if ((n_args == 1) != is_taken || (is_taken && work.is_lost_taken))
		return admin_usage(
			&cmd_person_second_factor,
			"give a LOGIN and --take-away; or --take-away-lost, or nothing to "
			"see which are lost, without a LOGIN");
	if (is_taken)
		work.login = argv[1];
	r = admin_run(store_url, work_on, &work, &err);
	if (r < 0) {
		r = change_refuse(&cmd_person_second_factor, r, &err, "Nothing was changed.");
	} else if (is_taken) {
		printf("Taken away: the password alone lets in until another is set up.\n");
		r = admin_end(&cmd_person_second_factor, CLI_OK);
	} else {
		r = admin_end(&cmd_person_second_factor, print_lost(&work));
	}
	json_decref(work.lost);
	free(work.key);
	return r;
}

const struct cli_command cmd_person_second_factor = {
	.name = "person second-factor",
	.args = "[LOGIN]",
	.summary = "which second factors cannot be checked any more, or take one away",
	.run = run,
};
