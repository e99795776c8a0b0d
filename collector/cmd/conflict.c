/* SPDX-License-Identifier: Apache-2.0 */
/*
 * conflict list, show, resolve, undo: devices whose key two machines seem to use.
 */
#include <errno.h>
#include <jansson.h>
#include <string.h>

#include "collector/act/asked.h"
#include "collector/cmd/admin.h"
#include "collector/view/view_conflicts.h"
#include "common/base/clock.h"
#include "common/base/mem.h"

#define LISTED_MAX 500

/* What one of the commands is asked for, and what came of it. */
struct inquiry {
	const char *id;
	const char *state;
	enum conflict_resolution resolution; /* RESOLUTION_NONE: undo */
	json_t *json;
};

static int look(struct store *store, struct inquiry *inquiry, struct err *err)
{
	_cleanup_(profile_cache_freep) struct profile_cache *cache = profile_cache_new();
	const struct view view = { store, cache, clock_now_ms(), &access_everything };
	const struct page page = { LISTED_MAX, NULL };

	if (inquiry->id)
		return view_conflict(&view, inquiry->id, &inquiry->json, err);
	return view_conflicts(&view, inquiry->state, &page, &inquiry->json, err);
}

static int look_only(struct store *store, void *arg, struct err *err)
{
	return look(store, arg, err);
}

static int settle(struct store *store, void *arg, struct err *err)
{
	_cleanup_(profile_cache_freep) struct profile_cache *cache = profile_cache_new();
	const struct inquiry *asked = arg;
	const struct conflict_wish wish = { asked->id, asked->resolution };
	const struct moment moment = { store, cache, clock_now_ms() };
	int r = asked_conflict_decide(&moment, admin_actor(), &wish, err);

	return r < 0 ? r : look(store, arg, err);
}

static const char *text_of(const json_t *json, const char *member)
{
	const char *text = json_string_value(json_object_get(json, member));

	return text ? text : "";
}

static void print_head(const json_t *conflict)
{
	const json_t *device = json_object_get(conflict, "device");
	const json_t *names = json_object_get(device, "names");
	const json_t *site = json_object_get(conflict, "site");

	printf("%s  %s\n  device %s \"%s\" (serial \"%s\", asset tag \"%s\"), room \"%s\", now %s\n"
	       "  site %s %s, since %s\n  %s\n",
	       text_of(conflict, "id"), text_of(conflict, "state"), text_of(device, "id"),
	       text_of(names, "host_name"), text_of(names, "serial"), text_of(names, "asset_tag"),
	       text_of(device, "room"), text_of(device, "state"), text_of(site, "code"),
	       text_of(site, "name"), text_of(conflict, "opened_at"),
	       text_of(conflict, "explanation"));
	if (text_of(conflict, "resolution")[0])
		printf("  resolved as %s by %s at %s\n", text_of(conflict, "resolution"),
		       text_of(conflict, "resolved_by"), text_of(conflict, "resolved_at"));
}

static void print_rest(const json_t *conflict)
{
	const json_t *row;
	size_t i;

	if (json_array_size(json_object_get(conflict, "changes")) > 0) {
		printf("  differs in:");
		json_array_foreach (json_object_get(conflict, "changes"), i, row)
			printf(" %s", json_string_value(row));
		printf("\n");
	}
	json_array_foreach (json_object_get(conflict, "history"), i, row)
		printf("  %s %s by %s\n", text_of(row, "at"), text_of(row, "act"),
		       text_of(row, "by"));
	printf("\n");
	json_array_foreach (json_object_get(conflict, "resolutions"), i, row)
		printf("%s:\n  %s\n", text_of(row, "id"), text_of(row, "text"));
}

static void print_list(const json_t *list)
{
	const json_t *rows = json_object_get(list, "conflicts"), *row;
	size_t i;

	json_array_foreach (rows, i, row)
		print_head(row);
	if (json_array_size(rows) == 0)
		printf("None.\n");
	if (!json_is_null(json_object_get(list, "next_cursor")))
		printf("There are more; these are the newest %d.\n", LISTED_MAX);
}

static int run_list(int argc, char *argv[])
{
	struct inquiry inquiry = { .state = "open" };
	const char *store_url = NULL;
	bool is_json = false;
	const struct cli_option options[] = {
		{ "state", "STATE", "open (the default), resolved or all", &inquiry.state, NULL },
		{ "json", NULL, "print JSON", NULL, &is_json },
		ADMIN_STORE_OPTION(&store_url),
		{ 0 },
	};
	struct err err = { 0 };
	size_t n_args;
	int r = cli_parse(&cmd_conflict_list, options, 0, argc, argv, &n_args);

	if (r != 0)
		return r > 0 ? CLI_OK : CLI_USAGE;
	if (admin_run(store_url, look_only, &inquiry, &err) < 0)
		return admin_fail(&cmd_conflict_list, &err);
	if (is_json)
		admin_print_json(inquiry.json);
	else
		print_list(inquiry.json);
	json_decref(inquiry.json);
	return admin_end(&cmd_conflict_list, CLI_OK);
}

static int run_show(int argc, char *argv[])
{
	struct inquiry inquiry = { 0 };
	const char *store_url = NULL;
	bool is_json = false;
	const struct cli_option options[] = {
		{ "json", NULL, "print JSON", NULL, &is_json },
		ADMIN_STORE_OPTION(&store_url),
		{ 0 },
	};
	struct err err = { 0 };
	size_t n_args;
	int r = cli_parse(&cmd_conflict_show, options, 1, argc, argv, &n_args);

	if (r != 0)
		return r > 0 ? CLI_OK : CLI_USAGE;
	if (n_args != 1)
		return admin_usage(&cmd_conflict_show, "name a conflict by its id");
	inquiry.id = argv[1];
	if (admin_run(store_url, look_only, &inquiry, &err) < 0)
		return admin_fail(&cmd_conflict_show, &err);
	if (is_json) {
		admin_print_json(inquiry.json);
	} else {
		print_head(inquiry.json);
		print_rest(inquiry.json);
	}
	json_decref(inquiry.json);
	return admin_end(&cmd_conflict_show, CLI_OK);
}

/* 1 where it is as it is to be, so that a script can tell that from a failure. */
static int run_settle(const struct cli_command *command, struct inquiry *inquiry,
		      const char *store_url)
{
	struct err err = { 0 };
	int r;

	r = admin_run(store_url, settle, inquiry, &err);
	if (r < 0) {
		(void)admin_fail(command, &err);
		return r == -EALREADY ? ADMIN_REFUSED : CLI_USAGE;
	}
	print_head(inquiry->json);
	json_decref(inquiry->json);
	return admin_end(command, CLI_OK);
}

static int run_resolve(int argc, char *argv[])
{
	const char *store_url = NULL, *as = NULL;
	const struct cli_option options[] = {
		{ "as", "WHAT", "two_devices, repaired or ignore; conflict show says what they do",
		  &as, NULL },
		ADMIN_STORE_OPTION(&store_url),
		{ 0 },
	};
	struct inquiry inquiry = { .resolution = RESOLUTION_NONE };
	size_t n_args;
	int r = cli_parse(&cmd_conflict_resolve, options, 1, argc, argv, &n_args);

	if (r != 0)
		return r > 0 ? CLI_OK : CLI_USAGE;
	if (n_args != 1 || !as)
		return admin_usage(&cmd_conflict_resolve,
				   "name a conflict by its id, and --as WHAT it is");
	for (unsigned i = RESOLUTION_NONE + 1; i < RESOLUTION_MAX_; i++) {
		if (strcmp(conflict_resolution_words[i], as) == 0)
			inquiry.resolution = (enum conflict_resolution)i;
	}
	if (inquiry.resolution == RESOLUTION_NONE)
		return admin_usage(&cmd_conflict_resolve,
				   "--as is two_devices, repaired or ignore, not '%.20s'", as);
	inquiry.id = argv[1];
	return run_settle(&cmd_conflict_resolve, &inquiry, store_url);
}

static int run_undo(int argc, char *argv[])
{
	const char *store_url = NULL;
	const struct cli_option options[] = { ADMIN_STORE_OPTION(&store_url), { 0 } };
	struct inquiry inquiry = { .resolution = RESOLUTION_NONE };
	size_t n_args;
	int r = cli_parse(&cmd_conflict_undo, options, 1, argc, argv, &n_args);

	if (r != 0)
		return r > 0 ? CLI_OK : CLI_USAGE;
	if (n_args != 1)
		return admin_usage(&cmd_conflict_undo, "name a conflict by its id");
	inquiry.id = argv[1];
	return run_settle(&cmd_conflict_undo, &inquiry, store_url);
}

const struct cli_command cmd_conflict_list = {
	.name = "conflict list",
	.args = "",
	.summary = "which devices' keys are used by two machines",
	.run = run_list,
};
const struct cli_command cmd_conflict_show = {
	.name = "conflict show",
	.args = "ID",
	.summary = "one conflict, and what can be done about it",
	.run = run_show,
};
const struct cli_command cmd_conflict_resolve = {
	.name = "conflict resolve",
	.args = "ID",
	.summary = "say what is the case, so that the device counts again",
	.run = run_resolve,
};
const struct cli_command cmd_conflict_undo = {
	.name = "conflict undo",
	.args = "ID",
	.summary = "take back how a conflict was resolved",
	.run = run_undo,
};
