/* SPDX-License-Identifier: Apache-2.0 */
/*
 * site list, site show: sites, and what is said of one of them.
 */
#include <jansson.h>

#include "collector/cmd/admin.h"
#include "collector/view/view_site.h"
#include "collector/view/view_sites.h"
#include "common/base/clock.h"

#define PART 500 /* rows read at a time */

struct inquiry {
	const char *code;
	json_t *json; /* of a list the first part, with the rows of all */
};

static const char *text_of(const json_t *json, const char *member)
{
	const char *text = json_string_value(json_object_get(json, member));

	return text ? text : "";
}

static json_int_t number_of(const json_t *json, const char *member)
{
	return json_integer_value(json_object_get(json, member));
}

/* --- site list ----------------------------------------------------------------- */

static int look_at_all(struct store *store, void *arg, struct err *err)
{
	_cleanup_(profile_cache_freep) struct profile_cache *cache = profile_cache_new();
	const struct view view = { store, cache, clock_now_ms(), &access_everything };
	struct inquiry *inquiry = arg;
	struct page page = { PART, NULL };
	int r = view_site_list(&view, SITE_ORDER_CODE, &page, &inquiry->json, err);

	while (r >= 0 && !json_is_null(json_object_get(inquiry->json, "next_cursor"))) {
		json_t *part;

		page.cursor = json_string_value(json_object_get(inquiry->json, "next_cursor"));
		r = view_site_list(&view, SITE_ORDER_CODE, &page, &part, err);
		if (r < 0)
			break;
		json_array_extend(json_object_get(inquiry->json, "sites"),
				  json_object_get(part, "sites"));
		json_object_set(inquiry->json, "next_cursor", json_object_get(part, "next_cursor"));
		json_decref(part);
	}
	return r;
}

static void print_list(const json_t *json)
{
	const json_t *sites = json_object_get(json, "sites"), *site;
	size_t i;

	json_array_foreach (sites, i, site) {
		const json_t *lea = json_object_get(site, "lea");

		printf("%s  %s, %s %s: %" JSON_INTEGER_FORMAT " of %" JSON_INTEGER_FORMAT
		       " devices are ready\n",
		       text_of(site, "code"), text_of(site, "name"), text_of(lea, "code"),
		       text_of(lea, "name"), number_of(site, "ready"), number_of(site, "expected"));
	}
	if (json_array_size(sites) == 0)
		printf("There are no sites. Import some: site template > sites.csv, then site "
		       "import sites.csv.\n");
}

static int run_list(int argc, char *argv[])
{
	const char *store_url = NULL;
	struct inquiry inquiry = { 0 };
	bool is_json = false;
	const struct cli_option options[] = {
		{ "json", NULL, "print JSON", NULL, &is_json },
		ADMIN_STORE_OPTION(&store_url),
		{ 0 },
	};
	struct err err = { 0 };
	size_t n_args;
	int r = cli_parse(&cmd_site_list, options, 0, argc, argv, &n_args);

	if (r != 0)
		return r > 0 ? CLI_OK : CLI_USAGE;
	r = admin_run(store_url, look_at_all, &inquiry, &err);
	if (r >= 0 && is_json)
		admin_print_json(inquiry.json);
	else if (r >= 0)
		print_list(inquiry.json);
	json_decref(inquiry.json);
	return r < 0 ? admin_fail(&cmd_site_list, &err) : admin_end(&cmd_site_list, CLI_OK);
}

const struct cli_command cmd_site_list = {
	.name = "site list",
	.args = "",
	.summary = "which sites there are",
	.run = run_list,
};

/* --- site show ----------------------------------------------------------------- */

static int look_at_one(struct store *store, void *arg, struct err *err)
{
	_cleanup_(profile_cache_freep) struct profile_cache *cache = profile_cache_new();
	const struct view view = { store, cache, clock_now_ms(), &access_everything };
	struct inquiry *inquiry = arg;

	return view_site(&view, inquiry->code, &inquiry->json, err);
}

static void print_contact(const char *what, const json_t *contact)
{
	if (!json_is_object(contact))
		printf("%s: nobody is named\n", what);
	else
		printf("%s: %s, %s, %s\n", what, text_of(contact, "name"),
		       text_of(contact, "email"), text_of(contact, "phone"));
}

static void print_rooms(const json_t *rooms)
{
	const json_t *room;
	size_t i;

	json_array_foreach (rooms, i, room) {
		const char *name = text_of(room, "room"), *track = text_of(room, "track");
		const json_t *seats = json_object_get(room, "seats");

		printf("  %s: %" JSON_INTEGER_FORMAT " of %" JSON_INTEGER_FORMAT
		       " devices are ready",
		       name[0] ? name : "(no room)", number_of(room, "ready"),
		       number_of(room, "expected"));
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

	printf("%s  %s\nLEA: %s %s\nTime zone: %s\n", text_of(site, "code"), text_of(site, "name"),
	       text_of(lea, "code"), text_of(lea, "name"), text_of(site, "zone"));
	if (json_is_object(window))
		printf("Window: %s, %s to %s\n", text_of(window, "programme"),
		       text_of(window, "first"), text_of(window, "last"));
	else
		printf("Window: none\n");
	print_contact("LEA coordinator", json_object_get(contacts, "lea_coordinator"));
	print_contact("Site coordinator", json_object_get(contacts, "coordinator"));
	print_contact("Technology contact", json_object_get(contacts, "technology"));
	tracks = json_object_get(site, "tracks");
	printf("Tracks:%s", json_array_size(tracks) == 0 ? " none" : "");
	json_array_foreach (tracks, i, track)
		printf("%s %s", i > 0 ? ";" : "", json_string_value(track));
	printf("\nRooms:%s\n", json_array_size(json_object_get(site, "rooms")) == 0 ? " none" : "");
	print_rooms(json_object_get(site, "rooms"));
	printf("%s\n", text_of(site, "sentence"));
}

static int run_show(int argc, char *argv[])
{
	const char *store_url = NULL;
	struct inquiry inquiry = { 0 };
	bool is_json = false;
	const struct cli_option options[] = {
		{ "json", NULL, "print JSON", NULL, &is_json },
		ADMIN_STORE_OPTION(&store_url),
		{ 0 },
	};
	struct err err = { 0 };
	size_t n_args;
	int r = cli_parse(&cmd_site_show, options, 1, argc, argv, &n_args);

	if (r != 0)
		return r > 0 ? CLI_OK : CLI_USAGE;
	if (n_args != 1)
		return admin_usage(&cmd_site_show, "name one site by its code; see site list");
	inquiry.code = argv[1];
	r = admin_run(store_url, look_at_one, &inquiry, &err);
	if (r >= 0 && is_json)
		admin_print_json(inquiry.json);
	else if (r >= 0)
		print_site(inquiry.json);
	json_decref(inquiry.json);
	return r < 0 ? admin_fail(&cmd_site_show, &err) : admin_end(&cmd_site_show, CLI_OK);
}

const struct cli_command cmd_site_show = {
	.name = "site show",
	.args = "CODE",
	.summary = "one site with its contacts, tracks and rooms",
	.run = run_show,
};
