/* SPDX-License-Identifier: Apache-2.0 */
/*
 * profile withdraw: an LEA or a site asks no more than its profile from now on.
 */
#include <errno.h>

#include "collector/act/prepare.h"
#include "collector/cmd/change.h"
#include "common/base/clock.h"

struct withdrawal {
	const char *profile_id;
	struct audience audience;
	struct prepared prepared;
	struct reach reach;
};

static int look(struct store *reader, void *arg, struct err *err)
{
	struct withdrawal *withdrawal = arg;

	return act_supplement_withdraw_prepare(reader, withdrawal->profile_id,
					       &withdrawal->audience, &withdrawal->prepared, err);
}

static int withdraw(struct store *store, void *arg, struct err *err)
{
	struct withdrawal *withdrawal = arg;

	const struct moment moment = { store, NULL, clock_now_ms() };
	int r = act_prepared_put(store, withdrawal->profile_id, &withdrawal->prepared,
				 moment.now_ms, err);

	return r < 0 ? r
		     : asked_supplement_withdraw(&moment, admin_actor(), withdrawal->profile_id,
						 &withdrawal->audience, &withdrawal->reach, err);
}

static int run(int argc, char *argv[])
{
	const char *store_url = NULL;
	struct change_scope scope = { 0 };
	bool is_wait = false;
	const struct cli_option options[] = {
		CHANGE_SCOPE_OPTIONS(&scope),
		CHANGE_WAIT_OPTION(&is_wait),
		ADMIN_STORE_OPTION(&store_url),
		{ 0 },
	};
	struct withdrawal withdrawal = { 0 };
	struct err err = { 0 };
	size_t n_args;
	int r = cli_parse(&cmd_profile_withdraw, options, 1, argc, argv, &n_args);

	if (r != 0)
		return r > 0 ? CLI_OK : CLI_USAGE;
	if (n_args != 1 || change_audience(&scope, false, &withdrawal.audience) < 0)
		return admin_usage(
			&cmd_profile_withdraw,
			"name a profile, and whose supplement with one of --site CODE and "
			"--lea CODE");
	withdrawal.profile_id = argv[1];
	change_prepare(store_url, look, &withdrawal);
	r = admin_run(store_url, withdraw, &withdrawal, &err);
	prepared_done(&withdrawal.prepared);
	if (r < 0)
		return change_refuse(&cmd_profile_withdraw, r, &err, "Nothing was withdrawn.");
	printf("Withdrawn. ");
	return change_end(&cmd_profile_withdraw, store_url, &withdrawal.reach, is_wait);
}

const struct cli_command cmd_profile_withdraw = {
	.name = "profile withdraw",
	.args = "ID",
	.summary = "take away what an LEA or a site asks beyond a profile",
	.run = run,
};
