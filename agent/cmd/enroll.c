/* SPDX-License-Identifier: Apache-2.0 */
/*
 * enroll: make this device known to a collector.
 */
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "agent/attempt.h"
#include "agent/cmd.h"
#include "agent/enroll.h"
#include "agent/names.h"
#include "agent/timeout.h"
#include "common/base/clock.h"
#include "common/base/file.h"
#include "common/base/log.h"
#include "common/base/mem.h"
#include "common/base/text.h"

#define KEY_FILE_MAX 4096

struct args {
	const char *url, *key_file, *role, *state, *root, *ca, *timeout;
	bool again;
};

/* Free a text that holds a key. */
static void erasep(char **text)
{
	if (*text)
		explicit_bzero(*text, strlen(*text));
	free(*text);
}

/* Up to KEY_FILE_MAX bytes of standard input. */
static int read_stdin(char **ret_text, struct err *err)
{
	_cleanup_free_ char *text = xcalloc(KEY_FILE_MAX + 1, 1);
	size_t len = 0;

	while (len < KEY_FILE_MAX) {
		ssize_t n = read(STDIN_FILENO, text + len, KEY_FILE_MAX - len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_errno(err, -errno, "standard input");
		if (n == 0)
			break;
		len += (size_t)n;
	}
	*ret_text = TAKE_PTR(text);
	return 0;
}

/* The enrolment key, which no error quotes. Owned by the caller. */
static int read_key(const char *file, char **ret_key, struct err *err)
{
	_cleanup_(erasep) char *text = NULL, *key = NULL;
	const char *start;
	int r = strcmp(file, "-") == 0
			? read_stdin(&text, err)
			: file_read_at(AT_FDCWD, file, KEY_FILE_MAX, &text, NULL, err);

	if (r < 0)
		return err_prefix(err, r, "cannot read the enrolment key");
	assert(text);
	start = text + strspn(text, " \t\r\n");
	key = xstrndup(start, strcspn(start, " \t\r\n"));
	if (start[strlen(key) + strspn(start + strlen(key), " \t\r\n")] != '\0' ||
	    !secret_is_valid(SECRET_ENROLLMENT, key))
		return err_set(err, -EINVAL,
			       "%s holds no enrolment key: one line of tre_ and 43 characters, as "
			       "the collector printed it",
			       strcmp(file, "-") == 0 ? "standard input" : file);
	*ret_key = TAKE_PTR(key);
	return 0;
}

static int read_ca(const char *file, char **ret_pem, struct err *err)
{
	_cleanup_free_ char *pem = NULL;
	size_t len;
	int r = file_read_at(AT_FDCWD, file, IDENTITY_CA_MAX, &pem, &len, err);

	if (r < 0)
		return r;
	if (!text_is_utf8(pem, len) || !strstr(pem, "-----BEGIN CERTIFICATE-----"))
		return err_set(err, -EINVAL, "%s: holds no certificate in PEM", file);
	*ret_pem = TAKE_PTR(pem);
	return 0;
}

/* 0 if nobody is enrolled yet or @again says that it does not matter. */
static int check_not_enrolled(const struct state *state, bool again, struct err *err)
{
	struct identity identity = { 0 };
	int r;

	if (again)
		return 0;
	r = identity_read(state, &identity, err);
	if (r == -ENOENT)
		return 0;
	if (r >= 0)
		r = err_set(
			err, -EEXIST,
			"This device is enrolled as %s of %s (%s) at %s. To enrol it anew, give "
			"--again.",
			identity.device_id, identity.site_name, identity.site_code, identity.url);
	identity_done(&identity);
	return r;
}

/* Ask and store. */
static int do_enroll(struct state *state, const struct enrollment *enrollment, long timeout_ms,
		     struct err *err)
{
	struct http_settings settings = { .ca_pem = enrollment->ca_pem, .timeout_ms = timeout_ms };
	_cleanup_(http_closep) struct http *http = NULL;
	struct identity identity = { 0 };
	int r = http_open(&settings, &http, err);

	if (r >= 0)
		r = enroll(http, enrollment, &identity, err);
	if (r >= 0)
		r = attempt_forget(state, err);
	if (r >= 0)
		r = identity_write(state, &identity, err);
	if (r >= 0)
		printf("Enrolled as device %s of %s (%s), role %s. Next: testready-agent report\n",
		       identity.device_id, identity.site_name, identity.site_code,
		       device_role_text(identity.role));
	identity_done(&identity);
	return r;
}

/* Everything that can be wrong here is found before the key is used up. */
static int prepare(const struct args *args, struct enrollment *enrollment, char **ret_url,
		   char **ret_key, char **ret_ca)
{
	struct err err = { 0 };
	int r = http_url(args->url, ret_url, &err);

	if (r >= 0 && args->role && device_role_parse(args->role, &enrollment->role) < 0)
		r = err_set(&err, -EINVAL, "no role '%s'; there are student, ta, shared, spare",
			    args->role);
	if (r >= 0)
		r = read_key(args->key_file, ret_key, &err);
	if (r >= 0 && args->ca)
		r = read_ca(args->ca, ret_ca, &err);
	if (r < 0)
		log_line(LOG_ERR, "testready-agent enroll: %s", err.text);
	return r;
}

static int run_with(const struct args *args, long timeout_ms)
{
	_cleanup_free_ char *url = NULL, *ca_pem = NULL;
	_cleanup_(erasep) char *key = NULL;
	_cleanup_(state_closep) struct state *state = NULL;
	struct enrollment enrollment = { .role = ROLE_STUDENT };
	struct names names = { 0 };
	struct err err = { 0 };
	int r;

	if (prepare(args, &enrollment, &url, &key, &ca_pem) < 0)
		return CLI_USAGE;
	r = state_open(state_path(args->state), true, &state, &err);
	if (r >= 0)
		r = state_lock(state, &err);
	if (r >= 0)
		r = state_try_write(state, &err);
	if (r < 0) {
		log_line(LOG_ERR, "testready-agent enroll: %s", err.text);
		return CLI_USAGE;
	}
	r = check_not_enrolled(state, args->again, &err);
	if (r >= 0) {
		names_read(args->root ? args->root : "", &names);
		enrollment.url = url;
		enrollment.key = key;
		enrollment.ca_pem = ca_pem;
		enrollment.names = names_view(&names);
		enrollment.now_ms = clock_now_ms();
		r = do_enroll(state, &enrollment, timeout_ms, &err);
		names_done(&names);
	}
	if (r < 0) {
		log_line(LOG_ERR, "testready-agent enroll: %s", err.text);
		return CMD_NOT_DONE;
	}
	return CLI_OK;
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
		{ "again", NULL, "enrol anew although this device is enrolled", NULL, &args.again },
		{ "state", "DIR", "state folder; else $TESTREADY_STATE, else " STATE_DIR_DEFAULT,
		  &args.state, NULL },
		{ "root", "DIR", "the machine recorded in this folder", &args.root, NULL },
		{ "timeout", "SECONDS", TIMEOUT_SUMMARY, &args.timeout, NULL },
		{ 0 },
	};
	struct err err = { 0 };
	long timeout_ms;
	size_t n_args;
	int r = cli_parse(&cmd_enroll, options, 0, argc, argv, &n_args);

	if (r != 0)
		return r > 0 ? CLI_OK : CLI_USAGE;
	if (!args.url || !args.key_file) {
		log_line(LOG_ERR,
			 "testready-agent enroll: give --url URL and --key-file FILE; "
			 "testready-collector enrollment-key add prints the whole command");
		return CLI_USAGE;
	}
	if (timeout_parse(args.timeout, &timeout_ms, &err) < 0) {
		log_line(LOG_ERR, "testready-agent enroll: %s", err.text);
		return CLI_USAGE;
	}
	return run_with(&args, timeout_ms);
}

const struct cli_command cmd_enroll = {
	.name = "enroll",
	.args = "--url URL --key-file FILE",
	.summary = "Make this device known to a collector.",
	.run = enroll_run,
};
