/* SPDX-License-Identifier: Apache-2.0 */
/*
 * report: look at this device once and deliver what waits.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "agent/attempt.h"
#include "agent/cmd.h"
#include "agent/deliver.h"
#include "agent/names.h"
#include "agent/observe.h"
#include "agent/requirements.h"
#include "agent/timeout.h"
#include "common/base/clock.h"
#include "common/base/file.h"
#include "common/base/log.h"
#include "common/base/mem.h"

#define BOOT_ID_FILE "/proc/sys/kernel/random/boot_id"

struct args {
	const char *state, *root, *timeout;
};

/* What one run works with. */
struct reporter {
	struct state *state;
	struct spool *waiting, *refused;
	struct identity identity;
	struct attempt attempt; /* becomes this one */
	struct moment moment;   /* when the device was observed */
	int64_t now_ms;
	json_t *facts;
};

static void reporter_done(struct reporter *reporter)
{
	json_decref(reporter->facts);
	attempt_done(&reporter->attempt);
	identity_done(&reporter->identity);
	spool_close(reporter->waiting);
	spool_close(reporter->refused);
	state_close(reporter->state);
}

static int complain(const struct err *err, int status)
{
	log_line(LOG_ERR, "testready-agent report: %s", err->text);
	return status;
}

static int read_boot_id(struct moment *moment, struct err *err)
{
	_cleanup_free_ char *text = NULL;
	int r = file_read_at(AT_FDCWD, BOOT_ID_FILE, 64, &text, NULL, err);

	if (r < 0)
		return r;
	text[strcspn(text, "\n")] = '\0';
	if (strlen(text) + 1 != sizeof(moment->boot_id))
		return err_set(err, -EINVAL, BOOT_ID_FILE ": not a UUID");
	memcpy(moment->boot_id, text, sizeof(moment->boot_id));
	return 0;
}

/* Requirements are not needed for a report: without them no server is tried, and it says so. */
static struct profile *kept_profile(const char *state)
{
	struct profile *profile = NULL;
	struct err err = { 0 };
	int r = requirements_read(NULL, state, &profile, &err);

	if (r < 0 && r != -ENOENT)
		log_line(LOG_WARNING, "testready-agent report: cannot read the requirements: %s",
			 err.text);
	return profile;
}

/* Look before the lock is taken: another agent that delivers must not make facts old. */
static int look(struct reporter *reporter, const char *root, struct err *err)
{
	_cleanup_(profile_freep) struct profile *profile = kept_profile(reporter->state->path);
	int r = read_boot_id(&reporter->moment, err);

	if (r < 0)
		return r;
	reporter->moment.boot_ms = clock_boot_ms();
	reporter->now_ms = clock_now_ms();
	return observe(&(struct observation){ .root = root,
					      .endpoints = profile ? profile->endpoints : NULL },
		       &reporter->facts, NULL, err);
}

static int open_spools(struct reporter *reporter, struct err *err)
{
	int dir_fd = reporter->state->dir_fd;
	int r = state_lock(reporter->state, err);

	if (r >= 0)
		r = spool_open(dir_fd, STATE_DIR_SPOOL, &spool_limits_waiting, &reporter->waiting,
			       err);
	if (r >= 0)
		r = spool_open(dir_fd, STATE_DIR_REFUSED, &spool_limits_refused, &reporter->refused,
			       err);
	/* It may have enrolled anew while we waited for the lock. */
	if (r >= 0) {
		identity_done(&reporter->identity);
		r = identity_read(reporter->state, &reporter->identity, err);
	}
	if (r >= 0 && attempt_read(reporter->state, &reporter->attempt, NULL) < 0)
		reporter->attempt = (struct attempt){ 0 };
	return r;
}

static int newest_in(const struct spool *spool, int64_t *newest, struct err *err)
{
	struct spool_list list = { 0 };
	int r = spool_list(spool, &list, err);

	if (r >= 0 && list.n > 0 && list.sequences[list.n - 1] > *newest)
		*newest = list.sequences[list.n - 1];
	spool_list_done(&list);
	return r;
}

/* Number the report and put it on disk, before anything is sent. */
static int store(struct reporter *reporter, const char *root, struct err *err)
{
	_cleanup_free_ char *text = NULL;
	struct names names = { 0 };
	struct report report = {
		.device_id = reporter->identity.device_id,
		.agent_version = VERSION,
		.boot_id = reporter->moment.boot_id,
		.observed_ms = reporter->now_ms,
		.age_ms = -1,
		.facts = reporter->facts,
	};
	int64_t newest = reporter->attempt.sequence;
	size_t discarded = 0;
	int r = newest_in(reporter->waiting, &newest, err);

	if (r >= 0)
		r = newest_in(reporter->refused, &newest, err);
	if (r >= 0)
		r = state_next_sequence(reporter->state, newest, &report.sequence, err);
	if (r < 0)
		return r;
	names_read(root ? root : "", &names);
	report.device = names_view(&names);
	r = parcel_pack(&report, reporter->moment.boot_ms, &text, err);
	names_done(&names);
	if (r >= 0)
		r = spool_add(reporter->waiting, report.sequence, text, strlen(text), &discarded,
			      err);
	if (r < 0)
		return r;
	reporter->attempt.sequence = report.sequence;
	reporter->attempt.discarded += (int64_t)discarded;
	if (discarded > 0)
		log_line(LOG_WARNING,
			 "testready-agent report: the spool is full; %zu of the oldest reports are "
			 "lost",
			 discarded);
	return 0;
}

/* Keep what came of it, for `status`. That it cannot be kept is worth a line, not a failure. */
static void remember(struct reporter *reporter, const struct delivery_run *run, const char *text)
{
	struct attempt *attempt = &reporter->attempt;
	struct err err = { 0 };

	attempt->at_ms = clock_now_ms();
	attempt->http_status = run->http_status;
	attempt->retry_at_ms =
		run->retry_after_s > 0 ? attempt->at_ms + run->retry_after_s * 1000 : 0;
	if (run->n_delivered > 0) {
		attempt->delivered_ms = attempt->at_ms;
		attempt->delivered = run->delivered_last;
		memcpy(attempt->state, run->state, sizeof(attempt->state));
	}
	free(attempt->sentence);
	attempt->sentence = xstrdup(text);
	if (attempt_write(reporter->state, attempt, &err) < 0)
		log_line(LOG_WARNING, "testready-agent report: %s", err.text);
}

static int deliver_all(struct reporter *reporter, long timeout_ms, struct err *err)
{
	struct http_settings settings = { .ca_pem = reporter->identity.ca_pem,
					  .timeout_ms = timeout_ms };
	_cleanup_(http_closep) struct http *http = NULL;
	_cleanup_free_ char *text = NULL;
	struct deliverer deliverer = {
		.identity = &reporter->identity,
		.waiting = reporter->waiting,
		.refused = reporter->refused,
		.boot_id = reporter->moment.boot_id,
		.now_ms = reporter->now_ms,
	};
	struct delivery_run run = { 0 };
	int status, r = http_open(&settings, &http, err);

	deliverer.http = http;
	if (r >= 0)
		r = deliver(&deliverer, &run, err);
	if (r < 0)
		return r;
	text = delivery_run_text(&run, reporter->state->path);
	puts(text);
	remember(reporter, &run, text);
	status = run.n_waiting > 0 || run.n_refused > 0 ? CMD_NOT_DONE : CLI_OK;
	delivery_run_done(&run);
	return status;
}

static int run_with(struct reporter *reporter, const struct args *args, long timeout_ms)
{
	struct err err = { 0 }, why_not_stored = { 0 };
	int stored, r = state_open(state_path(args->state), false, &reporter->state, &err);

	if (r == -ENOENT)
		(void)err_set(&err, r,
			      "this device is not enrolled (there is no %s): run testready-agent "
			      "enroll --url URL --key-file FILE",
			      state_path(args->state));
	if (r >= 0)
		r = identity_read(reporter->state, &reporter->identity, &err);
	if (r == -ENOENT)
		return complain(&err, CMD_NOT_ENROLLED);
	if (r >= 0)
		r = look(reporter, args->root, &err);
	if (r >= 0)
		r = open_spools(reporter, &err);
	if (r < 0)
		return complain(&err, CLI_USAGE);

	stored = store(reporter, args->root, &why_not_stored);
	if (stored < 0) {
		(void)err_prefix(&why_not_stored, stored, "this device's report cannot be stored");
		complain(&why_not_stored, CLI_USAGE);
	}
	/* What waits is delivered all the same: on a full disk that makes room. */
	r = deliver_all(reporter, timeout_ms, &err);
	if (r < 0)
		return complain(&err, CLI_USAGE);
	return stored < 0 ? CLI_USAGE : r;
}

static int report_run(int argc, char *argv[])
{
	struct args args = { 0 };
	const struct cli_option options[] = {
		{ "state", "DIR", "state folder; else $TESTREADY_STATE, else " STATE_DIR_DEFAULT,
		  &args.state, NULL },
		{ "root", "DIR", "look at the machine recorded in this folder", &args.root, NULL },
		{ "timeout", "SECONDS", TIMEOUT_SUMMARY, &args.timeout, NULL },
		{ 0 },
	};
	struct reporter reporter = { 0 };
	struct err err = { 0 };
	long timeout_ms;
	size_t n_args;
	int r = cli_parse(&cmd_report, options, 0, argc, argv, &n_args);

	if (r != 0)
		return r > 0 ? CLI_OK : CLI_USAGE;
	if (timeout_parse(args.timeout, &timeout_ms, &err) < 0)
		return complain(&err, CLI_USAGE);
	r = run_with(&reporter, &args, timeout_ms);
	reporter_done(&reporter);
	return r;
}

const struct cli_command cmd_report = {
	.name = "report",
	.args = "",
	.summary = "Look at this device once and deliver the report.",
	.run = report_run,
};
