/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <pwd.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include "collector/cmd/admin.h"

#define DEFAULT_STORE "/var/lib/testready-collector/store.db"

int admin_fail(const struct cli_command *command, const struct err *err)
{
	fprintf(stderr, "%s %s: %s\n", program_invocation_short_name, command->name, err->text);
	return CLI_USAGE;
}

int admin_end(const struct cli_command *command, int status)
{
	struct err err;

	if (fflush(stdout) == 0 && !ferror(stdout))
		return status;
	err_errno(&err, -errno, "standard output");
	return admin_fail(command, &err);
}

void admin_print_json(const json_t *json)
{
	(void)json_dumpf(json, stdout, JSON_INDENT(2));
	printf("\n");
}

int admin_usage(const struct cli_command *command, const char *fmt, ...)
{
	struct err err;
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(err.text, sizeof(err.text), fmt, ap);
	va_end(ap);
	fprintf(stderr, "%s %s: %s; see %s %s --help\n", program_invocation_short_name,
		command->name, err.text, program_invocation_short_name, command->name);
	return CLI_USAGE;
}

const char *admin_store_url(const char *url)
{
	if (!url)
		url = getenv("TESTREADY_STORE"); /* NOLINT(concurrency-mt-unsafe): one thread */
	return url && url[0] ? url : DEFAULT_STORE;
}

static int run_in(struct store *store, int (*work)(struct store *, void *arg, struct err *),
		  void *arg, struct err *err)
{
	int r = store_begin(store, err);

	if (r < 0)
		return r;
	r = work(store, arg, err);
	if (r == 0)
		r = store_commit(store, err);
	if (r != 0)
		store_rollback(store);
	return r;
}

const struct actor *admin_actor(void)
{
	static char who[ACCESS_WHO_SIZE];
	static struct actor actor;
	const char *name = getenv("SUDO_USER"); /* NOLINT(concurrency-mt-unsafe): one thread */
	struct passwd entry, *found = NULL;
	char buffer[1024];

	if (!name && getpwuid_r(getuid(), &entry, buffer, sizeof(buffer), &found) == 0 && found)
		name = found->pw_name;
	if (name)
		snprintf(who, sizeof(who), "%.64s (command line)", name);
	else
		snprintf(who, sizeof(who), "user %u (command line)", (unsigned)getuid());
	actor = actor_command_line;
	actor.who = who;
	return &actor;
}

int admin_run(const char *url, int (*work)(struct store *, void *arg, struct err *), void *arg,
	      struct err *err)
{
	_cleanup_(store_closep) struct store *store = NULL;
	int r = store_open_old(admin_store_url(url), &store, err);

	return r < 0 ? r : run_in(store, work, arg, err);
}

int admin_run_new(const char *url, int (*work)(struct store *, void *arg, struct err *), void *arg,
		  struct err *err)
{
	_cleanup_(store_closep) struct store *store = NULL;
	int r = store_open(admin_store_url(url), false, &store, err);

	return r < 0 ? r : run_in(store, work, arg, err);
}

int admin_parse_number(const char *text, int64_t min, int64_t max, int64_t *ret_number)
{
	long long number;
	char *end;

	errno = 0;
	number = strtoll(text, &end, 10);
	if (end == text || *end || errno != 0 || number < min || number > max)
		return -EINVAL;
	*ret_number = number;
	return 0;
}
