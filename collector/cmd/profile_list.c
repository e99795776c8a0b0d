/* SPDX-License-Identifier: Apache-2.0 */
/*
 * profile list: what is published, for how many sites, and what is still to be judged by it.
 */
#include <jansson.h>
#include <stdio.h>

#include "collector/cmd/listing.h"
#include "collector/cmd/told.h"
#include "collector/store/store_profile.h"
#include "collector/store/store_rejudge.h"
#include "collector/store/store_supplement.h"
#include "collector/store/store_waiver.h"
#include "common/base/text.h"

static int make_row(struct store *store, const struct publication *publication, json_t **ret_json,
		    struct err *err)
{
	const char *profile_id = publication->profile_id;
	int64_t n_supplements, n_waivers;
	struct rejudge_left left;
	int r = store_supplement_count(store, profile_id, &n_supplements, err);

	if (r >= 0)
		r = store_waiver_count(store, profile_id, &n_waivers, err);
	if (r >= 0)
		r = store_rejudge_left(store, profile_id, &left, err);
	if (r < 0)
		return r;
	*ret_json = json_pack("{s:o, s:s, s:o, s:I, s:I, s:I, s:{s:I, s:I}}", "id",
			      view_text(profile_id), "version", publication->version,
			      "published_at", view_time(publication->published_ms), "sites",
			      (json_int_t)publication->n_sites, "supplements",
			      (json_int_t)n_supplements, "waivers", (json_int_t)n_waivers,
			      "judging", "sites_left", (json_int_t)left.n_sites, "devices_left",
			      (json_int_t)left.n_devices);
	return 0;
}

/* There are as many as programmes: all in one part. */
static int read_profiles(const void *arg, const struct view *view, const struct page *page,
			 json_t **ret_json, struct err *err)
{
	_cleanup_(publication_list_done) struct publication_list list = { 0 };
	json_t *rows;
	int r = store_publication_list(view->store, NULL, &list, err);

	(void)arg;
	(void)page;
	if (r < 0)
		return r;
	rows = json_array();
	for (size_t i = 0; i < list.n_publications && r >= 0; i++) {
		json_t *row = NULL;

		r = make_row(view->store, &list.publications[i], &row, err);
		if (r >= 0)
			json_array_append_new(rows, row);
	}
	if (r < 0)
		json_decref(rows);
	else
		*ret_json = json_pack("{s:o}", "profiles", rows);
	return r;
}

/* "3 sites" as "%" JSON_INTEGER_FORMAT " site%s". */
#define COUNTED(object, name) told_number(object, name), text_plural(told_number(object, name))

static void print_profile(const json_t *profile)
{
	const json_t *judging = json_object_get(profile, "judging");

	printf("%s  version %.8s, published %.10s, for %" JSON_INTEGER_FORMAT
	       " site%s; %" JSON_INTEGER_FORMAT " supplement%s, %" JSON_INTEGER_FORMAT
	       " waiver%s\n",
	       told_text(profile, "id"), told_text(profile, "version"),
	       told_text(profile, "published_at"), COUNTED(profile, "sites"),
	       COUNTED(profile, "supplements"), COUNTED(profile, "waivers"));
	if (told_number(judging, "sites_left") > 0)
		printf("  %" JSON_INTEGER_FORMAT " device%s of %" JSON_INTEGER_FORMAT
		       " site%s still to be judged again\n",
		       COUNTED(judging, "devices_left"), COUNTED(judging, "sites_left"));
}

static int run(int argc, char *argv[])
{
	static const struct listing profiles = {
		.name = "profiles",
		.read = read_profiles,
		.print = print_profile,
		.none = "None. Publish one with profile publish.",
	};

	return listing_command(&cmd_profile_list, &profiles, argc, argv);
}

const struct cli_command cmd_profile_list = {
	.name = "profile list",
	.args = "",
	.summary = "which profiles are published, and how much is still to be judged by them",
	.run = run,
};
