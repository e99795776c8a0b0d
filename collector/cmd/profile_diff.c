/* SPDX-License-Identifier: Apache-2.0 */
/*
 * profile diff: what differs between two profiles, in words.
 */
#include <errno.h>
#include <string.h>

#include "collector/cmd/admin.h"
#include "collector/cmd/profile_ref.h"
#include "collector/cmd/wrap.h"
#include "collector/domain/profile_diff.h"

enum {
	DIFFERENT = 1,
};

static void print_entries(const struct diff_list *list)
{
	const char *place = "";

	for (size_t i = 0; i < list->n_entries; i++) {
		const struct diff_entry *entry = &list->entries[i];

		if (strcmp(place, entry->place) != 0)
			printf("\n%s\n", entry->place);
		place = entry->place;
		wrap_print(diff_direction_words[entry->direction], entry->text);
	}
}

static void print_counts(const struct diff_list *list)
{
	size_t counts[DIFF_DIRECTION_MAX_] = { 0 };

	for (size_t i = 0; i < list->n_entries; i++)
		counts[list->entries[i].direction]++;
	printf("\n%zu difference%s: %zu tighter, %zu looser, %zu either, %zu of wording.\n",
	       list->n_entries, list->n_entries == 1 ? "" : "s", counts[DIFF_TIGHTER],
	       counts[DIFF_LOOSER], counts[DIFF_EITHER], counts[DIFF_WORDING]);
	if (counts[DIFF_EITHER] > 0)
		printf("\"Either\": some devices may gain and others lose. `profile what-if` says "
		       "which.\n");
}

static int run(int argc, char *argv[])
{
	const char *store_url = NULL;
	const struct cli_option options[] = { ADMIN_STORE_OPTION(&store_url), { 0 } };
	_cleanup_(profile_freep) struct profile *old = NULL, *new = NULL;
	_cleanup_(diff_list_done) struct diff_list list = { 0 };
	struct err err = { 0 };
	size_t n_args;
	int r = cli_parse(&cmd_profile_diff, options, 2, argc, argv, &n_args);

	if (r != 0)
		return r > 0 ? CLI_OK : CLI_USAGE;
	if (n_args != 2)
		return admin_usage(&cmd_profile_diff,
				   "name two, each a file, a profile's id or a version");
	r = profile_ref_open(argv[1], store_url, &old, &err);
	if (r >= 0)
		r = profile_ref_open(argv[2], store_url, &new, &err);
	if (r < 0)
		return admin_fail(&cmd_profile_diff, &err);
	printf("from %s, version %.8s, to %s, version %.8s\n", old->id, old->version, new->id,
	       new->version);
	profile_diff(old, new, &list);
	if (list.n_entries == 0) {
		printf("No difference.\n");
		return admin_end(&cmd_profile_diff, CLI_OK);
	}
	print_entries(&list);
	print_counts(&list);
	return admin_end(&cmd_profile_diff, DIFFERENT);
}

const struct cli_command cmd_profile_diff = {
	.name = "profile diff",
	.args = "OLD NEW",
	.summary = "what differs between two profiles",
	.run = run,
};
