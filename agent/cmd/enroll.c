/* SPDX-License-Identifier: Apache-2.0 */
/*
 * enroll: make this device known to a collector.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "agent/cmd.h"
#include "agent/enroll_key.h"
#include "agent/identity_settle.h"
#include "agent/machine.h"
#include "agent/names.h"
#include "agent/timeout.h"
#include "common/base/clock.h"
#include "common/base/log.h"
#include "common/base/mem.h"

struct args {
	const char *url, *key_file, *role, *state, *root, *ca, *config, *timeout;
	bool again;
};

/* What is made of the arguments and the configuration. */
struct enrolling {
	struct config config;
	struct enrollment enrollment;
	struct http_settings settings;
	struct names names;
	struct fingerprint fingerprint;
	struct identity before; /* that is enrolled anew; all zero */
	char *url, *key, *ca_pem;
};

static void enrolling_done(struct enrolling *enrolling)
{
	config_done(&enrolling->config);
	names_done(&enrolling->names);
	identity_done(&enrolling->before);
	free(enrolling->url);
	enroll_key_free(enrolling->key);
	free(enrolling->ca_pem);
}

static int complain(const struct err *err, int status)
{
	log_line(LOG_ERR, "testready-agent enroll: %s", err->text);
	return status;
}

/* 0 if nobody is enrolled yet or @again says that it does not matter. */
static int check_not_enrolled(const struct state *state, bool again, struct enrolling *enrolling,
			      struct err *err)
{
	struct identity *before = &enrolling->before;
	int r = identity_read(state, before, err);

	if (r == -ENOENT || (r < 0 && again))
		return 0;
	if (r >= 0 && !again)
		return err_set(
			err, -EEXIST,
			"This device is enrolled as %s of %s (%s) at %s. To enrol it anew, give "
			"--again.",
			before->device_id, before->site_name, before->site_code, before->url);
	return r;
}

/* What the command line leaves open is as configured. */
static int choose(const struct args *args, struct enrolling *enrolling, struct err *err)
{
	const struct config *config = &enrolling->config;
	struct enrollment *enrollment = &enrolling->enrollment;
	const char *url = args->url ? args->url : config->url;
	const char *key_file = args->key_file ? args->key_file : config->key_file;
	int r;

	if (!url || !key_file)
		return err_set(
			err, -EINVAL,
			"give --url URL and --key-file FILE, or put url and key_file into %s; "
			"testready-collector enrollment-key add prints the whole command",
			config->path);
	r = http_url(url, &enrolling->url, err);
	enrollment->role = config->role;
	if (r >= 0 && args->role && device_role_parse(args->role, &enrollment->role) < 0)
		r = err_set(err, -EINVAL, "no role '%s'; there are student, ta, shared, spare",
			    args->role);
	if (r >= 0)
		r = enroll_key_read(key_file, &enrolling->key, err);
	if (r >= 0 && args->ca)
		r = config_read_ca(args->ca, &enrolling->ca_pem, err);
	if (r < 0)
		return r;
	enrollment->url = enrolling->url;
	enrollment->key = enrolling->key;
	enrollment->ca_pem = args->ca ? enrolling->ca_pem : config->ca_pem;
	enrolling->settings.ca_pem = enrollment->ca_pem;
	enrolling->settings.pins = config->pins;
	return 0;
}

/* Everything that can be wrong here is found before the key is used up. */
static int prepare(const struct args *args, struct enrolling *enrolling, struct err *err)
{
	const char *root = args->root ? args->root : "";
	struct enrollment *enrollment = &enrolling->enrollment;
	int r = timeout_parse(args->timeout, &enrolling->settings.timeout_ms, err);

	if (r >= 0)
		r = config_read(args->config, root, &enrolling->config, err);
	if (r >= 0)
		r = choose(args, enrolling, err);
	if (r < 0)
		return r;
	names_read(root, &enrolling->names);
	machine_fingerprint(root, &enrolling->fingerprint);
	enrollment->names = names_view(&enrolling->names);
	enrollment->fingerprint = &enrolling->fingerprint;
	enrollment->now_ms = clock_now_ms();
	return 0;
}

static int do_enroll(struct state *state, struct enrolling *enrolling, struct err *err)
{
	const struct identity *before = &enrolling->before;
	struct identity identity = { 0 };
	int r;

	/* Another collector knows nothing of it. */
	enrolling->enrollment.previous =
		before->url && strcmp(before->url, enrolling->url) == 0 ? before->device_id : "";
	r = identity_enroll(state, &enrolling->enrollment, &enrolling->settings, &identity, err);
	if (r >= 0)
		printf("Enrolled as device %s of %s (%s), role %s. Next: testready-agent report\n",
		       identity.device_id, identity.site_name, identity.site_code,
		       device_role_text(identity.role));
	identity_done(&identity);
	return r;
}

static int run_with(const struct args *args, struct enrolling *enrolling)
{
	_cleanup_(state_closep) struct state *state = NULL;
	struct err err = { 0 };
	int r = prepare(args, enrolling, &err);

	if (r >= 0 && identity_check_image(args->root ? args->root : "", &err) < 0)
		return complain(&err, CMD_NOT_DONE);
	if (r >= 0)
		r = state_open(config_state_path(&enrolling->config, args->state), true, &state,
			       &err);
	if (r >= 0)
		r = state_lock(state, &err);
	if (r >= 0)
		r = state_try_write(state, &err);
	if (r < 0)
		return complain(&err, CLI_USAGE);
	r = check_not_enrolled(state, args->again, enrolling, &err);
	if (r >= 0)
		r = do_enroll(state, enrolling, &err);
	return r < 0 ? complain(&err, CMD_NOT_DONE) : CLI_OK;
}

static int enroll_run(int argc, char *argv[])
{
	struct args args = { 0 };
	const struct cli_option options[] = {
		{ "url", "URL", "address of the collector, as in https://ready.example.org",
		  &args.url, NULL },
		{ "key-file", "FILE", "file with the site's enrolment key; - for standard input",
		  &args.key_file, NULL },
		{ "role", "ROLE", "student (the default), ta, shared or spare", &args.role, NULL },
		{ "ca", "FILE", "trust only the certificate authorities in this PEM file", &args.ca,
		  NULL },
		{ "config", "FILE", CONFIG_SUMMARY, &args.config, NULL },
		{ "again", NULL, "enrol anew although this device is enrolled", NULL, &args.again },
		{ "state", "DIR", "state folder; else $TESTREADY_STATE, else " STATE_DIR_DEFAULT,
		  &args.state, NULL },
		{ "root", "DIR", "the machine recorded in this folder", &args.root, NULL },
		{ "timeout", "SECONDS", TIMEOUT_SUMMARY, &args.timeout, NULL },
		{ 0 },
	};
	struct enrolling enrolling = { 0 };
	size_t n_args;
	int r = cli_parse(&cmd_enroll, options, 0, argc, argv, &n_args);

	if (r != 0)
		return r > 0 ? CLI_OK : CLI_USAGE;
	r = run_with(&args, &enrolling);
	enrolling_done(&enrolling);
	return r;
}

const struct cli_command cmd_enroll = {
	.name = "enroll",
	.args = "",
	.summary = "Make this device known to a collector.",
	.run = enroll_run,
};
