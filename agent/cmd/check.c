/* SPDX-License-Identifier: Apache-2.0 */
/*
 * check: is this device ready, yes or no, and what has to be fixed.
 */
#include <errno.h>
#include <string.h>

#include "agent/cmd.h"
#include "agent/identity.h"
#include "agent/judge.h"
#include "agent/observe.h"
#include "agent/requirements.h"
#include "agent/requirements_note.h"
#include "agent/state.h"
#include "common/base/civil.h"
#include "common/base/clock.h"
#include "common/base/log.h"
#include "common/base/mem.h"

struct args {
	const char *profile, *role, *root, *as_of, *state;
	bool explain, json;
};

/* The state folder is only of use here: without one a profile file will do. */
static int read_profile(const struct args *args, struct profile **ret_profile, struct err *err)
{
	int r = requirements_read(args->profile, args->state, ret_profile, err);

	if (r == -ENOENT && !args->profile)
		return err_set(err, r,
			       "no requirements to judge by: give --profile FILE, or put a profile "
			       "at %s/" STATE_FILE_PROFILE,
			       state_path(args->state));
	return r;
}

/*
 * What was asked for, else what the device was enrolled as, else a student's.
 * Where it is enrolled and that cannot be read, a student's would be a guess,
 * and a test administrator's device ready by the wrong requirements.
 */
static int find_role(const struct args *args, enum device_role *ret_role, struct err *err)
{
	_cleanup_(state_closep) struct state *state = NULL;
	struct identity identity = { .role = ROLE_STUDENT };
	int r;

	if (args->role && device_role_parse(args->role, ret_role) < 0)
		return err_set(err, -EINVAL, "no role '%s'; there are student, ta, shared, spare",
			       args->role);
	if (args->role)
		return 0;
	r = state_open(state_path(args->state), false, &state, err);
	if (r >= 0)
		r = identity_read(state, &identity, err);
	if (r < 0 && r != -ENOENT)
		return err_prefix(err, r, "cannot tell this device's role (or give --role ROLE)");
	*ret_role = r < 0 ? ROLE_STUDENT : identity.role;
	identity_done(&identity);
	return 0;
}

/* -ENOENT: this device is not enrolled, or its collector has said nothing yet. */
static int read_note(const struct args *args, struct requirements_note *ret_note, struct err *err)
{
	_cleanup_(state_closep) struct state *state = NULL;
	struct identity identity = { 0 };
	int r = state_open(state_path(args->state), false, &state, err);

	if (r >= 0)
		r = identity_read(state, &identity, err);
	if (r >= 0)
		r = requirements_note_read(state, identity.device_id, ret_note, err);
	identity_done(&identity);
	return r;
}

/*
 * The day that was asked for, else the one that the collector judges for, so that device
 * and page agree: what ends during the window is not ready for it. A profile that was
 * named may be of another programme, with another window.
 */
static int find_day(const struct args *args, const struct requirements_note *note,
		    struct judgement *judgement, struct err *err)
{
	int32_t today = civil_of_ms(clock_now_ms());
	bool is_theirs = !args->profile || strcmp(judgement->profile->id, note->wanted_id) == 0;
	int r;

	judgement->as_of = today;
	if (args->as_of) {
		judgement->as_of_what = "";
		r = civil_parse(args->as_of, &judgement->as_of, err);
		return r < 0 ? err_prefix(err, r, "--as-of") : 0;
	}
	if (is_theirs && note->judged_for > today) {
		judgement->as_of = note->judged_for;
		judgement->as_of_what = "the window's last day";
	}
	return 0;
}

/* What only the collector's word can tell; without it the device would be ready by a guess. */
static int hear_collector(const struct args *args, struct requirements_note *note, struct err *err)
{
	int r = read_note(args, note, err);

	if (r >= 0 || r == -ENOENT || args->profile || args->as_of)
		return 0;
	return err_prefix(err, r,
			  "cannot tell for which day this device is judged (or give --as-of DATE)");
}

static int print(const struct judgement *judgement, const struct args *args)
{
	static const int statuses[STATE_MAX_] = {
		[STATE_NOT_READY] = CMD_NOT_READY,
		[STATE_UNKNOWN] = CMD_UNKNOWN,
		[STATE_READY_WITH_WARNINGS] = CLI_OK,
		[STATE_READY] = CLI_OK,
	};

	if (args->json) {
		json_t *json = judgement_json(judgement);

		json_dumpf(json, stdout, JSON_INDENT(2));
		putchar('\n');
		json_decref(json);
	} else {
		judgement_print(judgement, args->explain, stdout);
	}
	return statuses[judgement->state];
}

/*
 * Why @profile, which is kept here, is not what the collector judges by; NULL: it is, or the
 * collector has said nothing. Only what it announced was checked to be its own: a file that
 * somebody put into its place must not pass for it in silence.
 */
static const char *find_trouble(const struct profile *profile, struct requirements_note *note)
{
	if (strcmp(profile->version, note->wanted_version) == 0)
		return NULL;
	if (!note->trouble && note->wanted_id[0])
		note->trouble =
			xasprintf("It judges by %s, version %.8s, and the file kept here is "
				  "version %.8s, which it did not send: testready-agent "
				  "report gets the right one",
				  note->wanted_id, note->wanted_version, profile->version);
	return note->trouble;
}

/* Everything but the facts. */
static int prepare(const struct args *args, struct requirements_note *note,
		   struct profile **ret_profile, struct judgement *judgement, struct err *err)
{
	int r = find_role(args, &judgement->role, err);

	if (r >= 0)
		r = read_profile(args, ret_profile, err);
	if (r >= 0)
		r = hear_collector(args, note, err);
	if (r < 0)
		return r;
	judgement->profile = *ret_profile;
	if (!args->profile)
		judgement->trouble = find_trouble(*ret_profile, note);
	return find_day(args, note, judgement, err);
}

static int run_with(const struct args *args)
{
	_cleanup_(profile_freep) struct profile *profile = NULL;
	_cleanup_(requirements_note_done) struct requirements_note note = { 0 };
	struct judgement judgement = { 0 };
	json_t *facts = NULL;
	struct err err = { 0 };
	int r = prepare(args, &note, &profile, &judgement, &err);

	if (r >= 0)
		r = observe(&(struct observation){ .root = args->root,
						   .endpoints = profile->endpoints },
			    &facts, NULL, &err);
	if (r < 0) {
		log_line(LOG_ERR, "testready-agent check: %s", err.text);
		return CLI_USAGE;
	}
	judgement.facts = facts;
	judge(&judgement);
	r = print(&judgement, args);
	json_decref(facts);
	return r;
}

static int check_run(int argc, char *argv[])
{
	struct args args = { 0 };
	const struct cli_option options[] = {
		{ "explain", NULL, "one sentence for every requirement", NULL, &args.explain },
		{ "json", NULL, "for programs", NULL, &args.json },
		{ "profile", "FILE",
		  "the requirements; else " STATE_FILE_PROFILE " of the state folder",
		  &args.profile, NULL },
		{ "role", "ROLE", "student, ta, shared or spare; else as enrolled, else student",
		  &args.role, NULL },
		{ "as-of", "DATE",
		  "judge as on this day, as in 2027-03-15; else the window's last day, or today",
		  &args.as_of, NULL },
		{ "root", "DIR", "look at the machine recorded in this folder", &args.root, NULL },
		{ "state", "DIR", "state folder; else $TESTREADY_STATE, else " STATE_DIR_DEFAULT,
		  &args.state, NULL },
		{ 0 },
	};
	size_t n_args;
	int r = cli_parse(&cmd_check, options, 0, argc, argv, &n_args);

	if (r != 0)
		return r > 0 ? CLI_OK : CLI_USAGE;
	return run_with(&args);
}

const struct cli_command cmd_check = {
	.name = "check",
	.args = "",
	.summary = "Judge this device now: what is not ready, and how to fix it.",
	.run = check_run,
};
