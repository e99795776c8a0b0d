/* SPDX-License-Identifier: Apache-2.0 */
/*
 * inventory list: what of a site's inventory and of what was seen there does not fit together.
 */
#include <jansson.h>
#include <stdio.h>

#include "collector/cmd/listing.h"
#include "collector/cmd/told.h"
#include "collector/view/view_inventory.h"

static int read_findings(const void *arg, const struct view *view, const struct page *page,
			 json_t **ret_json, struct err *err)
{
	return view_inventory(view, arg, page, ret_json, err);
}

static void print_finding(const json_t *finding)
{
	const json_t *device = json_object_get(finding, "device");
	const json_t *names = json_object_get(device, "names");
	const json_t *other = json_object_get(finding, "other");

	printf("%s  %s \"%s\" (serial \"%s\", asset tag \"%s\"), room \"%s\", %s\n",
	       told_text(finding, "kind"), told_text(device, "id"), told_text(names, "host_name"),
	       told_text(names, "serial"), told_text(names, "asset_tag"), told_text(device, "room"),
	       told_text(device, "state"));
	if (json_is_object(other))
		printf("  also %s of site %s %s\n", told_text(other, "id"),
		       told_text(json_object_get(other, "site"), "code"),
		       told_text(json_object_get(other, "site"), "name"));
	printf("  %s\n", told_text(finding, "to_do"));
}

static void print_sums(const json_t *all)
{
	json_t *total;
	const char *kind;

	printf("%" JSON_INTEGER_FORMAT " expected, %" JSON_INTEGER_FORMAT
	       " of them seen in the last %" JSON_INTEGER_FORMAT " days",
	       told_number(all, "expected"), told_number(all, "seen"), told_number(all, "days"));
	json_object_foreach (json_object_get(all, "totals"), kind, total) {
		printf("; %s %" JSON_INTEGER_FORMAT, kind, json_integer_value(total));
	}
	printf(".\n");
	if (!json_is_true(json_object_get(all, "has_inventory")))
		printf("The site has no inventory: every device that enrols is expected. "
		       "Import one with site import.\n");
}

static int run(int argc, char *argv[])
{
	struct inventory_asked asked = { .days = INVENTORY_DAYS };
	const struct listing findings = { .name = "findings",
					  .read = read_findings,
					  .print = print_finding,
					  .arg = &asked,
					  .print_end = print_sums };
	const char *store_url = NULL, *days = NULL;
	bool is_json = false;
	const struct cli_option options[] = {
		{ "site", "CODE", "of this site", &asked.site_code, NULL },
		{ "kind", "KIND", "only twice, moved, unexpected, retired, never_seen or not_since",
		  &asked.kind, NULL },
		{ "days", "N", "how long without a word is too long; default 30", &days, NULL },
		{ "json", NULL, "print JSON", NULL, &is_json },
		ADMIN_STORE_OPTION(&store_url),
		{ 0 },
	};
	size_t n_args;
	int r = cli_parse(&cmd_inventory_list, options, 0, argc, argv, &n_args);

	if (r != 0)
		return r > 0 ? CLI_OK : CLI_USAGE;
	if (!asked.site_code)
		return admin_usage(&cmd_inventory_list, "name the site with --site CODE");
	if (days && admin_parse_number(days, 1, INVENTORY_DAYS_MAX, &asked.days) < 0)
		return admin_usage(&cmd_inventory_list,
				   "--days is a whole number of 1 to %d, not '%.20s'",
				   INVENTORY_DAYS_MAX, days);
	return listing_run(&cmd_inventory_list, &findings, store_url, is_json);
}

const struct cli_command cmd_inventory_list = {
	.name = "inventory list",
	.args = "",
	.summary = "what of a site's inventory and of what was seen there does not fit together",
	.run = run,
};
