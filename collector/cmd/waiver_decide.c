/* SPDX-License-Identifier: Apache-2.0 */
/*
 * waiver give, decline: what becomes of a waiver that somebody proposed.
 */
#include "collector/act/prepare.h"
#include "collector/cmd/change.h"
#include "collector/store/store_waiver.h"
#include "common/base/civil.h"
#include "common/base/clock.h"

struct deciding {
	struct waiver_verdict verdict;
	struct waiver_wish wish;
	struct prepared prepared;
	struct reach reach;
};

static int look(struct store *reader, void *arg, struct err *err)
{
	struct deciding *deciding = arg;
	const struct waiver_act act = { deciding->wish.id, &deciding->verdict, admin_actor()->who };

	return act_waiver_decide_prepare(reader, &act, clock_now_ms(), &deciding->prepared, err);
}

static int decide(struct store *store, void *arg, struct err *err)
{
	struct deciding *deciding = arg;

	_cleanup_(waiver_done) struct waiver waiver = { 0 };
	int r = store_waiver_get(store, deciding->wish.id, &waiver, err);

	if (r >= 0)
		r = act_prepared_put(store, waiver.profile_id, &deciding->prepared, clock_now_ms(),
				     err);
	return r < 0 ? r
		     : asked_waiver_decide(store, admin_actor(), &deciding->wish, clock_now_ms(),
					   &deciding->reach, err);
}

static int run_on(const struct cli_command *command, const char *store_url, const char *id,
		  struct deciding *deciding)
{
	struct err err = { 0 };
	int r;

	deciding->wish = (struct waiver_wish){ id, &deciding->verdict };
	change_prepare(store_url, look, deciding);
	r = admin_run(store_url, decide, deciding, &err);
	prepared_done(&deciding->prepared);
	return r < 0 ? change_refuse(command, r, &err, "Nothing was decided.") : CLI_OK;
}

static int run_give(int argc, char *argv[])
{
	const char *store_url = NULL, *until = NULL;
	struct deciding deciding = { .verdict = { WAIVER_DECISION_GIVE, .until = INT32_MIN } };
	bool is_wait = false;
	const struct cli_option options[] = {
		{ "until", "DAY", "another last day than was proposed", &until, NULL },
		{ "who", "NAME", "who answers for it, if somebody else", &deciding.verdict.who,
		  NULL },
		CHANGE_WAIT_OPTION(&is_wait),
		ADMIN_STORE_OPTION(&store_url),
		{ 0 },
	};
	struct err err = { 0 };
	size_t n_args;
	int r = cli_parse(&cmd_waiver_give, options, 1, argc, argv, &n_args);

	if (r != 0)
		return r > 0 ? CLI_OK : CLI_USAGE;
	if (n_args != 1)
		return admin_usage(&cmd_waiver_give,
				   "name a proposal by the id that waiver list --proposed prints");
	if (until && civil_parse(until, &deciding.verdict.until, &err) < 0)
		return admin_usage(&cmd_waiver_give, "--until: %s", err.text);
	r = run_on(&cmd_waiver_give, store_url, argv[1], &deciding);
	if (r != CLI_OK)
		return r;
	printf("Given. ");
	return change_end(&cmd_waiver_give, store_url, &deciding.reach, is_wait);
}

static int run_decline(int argc, char *argv[])
{
	const char *store_url = NULL;
	struct deciding deciding = { .verdict = { .decision = WAIVER_DECISION_DECLINE } };
	const struct cli_option options[] = {
		{ "reason", "TEXT", "why; who proposed it is told", &deciding.verdict.reason,
		  NULL },
		ADMIN_STORE_OPTION(&store_url),
		{ 0 },
	};
	size_t n_args;
	int r = cli_parse(&cmd_waiver_decline, options, 1, argc, argv, &n_args);

	if (r != 0)
		return r > 0 ? CLI_OK : CLI_USAGE;
	if (n_args != 1 || !deciding.verdict.reason)
		return admin_usage(&cmd_waiver_decline,
				   "name a proposal by the id that waiver list --proposed prints, "
				   "and the --reason");
	r = run_on(&cmd_waiver_decline, store_url, argv[1], &deciding);
	if (r != CLI_OK)
		return r;
	printf("Declined. Nothing is judged otherwise.\n");
	return admin_end(&cmd_waiver_decline, CLI_OK);
}

const struct cli_command cmd_waiver_give = {
	.name = "waiver give",
	.args = "ID",
	.summary = "give a waiver that was proposed, so that it counts",
	.run = run_give,
};
const struct cli_command cmd_waiver_decline = {
	.name = "waiver decline",
	.args = "ID",
	.summary = "decline a waiver that was proposed, with a reason",
	.run = run_decline,
};
