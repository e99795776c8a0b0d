/* SPDX-License-Identifier: Apache-2.0 */
/*
 * inventory list: what of a site's inventory and of what was seen there does not fit together.
 */
#include <jansson.h>

#include "collector/cmd/admin.h"
#include "collector/view/view_inventory.h"
#include "common/base/clock.h"

#define PART 500 /* rows read at a time */

struct inquiry {
	struct inventory_asked asked;
	json_t *json; /* the first part, with the rows of all */
};

/* All parts in one: a site has at most as many rows as devices. */
static int look(struct store *store, void *arg, struct err *err)
{
	_cleanup_(profile_cache_freep) struct profile_cache *cache = profile_cache_new();
	const struct view view = { store, cache, clock_now_ms(), &access_everything };
	struct inquiry *inquiry = arg;
	struct page page = { PART, NULL };
	int r = view_inventory(&view, &inquiry->asked, &page, &inquiry->json, err);

	while (r >= 0 && !json_is_null(json_object_get(inquiry->json, "next_cursor"))) {
		json_t *part;

		page.cursor = json_string_value(json_object_get(inquiry->json, "next_cursor"));
		r = view_inventory(&view, &inquiry->asked, &page, &part, err);
		if (r < 0)
			break;
		json_array_extend(json_object_get(inquiry->json, "findings"),
				  json_object_get(part, "findings"));
		json_object_set(inquiry->json, "next_cursor", json_object_get(part, "next_cursor"));
		json_decref(part);
	}
	return r;
}

static const char *text_of(const json_t *json, const char *member)
{
	const char *text = json_string_value(json_object_get(json, member));

	return text ? text : "";
}

static void print_finding(const json_t *finding)
{
	const json_t *device = json_object_get(finding, "device");
	const json_t *names = json_object_get(device, "names");
	const json_t *other = json_object_get(finding, "other");

	printf("%s  %s \"%s\" (serial \"%s\", asset tag \"%s\"), room \"%s\", %s\n",
	       text_of(finding, "kind"), text_of(device, "id"), text_of(names, "host_name"),
	       text_of(names, "serial"), text_of(names, "asset_tag"), text_of(device, "room"),
	       text_of(device, "state"));
	if (json_is_object(other))
		printf("  also %s of site %s %s\n", text_of(other, "id"),
		       text_of(json_object_get(other, "site"), "code"),
		       text_of(json_object_get(other, "site"), "name"));
	printf("  %s\n", text_of(finding, "to_do"));
}

static void print_all(json_t *json)
{
	const json_t *row;
	json_t *total;
	const char *kind;
	size_t i;

	json_array_foreach (json_object_get(json, "findings"), i, row)
		print_finding(row);
	printf("%" JSON_INTEGER_FORMAT " expected, %" JSON_INTEGER_FORMAT
	       " of them seen in the last %" JSON_INTEGER_FORMAT " days",
	       json_integer_value(json_object_get(json, "expected")),
	       json_integer_value(json_object_get(json, "seen")),
	       json_integer_value(json_object_get(json, "days")));
	json_object_foreach (json_object_get(json, "totals"), kind, total) {
		printf("; %s %" JSON_INTEGER_FORMAT, kind, json_integer_value(total));
	}
	printf(".\n");
	if (!json_is_true(json_object_get(json, "has_inventory")))
		printf("The site has no inventory: every device that enrols is expected. "
		       "Import one with site import.\n");
}

static int run(int argc, char *argv[])
{
	struct inquiry inquiry = { .asked = { .days = INVENTORY_DAYS } };
	const char *store_url = NULL, *days = NULL;
	bool is_json = false;
	const struct cli_option options[] = {
		{ "site", "CODE", "of this site", &inquiry.asked.site_code, NULL },
		{ "kind", "KIND", "only twice, moved, unexpected, never_seen or not_since",
		  &inquiry.asked.kind, NULL },
		{ "days", "N", "how long without a word is too long; default 30", &days, NULL },
		{ "json", NULL, "print JSON", NULL, &is_json },
		ADMIN_STORE_OPTION(&store_url),
		{ 0 },
	};
	struct err err = { 0 };
	size_t n_args;
	int r = cli_parse(&cmd_inventory_list, options, 0, argc, argv, &n_args);

	if (r != 0)
		return r > 0 ? CLI_OK : CLI_USAGE;
	if (!inquiry.asked.site_code)
		return admin_usage(&cmd_inventory_list, "name the site with --site CODE");
	if (days && admin_parse_number(days, 1, INVENTORY_DAYS_MAX, &inquiry.asked.days) < 0)
		return admin_usage(&cmd_inventory_list,
				   "--days is a whole number of 1 to %d, not '%.20s'",
				   INVENTORY_DAYS_MAX, days);
	r = admin_run(store_url, look, &inquiry, &err);
	if (r >= 0 && is_json)
		admin_print_json(inquiry.json);
	else if (r >= 0)
		print_all(inquiry.json);
	json_decref(inquiry.json);
	if (r < 0)
		return admin_fail(&cmd_inventory_list, &err);
	return admin_end(&cmd_inventory_list, CLI_OK);
}

const struct cli_command cmd_inventory_list = {
	.name = "inventory list",
	.args = "",
	.summary = "what of a site's inventory and of what was seen there does not fit together",
	.run = run,
};
