/* SPDX-License-Identifier: Apache-2.0 */
/*
 * report: look at this device once and deliver what waits.
 */
#include <errno.h>
#include <stdio.h>

#include "agent/cmd.h"
#include "agent/errand.h"
#include "agent/timeout.h"
#include "common/base/log.h"

struct args {
	const char *state, *root, *config, *timeout;
};

static int complain(const struct err *err, int status)
{
	log_line(LOG_ERR, "testready-agent report: %s", err->text);
	return status;
}

static int run_with(const struct args *args, const struct config *config, long timeout_ms)
{
	static const struct standing fresh = { .held_boot_ms = -1, .last_number = -1 };
	struct errand errand = {
		.state = config_state_path(config, args->state),
		.root = args->root,
		.config = config,
		.timeout_ms = timeout_ms,
		.what = ERRAND_STORE | ERRAND_TALK,
	};
	struct errand_result result;
	struct err err = { 0 };
	int r = errand_run(&errand, &fresh, &result, &err);

	if (r == -ENOENT || r == -ENOKEY || r == -EKEYREVOKED)
		return complain(&err, CMD_NOT_ENROLLED);
	if (r < 0)
		return complain(&err, CLI_USAGE);
	puts(result.text);
	if (!result.is_stored)
		return CLI_USAGE;
	return result.has_waiting || result.has_refused ? CMD_NOT_DONE : CLI_OK;
}

static int report_run(int argc, char *argv[])
{
	struct args args = { 0 };
	const struct cli_option options[] = {
		{ "state", "DIR", "state folder; else $TESTREADY_STATE, else " STATE_DIR_DEFAULT,
		  &args.state, NULL },
		{ "config", "FILE", "configuration; else " CONFIG_PATH, &args.config, NULL },
		{ "root", "DIR", "look at the machine recorded in this folder", &args.root, NULL },
		{ "timeout", "SECONDS", TIMEOUT_SUMMARY, &args.timeout, NULL },
		{ 0 },
	};
	struct config config = { 0 };
	struct err err = { 0 };
	long timeout_ms;
	size_t n_args;
	int r = cli_parse(&cmd_report, options, 0, argc, argv, &n_args);

	if (r != 0)
		return r > 0 ? CLI_OK : CLI_USAGE;
	if (timeout_parse(args.timeout, &timeout_ms, &err) < 0 ||
	    config_read(args.config, args.root ? args.root : "", &config, &err) < 0)
		return complain(&err, CLI_USAGE);
	r = run_with(&args, &config, timeout_ms);
	config_done(&config);
	return r;
}

const struct cli_command cmd_report = {
	.name = "report",
	.args = "",
	.summary = "Look at this device once and deliver the report.",
	.run = report_run,
};
