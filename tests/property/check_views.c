/* SPDX-License-Identifier: Apache-2.0 */
/* What people are shown: each number is that of the rows of the list that it leads to. */
#include "tests/property/rows.h"

#include "collector/act/act_profile.h"
#include "collector/view/view_conflicts.h"
#include "collector/view/view_device.h"
#include "collector/view/view_profiles.h"
#include "collector/view/view_site.h"
#include "collector/view/view_sites.h"
#include "collector/view/view_waivers.h"
#include "common/eval/evaluate.h"

#define READY_STATES (1U << STATE_READY | 1U << STATE_READY_WITH_WARNINGS)
#define OTHER_STATES \
	(1U << STATE_UNKNOWN | 1U << STATE_STALE | 1U << STATE_NEVER_SEEN | 1U << STATE_CONFLICT)

/* What is looked at, as of now. */
struct look {
	struct world *world;
	struct view view;
	struct rows rows;
};

/* --- JSON ---------------------------------------------------------------------------- */

/* The member that @path leads to, as "tiles.ready". */
static json_t *member(const json_t *json, const char *path)
{
	char name[32];
	size_t len = strcspn(path, ".");
	json_t *found;

	snprintf(name, sizeof(name), "%.*s", (int)len, path);
	found = json_object_get(json, name);
	if (!found)
		fail_msg("there is no '%s'", path);
	return path[len] ? member(found, path + len + 1) : found;
}

static int64_t number(const json_t *json, const char *path)
{
	return json_integer_value(member(json, path));
}

static const char *text(const json_t *json, const char *path)
{
	const char *found = json_string_value(member(json, path));

	return found ? found : "";
}

/* --- lists ----------------------------------------------------------------------------- */

static int64_t count_fitting(const struct look *look, const char *code,
			     const struct device_filter *filter)
{
	int64_t n = 0;

	for (size_t i = 0; i < look->rows.n; i++)
		n += strcmp(look->rows.rows[i].site, code) == 0 &&
		     row_fits(&look->rows, &look->rows.rows[i], filter);
	return n;
}

static bool is_in(const struct look *look, const char *code, const struct device_filter *filter,
		  const char *id)
{
	for (size_t i = 0; i < look->rows.n; i++) {
		const struct row *row = &look->rows.rows[i];

		if (strcmp(row->id, id) == 0)
			return strcmp(row->site, code) == 0 && row_fits(&look->rows, row, filter);
	}
	return false;
}

/* Read the list page by page: each row belongs there, and comes once. */
static int64_t walk(struct look *look, const char *code, const struct device_filter *filter,
		    const char *what)
{
	struct school *school = &look->world->school;
	static char seen[ARRAY_SIZE(((struct rows *)0)->rows)][ID_SIZE];
	_cleanup_free_ char *cursor = NULL;
	size_t n = 0, limit = pick(look->world, 30) + 1;

	do {
		struct page page = { limit, cursor };
		json_t *json, *row;
		size_t i;

		must(school, view_devices(&look->view, code, filter, &page, &json, &school->err));
		json_array_foreach (member(json, "devices"), i, row) {
			const char *id = text(row, "id");

			if (!is_in(look, code, filter, id))
				fail_msg("device %.4s is in the list '%s' of %s", id, what, code);
			for (size_t k = 0; k < n; k++) {
				if (strcmp(seen[k], id) == 0)
					fail_msg("device %.4s is twice in the list '%s' of %s", id,
						 what, code);
			}
			snprintf(seen[n++], ID_SIZE, "%s", id);
		}
		free(cursor);
		cursor = json_is_string(member(json, "next_cursor"))
				 ? xstrdup(text(json, "next_cursor"))
				 : NULL;
		json_decref(json);
	} while (cursor);
	return (int64_t)n;
}

/* @shown leads to the list by @filter; walking every list each time would take long. */
static void expect_list(struct look *look, const char *code, const struct device_filter *filter,
			int64_t shown, const char *what)
{
	int64_t n = count_fitting(look, code, filter);

	compare(what, code, shown, n);
	if (look->world->is_thorough || pick(look->world, 8) == 0)
		compare(what, code, walk(look, code, filter, what), n);
}

/* --- a site ---------------------------------------------------------------------------- */

#define EXPECTED .is_expected = 1, .is_waived = -1

static void check_states(struct look *look, const char *code, const json_t *json)
{
	const json_t *states = member(json, "states");
	int64_t sum = 0;

	for (unsigned i = STATE_RETIRED + 1; i < STATE_MAX_; i++) {
		const struct device_filter filter = { EXPECTED, .states = 1U << i };
		int64_t n = number(states, device_state_words[i]);

		expect_list(look, code, &filter, n, device_state_words[i]);
		sum += n;
	}
	expect_list(look, code, &(struct device_filter){ EXPECTED }, number(json, "expected"),
		    "expected");
	compare("the sum of states", code, sum, number(json, "expected"));
}

static void check_tiles(struct look *look, const char *code, const json_t *json)
{
	const struct {
		const char *path;
		struct device_filter filter;
	} tiles[] = {
		{ "ready", { EXPECTED, .states = READY_STATES } },
		{ "tiles.ready", { EXPECTED, .states = READY_STATES } },
		{ "tiles.waived", { .is_expected = 1, .is_waived = 1, .states = READY_STATES } },
		{ "tiles.needs_work", { EXPECTED, .states = 1U << STATE_NOT_READY } },
		{ "tiles.unknown_or_stale", { EXPECTED, .states = OTHER_STATES } },
		{ "fresh",
		  { EXPECTED,
		    .states = READY_STATES | 1U << STATE_NOT_READY | 1U << STATE_UNKNOWN } },
		{ "unexpected", { .is_expected = 0, .is_waived = -1 } },
	};

	for (size_t i = 0; i < ARRAY_SIZE(tiles); i++)
		expect_list(look, code, &tiles[i].filter, number(json, tiles[i].path),
			    tiles[i].path);
}

static void check_rooms(struct look *look, const char *code, const json_t *json)
{
	int64_t n_expected = 0, n_ready = 0;
	json_t *room;
	size_t i;

	json_array_foreach (member(json, "rooms"), i, room) {
		const char *name = text(room, "room");
		const struct device_filter all = { EXPECTED, .room = name };
		const struct device_filter ready = { EXPECTED, .room = name,
						     .states = READY_STATES };

		expect_list(look, code, &all, number(room, "expected"), "a room");
		expect_list(look, code, &ready, number(room, "ready"), "ready in a room");
		n_expected += number(room, "expected");
		n_ready += number(room, "ready");
	}
	compare("the sum of rooms", code, n_expected, number(json, "expected"));
	compare("ready in all rooms", code, n_ready, number(json, "ready"));
}

/*
 * While devices wait to be judged again, some of these are by what judged them before. A
 * profile that does not ask for the browser has no such list.
 */
static void check_browser(struct look *look, const struct stored_site *place, const json_t *json)
{
	const struct device_filter current = { EXPECTED, .passes = "browser.version" };
	const struct device_filter missing = { EXPECTED, .requirement = "browser.version" };
	int64_t n_current = number(json, "browser_current");

	if (!place->profile || profile_find(place->profile, "browser.version") < 0)
		return;
	expect_list(look, place->code, &current, n_current, "browser_current");
	expect_list(look, place->code, &missing, number(json, "browser_expected") - n_current,
		    "without the browser");
}

/* Whoever is counted for a waiver is in the list of what is waived. */
static void check_waived(struct look *look, const struct stored_site *place)
{
	for (size_t i = 0; place->profile && i < place->profile->n_requirements; i++) {
		const char *id = place->profile->requirements[i].id;
		const struct device_filter filter = { EXPECTED, .waives = id };

		if (place->profile->requirements[i].waiver)
			expect_list(look, place->code, &filter,
				    count_fitting(look, place->code, &filter), "waived");
	}
}

/* --- the work list of a site -------------------------------------------------------------- */

/* Whether nothing required would fail once the first @n of @fixes were done. */
static bool would_be_ready(const struct stored_site *place, const struct row *row,
			   const json_t *fixes, size_t n)
{
	if (!row_counts(row) || !row_is_fresh(row) || strcmp(row->version, place->version) != 0)
		return false;
	for (size_t i = 0; i < place->profile->n_requirements; i++) {
		const struct requirement *requirement = &place->profile->requirements[i];
		bool is_done = false;

		if (requirement->severity != SEVERITY_REQUIRED)
			continue;
		if (row->results[i] == 'U')
			return false;
		for (size_t k = 0; k < n; k++)
			is_done |= strcmp(text(json_array_get(fixes, k), "id"),
					  requirement->fix.id) == 0;
		if (row->results[i] == 'F' && !is_done)
			return false;
	}
	return true;
}

static int64_t count_ready(const struct look *look, const struct stored_site *place,
			   const json_t *fixes, size_t n)
{
	int64_t n_ready = 0;

	for (size_t i = 0; i < look->rows.n; i++)
		n_ready += strcmp(look->rows.rows[i].site, place->code) == 0 &&
			   would_be_ready(place, &look->rows.rows[i], fixes, n);
	return n_ready;
}

static bool is_fixed(const json_t *fixes, const char *id)
{
	json_t *fix;
	size_t i;

	json_array_foreach (fixes, i, fix) {
		if (strcmp(text(fix, "id"), id) == 0)
			return true;
	}
	return false;
}

static void check_fixes(struct look *look, const struct stored_site *place, const json_t *json)
{
	const json_t *fixes = member(json, "fixes");
	json_t *fix, *room;
	size_t i, k;

	json_array_foreach (fixes, i, fix) {
		const struct device_filter filter = { EXPECTED, .fix = text(fix, "id") };
		int64_t n_in_rooms = 0;

		expect_list(look, place->code, &filter, number(fix, "devices"), text(fix, "id"));
		compare("minutes of a fix", place->code, number(fix, "minutes"),
			number(fix, "devices") * number(fix, "minutes_each"));
		compare("what a fix makes ready", place->code, number(fix, "makes_ready"),
			count_ready(look, place, fixes, i + 1) -
				count_ready(look, place, fixes, i));
		json_array_foreach (member(fix, "rooms"), k, room) {
			struct device_filter there = filter;

			there.room = json_string_value(room);
			n_in_rooms += count_fitting(look, place->code, &there);
		}
		compare("devices in the rooms of a fix", place->code, n_in_rooms,
			number(fix, "devices"));
	}
	/* And no device needs what is not in the list. */
	for (i = 0; place->profile && i < place->profile->n_requirements; i++) {
		const char *id = place->profile->requirements[i].fix.id;
		const struct device_filter filter = { EXPECTED, .fix = id };

		if (!is_fixed(fixes, id))
			expect_list(look, place->code, &filter, 0, id);
	}
}

/* Devices of the site that wait to be judged again. */
static int64_t count_left(const struct look *look, const struct stored_site *place)
{
	int64_t n = 0;

	for (size_t i = 0; place->is_queued && i < look->rows.n; i++)
		n += strcmp(look->rows.rows[i].site, place->code) == 0 &&
		     look->rows.rows[i].has_reported &&
		     strcmp(look->rows.rows[i].id, place->after_id) > 0;
	return n;
}

static void check_site(struct look *look, const struct stored_site *place)
{
	struct school *school = &look->world->school;
	json_t *json;

	must(school, view_site(&look->view, place->code, &json, &school->err));
	check_states(look, place->code, json);
	check_tiles(look, place->code, json);
	check_rooms(look, place->code, json);
	check_browser(look, place, json);
	check_waived(look, place);
	check_fixes(look, place, json);
	if (place->profile && place->is_queued)
		compare("devices left", place->code, number(json, "profile.judging.devices_left"),
			count_left(look, place));
	compare("being judged", place->code, json_is_true(member(json, "judging")),
		place->is_queued);
	json_decref(json);
}

/* --- all sites ------------------------------------------------------------------------- */

static void check_overview(struct look *look)
{
	struct school *school = &look->world->school;
	const struct page page = { 100, NULL };
	const json_t *totals, *site;
	int64_t n[STATE_MAX_] = { 0 }, n_expected = 0, n_unexpected = 0, n_ready = 0, n_queued = 0;
	json_t *json;
	size_t i;

	must(school, view_overview(&look->view, &page, &json, &school->err));
	totals = member(json, "totals");
	for (i = 0; i < look->rows.n; i++) {
		const struct row *row = &look->rows.rows[i];

		n_expected += row_counts(row);
		n_ready += row_counts(row) && row_is_ready(row);
		n_unexpected += !row->is_expected && row->state != STATE_RETIRED;
		if (row_counts(row))
			n[row->state]++;
	}
	for (i = 0; i < look->rows.n_sites; i++)
		n_queued += look->rows.places[i].is_queued;
	compare("sites", "the overview", number(totals, "sites"), (int64_t)look->rows.n_sites);
	compare("expected", "the overview", number(totals, "expected"), n_expected);
	compare("ready", "the overview", number(totals, "ready"), n_ready);
	compare("unexpected", "the overview", number(totals, "unexpected"), n_unexpected);
	compare("judging", "the overview", number(totals, "judging"), n_queued);
	for (i = STATE_RETIRED + 1; i < STATE_MAX_; i++)
		compare(device_state_words[i], "the overview",
			number(member(totals, "states"), device_state_words[i]), n[i]);
	json_array_foreach (member(json, "sites"), i, site) {
		const char *code = text(site, "code");

		check_states(look, code, site);
	}
	json_decref(json);
}

/* --- waivers, conflicts, profiles -------------------------------------------------------- */

static int64_t count_waived(const struct look *look, const char *waiver_id)
{
	int64_t n = 0;

	for (size_t i = 0; i < look->rows.n; i++) {
		const struct row *row = &look->rows.rows[i];
		const struct stored_site *place = rows_place(&look->rows, row->site);

		if (!row_counts(row) || !row->judge || strcmp(row->version, place->version) != 0)
			continue;
		for (size_t k = 0; k < row->judge->n_requirements; k++) {
			const struct profile_waiver *waiver = row->judge->requirements[k].waiver;

			n += row->results[k] == 'W' && waiver && strcmp(waiver->id, waiver_id) == 0;
		}
	}
	return n;
}

static void check_waivers(struct look *look)
{
	static const struct waiver_filter all = { NULL, "all", "" };
	struct school *school = &look->world->school;
	const struct page page = { 500, NULL };
	json_t *json, *waiver;
	size_t i;

	must(school, view_waivers(&look->view, &all, &page, &json, &school->err));
	compare("waivers", "the list", (int64_t)json_array_size(member(json, "waivers")),
		school_number(school, "SELECT count(*) FROM waiver"));
	json_array_foreach (member(json, "waivers"), i, waiver)
		compare("devices", text(waiver, "requirement"), number(waiver, "devices"),
			count_waived(look, text(waiver, "id")));
	json_decref(json);
}

static void check_conflict_list(struct look *look)
{
	struct school *school = &look->world->school;
	const struct page page = { 500, NULL };
	int64_t n = 0;
	json_t *json, *conflict;
	size_t i;

	must(school, view_conflicts(&look->view, "open", &page, &json, &school->err));
	for (i = 0; i < look->rows.n; i++)
		n += look->rows.rows[i].state == STATE_CONFLICT;
	compare("open conflicts", "the list", (int64_t)json_array_size(member(json, "conflicts")),
		n);
	json_array_foreach (member(json, "conflicts"), i, conflict) {
		if (strcmp(text(conflict, "device.state"), "conflict") != 0)
			fail_msg("a device with an open conflict is %s",
				 text(conflict, "device.state"));
	}
	json_decref(json);
	must(school, view_conflicts(&look->view, "resolved", &page, &json, &school->err));
	compare("resolved conflicts", "the list",
		(int64_t)json_array_size(member(json, "conflicts")),
		school_number(school, "SELECT count(*) FROM conflict WHERE resolution <> ''"));
	json_decref(json);
}

static void check_profiles(struct look *look)
{
	struct school *school = &look->world->school;
	const struct page page = { 100, NULL };
	json_t *json, *profile;
	size_t i;

	must(school, view_profiles(&look->view, &page, &json, &school->err));
	json_array_foreach (member(json, "profiles"), i, profile) {
		int64_t n_sites = 0, n_queued = 0, n_left = 0;

		for (size_t k = 0; k < look->rows.n_sites; k++) {
			const struct stored_site *place = &look->rows.places[k];

			if (!place->profile || strcmp(place->profile->id, text(profile, "id")) != 0)
				continue;
			n_sites++;
			n_queued += place->is_queued;
			n_left += count_left(look, place);
		}
		compare("sites", text(profile, "id"), number(profile, "sites"), n_sites);
		compare("sites left", text(profile, "id"), number(profile, "judging.sites_left"),
			n_queued);
		compare("devices left", text(profile, "id"),
			number(profile, "judging.devices_left"), n_left);
	}
	json_decref(json);
}

/* A device's own page says of it what the lists do. */
static void check_device(struct look *look)
{
	struct school *school = &look->world->school;
	const struct row *row;
	json_t *json;

	if (look->rows.n == 0)
		return;
	row = &look->rows.rows[pick(look->world, (unsigned)look->rows.n)];
	must(school, view_device(&look->view, row->id, &json, &school->err));
	if (strcmp(text(json, "state"), device_state_words[row->state]) != 0)
		fail_msg("device %.4s is shown as %s and is %s", row->id, text(json, "state"),
			 device_state_words[row->state]);
	compare("results", row->id, (int64_t)json_array_size(member(json, "results")),
		(int64_t)strlen(row->results));
	json_decref(json);
}

/* Devices of a site that does not wait have the results that a fresh look at their facts gives. */
static void check_results(struct look *look)
{
	for (size_t i = pick(look->world, 3); i < look->rows.n; i += 3) {
		const struct row *row = &look->rows.rows[i];
		const struct stored_site *place = rows_place(&look->rows, row->site);
		enum result results[PROFILE_REQUIREMENTS_MAX];
		json_t *facts;

		if (place->is_queued || !row->judge)
			continue;
		facts = rows_facts(look->world, row);
		evaluate(row->judge, facts, row->role, place->window.last, results);
		json_decref(facts);
		for (size_t k = 0; k < row->judge->n_requirements; k++) {
			if (row->results[k] != result_letter(results[k]))
				fail_msg("device %.4s of %s has '%s', and its facts give %s for %s",
					 row->id, row->site, row->results, result_words[results[k]],
					 row->judge->requirements[k].id);
		}
	}
}

/* What judges each site is what would be composed for it now. */
static void check_documents(struct world *world)
{
	static const char *const profiles[] = { "p", "q", "unpublished" };
	static const struct audience all = { SCOPE_STATE, "" };
	struct school *school = &world->school;
	struct reach reach;

	for (size_t i = 0; i < ARRAY_SIZE(profiles); i++) {
		must(school, act_compose(school->store, profiles[i], &all, school->now_ms, &reach,
					 &school->err));
		compare("sites that are judged by another document", profiles[i], reach.n_sites, 0);
	}
}

/* The same lists as whoever only reads gets them, who keeps what he read before. */
static void check_reader(struct world *world)
{
	struct school *school = &world->school;
	const struct view view = { world->reader, world->reader_cache, school->now_ms,
				   &access_everything };

	must(school, store_begin(world->reader, &school->err));
	check_order(&view, school);
	store_rollback(world->reader);
	profile_cache_trim(world->reader_cache);
}

void check_all(struct world *world)
{
	static struct look look;
	struct school *school = &world->school;

	check_counts(world);
	look.world = world;
	look.view =
		(struct view){ school->store, school->cache, school->now_ms, &access_everything };
	/* One moment for all of it, as a page has. */
	must(school, store_begin(school->store, &school->err));
	rows_read(world, &look.rows);
	for (size_t i = 0; i < look.rows.n_sites; i++)
		check_site(&look, &look.rows.places[i]);
	check_overview(&look);
	check_order(&look.view, school);
	check_reader(world);
	check_waivers(&look);
	check_conflict_list(&look);
	check_profiles(&look);
	check_device(&look);
	check_results(&look);
	check_documents(world);
	store_rollback(school->store);
	profile_cache_trim(school->cache);
}
