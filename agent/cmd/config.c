/* SPDX-License-Identifier: Apache-2.0 */
/*
 * config: whether the configuration is right, and what it says in the end.
 */
#include <errno.h>
#include <string.h>

#include "agent/cmd.h"
#include "agent/config.h"
#include "agent/enroll_key.h"
#include "common/base/log.h"
#include "common/base/mem.h"

static int complain(const struct cli_command *command, const struct err *err)
{
	log_line(LOG_ERR, "testready-agent %s: %s", command->name, err->text);
	return CLI_USAGE;
}

/* What is looked at only when it is used, and might be wrong then. */
static int check_use(const struct config *config, struct err *err)
{
	_cleanup_(enroll_key_freep) char *key = NULL;
	_cleanup_free_ char *url = NULL;
	int r = config->url ? http_url(config->url, &url, err) : 0;

	if (r >= 0 && config->key_file) {
		r = enroll_key_read(config->key_file, &key, err);
		/* It is put there later, or was taken away after enrolling. */
		if (r == -ENOENT || r == -EACCES)
			r = 0;
	}
	return r;
}

static void warn(const struct config *config)
{
	if (config->n_pins == 1)
		log_line(LOG_WARNING,
			 "testready-agent config check: there is one pin only; with a second one "
			 "of a key that is kept in reserve, the first can be replaced");
	if (config->url && !config->key_file)
		log_line(LOG_WARNING,
			 "testready-agent config check: there is a url and no key_file, so this "
			 "device cannot enrol by itself");
}

static int run_with(const struct cli_command *command, const char *file, const char *root,
		    bool show)
{
	struct config config = { 0 };
	struct err err = { 0 };
	int r = config_read(file, root, &config, &err);

	if (r >= 0 && !show)
		r = check_use(&config, &err);
	if (r < 0) {
		config_done(&config);
		return complain(command, &err);
	}
	if (show) {
		for (const char *path = config.files; path && *path;) {
			size_t len = strcspn(path, "\n");

			printf("# %.*s\n", (int)len, path);
			path += len + 1;
		}
		config_print(&config, stdout);
	} else {
		warn(&config);
		printf("%s is right.\n", config.files ? config.path : "No configuration");
	}
	config_done(&config);
	return CLI_OK;
}

static int config_run(const struct cli_command *command, bool show, int argc, char *argv[])
{
	const char *file = NULL, *root = "";
	const struct cli_option options[] = {
		{ "config", "FILE", CONFIG_SUMMARY, &file, NULL },
		{ "root", "DIR", "the machine recorded in this folder", &root, NULL },
		{ 0 },
	};
	size_t n_args;
	int r = cli_parse(command, options, show ? 0 : 1, argc, argv, &n_args);

	if (r != 0)
		return r > 0 ? CLI_OK : CLI_USAGE;
	return run_with(command, n_args > 0 ? argv[1] : file, root, show);
}

static int check_run(int argc, char *argv[])
{
	return config_run(&cmd_config_check, false, argc, argv);
}

static int show_run(int argc, char *argv[])
{
	return config_run(&cmd_config_show, true, argc, argv);
}

const struct cli_command cmd_config_check = {
	.name = "config check",
	.args = "[FILE]",
	.summary = "Say whether the configuration is right, and where it is not.",
	.run = check_run,
};

const struct cli_command cmd_config_show = {
	.name = "config show",
	.args = "",
	.summary = "Print what the configuration and its drop-ins say in the end.",
	.run = show_run,
};
