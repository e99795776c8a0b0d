/* SPDX-License-Identifier: Apache-2.0 */
/*
 * conflict list, show, resolve, undo: devices whose key two machines seem to use.
 */
#include <errno.h>
#include <jansson.h>
#include <string.h>

#include "collector/act/asked.h"
#include "collector/cmd/listing.h"
#include "collector/cmd/showing.h"
#include "collector/cmd/told.h"
#include "collector/view/view_conflicts.h"
#include "common/base/clock.h"
#include "common/base/mem.h"

static void print_head(const json_t *conflict)
{
	const json_t *device = json_object_get(conflict, "device");
	const json_t *names = json_object_get(device, "names");
	const json_t *site = json_object_get(conflict, "site");

	printf("%s  %s\n  device %s \"%s\" (serial \"%s\", asset tag \"%s\"), room \"%s\", now %s\n"
	       "  site %s %s, since %s\n  %s\n",
	       told_text(conflict, "id"), told_text(conflict, "state"), told_text(device, "id"),
	       told_text(names, "host_name"), told_text(names, "serial"),
	       told_text(names, "asset_tag"), told_text(device, "room"), told_text(device, "state"),
	       told_text(site, "code"), told_text(site, "name"), told_text(conflict, "opened_at"),
	       told_text(conflict, "explanation"));
	if (told_text(conflict, "resolution")[0])
		printf("  resolved as %s by %s at %s\n", told_text(conflict, "resolution"),
		       told_text(conflict, "resolved_by"), told_text(conflict, "resolved_at"));
}

static void print_whole(const json_t *conflict)
{
	const json_t *row;
	size_t i;

	print_head(conflict);
	if (json_array_size(json_object_get(conflict, "changes")) > 0) {
		printf("  differs in:");
		json_array_foreach (json_object_get(conflict, "changes"), i, row)
			printf(" %s", json_string_value(row));
		printf("\n");
	}
	json_array_foreach (json_object_get(conflict, "history"), i, row)
		printf("  %s %s by %s\n", told_text(row, "at"), told_text(row, "act"),
		       told_text(row, "by"));
	printf("\n");
	json_array_foreach (json_object_get(conflict, "resolutions"), i, row)
		printf("%s:\n  %s\n", told_text(row, "id"), told_text(row, "text"));
}

static int read_conflicts(const void *arg, const struct view *view, const struct page *page,
			  json_t **ret_json, struct err *err)
{
	const char *const *state = arg;

	return view_conflicts(view, *state, page, ret_json, err);
}

static int run_list(int argc, char *argv[])
{
	const char *state = "open", *store_url = NULL;
	const struct listing conflicts = {
		.name = "conflicts", .read = read_conflicts, .print = print_head, .arg = &state
	};
	bool is_json = false;
	const struct cli_option options[] = {
		{ "state", "STATE", "open (the default), resolved or all", &state, NULL },
		{ "json", NULL, "print JSON", NULL, &is_json },
		ADMIN_STORE_OPTION(&store_url),
		{ 0 },
	};
	size_t n_args;
	int r = cli_parse(&cmd_conflict_list, options, 0, argc, argv, &n_args);

	if (r != 0)
		return r > 0 ? CLI_OK : CLI_USAGE;
	return listing_run(&cmd_conflict_list, &conflicts, store_url, is_json);
}

static int run_show(int argc, char *argv[])
{
	static const struct showing conflict = {
		.to_name = "name a conflict by its id",
		.read = view_conflict,
		.print = print_whole,
	};

	return showing_command(&cmd_conflict_show, &conflict, argc, argv);
}

/* --- resolve, undo ----------------------------------------------------------------------- */

/* What is to hold of a conflict, and what it is then. */
struct settlement {
	struct conflict_wish wish;
	json_t *conflict;
};

static int settle(struct store *store, void *arg, struct err *err)
{
	_cleanup_(profile_cache_freep) struct profile_cache *cache = profile_cache_new();
	const struct moment moment = { store, cache, clock_now_ms() };
	const struct view view = { store, cache, moment.now_ms, &access_everything };
	struct settlement *settlement = arg;
	int r = asked_conflict_decide(&moment, admin_actor(), &settlement->wish, err);

	return r < 0 ? r
		     : view_conflict(&view, settlement->wish.conflict_id, &settlement->conflict,
				     err);
}

/* 1 where it is as it is to be, so that a script can tell that from a failure. */
static int run_settle(const struct cli_command *command, const struct conflict_wish *wish,
		      const char *store_url)
{
	struct settlement settlement = { .wish = *wish };
	struct err err = { 0 };
	int r = admin_run(store_url, settle, &settlement, &err);

	if (r < 0) {
		(void)admin_fail(command, &err);
		return r == -EALREADY ? ADMIN_REFUSED : CLI_USAGE;
	}
	print_head(settlement.conflict);
	json_decref(settlement.conflict);
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
	struct conflict_wish wish = { .resolution = RESOLUTION_NONE };
	size_t n_args;
	int r = cli_parse(&cmd_conflict_resolve, options, 1, argc, argv, &n_args);

	if (r != 0)
		return r > 0 ? CLI_OK : CLI_USAGE;
	if (n_args != 1 || !as)
		return admin_usage(&cmd_conflict_resolve,
				   "name a conflict by its id, and --as WHAT it is");
	for (unsigned i = RESOLUTION_NONE + 1; i < RESOLUTION_MAX_; i++) {
		if (strcmp(conflict_resolution_words[i], as) == 0)
			wish.resolution = (enum conflict_resolution)i;
	}
	if (wish.resolution == RESOLUTION_NONE)
		return admin_usage(&cmd_conflict_resolve,
				   "--as is two_devices, repaired or ignore, not '%.20s'", as);
	wish.conflict_id = argv[1];
	return run_settle(&cmd_conflict_resolve, &wish, store_url);
}

static int run_undo(int argc, char *argv[])
{
	const char *store_url = NULL;
	const struct cli_option options[] = { ADMIN_STORE_OPTION(&store_url), { 0 } };
	struct conflict_wish wish = { .resolution = RESOLUTION_NONE };
	size_t n_args;
	int r = cli_parse(&cmd_conflict_undo, options, 1, argc, argv, &n_args);

	if (r != 0)
		return r > 0 ? CLI_OK : CLI_USAGE;
	if (n_args != 1)
		return admin_usage(&cmd_conflict_undo, "name a conflict by its id");
	wish.conflict_id = argv[1];
	return run_settle(&cmd_conflict_undo, &wish, store_url);
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
