/* SPDX-License-Identifier: Apache-2.0 */
/*
 * site list, site show: sites, and what is said of one of them.
 */
#include <jansson.h>
#include <stdio.h>

#include "collector/cmd/listing.h"
#include "collector/cmd/showing.h"
#include "collector/cmd/told.h"
#include "collector/view/view_site.h"
#include "collector/view/view_sites.h"

/* --- site list ----------------------------------------------------------------- */

static int read_sites(const void *arg, const struct view *view, const struct page *page,
		      json_t **ret_json, struct err *err)
{
	(void)arg;
	return view_site_list(view, SITE_ORDER_CODE, page, ret_json, err);
}

static void print_row(const json_t *site)
{
	const json_t *lea = json_object_get(site, "lea");

	printf("%s  %s, %s %s: %" JSON_INTEGER_FORMAT " of %" JSON_INTEGER_FORMAT
	       " devices are ready\n",
	       told_text(site, "code"), told_text(site, "name"), told_text(lea, "code"),
	       told_text(lea, "name"), told_number(site, "ready"), told_number(site, "expected"));
}

static int run_list(int argc, char *argv[])
{
	static const struct listing sites = {
		.name = "sites",
		.read = read_sites,
		.print = print_row,
		.none = "There are no sites. Import some: site template > sites.csv, then site "
			"import sites.csv.",
	};

	return listing_command(&cmd_site_list, &sites, argc, argv);
}

const struct cli_command cmd_site_list = {
	.name = "site list",
	.args = "",
	.summary = "which sites there are",
	.run = run_list,
};

/* --- site show ----------------------------------------------------------------- */

static void print_rooms(const json_t *rooms)
{
	const json_t *room;
	size_t i;

	json_array_foreach (rooms, i, room) {
		const char *name = told_text(room, "room"), *track = told_text(room, "track");
		const json_t *seats = json_object_get(room, "seats");

		printf("  %s: %" JSON_INTEGER_FORMAT " of %" JSON_INTEGER_FORMAT
		       " devices are ready",
		       name[0] ? name : "(no room)", told_number(room, "ready"),
		       told_number(room, "expected"));
		if (json_is_integer(seats))
			printf(", %" JSON_INTEGER_FORMAT " seats", json_integer_value(seats));
		if (track[0])
			printf(", track %s", track);
		if (name[0] && !json_is_true(json_object_get(room, "declared")))
			printf(", not declared");
		printf("\n");
	}
}

static void print_site(const json_t *site)
{
	const json_t *lea = json_object_get(site, "lea"), *tracks, *track;
	const json_t *window = json_object_get(site, "window");
	const json_t *contacts = json_object_get(site, "contacts");
	size_t i;

	printf("%s  %s\nLEA: %s %s\nTime zone: %s\n", told_text(site, "code"),
	       told_text(site, "name"), told_text(lea, "code"), told_text(lea, "name"),
	       told_text(site, "zone"));
	if (json_is_object(window))
		printf("Window: %s, %s to %s\n", told_text(window, "programme"),
		       told_text(window, "first"), told_text(window, "last"));
	else
		printf("Window: none\n");
	told_contact("LEA coordinator", json_object_get(contacts, "lea_coordinator"));
	told_contact("Site coordinator", json_object_get(contacts, "coordinator"));
	told_contact("Technology contact", json_object_get(contacts, "technology"));
	tracks = json_object_get(site, "tracks");
	printf("Tracks:%s", json_array_size(tracks) == 0 ? " none" : "");
	json_array_foreach (tracks, i, track)
		printf("%s %s", i > 0 ? ";" : "", json_string_value(track));
	printf("\nRooms:%s\n", json_array_size(json_object_get(site, "rooms")) == 0 ? " none" : "");
	print_rooms(json_object_get(site, "rooms"));
	printf("%s\n", told_text(site, "sentence"));
}

static int run_show(int argc, char *argv[])
{
	static const struct showing site = {
		.to_name = "name one site by its code; see site list",
		.read = view_site,
		.print = print_site,
	};

	return showing_command(&cmd_site_show, &site, argc, argv);
}

const struct cli_command cmd_site_show = {
	.name = "site show",
	.args = "CODE",
	.summary = "one site with its contacts, tracks and rooms",
	.run = run_show,
};
