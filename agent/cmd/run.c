/* SPDX-License-Identifier: Apache-2.0 */
/*
 * run: the service. It reports by itself, when there is something new.
 */
#include <errno.h>
#include <stdlib.h>

#include "agent/cmd.h"
#include "agent/config.h"
#include "agent/service.h"
#include "agent/timeout.h"
#include "common/base/log.h"

#define SETTLE_DEFAULT_MS 3000
#define START_DEFAULT_MS 120000
#define SECONDS_MAX 3600

/* Seconds, with a fraction if need be, of the option @name; NULL is the default. */
static int parse_seconds(const char *name, const char *text, int64_t default_ms, int64_t *ret_ms,
			 struct err *err)
{
	double seconds;
	char *end;

	if (!text) {
		*ret_ms = default_ms;
		return 0;
	}
	seconds = strtod(text, &end);
	/* Written so that a NaN is refused. */
	if (end == text || *end || !(seconds >= 0 && seconds <= SECONDS_MAX))
		return err_set(err, -EINVAL, "--%s %s: expected 0 to %d seconds", name, text,
			       SECONDS_MAX);
	*ret_ms = (int64_t)(seconds * 1000);
	return 0;
}

static int run_run(int argc, char *argv[])
{
	struct service_settings settings = { 0 };
	const char *timeout = NULL, *settle = NULL, *start = NULL;
	const struct cli_option options[] = {
		{ "state", "DIR", "state folder; else $TESTREADY_STATE, else " STATE_DIR_DEFAULT,
		  &settings.state, NULL },
		{ "config", "FILE", "configuration; else " CONFIG_PATH, &settings.config, NULL },
		{ "root", "DIR", "look at the machine recorded in this folder", &settings.root,
		  NULL },
		{ "timeout", "SECONDS", TIMEOUT_SUMMARY, &timeout, NULL },
		{ "settle", "SECONDS",
		  "how long it must be calm after something was plugged in, else 3", &settle,
		  NULL },
		{ "start-spread", "SECONDS", "within which the first report comes, else 120",
		  &start, NULL },
		{ 0 },
	};
	struct err err = { 0 };
	size_t n_args;
	int r = cli_parse(&cmd_run, options, 0, argc, argv, &n_args);

	if (r != 0)
		return r > 0 ? CLI_OK : CLI_USAGE;
	r = timeout_parse(timeout, &settings.timeout_ms, &err);
	if (r >= 0)
		r = parse_seconds("settle", settle, SETTLE_DEFAULT_MS, &settings.settle_ms, &err);
	if (r >= 0)
		r = parse_seconds("start-spread", start, START_DEFAULT_MS, &settings.start_ms,
				  &err);
	if (r >= 0)
		r = service_run(&settings, &err);
	if (r < 0) {
		log_line(LOG_ERR, "testready-agent run: %s", err.text);
		return CLI_USAGE;
	}
	return CLI_OK;
}

const struct cli_command cmd_run = {
	.name = "run",
	.args = "",
	.summary = "Be the service: report by itself, when there is something new.",
	.run = run_run,
};
