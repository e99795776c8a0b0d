/* SPDX-License-Identifier: Apache-2.0 */
/*
 * site template: a file to begin an import with.
 */
#include <string.h>

#include "collector/cmd/admin.h"
#include "collector/io/inventory_csv.h"
#include "collector/io/room_csv.h"
#include "collector/io/site_csv.h"

static const struct {
	const char *name, *text;
} templates[] = {
	{ "sites", site_csv_template },
	{ "rooms", room_csv_template },
	{ "inventory", inventory_csv_template },
};

static int run(int argc, char *argv[])
{
	const struct cli_option options[] = { { 0 } };
	const char *name = "sites";
	size_t n_args;
	int r = cli_parse(&cmd_site_template, options, 1, argc, argv, &n_args);

	if (r != 0)
		return r > 0 ? CLI_OK : CLI_USAGE;
	if (n_args == 1)
		name = argv[1];
	for (size_t i = 0; i < ARRAY_SIZE(templates); i++) {
		if (strcmp(templates[i].name, name) != 0)
			continue;
		fputs(templates[i].text, stdout);
		return admin_end(&cmd_site_template, CLI_OK);
	}
	return admin_usage(&cmd_site_template, "'%.40s' is not sites, rooms or inventory", name);
}

const struct cli_command cmd_site_template = {
	.name = "site template",
	.args = "[sites|rooms|inventory]",
	.summary = "print a CSV file to begin an import with",
	.run = run,
};
