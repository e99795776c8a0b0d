/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "collector/cmd/listing.h"
#include "common/base/clock.h"

#define READ_AT_ONCE 500

struct reading {
	const struct listing *listing;
	json_t *rows; /* of all parts; owned by whoever has it read */
};

static int read_all(struct store *store, void *arg, struct err *err)
{
	struct reading *reading = arg;
	const struct listing *listing = reading->listing;
	const struct view view = { store, NULL, clock_now_ms(), &access_everything };
	struct page page = { .limit = READ_AT_ONCE };
	json_t *part = NULL, *before = NULL;
	int r;

	do {
		r = listing->read(listing->arg, &view, &page, &part, err);
		json_decref(before);
		if (r < 0)
			return r;
		json_array_extend(reading->rows, json_object_get(part, listing->name));
		page.cursor = listing_text(part, "next_cursor");
		before = part; /* which the cursor is of */
	} while (page.cursor);
	json_decref(before);
	return 0;
}

static void print_rows(const struct listing *listing, const json_t *rows)
{
	const json_t *row;
	size_t i;

	json_array_foreach (rows, i, row)
		listing->print(row);
	if (json_array_size(rows) == 0)
		printf("None.\n");
}

int listing_run(const struct cli_command *command, const struct listing *listing,
		const char *store_url, bool is_json)
{
	_cleanup_(json_decrefp) json_t *json = json_pack("{s:[]}", listing->name);
	struct reading reading = { listing, json_object_get(json, listing->name) };
	struct err err = { 0 };

	if (admin_run(store_url, read_all, &reading, &err) < 0)
		return admin_fail(command, &err);
	if (is_json)
		admin_print_json(json);
	else
		print_rows(listing, reading.rows);
	return admin_end(command, CLI_OK);
}

const char *listing_text(const json_t *row, const char *key)
{
	return json_string_value(json_object_get(row, key));
}
