/* SPDX-License-Identifier: Apache-2.0 */
/*
 * key init and show: the collector's own key, by which agents believe where it moved.
 */
#include <string.h>

#include "collector/cmd/admin.h"
#include "collector/store/store_collector_key.h"
#include "common/base/clock.h"

static int show(struct store *store, void *arg, struct err *err)
{
	struct collector_key *key = arg;
	int r = store_collector_key_get(store, key, err);

	explicit_bzero(key->secret_key, sizeof(key->secret_key));
	return r;
}

static int init(struct store *store, void *arg, struct err *err)
{
	int r = act_collector_key_make(store, clock_now_ms(), err);

	return r < 0 ? r : show(store, arg, err);
}

static int run(const struct cli_command *command, int (*work)(struct store *, void *, struct err *),
	       int argc, char *argv[])
{
	const char *store_url = NULL;
	const struct cli_option options[] = { ADMIN_STORE_OPTION(&store_url), { 0 } };
	struct collector_key key = { 0 };
	struct err err = { 0 };
	size_t n_args;
	int r = cli_parse(command, options, 0, argc, argv, &n_args);

	if (r != 0)
		return r > 0 ? CLI_OK : CLI_USAGE;
	if (admin_run(store_url, work, &key, &err) < 0)
		return admin_fail(command, &err);
	printf("%s\n", key.public_key);
	return admin_end(command, CLI_OK);
}

static int run_init(int argc, char *argv[])
{
	return run(&cmd_key_init, init, argc, argv);
}

static int run_show(int argc, char *argv[])
{
	return run(&cmd_key_show, show, argc, argv);
}

const struct cli_command cmd_key_init = {
	.name = "key init",
	.args = "",
	.summary = "make the collector's own key, unless it has one, and print its public half",
	.run = run_init,
};
const struct cli_command cmd_key_show = {
	.name = "key show",
	.args = "",
	.summary = "print the public half of the collector's own key",
	.run = run_show,
};
