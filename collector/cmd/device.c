/* SPDX-License-Identifier: Apache-2.0 */
/*
 * device move, retire, restore, undo, cancel, show: where devices are, and that they are gone.
 */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "collector/act/act_place.h"
#include "collector/cmd/admin.h"
#include "collector/cmd/change.h"
#include "collector/cmd/showing.h"
#include "collector/cmd/told.h"
#include "collector/view/view_device.h"
#include "common/base/civil.h"
#include "common/base/clock.h"
#include "common/base/mem.h"

#define IDS_MAX 500 /* of one line, which is one transaction */

/* What one of the commands is asked for: the same for each device. */
struct errand {
	char **ids;
	size_t n_ids;
	struct place_wish wish;
	bool is_end; /* take back, and not do */
	struct place_end end;
	json_t *devices; /* what became of them */
};

/* --- what is printed ----------------------------------------------------------------------- */

static void print_spot(const json_t *spot)
{
	const json_t *room = json_object_get(spot, "room");
	const char *role = told_text(spot, "role");

	printf("site %s", told_text(json_object_get(spot, "site"), "code"));
	if (json_is_string(room))
		printf(", room \"%s\"", json_string_value(room));
	if (role[0])
		printf(", %s", role);
}

static void print_placement(const json_t *placement)
{
	const json_t *from = json_object_get(placement, "from");
	bool is_move = strcmp(told_text(placement, "kind"), "move") == 0;

	printf("  %" JSON_INTEGER_FORMAT "  %s %s", told_number(placement, "number"),
	       told_text(placement, "kind"), told_text(placement, "status"));
	if (told_text(placement, "on")[0])
		printf(" for %s", told_text(placement, "on"));
	printf("  %s  by %s", told_text(placement, "asked_at"), told_text(placement, "asked_by"));
	if (is_move) {
		printf("\n     from ");
		print_spot(from);
		printf("\n     to   ");
		print_spot(json_object_get(placement, "to"));
	}
	if (told_text(placement, "reason")[0])
		printf("\n     %s%s%s", told_text(placement, "reason"),
		       told_text(placement, "note")[0] ? ": " : "", told_text(placement, "note"));
	if (told_text(placement, "ended_by")[0])
		printf("\n     %s by %s at %s", told_text(placement, "status"),
		       told_text(placement, "ended_by"), told_text(placement, "ended_at"));
	if (told_text(placement, "why")[0])
		printf("\n     %s", told_text(placement, "why"));
	printf("\n");
}

static void print_device(const json_t *device, bool is_whole)
{
	const json_t *names = json_object_get(device, "names"), *row;
	const json_t *rows = json_object_get(device, "placements");
	const char *heard = told_text(device, "heard_since_retired");
	size_t i;

	printf("%s  %s  \"%s\" (serial \"%s\", asset tag \"%s\")\n  ", told_text(device, "id"),
	       told_text(device, "state"), told_text(names, "host_name"),
	       told_text(names, "serial"), told_text(names, "asset_tag"));
	print_spot(device);
	printf("%s\n",
	       json_is_true(json_object_get(device, "expected")) ? "" : ", not expected there");
	if (heard[0])
		printf("  It reports although it is retired, last at %s: restore it, or find out "
		       "who has it.\n",
		       heard);
	json_array_foreach (rows, i, row) {
		if (is_whole || i == 0)
			print_placement(row);
	}
}

/* --- what is done -------------------------------------------------------------------------- */

static int run_one(const struct moment *moment, const struct errand *errand, const char *id,
		   struct err *err)
{
	struct place_wish wish = errand->wish;
	struct place_end end = errand->end;
	int64_t number = 0;
	int r;

	wish.device_id = end.device_id = id;
	r = errand->is_end ? act_place_end(moment, admin_actor(), &end, &number, err)
			   : act_place(moment, admin_actor(), &wish, &number, err);
	return r < 0 ? err_prefix(err, r, "device %.40s", id) : r;
}

static int look(const struct moment *moment, struct errand *errand, struct err *err)
{
	const struct view view = { moment->store, moment->cache, moment->now_ms,
				   &access_everything };

	for (size_t i = 0; i < errand->n_ids; i++) {
		json_t *device = NULL;
		int r = view_device(&view, errand->ids[i], &device, err);

		if (r < 0)
			return r;
		json_array_append_new(errand->devices, device);
	}
	return 0;
}

/* All of them, or none. */
static int run_errand(struct store *store, void *arg, struct err *err)
{
	_cleanup_(profile_cache_freep) struct profile_cache *cache = profile_cache_new();
	const struct moment moment = { store, cache, clock_now_ms() };
	struct errand *errand = arg;
	int r = 0;

	for (size_t i = 0; i < errand->n_ids && r >= 0; i++)
		r = run_one(&moment, errand, errand->ids[i], err);
	return r < 0 ? r : look(&moment, errand, err);
}

#define TO_NAME "name devices by their ids, which the page of each and export devices show"

/* The ids that the line names; 0, or what the command ends with. */
static int take_ids(const struct cli_command *command, char *argv[], size_t n_args,
		    struct errand *errand)
{
	if (n_args == 0)
		return admin_usage(command, TO_NAME);
	errand->ids = argv + 1;
	errand->n_ids = n_args;
	errand->devices = json_array();
	return 0;
}

static int end(const struct cli_command *command, struct errand *errand, const char *store_url)
{
	const json_t *device;
	struct err err = { 0 };
	size_t i;
	int r = admin_run(store_url, run_errand, errand, &err);

	json_array_foreach (errand->devices, i, device) {
		if (r >= 0)
			print_device(device, false);
	}
	json_decref(errand->devices);
	return r < 0 ? change_refuse(command, r, &err, "Nothing was changed.")
		     : admin_end(command, CLI_OK);
}

/* The place of @text in @words (ended by NULL), or -1. */
static int place_in(const char *const *words, const char *text)
{
	for (int i = 0; words[i]; i++) {
		if (strcmp(words[i], text) == 0)
			return i;
	}
	return -1;
}

/* A day to come, if there is one; 0, or what the command ends with. */
static int take_day(const struct cli_command *command, const char *text, int32_t *day)
{
	struct err err = { 0 };

	if (text && civil_parse(text, day, &err) < 0)
		return admin_usage(command, "--on: %s", err.text);
	/* The day of number 0 would be no day: at once. */
	if (text && *day == 0)
		return admin_usage(command, "--on: %s has begun; leave it out to do it at once",
				   text);
	return 0;
}

static int run_move(int argc, char *argv[])
{
	struct errand errand = { .wish = { .kind = PLACEMENT_MOVE } };
	struct place_wish *wish = &errand.wish;
	const char *store_url = NULL, *role = NULL, *on = NULL;
	const struct cli_option options[] = {
		{ "site", "CODE", "to this site; default: the same", &wish->site_code, NULL },
		{ "room", "ROOM", "to this room; default: the same, at another site none",
		  &wish->room, NULL },
		{ "role", "ROLE", "student, ta, shared or spare; default: the same", &role, NULL },
		{ "on", "DATE", "when that day begins there, as in 2027-07-01; default: now", &on,
		  NULL },
		ADMIN_STORE_OPTION(&store_url),
		{ 0 },
	};
	size_t n_args;
	int r = cli_parse(&cmd_device_move, options, IDS_MAX, argc, argv, &n_args);

	if (r != 0)
		return r > 0 ? CLI_OK : CLI_USAGE;
	if (!wish->site_code && !wish->room && !role)
		return admin_usage(&cmd_device_move, "say where to: --site, --room or --role");
	wish->has_role = role != NULL;
	if (role && device_role_parse(role, &wish->role) < 0)
		return admin_usage(&cmd_device_move,
				   "--role is student, ta, shared or spare, not '%.20s'", role);
	r = take_day(&cmd_device_move, on, &wish->on);
	if (r == 0)
		r = take_ids(&cmd_device_move, argv, n_args, &errand);
	return r != 0 ? r : end(&cmd_device_move, &errand, store_url);
}

static int run_retire(int argc, char *argv[])
{
	struct errand errand = { .wish = { .kind = PLACEMENT_RETIRE } };
	struct place_wish *wish = &errand.wish;
	const char *store_url = NULL, *reason = NULL, *on = NULL;
	const struct cli_option options[] = {
		{ "reason", "WHY", "lost, broken, sold, replaced or other", &reason, NULL },
		{ "note", "TEXT", "the same in words; needed where it is other", &wish->note,
		  NULL },
		{ "on", "DATE", "when that day begins there, as in 2027-07-01; default: now", &on,
		  NULL },
		ADMIN_STORE_OPTION(&store_url),
		{ 0 },
	};
	size_t n_args;
	int place, r = cli_parse(&cmd_device_retire, options, IDS_MAX, argc, argv, &n_args);

	if (r != 0)
		return r > 0 ? CLI_OK : CLI_USAGE;
	place = reason ? place_in(retire_reason_words, reason) : -1;
	if (place < 0)
		return admin_usage(&cmd_device_retire,
				   "--reason is lost, broken, sold, replaced or other%s%.20s",
				   reason ? ", not " : "", reason ? reason : "");
	wish->reason = (enum retire_reason)place;
	r = take_day(&cmd_device_retire, on, &wish->on);
	if (r == 0)
		r = take_ids(&cmd_device_retire, argv, n_args, &errand);
	return r != 0 ? r : end(&cmd_device_retire, &errand, store_url);
}

/* The commands that need nothing but ids. */
static int run_plain(const struct cli_command *command, struct errand *errand, int argc,
		     char *argv[])
{
	const char *store_url = NULL;
	const struct cli_option options[] = { ADMIN_STORE_OPTION(&store_url), { 0 } };
	size_t n_args;
	int r = cli_parse(command, options, IDS_MAX, argc, argv, &n_args);

	if (r != 0)
		return r > 0 ? CLI_OK : CLI_USAGE;
	r = take_ids(command, argv, n_args, errand);
	return r != 0 ? r : end(command, errand, store_url);
}

static int run_restore(int argc, char *argv[])
{
	struct errand errand = { .wish = { .kind = PLACEMENT_RESTORE } };

	return run_plain(&cmd_device_restore, &errand, argc, argv);
}

static int run_undo(int argc, char *argv[])
{
	struct errand errand = { .is_end = true };

	return run_plain(&cmd_device_undo, &errand, argc, argv);
}

static int run_cancel(int argc, char *argv[])
{
	struct errand errand = { .is_end = true, .end = { .is_plan = true } };

	return run_plain(&cmd_device_cancel, &errand, argc, argv);
}

static void print_whole(const json_t *device)
{
	print_device(device, true);
}

static int run_show(int argc, char *argv[])
{
	static const struct showing device = {
		.to_name = TO_NAME,
		.read = view_device,
		.print = print_whole,
	};

	return showing_command(&cmd_device_show, &device, argc, argv);
}

const struct cli_command cmd_device_move = {
	.name = "device move",
	.args = "ID...",
	.summary = "devices are at another site or in another room, or have another role",
	.run = run_move,
};
const struct cli_command cmd_device_retire = {
	.name = "device retire",
	.args = "ID...",
	.summary = "devices are gone, and count nowhere any more",
	.run = run_retire,
};
const struct cli_command cmd_device_restore = {
	.name = "device restore",
	.args = "ID...",
	.summary = "devices that were retired count again",
	.run = run_restore,
};
const struct cli_command cmd_device_undo = {
	.name = "device undo",
	.args = "ID...",
	.summary = "take back what was done last with each device",
	.run = run_undo,
};
const struct cli_command cmd_device_cancel = {
	.name = "device cancel",
	.args = "ID...",
	.summary = "cancel what is planned for each device",
	.run = run_cancel,
};
const struct cli_command cmd_device_show = {
	.name = "device show",
	.args = "ID",
	.summary = "one device, and all that was done with it",
	.run = run_show,
};
