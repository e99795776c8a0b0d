/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lea list, lea show, lea change: LEAs, and what people say of them.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "collector/act/act_lea.h"
#include "collector/cmd/change.h"
#include "collector/cmd/listing.h"
#include "collector/cmd/showing.h"
#include "collector/cmd/told.h"
#include "collector/ingest/accept_site.h"
#include "collector/view/view_leas.h"
#include "common/base/clock.h"
#include "common/base/mem.h"

#define TO_NAME "name one LEA by its code; see lea list"

/* --- lea list ---------------------------------------------------------------------- */

static int read_leas(const void *arg, const struct view *view, const struct page *page,
		     json_t **ret_json, struct err *err)
{
	static const struct lea_filter all = { 0 };

	(void)arg;
	return view_leas(view, &all, page, ret_json, err);
}

static void print_row(const json_t *lea)
{
	printf("%s  %s: %" JSON_INTEGER_FORMAT " %s, %" JSON_INTEGER_FORMAT
	       " of %" JSON_INTEGER_FORMAT " devices are ready\n",
	       told_text(lea, "code"), told_text(lea, "name"), told_number(lea, "sites"),
	       told_number(lea, "sites") == 1 ? "site" : "sites", told_number(lea, "ready"),
	       told_number(lea, "expected"));
}

static int run_list(int argc, char *argv[])
{
	static const struct listing leas = {
		.name = "leas",
		.read = read_leas,
		.print = print_row,
		.none = "There are no LEAs. They come with their sites: site template > "
			"sites.csv, then site import sites.csv.",
	};

	return listing_command(&cmd_lea_list, &leas, argc, argv);
}

const struct cli_command cmd_lea_list = {
	.name = "lea list",
	.args = "",
	.summary = "which LEAs there are",
	.run = run_list,
};

/* --- lea show ---------------------------------------------------------------------- */

static void print_lea(const json_t *lea)
{
	print_row(lea);
	printf("Time zone: %s\n", told_text(lea, "zone"));
	told_contact("LEA coordinator", json_object_get(lea, "coordinator"));
}

static int run_show(int argc, char *argv[])
{
	static const struct showing lea = {
		.to_name = TO_NAME,
		.read = view_lea,
		.print = print_lea,
	};

	return showing_command(&cmd_lea_show, &lea, argc, argv);
}

const struct cli_command cmd_lea_show = {
	.name = "lea show",
	.args = "CODE",
	.summary = "one LEA with its time zone and its coordinator",
	.run = run_show,
};

/* --- lea change -------------------------------------------------------------------- */

struct lea_work {
	struct lea_change change;
	int64_t n_sites;
	json_t *lea; /* as it is afterwards */
};

static int change_lea(struct store *store, void *arg, struct err *err)
{
	_cleanup_(profile_cache_freep) struct profile_cache *cache = profile_cache_new();
	const struct view view = { store, cache, clock_now_ms(), &access_everything };
	struct lea_work *work = arg;
	int r = act_lea_change(store, admin_actor(), &work->change, view.now_ms, &work->n_sites,
			       err);

	return r < 0 ? r : view_lea(&view, work->change.code, &work->lea, err);
}

/*
 * What the line says, read by what reads the API's bodies, so that both refuse the same. The
 * texts are borrowed by *@ret_lea.
 */
static int read_line(const char *name, const char *zone, const char *const person[], bool is_nobody,
		     struct accepted_lea *ret_lea, struct err *err)
{
	_cleanup_free_ char *pointer = NULL, *body = NULL;
	json_t *json = json_object(), *contact = json_object();
	int r;

	if (name)
		json_object_set_new(json, "name", json_string(name));
	if (zone)
		json_object_set_new(json, "zone", json_string(zone));
	for (size_t i = 0; i < CONTACT_TEXT_MAX_; i++) {
		if (person[i])
			json_object_set_new(contact, contact_text_words[i], json_string(person[i]));
	}
	if (is_nobody)
		json_object_set_new(json, "coordinator", json_null());
	else if (json_object_size(contact) > 0)
		json_object_set(json, "coordinator", contact);
	body = json_dumps(json, JSON_COMPACT);
	r = accept_lea(body, strlen(body), ret_lea, &pointer, err);
	json_decref(json);
	json_decref(contact);
	return r;
}

static int run_on(const char *store_url, const char *code, const struct accepted_lea *lea)
{
	struct lea_work work = { .change = lea->change };
	struct err err = { 0 };
	int r;

	work.change.code = code;
	r = admin_run(store_url, change_lea, &work, &err);
	if (r < 0)
		return change_refuse(&cmd_lea_change, r, &err, "Nothing was changed.");
	print_lea(work.lea);
	json_decref(work.lea);
	if (work.n_sites > 0)
		printf("%" PRId64 " of its sites had the time zone that it had, and have the new "
		       "one now.\n",
		       work.n_sites);
	return admin_end(&cmd_lea_change, CLI_OK);
}

static int run_change(int argc, char *argv[])
{
	const char *store_url = NULL, *name = NULL, *zone = NULL;
	const char *person[CONTACT_TEXT_MAX_] = { NULL };
	bool is_nobody = false;
	const struct cli_option options[] = {
		{ "name", "TEXT", "another name", &name, NULL },
		{ "zone", "ZONE", "another time zone, as America/Los_Angeles", &zone, NULL },
		{ "coordinator", "NAME", "who coordinates its tests", &person[CONTACT_NAME], NULL },
		{ "email", "ADDRESS", "of the coordinator", &person[CONTACT_EMAIL], NULL },
		{ "phone", "NUMBER", "of the coordinator", &person[CONTACT_PHONE], NULL },
		{ "nobody", NULL, "nobody coordinates its tests", NULL, &is_nobody },
		ADMIN_STORE_OPTION(&store_url),
		{ 0 },
	};
	_cleanup_(accepted_lea_done) struct accepted_lea lea = { 0 };
	bool has_person;
	struct err err = { 0 };
	size_t n_args;
	int r = cli_parse(&cmd_lea_change, options, 1, argc, argv, &n_args);

	if (r != 0)
		return r > 0 ? CLI_OK : CLI_USAGE;
	has_person = person[CONTACT_NAME] || person[CONTACT_EMAIL] || person[CONTACT_PHONE];
	if (n_args != 1)
		return admin_usage(&cmd_lea_change, TO_NAME);
	if (!name && !zone && !has_person && !is_nobody)
		return admin_usage(&cmd_lea_change, "say what is to be changed");
	if (has_person && is_nobody)
		return admin_usage(&cmd_lea_change, "--nobody goes with no other contact");
	if (read_line(name, zone, person, is_nobody, &lea, &err) < 0)
		return admin_usage(&cmd_lea_change, "%s", err.text);
	return run_on(store_url, argv[1], &lea);
}

const struct cli_command cmd_lea_change = {
	.name = "lea change",
	.args = "CODE",
	.summary = "another name, time zone or coordinator of an LEA",
	.run = run_change,
};
