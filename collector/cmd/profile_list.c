/* SPDX-License-Identifier: Apache-2.0 */
/*
 * profile list: what is published, for how many sites, and what is still to be judged by it.
 */
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>

#include "collector/cmd/admin.h"
#include "collector/store/store_profile.h"
#include "collector/store/store_rejudge.h"
#include "collector/store/store_supplement.h"
#include "collector/store/store_waiver.h"
#include "collector/view/view.h"
#include "common/base/clock.h"
#include "common/base/mem.h"

/* What is told of one profile beside its publication. */
struct standing {
	int64_t n_supplements, n_waivers;
	struct rejudge_left left;
};

struct listing {
	struct publication_list list;
	struct standing *rows;
};

static int look(struct store *store, const char *profile_id, struct standing *row, struct err *err)
{
	int r = store_supplement_count(store, profile_id, &row->n_supplements, err);

	if (r >= 0)
		r = store_waiver_count(store, profile_id, &row->n_waivers, err);
	return r < 0 ? r : store_rejudge_left(store, profile_id, &row->left, err);
}

static int list(struct store *store, void *arg, struct err *err)
{
	struct listing *listing = arg;
	int r = store_publication_list(store, NULL, &listing->list, err);

	if (r < 0)
		return r;
	listing->rows = xcalloc(listing->list.n_publications + 1, sizeof(*listing->rows));
	for (size_t i = 0; i < listing->list.n_publications && r >= 0; i++)
		r = look(store, listing->list.publications[i].profile_id, &listing->rows[i], err);
	return r;
}

static const char *plural(int64_t n)
{
	return n == 1 ? "" : "s";
}

static void print_row(const struct publication *publication, const struct standing *row)
{
	char at[CLOCK_TEXT_SIZE];

	printf("%s  version %.8s, published %.10s, for %" PRId64 " site%s; %" PRId64
	       " supplement%s, %" PRId64 " waiver%s\n",
	       publication->profile_id, publication->version,
	       clock_text(publication->published_ms, at), publication->n_sites,
	       plural(publication->n_sites), row->n_supplements, plural(row->n_supplements),
	       row->n_waivers, plural(row->n_waivers));
	if (row->left.n_sites > 0)
		printf("  %" PRId64 " device%s of %" PRId64 " site%s still to be judged again\n",
		       row->left.n_devices, plural(row->left.n_devices), row->left.n_sites,
		       plural(row->left.n_sites));
}

static void print_json(const struct listing *listing)
{
	json_t *rows = json_array(), *json;

	for (size_t i = 0; i < listing->list.n_publications; i++) {
		const struct publication *publication = &listing->list.publications[i];
		const struct standing *row = &listing->rows[i];

		json_array_append_new(rows,
				      json_pack("{s:o, s:s, s:o, s:I, s:I, s:I, s:{s:I, s:I}}",
						"id", view_text(publication->profile_id), "version",
						publication->version, "published_at",
						view_time(publication->published_ms), "sites",
						(json_int_t)publication->n_sites, "supplements",
						(json_int_t)row->n_supplements, "waivers",
						(json_int_t)row->n_waivers, "judging", "sites_left",
						(json_int_t)row->left.n_sites, "devices_left",
						(json_int_t)row->left.n_devices));
	}
	json = json_pack("{s:o}", "profiles", rows);
	admin_print_json(json);
	json_decref(json);
}

static void print_list(const struct listing *listing)
{
	for (size_t i = 0; i < listing->list.n_publications; i++)
		print_row(&listing->list.publications[i], &listing->rows[i]);
	if (listing->list.n_publications == 0)
		printf("None. Publish one with profile publish.\n");
}

static int run(int argc, char *argv[])
{
	struct listing listing = { 0 };
	const char *store_url = NULL;
	bool is_json = false;
	const struct cli_option options[] = {
		{ "json", NULL, "print JSON", NULL, &is_json },
		ADMIN_STORE_OPTION(&store_url),
		{ 0 },
	};
	struct err err = { 0 };
	size_t n_args;
	int r = cli_parse(&cmd_profile_list, options, 0, argc, argv, &n_args);

	if (r != 0)
		return r > 0 ? CLI_OK : CLI_USAGE;
	r = admin_run(store_url, list, &listing, &err);
	if (r >= 0 && is_json)
		print_json(&listing);
	else if (r >= 0)
		print_list(&listing);
	publication_list_done(&listing.list);
	free(listing.rows);
	return r < 0 ? admin_fail(&cmd_profile_list, &err) : admin_end(&cmd_profile_list, CLI_OK);
}

const struct cli_command cmd_profile_list = {
	.name = "profile list",
	.args = "",
	.summary = "which profiles are published, and how much is still to be judged by them",
	.run = run,
};
