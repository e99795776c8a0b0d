/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "collector/cmd/listing.h"
#include "common/base/clock.h"

#define READ_AT_ONCE 500

struct reading {
	const struct listing *listing;
	json_t *all; /* the first part, with the rows of all; owned by whoever has it read */
};

static const char *next_of(const json_t *part)
{
	return json_string_value(json_object_get(part, "next_cursor"));
}

/* Put @part, whose reference is taken, behind what was read. */
static void add_part(struct reading *reading, json_t *part)
{
	const char *name = reading->listing->name;

	if (!reading->all) {
		reading->all = part;
		return;
	}
	json_array_extend(json_object_get(reading->all, name), json_object_get(part, name));
	json_object_set(reading->all, "next_cursor", json_object_get(part, "next_cursor"));
	json_decref(part);
}

static int read_all(struct store *store, void *arg, struct err *err)
{
	_cleanup_(profile_cache_freep) struct profile_cache *cache = profile_cache_new();
	const struct view view = { store, cache, clock_now_ms(), &access_everything };
	struct page page = { .limit = READ_AT_ONCE };
	struct reading *reading = arg;
	json_t *part;
	int r;

	do {
		r = reading->listing->read(reading->listing->arg, &view, &page, &part, err);
		if (r < 0)
			return r;
		add_part(reading, part);
		page.cursor = next_of(reading->all);
	} while (page.cursor);
	return 0;
}

static void print_all(const struct listing *listing, const json_t *all)
{
	const json_t *rows = json_object_get(all, listing->name), *row;
	size_t i;

	json_array_foreach (rows, i, row)
		listing->print(row);
	if (listing->print_end)
		listing->print_end(all);
	else if (json_array_size(rows) == 0)
		printf("%s\n", listing->none ? listing->none : "None.");
}

int listing_run(const struct cli_command *command, const struct listing *listing,
		const char *store_url, bool is_json)
{
	struct reading reading = { .listing = listing };
	_cleanup_(json_decrefp) json_t *all = NULL;
	struct err err = { 0 };
	int r = admin_run(store_url, read_all, &reading, &err);

	all = reading.all;
	if (r < 0)
		return admin_fail(command, &err);
	if (is_json)
		admin_print_json(all);
	else
		print_all(listing, all);
	return admin_end(command, CLI_OK);
}

int listing_command(const struct cli_command *command, const struct listing *listing, int argc,
		    char *argv[])
{
	const char *store_url = NULL;
	bool is_json = false;
	const struct cli_option options[] = {
		{ "json", NULL, "print JSON", NULL, &is_json },
		ADMIN_STORE_OPTION(&store_url),
		{ 0 },
	};
	size_t n_args;
	int r = cli_parse(command, options, 0, argc, argv, &n_args);

	if (r != 0)
		return r > 0 ? CLI_OK : CLI_USAGE;
	return listing_run(command, listing, store_url, is_json);
}
