/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lists of devices while rows come, change and go: who keeps its place comes exactly once, on
 * random lists and random changes; totals equal rows; and what the database does for it.
 * TESTREADY_SEED=… runs the same again.
 */
#include "tests/unit/collector/school.h"

#include <errno.h>
#include <inttypes.h>
#include <sodium.h>
#include <sys/random.h>

#include "collector/act/rollup.h"
#include "collector/store/device_row.h"
#include "collector/view/view_devices.h"

/* More sites than are read at a time; most devices are at the first ones. */
enum { WALKS = 100, QUIET_WALKS = 800, DEVICES = 40, NEW = 80, SITES = 70, FIRST_SITES = 3 };

static char sites[SITES][8];
static const char *const rooms[] = { "", "1", "2", "R ä" };
static const char *const models[] = { "", "Book", "Slate" };

/* A device as the test knows it. */
struct known {
	char id[ID_SIZE];
	char host[16];
	size_t site, room, model;
	enum device_role role;
	enum device_state state;
	bool is_expected, is_gone, is_moved; /* moved: it does not stay where it was */
	int64_t seen_ms;
	unsigned n_shown;
};

struct world {
	struct school *school;
	uint64_t random;
	struct known devices[DEVICES + NEW];
	size_t n;
};

static unsigned pick(struct world *world, unsigned n)
{
	world->random ^= world->random >> 12;
	world->random ^= world->random << 25;
	world->random ^= world->random >> 27;
	return (unsigned)((world->random * 0x2545F4914F6CDD1DULL) >> 33) % n;
}

static size_t pick_site(struct world *world)
{
	return pick(world, 3) ? pick(world, FIRST_SITES) : pick(world, SITES);
}

/* --- what happens ------------------------------------------------------------------- */

static struct device row_of(const struct known *known)
{
	return (struct device){
		.id = (char *)known->id,
		.site_code = (char *)sites[known->site],
		.role = known->role,
		.room = (char *)rooms[known->room],
		.is_expected = known->is_expected,
		.asset_tag = (char *)"",
		.serial = (char *)"",
		.host_name = (char *)known->host,
		.model = (char *)models[known->model],
		.seen_ms = known->seen_ms,
		.agent_version = (char *)"",
		.state = known->state,
		.profile_id = (char *)"",
		.profile_version = (char *)"",
		.results = (char *)"",
		.browser = RESULT_UNKNOWN,
		.facts_hash = (char *)"",
	};
}

static void put(struct world *world, const struct known *before, const struct known *after)
{
	struct school *school = world->school;
	struct device old = { 0 }, new = { 0 };

	if (before)
		old = row_of(before);
	if (after)
		new = row_of(after);
	if (!before)
		must(school, store_device_insert(school->store, &new, &school->err));
	else if (!after)
		must(school, store_device_delete(school->store, old.id, &school->err));
	else
		must(school, store_device_update(school->store, &old, &new, &school->err));
	must(school,
	     rollup_change(school->store, before ? &old : NULL, after ? &new : NULL, &school->err));
}

/* Few values of each, so that many devices share them. */
static void vary(struct world *world, struct known *known)
{
	snprintf(known->host, sizeof(known->host), "h%u", pick(world, 9));
	known->room = pick(world, ARRAY_SIZE(rooms));
	known->model = pick(world, ARRAY_SIZE(models));
	known->role = (enum device_role)pick(world, ROLE_MAX_);
	known->state = (enum device_state)pick(world, STATE_MAX_);
	known->is_expected = pick(world, 5) > 0;
	known->seen_ms = pick(world, 4) * 1000;
}

static void add(struct world *world)
{
	struct known *known = &world->devices[world->n];

	if (world->n == ARRAY_SIZE(world->devices))
		return;
	memset(known, 0, sizeof(*known));
	id_new(known->id);
	known->site = pick_site(world);
	vary(world, known);
	put(world, NULL, known);
	world->n++;
}

static void change(struct world *world)
{
	struct known *known = &world->devices[pick(world, (unsigned)world->n)];
	struct known before = *known;

	if (known->is_gone)
		return;
	known->is_moved = true;
	known->is_gone = pick(world, 4) == 0;
	if (!known->is_gone)
		vary(world, known);
	put(world, &before, known->is_gone ? NULL : known);
}

static void let_things_happen(struct world *world)
{
	struct school *school = world->school;

	must(school, store_begin(school->store, &school->err));
	for (unsigned i = pick(world, 4); i > 0; i--)
		pick(world, 3) ? change(world) : add(world);
	must(school, store_commit(school->store, &school->err));
}

/* --- what is asked for --------------------------------------------------------------- */

static void pick_asked(struct world *world, struct device_filter *filter,
		       struct device_asked *asked)
{
	*filter = (struct device_filter){ .is_expected = (int)pick(world, 3) - 1, .is_waived = -1 };
	if (pick(world, 2))
		filter->states = 1 + pick(world, (1U << STATE_MAX_) - 1);
	if (pick(world, 4) == 0)
		filter->roles = 1 + pick(world, (1U << ROLE_MAX_) - 1);
	if (pick(world, 4) == 0)
		filter->room = rooms[pick(world, ARRAY_SIZE(rooms))];
	if (pick(world, 4) == 0)
		filter->model = models[pick(world, ARRAY_SIZE(models))];
	if (pick(world, 6) == 0)
		filter->lea = "00";
	*asked = (struct device_asked){ pick(world, 2) ? sites[pick_site(world)] : NULL, filter,
					DEVICE_SORT_PLACE };
	asked->sort = (enum device_sort)pick(world, asked->site_code ? DEVICE_SORT_MAX_
								     : DEVICE_SORT_STATE + 1);
}

static bool fits(const struct device_asked *asked, const struct known *known)
{
	const struct device_filter *filter = asked->filter;

	return !known->is_gone &&
	       (filter->states ? filter->states >> known->state & 1
			       : known->state != STATE_RETIRED) &&
	       (!filter->roles || filter->roles >> known->role & 1) &&
	       (!filter->room || strcmp(filter->room, rooms[known->room]) == 0) &&
	       (!filter->model || strcmp(filter->model, models[known->model]) == 0) &&
	       (filter->is_expected < 0 || filter->is_expected == known->is_expected) &&
	       (!asked->site_code || strcmp(asked->site_code, sites[known->site]) == 0);
}

static struct known *find(struct world *world, const char *id)
{
	for (size_t i = 0; i < world->n; i++) {
		if (strcmp(world->devices[i].id, id) == 0)
			return &world->devices[i];
	}
	fail_msg("%s is no device of ours", id);
	return NULL;
}

/* One part; where the next one begins, owned by the caller, or NULL. */
static char *read_part(struct world *world, const struct device_asked *asked, size_t limit,
		       const char *cursor, json_int_t *ret_total)
{
	struct school *school = world->school;
	const struct view view = { school->store, school->cache, school->now_ms,
				   &access_everything };
	const char *next;
	json_t *json, *row;
	size_t i;
	char *copy;

	must(school, store_begin(school->store, &school->err));
	must(school,
	     view_device_list(&view, asked, &(struct page){ limit, cursor }, &json, &school->err));
	store_rollback(school->store);
	json_array_foreach (json_object_get(json, "devices"), i, row) {
		find(world, json_string_value(json_object_get(row, "id")))->n_shown++;
	}
	assert_in_range(i, 0, limit);
	*ret_total = json_is_null(json_object_get(json, "total"))
			     ? -1
			     : json_integer_value(json_object_get(json, "total"));
	next = json_string_value(json_object_get(json, "next_cursor"));
	copy = next ? xstrdup(next) : NULL;
	json_decref(json);
	return copy;
}

static void walk(struct world *world, bool changes)
{
	struct device_filter filter;
	struct device_asked asked;
	_cleanup_free_ char *cursor = NULL;
	size_t limit = 1 + pick(world, 7);
	json_int_t total, n = 0;

	pick_asked(world, &filter, &asked);
	for (size_t i = 0; i < world->n; i++)
		world->devices[i].n_shown = world->devices[i].is_moved = 0;
	do {
		char *next = read_part(world, &asked, limit, cursor, &total);

		free(cursor);
		cursor = next;
		if (changes)
			let_things_happen(world);
	} while (cursor);
	for (size_t i = 0; i < world->n; i++) {
		const struct known *known = &world->devices[i];

		n += known->n_shown;
		if (!known->is_moved && known->n_shown > 1)
			fail_msg("sort %u: %s came %u times", asked.sort, known->id,
				 known->n_shown);
		/* A device that came meanwhile may be behind or before where the list was. */
		if (!known->is_moved && known->n_shown > fits(&asked, known))
			fail_msg("sort %u: %s does not belong there", asked.sort, known->id);
		if (!known->is_moved && i < DEVICES && known->n_shown != fits(&asked, known))
			fail_msg("sort %u: %s was lost", asked.sort, known->id);
	}
	if (!changes && total >= 0)
		assert_int_equal(total, n);
}

static void found(struct world *world, struct school *school)
{
	const char *seed = getenv("TESTREADY_SEED");

	memset(world, 0, sizeof(*world));
	world->school = school;
	world->random = seed ? strtoull(seed, NULL, 10) : 0;
	if (!seed)
		assert_int_equal(getrandom(&world->random, sizeof(world->random), 0),
				 sizeof(world->random));
	world->random |= 1;
	print_message("TESTREADY_SEED=%" PRIu64 "\n", world->random);
	must(school, store_begin(school->store, &school->err));
	for (size_t i = 0; i < SITES; i++) {
		snprintf(sites[i], sizeof(sites[i]), "%04zu", i + 1);
		school_site(school, sites[i], NULL, NULL, NULL);
	}
	for (size_t i = 0; i < DEVICES; i++)
		add(world);
	must(school, store_commit(school->store, &school->err));
}

static void who_keeps_its_place_comes_once_whatever_happens_meanwhile(void **state)
{
	struct world world;

	found(&world, *state);
	/* Each walk begins with the same devices, or the new ones would run out. */
	for (int i = 0; i < WALKS; i++) {
		struct school *school = *state;

		walk(&world, true);
		must(school, store_begin(school->store, &school->err));
		for (size_t k = 0; k < world.n; k++) {
			if (!world.devices[k].is_gone)
				put(&world, &world.devices[k], NULL);
		}
		world.n = 0;
		for (size_t k = 0; k < DEVICES; k++)
			add(&world);
		must(school, store_commit(school->store, &school->err));
	}
}

static void a_total_is_what_all_parts_have(void **state)
{
	struct world world;

	found(&world, *state);
	for (int i = 0; i < QUIET_WALKS; i++)
		walk(&world, false);
}

static void schools_that_are_read_in_several_goes_come_once(void **state)
{
	static const struct device_filter filter = { .is_expected = -1, .is_waived = -1 };
	struct school *school = *state;
	struct world world;
	json_int_t total;

	found(&world, school);
	must(school, store_begin(school->store, &school->err));
	for (size_t i = 0; i < SITES; i++) {
		add(&world);
		put(&world, &world.devices[world.n - 1], NULL);
		world.devices[world.n - 1].site = i;
		world.devices[world.n - 1].state = STATE_READY;
		put(&world, NULL, &world.devices[world.n - 1]);
	}
	must(school, store_commit(school->store, &school->err));
	for (unsigned sort = 0; sort <= DEVICE_SORT_STATE; sort++) {
		const struct device_asked asked = { NULL, &filter, (enum device_sort)sort };

		for (size_t i = 0; i < world.n; i++)
			world.devices[i].n_shown = 0;
		assert_null(read_part(&world, &asked, 500, NULL, &total));
		for (size_t i = 0; i < world.n; i++)
			assert_int_equal(world.devices[i].n_shown, fits(&asked, &world.devices[i]));
	}
}

/* --- what is refused ------------------------------------------------------------------- */

static void what_makes_no_sense_is_told(void **state)
{
	static const struct {
		const char *site_code;
		struct device_filter filter;
		enum device_sort sort;
		int error;
		const char *words;
	} rows[] = {
		{ NULL,
		  { .is_expected = -1, .is_waived = -1 },
		  DEVICE_SORT_SEEN,
		  -EINVAL,
		  "name it with site" },
		{ NULL,
		  { .is_expected = -1, .is_waived = -1 },
		  DEVICE_SORT_HOST,
		  -EINVAL,
		  "name it with site" },
		{ "0009",
		  { .is_expected = -1, .is_waived = -1 },
		  DEVICE_SORT_PLACE,
		  -ENOENT,
		  "0009" },
		{ NULL, { .lea = "1", .is_waived = -1 }, DEVICE_SORT_PLACE, -EINVAL, "no LEA" },
		{ NULL,
		  { .profile = "x", .is_waived = -1 },
		  DEVICE_SORT_PLACE,
		  -EINVAL,
		  "no profile 'x'" },
		{ NULL,
		  { .requirement = "x", .is_waived = -1 },
		  DEVICE_SORT_PLACE,
		  -EINVAL,
		  "'x'" },
		{ NULL, { .fix = "x", .is_waived = -1 }, DEVICE_SORT_PLACE, -EINVAL, "'x'" },
		{ SITE,
		  { .requirement = "x", .is_waived = -1 },
		  DEVICE_SORT_PLACE,
		  -EINVAL,
		  "'x'" },
		{ SITE,
		  { .results = 1, .is_waived = -1 },
		  DEVICE_SORT_PLACE,
		  -EINVAL,
		  "name that one with requirement" },
	};
	struct school *school = *state;
	const struct view view = { school->store, school->cache, school->now_ms,
				   &access_everything };
	json_t *json;

	school_open(school);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct device_asked asked = { rows[i].site_code, &rows[i].filter,
						    rows[i].sort };

		if (view_device_list(&view, &asked, &(struct page){ 9, NULL }, &json,
				     &school->err) != rows[i].error ||
		    !strstr(school->err.text, rows[i].words))
			fail_msg("%zu: %s", i, school->err.text);
	}
}

static void a_cursor_is_of_one_list_alone(void **state)
{
	struct school *school = *state;
	const struct view view = { school->store, school->cache, school->now_ms,
				   &access_everything };
	struct device_filter filter = { .is_expected = -1, .is_waived = -1 };
	struct device_asked asked = { NULL, &filter, DEVICE_SORT_PLACE };
	_cleanup_free_ char *cursor = NULL;
	struct world world;
	json_int_t total;
	json_t *json;

	found(&world, school);
	cursor = read_part(&world, &asked, 5, NULL, &total);
	assert_non_null(cursor);
	filter.is_expected = 1;
	assert_int_equal(
		view_device_list(&view, &asked, &(struct page){ 5, cursor }, &json, &school->err),
		-EINVAL);
	filter.is_expected = -1;
	asked.sort = DEVICE_SORT_STATE;
	assert_int_equal(
		view_device_list(&view, &asked, &(struct page){ 5, cursor }, &json, &school->err),
		-EINVAL);
	asked.sort = DEVICE_SORT_PLACE;
	free(read_part(&world, &asked, 5, cursor, &total));
}

/* --- what it costs ----------------------------------------------------------------------- */

/* More lines than are looked at in one go, and none of them is wanted. */
static void a_part_that_finds_nothing_for_long_says_where_to_go_on(void **state)
{
	struct school *school = *state;
	const struct view view = { school->store, school->cache, school->now_ms,
				   &access_everything };
	const struct device_filter filter = { .is_expected = -1, .is_waived = 1 };
	const struct device_asked asked = { NULL, &filter, DEVICE_SORT_PLACE };
	struct inventory_import *import;
	struct inventory_count count;
	json_t *json, *rest;
	const char *cursor;

	school_open(school);
	must(school, store_begin(school->store, &school->err));
	must(school,
	     inventory_import_begin(school->store, school->cache, NOON_MS, &import, &school->err));
	for (unsigned i = 0; i < 10200; i++) {
		char host[16];
		struct inventory_row row = { SITE, "", "", host, false, 0, true, "1" };

		snprintf(host, sizeof(host), "h%u", i);
		must(school, inventory_import_take(import, &row, &school->err));
	}
	must(school, inventory_import_finish(import, &count, &school->err));
	inventory_import_free(import);
	must(school, store_commit(school->store, &school->err));

	must(school,
	     view_device_list(&view, &asked, &(struct page){ 9, NULL }, &json, &school->err));
	assert_int_equal(json_array_size(json_object_get(json, "devices")), 0);
	cursor = json_string_value(json_object_get(json, "next_cursor"));
	assert_non_null(cursor);
	must(school,
	     view_device_list(&view, &asked, &(struct page){ 9, cursor }, &rest, &school->err));
	assert_true(json_is_null(json_object_get(rest, "next_cursor")));
	json_decref(rest);
	json_decref(json);
}

static char *plan_of(struct school *school, const char *sql)
{
	_cleanup_free_ char *explain = xasprintf("EXPLAIN QUERY PLAN %s", sql);
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	must(school, db_query(school->store->db, explain, &rows, &school->err, ""));
	while (db_next(rows, &school->err) > 0)
		fprintf(out, "%s\n", db_text(rows, 3));
	fclose(out);
	return text;
}

static const uint64_t one_bit[(PROFILE_REQUIREMENTS_MAX + 63) / 64] = { 1 };

/* Every filter and order that can be asked for, and what it must be served by. */
static const struct {
	const char *name;
	struct device_query query;
	const char *search;
	bool may_sort; /* the devices of a site, for an order that is worth no index */
} plans[] = {
#define BY_PLACE "SEARCH device USING INDEX device_by_place (site_code=?"
#define IN_PLACE BY_PLACE " AND (room,host_name,id)>(?,?,?))"
	{ "all", { .is_expected = -1 }, IN_PLACE, false },
	{ "state", { .is_expected = -1, .states = 1U << STATE_STALE }, IN_PLACE, false },
	{ "states", { .is_expected = -1, .states = 0xff }, IN_PLACE, false },
	{ "expected", { .is_expected = 1 }, IN_PLACE, false },
	{ "role", { .is_expected = -1, .roles = 1U << ROLE_TA }, IN_PLACE, false },
	{ "model", { .is_expected = -1, .model = "x" }, IN_PLACE, false },
	{ "room",
	  { .is_expected = -1, .room = "1" },
	  BY_PLACE " AND room=? AND (host_name,id)>(?,?))",
	  false },
	{ "requirement",
	  { .is_expected = -1, .requirements = one_bit, .results = 1, .profile_version = "v" },
	  IN_PLACE,
	  false },
	{ "host name", { .is_expected = -1, .order = DEVICE_ORDER_HOST }, "(site_code=?", true },
	{ "seen", { .is_expected = -1, .order = DEVICE_ORDER_SEEN }, "(site_code=?", true },
};

static void every_list_is_read_by_an_index(void **state)
{
	struct school *school = *state;

	for (size_t i = 0; i < ARRAY_SIZE(plans); i++) {
		_cleanup_free_ char *sql = device_query_sql(&plans[i].query);
		_cleanup_free_ char *plan = plan_of(school, sql);

		if (!strstr(plan, plans[i].search) || strstr(plan, "SCAN") ||
		    (!plans[i].may_sort && strstr(plan, "TEMP B-TREE")))
			fail_msg("%s: %s", plans[i].name, plan);
	}
}

static void sites_with_such_devices_are_found_in_the_order_of_their_codes(void **state)
{
	static const struct site_query queries[] = {
		{ .is_expected = -1 },
		{ .is_expected = 1, .states = 1U << STATE_STALE },
		{ .is_expected = -1, .lea_code = "00" },
		{ .is_expected = -1, .profile_id = "p" },
		{ .is_expected = 0 },
		{ .is_expected = -1, .code = SITE },
	};
	struct school *school = *state;

	for (size_t i = 0; i < ARRAY_SIZE(queries); i++) {
		_cleanup_free_ char *sql = site_query_sql(&queries[i], false);
		_cleanup_free_ char *plan = plan_of(school, sql);

		/* Where the LEA is given, an index by both has them in that order as well. */
		if (!strstr(plan, queries[i].lea_code
					  ? "SEARCH s USING INDEX site_by_lea (lea_code=? AND code"
					  : "SEARCH s USING INDEX sqlite_autoindex_site_1 (code") ||
		    strstr(plan, "SCAN") || strstr(plan, "TEMP B-TREE"))
			fail_msg("%zu: %s", i, plan);
	}
}

int main(void)
{
#define IN_SCHOOL(test) cmocka_unit_test_setup_teardown(test, school_setup, school_teardown)
	const struct CMUnitTest tests[] = {
		IN_SCHOOL(who_keeps_its_place_comes_once_whatever_happens_meanwhile),
		IN_SCHOOL(a_total_is_what_all_parts_have),
		IN_SCHOOL(schools_that_are_read_in_several_goes_come_once),
		IN_SCHOOL(what_makes_no_sense_is_told),
		IN_SCHOOL(a_cursor_is_of_one_list_alone),
		IN_SCHOOL(a_part_that_finds_nothing_for_long_says_where_to_go_on),
		IN_SCHOOL(every_list_is_read_by_an_index),
		IN_SCHOOL(sites_with_such_devices_are_found_in_the_order_of_their_codes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
