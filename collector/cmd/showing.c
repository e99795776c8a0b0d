/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/cmd/showing.h"
#include "common/base/clock.h"

struct look {
	const struct showing *showing;
	const char *name;
	json_t *thing; /* owned by whoever has it looked at */
};

static int look_at(struct store *store, void *arg, struct err *err)
{
	_cleanup_(profile_cache_freep) struct profile_cache *cache = profile_cache_new();
	const struct view view = { store, cache, clock_now_ms(), &access_everything };
	struct look *look = arg;

	return look->showing->read(&view, look->name, &look->thing, err);
}

int showing_command(const struct cli_command *command, const struct showing *showing, int argc,
		    char *argv[])
{
	struct look look = { .showing = showing };
	const char *store_url = NULL;
	bool is_json = false;
	const struct cli_option options[] = {
		{ "json", NULL, "print JSON", NULL, &is_json },
		ADMIN_STORE_OPTION(&store_url),
		{ 0 },
	};
	struct err err = { 0 };
	size_t n_args;
	int r = cli_parse(command, options, 1, argc, argv, &n_args);

	if (r != 0)
		return r > 0 ? CLI_OK : CLI_USAGE;
	if (n_args != 1)
		return admin_usage(command, "%s", showing->to_name);
	look.name = argv[1];
	if (admin_run(store_url, look_at, &look, &err) < 0)
		return admin_fail(command, &err);
	if (is_json)
		admin_print_json(look.thing);
	else
		showing->print(look.thing);
	json_decref(look.thing);
	return admin_end(command, CLI_OK);
}
