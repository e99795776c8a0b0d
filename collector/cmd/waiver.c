/* SPDX-License-Identifier: Apache-2.0 */
/*
 * waiver add, propose, list, revoke: failing requirements that somebody answers for.
 */
#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "collector/act/prepare.h"
#include "collector/cmd/change.h"
#include "collector/store/store_waiver.h"
#include "collector/view/view.h"
#include "common/base/civil.h"
#include "common/base/clock.h"
#include "common/base/mem.h"

#define LISTED_MAX 1000

/* --- add ------------------------------------------------------------------------------ */

struct addition {
	struct waive_wish wish;
	struct prepared prepared;
	struct reach reach;
};

static int look(struct store *reader, void *arg, struct err *err)
{
	struct addition *addition = arg;

	return act_waive_prepare(reader, addition->wish.waiver, clock_now_ms(), &addition->prepared,
				 err);
}

static int add(struct store *store, void *arg, struct err *err)
{
	struct addition *addition = arg;

	int r = act_prepared_put(store, addition->wish.waiver->profile_id, &addition->prepared,
				 clock_now_ms(), err);

	return r < 0 ? r
		     : asked_waive(store, admin_actor(), &addition->wish, clock_now_ms(),
				   &addition->reach, err);
}

struct wish {
	const char *profile, *requirement, *until, *reason, *who;
	struct change_scope scope;
};

/* Make a waiver of what was asked for; CLI_OK, or what the command ends with. */
static int make_waiver(const struct cli_command *command, const struct wish *wish,
		       struct waiver *waiver)
{
	struct audience audience;
	struct err err;

	if (!wish->profile || !wish->requirement || !wish->until || !wish->reason || !wish->who)
		return admin_usage(command, "give --profile, --requirement, --until, --reason "
					    "and --who");
	if (change_audience(&wish->scope, true, &audience) < 0)
		return admin_usage(command,
				   "say for whom: one of --site CODE, --lea CODE and --state");
	if (civil_parse(wish->until, &waiver->until, &err) < 0)
		return admin_usage(command, "--until: %s", err.text);
	waiver->profile_id = xstrdup(wish->profile);
	waiver->scope = audience.scope;
	waiver->scope_code = xstrdup(audience.code);
	waiver->requirement = xstrdup(wish->requirement);
	waiver->reason = xstrdup(wish->reason);
	waiver->who = xstrdup(wish->who);
	return CLI_OK;
}

/* Waive or propose, as @command does. */
static int run_as(const struct cli_command *command, enum waive_as as, int argc, char *argv[])
{
	const char *store_url = NULL;
	struct wish wish = { 0 };
	bool is_wait = false;
	const struct cli_option options[] = {
		{ "profile", "ID", "the profile that has the requirement", &wish.profile, NULL },
		{ "requirement", "ID", "what is waived", &wish.requirement, NULL },
		CHANGE_SCOPE_OPTIONS(&wish.scope),
		{ "state", NULL, "for all sites", NULL, &wish.scope.is_state },
		{ "until", "DAY", "the last day; 31 July at the latest", &wish.until, NULL },
		{ "reason", "TEXT", "why; devices and pages tell it", &wish.reason, NULL },
		{ "who", "NAME", "who answers for it; only staff is told", &wish.who, NULL },
		CHANGE_WAIT_OPTION(&is_wait),
		ADMIN_STORE_OPTION(&store_url),
		{ 0 },
	};
	_cleanup_(waiver_done) struct waiver made = { 0 };
	struct addition addition = { .wish = { &made, as } };
	struct err err = { 0 };
	char day[CIVIL_TEXT_SIZE];
	size_t n_args;
	int r = cli_parse(command, options, 0, argc, argv, &n_args);

	if (r != 0)
		return r > 0 ? CLI_OK : CLI_USAGE;
	r = make_waiver(command, &wish, &made);
	if (r != CLI_OK)
		return r;
	if (as != WAIVE_AS_PROPOSAL)
		change_prepare(store_url, look, &addition);
	r = admin_run(store_url, add, &addition, &err);
	prepared_done(&addition.prepared);
	if (r < 0)
		return change_refuse(command, r, &err,
				     as == WAIVE_AS_PROPOSAL ? "Nothing was proposed."
							     : "Nothing was waived.");
	if (as == WAIVE_AS_PROPOSAL) {
		printf("Proposed to waive %s until %s, waiver %s. It changes nothing until "
		       "somebody gives it: waiver give, or the page of the waivers.\n",
		       made.requirement, civil_text(made.until, day), made.id);
		return admin_end(command, CLI_OK);
	}
	printf("Waived %s until %s, waiver %s. ", made.requirement, civil_text(made.until, day),
	       made.id);
	return change_end(command, store_url, &addition.reach, is_wait);
}

static int run_add(int argc, char *argv[])
{
	return run_as(&cmd_waiver_add, WAIVE_AS_WAIVER, argc, argv);
}

static int run_propose(int argc, char *argv[])
{
	return run_as(&cmd_waiver_propose, WAIVE_AS_PROPOSAL, argc, argv);
}

/* --- list ----------------------------------------------------------------------------- */

struct listing {
	struct waiver_query query;
	struct waiver_list list;
};

static int list(struct store *store, void *arg, struct err *err)
{
	struct listing *listing = arg;

	return store_waiver_list(store, &listing->query, &listing->list, err);
}

static void print_row(const struct waiver *waiver, int32_t today)
{
	static const char *const scopes[] = { "all sites", "LEA ", "site " };
	char until[CIVIL_TEXT_SIZE], at[CLOCK_TEXT_SIZE];

	printf("%s  %s  %s%s  %s  until %s%s\n", waiver->id, waiver->profile_id,
	       scopes[waiver->scope], waiver->scope_code, waiver->requirement,
	       civil_text(waiver->until, until), waiver->until < today ? ", which is over" : "");
	printf("  \"%s\" %s, %.10s\n", waiver->reason, waiver->who,
	       clock_text(waiver->created_ms, at));
	if (waiver->proposed_by[0])
		printf("  proposed by %s%s\n", waiver->proposed_by,
		       waiver->status == WAIVER_STATUS_PROPOSED
			       ? ", and not given: it changes nothing yet"
			       : "");
	if (waiver->decided_ms)
		printf("  %s %.10s by %s%s%s\n", waiver->decline_reason[0] ? "declined" : "given",
		       clock_text(waiver->decided_ms, at), waiver->decided_by,
		       waiver->decline_reason[0] ? ": " : "", waiver->decline_reason);
	if (waiver->revoked_ms)
		printf("  %s %.10s by %s\n", waiver_status_words[waiver->status],
		       clock_text(waiver->revoked_ms, at), waiver->revoked_by);
}

static json_t *text_json(const char *text)
{
	return text[0] ? view_text(text) : json_null();
}

static json_t *row_json(const struct waiver *waiver)
{
	char until[CIVIL_TEXT_SIZE];

	return json_pack(
		"{s:s, s:s, s:o, s:s, s:o, s:o, s:o, s:o, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o}",
		"id", waiver->id, "status", waiver_status_words[waiver->status], "profile",
		view_text(waiver->profile_id), "scope", scope_words[waiver->scope], "code",
		view_text(waiver->scope_code), "requirement", view_text(waiver->requirement),
		"reason", view_text(waiver->reason), "who", view_text(waiver->who), "until",
		civil_text(waiver->until, until), "created_at", view_time(waiver->created_ms),
		"revoked_at", view_time(waiver->revoked_ms), "revoked_by",
		text_json(waiver->revoked_by), "proposed_by", text_json(waiver->proposed_by),
		"decided_at", view_time(waiver->decided_ms), "decided_by",
		text_json(waiver->decided_by), "decline_reason", text_json(waiver->decline_reason));
}

static void print_json(const struct waiver_list *waivers)
{
	json_t *rows = json_array(), *json;

	for (size_t i = 0; i < waivers->n_waivers; i++)
		json_array_append_new(rows, row_json(&waivers->waivers[i]));
	json = json_pack("{s:o}", "waivers", rows);
	admin_print_json(json);
	json_decref(json);
}

static void print_list(const struct waiver_list *waivers)
{
	for (size_t i = 0; i < waivers->n_waivers; i++)
		print_row(&waivers->waivers[i], civil_of_ms(clock_now_ms()));
	if (waivers->n_waivers == 0)
		printf("None.\n");
	if (waivers->n_waivers == LISTED_MAX)
		printf("There may be more than these %d; name a profile with --profile.\n",
		       LISTED_MAX);
}

static int run_list(int argc, char *argv[])
{
	struct listing listing = { .query.limit = LISTED_MAX };
	const char *store_url = NULL;
	bool is_json = false, is_proposed = false;
	const struct cli_option options[] = {
		{ "profile", "ID", "only of this profile", &listing.query.profile_id, NULL },
		{ "all", NULL, "those that are revoked or were only proposed as well", NULL,
		  &listing.query.is_any },
		{ "proposed", NULL, "what is proposed and waits to be decided", NULL,
		  &is_proposed },
		{ "json", NULL, "print JSON", NULL, &is_json },
		ADMIN_STORE_OPTION(&store_url),
		{ 0 },
	};
	struct err err = { 0 };
	size_t n_args;
	int r = cli_parse(&cmd_waiver_list, options, 0, argc, argv, &n_args);

	if (r != 0)
		return r > 0 ? CLI_OK : CLI_USAGE;
	if (is_proposed)
		listing.query.status = WAIVER_STATUS_PROPOSED;
	if (admin_run(store_url, list, &listing, &err) < 0)
		return admin_fail(&cmd_waiver_list, &err);
	if (is_json)
		print_json(&listing.list);
	else
		print_list(&listing.list);
	waiver_list_done(&listing.list);
	return admin_end(&cmd_waiver_list, CLI_OK);
}

/* --- revoke --------------------------------------------------------------------------- */

struct revocation {
	struct waiver_end end;
	struct prepared prepared;
	struct reach reach;
};

static int look_at_one(struct store *reader, void *arg, struct err *err)
{
	struct revocation *revocation = arg;

	return act_waiver_revoke_prepare(reader, revocation->end.id, &revocation->prepared, err);
}

static int revoke_one(struct store *store, void *arg, struct err *err)
{
	struct revocation *revocation = arg;

	_cleanup_(waiver_done) struct waiver waiver = { 0 };
	int r = store_waiver_get(store, revocation->end.id, &waiver, err);

	if (r >= 0)
		r = act_prepared_put(store, waiver.profile_id, &revocation->prepared,
				     clock_now_ms(), err);
	return r < 0 ? r
		     : asked_waiver_revoke(store, admin_actor(), &revocation->end, clock_now_ms(),
					   &revocation->reach, err);
}

static int run_revoke(int argc, char *argv[])
{
	struct revocation revocation = { 0 };
	const char *store_url = NULL;
	bool is_wait = false;
	const struct cli_option options[] = {
		{ "who", "NAME", "who revokes it", &revocation.end.who, NULL },
		CHANGE_WAIT_OPTION(&is_wait),
		ADMIN_STORE_OPTION(&store_url),
		{ 0 },
	};
	struct err err = { 0 };
	size_t n_args;
	int r = cli_parse(&cmd_waiver_revoke, options, 1, argc, argv, &n_args);

	if (r != 0)
		return r > 0 ? CLI_OK : CLI_USAGE;
	if (n_args != 1 || !revocation.end.who)
		return admin_usage(&cmd_waiver_revoke,
				   "name a waiver by the id that waiver list prints, and --who "
				   "revokes it");
	revocation.end.id = argv[1];
	change_prepare(store_url, look_at_one, &revocation);
	r = admin_run(store_url, revoke_one, &revocation, &err);
	prepared_done(&revocation.prepared);
	if (r < 0)
		return change_refuse(&cmd_waiver_revoke, r, &err, "Nothing was revoked.");
	printf("Revoked. ");
	return change_end(&cmd_waiver_revoke, store_url, &revocation.reach, is_wait);
}

const struct cli_command cmd_waiver_add = {
	.name = "waiver add",
	.args = "",
	.summary = "accept that a requirement fails, with a reason and a last day",
	.run = run_add,
};
const struct cli_command cmd_waiver_propose = {
	.name = "waiver propose",
	.args = "",
	.summary = "propose to accept that a requirement fails, for somebody else to decide",
	.run = run_propose,
};
const struct cli_command cmd_waiver_list = {
	.name = "waiver list",
	.args = "",
	.summary = "what is waived for whom, until when, and who answers for it",
	.run = run_list,
};
const struct cli_command cmd_waiver_revoke = {
	.name = "waiver revoke",
	.args = "ID",
	.summary = "end a waiver, so that what fails fails again",
	.run = run_revoke,
};
