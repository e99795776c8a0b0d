/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whatever happens in whatever order, a count equals the rows it counts, results
 * are what a fresh look gives, history ends where a device is, and time does not
 * move back. The seed is printed; TESTREADY_SEED=… runs it again.
 */
#include <errno.h>
#include <sys/random.h>

#include "collector/store/store_waiver.h"
#include "common/eval/evaluate.h"
#include "tests/unit/collector/school.h"

enum {
	ROUNDS = 6,
	STEPS = 250,
	DEVICES_MAX = 256,
};

#define ASKS(scope, code, requirement)                                                        \
	"{\"supplement_to\":\"p\",\"scope\":{\"" scope "\":\"" code "\"},\"title\":\"More\"," \
	"\"source\":\"the board\",\"requirements\":[" requirement "]}"
#define MORE_MEMORY(id)                                                                  \
	REQUIREMENT(id, "required", "{\"fact\":\"memory.total_mib\",\"at_least\":6000}", \
		    "more-memory")
#define TIGHTER                                                                              \
	"{\"tightens\":\"browser.version\",\"check\":{\"fact\":\"audio.headphones\",\"is\":" \
	"\"present\"},"                                                                      \
	"\"source\":\"the board\"}"

static const char *const site_codes[] = { "0001", "0002" };

struct known {
	char id[ID_SIZE];
	int64_t sequence;
	int64_t seen_ms;
};

struct world {
	struct school *school;
	struct known devices[DEVICES_MAX];
	size_t n_devices;
	uint64_t random;
	bool is_refused; /* what the step did must not stay */
};

/* xorshift64*: the same everywhere for a seed. */
static unsigned pick(struct world *world, unsigned n)
{
	world->random ^= world->random >> 12;
	world->random ^= world->random << 25;
	world->random ^= world->random >> 27;
	return (unsigned)((world->random * 0x2545F4914F6CDD1DULL) >> 33) % n;
}

static const char *pick_site(struct world *world)
{
	return site_codes[pick(world, ARRAY_SIZE(site_codes))];
}

/* Few names, so that devices and lines meet; often none. */
static const char *pick_name(struct world *world, char kind, char text[static 8])
{
	if (pick(world, 3) == 0)
		return "";
	snprintf(text, 8, "%c%u", pick(world, 2) ? kind : kind - 'a' + 'A', pick(world, 12));
	return text;
}

static struct likeness pick_likeness(struct world *world)
{
	static const char *const browsers[] = { NULL, "13.9", "14.1", "15.0" };
	static const int memories[] = { 0, 1024, 3000, 8192 };

	return (struct likeness){ browsers[pick(world, 4)], memories[pick(world, 4)],
				  pick(world, 2) };
}

/* --- what happens ---------------------------------------------------------------- */

static void enroll(struct world *world)
{
	char host[8], serial[8], tag[8];
	struct device_names names = { pick_name(world, 'h', host), pick_name(world, 's', serial),
				      pick_name(world, 'a', tag), "" };

	if (world->n_devices == DEVICES_MAX)
		return;
	world->devices[world->n_devices] = (struct known){ 0 };
	school_enroll(world->school, pick_site(world), &names, world->devices[world->n_devices].id);
	world->n_devices++;
}

static void report(struct world *world)
{
	static const int64_t ages[] = { 0, HOUR_MS, 3 * DAY_MS, 30 * DAY_MS };
	char host[8], serial[8], tag[8];
	struct device_names names = { pick_name(world, 'h', host), pick_name(world, 's', serial),
				      pick_name(world, 'a', tag), "" };
	struct likeness like = pick_likeness(world);
	struct known *device;

	if (world->n_devices == 0)
		return;
	device = &world->devices[pick(world, (unsigned)world->n_devices)];
	/* Now and then one that was delivered already. */
	if (device->sequence == 0 || pick(world, 5) > 0)
		device->sequence++;
	school_report(world->school, device->id, device->sequence, ages[pick(world, 4)], &names,
		      &like);
}

static void sweep(struct world *world)
{
	world->school->now_ms += pick(world, 3) * DAY_MS + pick(world, 1000);
	(void)school_sweep(world->school);
}

static void publish(struct world *world)
{
	static const char *const profiles[] = { PROFILE_ONE, PROFILE_TWO, PROFILE_OTHER };

	world->school->now_ms++;
	(void)school_announce(world->school, profiles[pick(world, 3)]);
}

/* Where it does not fit what is published, and while nothing is, it is refused. */
static void settle(struct world *world, int r)
{
	if (r < 0) {
		assert_true(r == -EINVAL || r == -ENOENT || r == -EALREADY);
		world->is_refused = true;
	}
}

static void ask_more(struct world *world)
{
	static const char *const texts[] = {
		ASKS("lea", "00", MORE_MEMORY("lea.memory")),
		ASKS("lea", "00", TIGHTER),
		ASKS("site", "0001", MORE_MEMORY("site.memory")),
		ASKS("site", "0002", TIGHTER),
	};
	static const struct audience audiences[] = { { SCOPE_LEA, "00" },
						     { SCOPE_SITE, "0001" },
						     { SCOPE_SITE, "0002" } };
	_cleanup_(supplement_freep) struct supplement *supplement = NULL;
	struct school *school = world->school;
	const char *text = texts[pick(world, ARRAY_SIZE(texts))];
	struct reach reach;

	school->now_ms++;
	if (pick(world, 3) == 0) {
		settle(world,
		       act_supplement_withdraw(school->store, "p", &audiences[pick(world, 3)],
					       school->now_ms, &reach, &school->err));
		return;
	}
	must(school, supplement_parse(text, strlen(text), "more", &supplement, &school->err));
	settle(world, act_supplement_publish(school->store, supplement, school->now_ms, &reach,
					     &school->err));
}

static void waive(struct world *world)
{
	static const char *const requirements[] = { "memory.size", "audio.headphones",
						    "browser.version", "lea.memory" };
	static const struct audience audiences[] = { { SCOPE_STATE, "" },
						     { SCOPE_LEA, "00" },
						     { SCOPE_SITE, "0001" } };
	const struct audience *audience = &audiences[pick(world, 3)];
	struct school *school = world->school;
	_cleanup_(waiver_done) struct waiver waiver = {
		.profile_id = xstrdup(pick(world, 4) ? "p" : "q"),
		.scope = audience->scope,
		.scope_code = xstrdup(audience->code),
		.requirement = xstrdup(requirements[pick(world, 4)]),
		.reason = xstrdup("r"),
		.who = xstrdup("w"),
		.until = civil_of_ms(school->now_ms) + (int32_t)pick(world, 120),
	};
	struct reach reach;

	school->now_ms++;
	settle(world, act_waive(school->store, &waiver, school->now_ms, &reach, &school->err));
}

static void end_waiver(struct world *world)
{
	struct school *school = world->school;
	const struct waiver_query query = { .limit = 100, .is_any = pick(world, 4) == 0 };
	struct waiver_list list;
	struct reach reach;

	school->now_ms++;
	must(school, store_waiver_list(school->store, &query, &list, &school->err));
	if (list.n_waivers > 0)
		settle(world,
		       act_waiver_revoke(school->store,
					 list.waivers[pick(world, (unsigned)list.n_waivers)].id,
					 "x", school->now_ms, &reach, &school->err));
	waiver_list_done(&list);
}

static void import_site(struct world *world)
{
	static const char *const profiles[] = { "p", "p", "q", "unpublished" };
	static const char *const lasts[] = { "2027-04-23", "2027-05-07" };

	world->school->now_ms++;
	school_site(world->school, pick_site(world), profiles[pick(world, 4)], "2027-04-05",
		    lasts[pick(world, 2)]);
}

static void import_inventory(struct world *world)
{
	struct school *school = world->school;
	_cleanup_(inventory_import_freep) struct inventory_import *import = NULL;
	const char *site_code = pick_site(world);
	struct inventory_count count;
	char host[8], serial[8], tag[8], room[8];
	unsigned n = pick(world, 8) + 1;

	must(school, inventory_import_begin(school->store, school->cache, school->now_ms, &import,
					    &school->err));
	for (unsigned i = 0; i < n; i++) {
		struct inventory_row row = {
			.site_code = site_code,
			.asset_tag = pick_name(world, 'a', tag),
			.serial = pick_name(world, 's', serial),
			.host_name = pick_name(world, 'h', host),
			.has_role = pick(world, 2),
			.role = (enum device_role)pick(world, ROLE_MAX_),
			.has_room = pick(world, 2),
			.room = pick_name(world, 'r', room),
		};

		must(school, inventory_import_take(import, &row, &school->err));
	}
	must(school, inventory_import_finish(import, &count, &school->err));
}

static void step(struct world *world)
{
	static void (*const steps[])(struct world *) = {
		enroll, report,  report,      report,           report,   report, sweep,
		sweep,  publish, import_site, import_inventory, ask_more, waive,  end_waiver,
	};
	struct world before = *world;
	int64_t now_ms = world->school->now_ms;

	must(world->school, store_begin(world->school->store, &world->school->err));
	world->is_refused = false;
	steps[pick(world, ARRAY_SIZE(steps))](world);
	/* A transaction that is given up leaves nothing behind, in the store or in a cache. */
	if (world->is_refused || pick(world, 8) == 0) {
		store_rollback(world->school->store);
		before.random = world->random;
		*world = before;
		world->school->now_ms = now_ms;
	} else {
		must(world->school, store_commit(world->school->store, &world->school->err));
	}
}

/* Some slices of judging again, of a collector that may have started anew in between. */
static void judge_some(struct world *world)
{
	struct school *school = world->school;
	int64_t n = 0;

	if (pick(world, 4) == 0) {
		store_close(school->store);
		must(school, store_open(school->path, false, &school->store, &school->err));
		profile_cache_free(school->cache);
		school->cache = profile_cache_new();
	}
	for (unsigned i = pick(world, 6); i > 0; i--)
		must(school, act_rejudge(school->store, school->cache, school->now_ms, &ONE_DEVICE,
					 &n, &school->err));
}

/* --- what must hold --------------------------------------------------------------- */

#define FROM_DEVICES                                                                           \
	"SELECT site_code, room, state, profile_version, results, count(*) FROM device WHERE " \
	"is_expected = 1 AND state <> 'retired' "                                              \
	"GROUP BY site_code, room, state, profile_version, results"
#define FROM_PATTERNS "SELECT site_code, room, state, profile_version, results, n FROM site_pattern"

static void check_patterns(struct school *school)
{
	assert_int_equal(school_number(school, "SELECT count(*) FROM (" FROM_DEVICES
					       " EXCEPT " FROM_PATTERNS ")"),
			 0);
	assert_int_equal(school_number(school, "SELECT count(*) FROM (" FROM_PATTERNS
					       " EXCEPT " FROM_DEVICES ")"),
			 0);
}

static void check_states(struct school *school, const char *code)
{
	_cleanup_(site_done) struct site site = { 0 };

	must(school, store_site_get(school->store, code, &site, &school->err));
	for (unsigned i = 0; i < STATE_MAX_; i++) {
		_cleanup_free_ char *sql =
			xasprintf("SELECT count(*) FROM device WHERE site_code = '%s' AND "
				  "is_expected = 1 AND state = '%s'",
				  code, device_state_words[i]);

		assert_int_equal(site.count.states[i], school_number(school, sql));
	}
}

/* The result of @requirement where the history of the device ends. */
static char *end_of_history(struct school *school, const char *id, const char *requirement)
{
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;

	must(school,
	     db_query(school->store->db,
		      "SELECT new_result FROM transition WHERE device_id = $1 AND requirement = $2 "
		      "ORDER BY at_ms DESC LIMIT 1",
		      &rows, &school->err, "tt", id, requirement));
	return xstrdup(db_next(rows, &school->err) > 0 ? db_text(rows, 0) : "");
}

/* Whatever judged @device, its history ends and its state is where its results are. */
static bool check_own(struct school *school, const struct profile *profile,
		      const struct device *device)
{
	enum result results[PROFILE_REQUIREMENTS_MAX];
	int browser = profile_find(profile, REQUIREMENT_BROWSER);

	assert_int_equal(strlen(device->results), profile->n_requirements);
	for (size_t i = 0; i < profile->n_requirements; i++) {
		_cleanup_free_ char *end =
			end_of_history(school, device->id, profile->requirements[i].id);

		assert_int_equal(result_of_letter(device->results[i], &results[i]), 0);
		assert_string_equal(end, result_words[results[i]]);
	}
	if (device->state > STATE_STALE)
		assert_int_equal(device->state, evaluate_state(profile, results));
	return browser >= 0 && results[browser] == RESULT_PASS;
}

/* Judge @device from nothing and compare. */
static void check_fresh(const struct site *site, const struct profile *profile,
			const struct device *device)
{
	enum result results[PROFILE_REQUIREMENTS_MAX];
	json_t *facts = json_loads(device->facts, 0, NULL);

	assert_non_null(facts);
	evaluate(profile, facts, device->role, site->window.last, results);
	json_decref(facts);
	for (size_t i = 0; i < profile->n_requirements; i++)
		assert_int_equal(device->results[i], result_letter(results[i]));
}

/* Returns whether browser.version passes. A device of a site in the queue may be as it was. */
static bool check_device(struct school *school, const struct site *site,
			 const struct device *device)
{
	const struct profile *profile = NULL;
	bool is_judged = device->facts && site->window.profile_version[0];
	bool passes;

	assert_int_equal(device->seen_ms == 0, device->state == STATE_NEVER_SEEN);
	if (!site->is_queued)
		assert_string_equal(device->profile_version,
				    is_judged ? site->window.profile_version : "");
	if (!device->profile_version[0]) {
		assert_string_equal(device->results, "");
		return false;
	}
	must(school, profile_cache_get(school->cache, school->store, device->profile_version,
				       &profile, &school->err));
	passes = check_own(school, profile, device);
	if (!site->is_queued)
		check_fresh(site, profile, device);
	return passes;
}

static void check_devices(struct school *school, const char *code)
{
	_cleanup_(site_done) struct site site = { 0 };
	_cleanup_(device_list_done) struct device_list list = { 0 };
	struct device_query query = { .site_code = code, .is_expected = -1, .limit = 10000 };
	int64_t n_browser = 0, n_exempt = 0, n_unexpected = 0;

	must(school, store_site_get(school->store, code, &site, &school->err));
	must(school, store_device_list(school->store, &query, &list, &school->err));
	for (size_t i = 0; i < list.n_devices; i++) {
		_cleanup_(device_done) struct device device = { 0 };
		bool passes;

		must(school,
		     store_device_get(school->store, list.devices[i].id, &device, &school->err));
		passes = check_device(school, &site, &device);
		n_unexpected += !device.is_expected;
		n_exempt += device.is_expected && device.browser == RESULT_NOT_APPLICABLE;
		n_browser += passes && device.is_expected && device.state > STATE_STALE;
	}
	assert_int_equal(site.count.unexpected, n_unexpected);
	assert_int_equal(site.count.browser_current, n_browser);
	assert_int_equal(site.count.browser_exempt, n_exempt);
}

/* What judges each site is what would be composed for it now. */
static void check_documents(struct school *school)
{
	static const char *const profiles[] = { "p", "q", "unpublished" };
	static const struct audience all = { SCOPE_STATE, "" };
	struct reach reach;

	for (size_t i = 0; i < ARRAY_SIZE(profiles); i++) {
		must(school, act_compose(school->store, profiles[i], &all, school->now_ms, &reach,
					 &school->err));
		assert_int_equal(reach.n_sites, 0);
	}
}

static void check_time(struct world *world)
{
	for (size_t i = 0; i < world->n_devices; i++) {
		_cleanup_(device_done) struct device device = { 0 };

		must(world->school, store_device_head(world->school->store, world->devices[i].id,
						      &device, &world->school->err));
		assert_true(device.seen_ms >= world->devices[i].seen_ms);
		assert_true(device.seen_ms <= world->school->now_ms);
		world->devices[i].seen_ms = device.seen_ms;
	}
}

static void check(struct world *world)
{
	if (pick(world, 2))
		(void)school_judge(world->school);
	check_documents(world->school);
	check_patterns(world->school);
	for (size_t i = 0; i < ARRAY_SIZE(site_codes); i++) {
		check_states(world->school, site_codes[i]);
		check_devices(world->school, site_codes[i]);
	}
	check_time(world);
}

static void counts_equal_the_rows_they_count(void **state)
{
	static uint64_t seed;
	const char *given = getenv("TESTREADY_SEED");
	struct world *world = xcalloc(1, sizeof(*world));

	world->school = *state;
	if (given)
		seed = strtoull(given, NULL, 0);
	else if (getrandom(&seed, sizeof(seed), 0) != sizeof(seed))
		fail();
	printf("TESTREADY_SEED=%#llx\n", (unsigned long long)seed);
	world->random = seed | 1;
	for (size_t i = 0; i < ARRAY_SIZE(site_codes); i++)
		school_site(world->school, site_codes[i], "p", "2027-04-05", "2027-04-23");
	for (int i = 0; i < STEPS; i++) {
		step(world);
		if (pick(world, 4) == 0)
			judge_some(world);
		if (i % 10 == 0)
			check(world);
	}
	(void)school_judge(world->school);
	check(world);
	assert_int_equal(school_number(world->school, "SELECT count(*) FROM rejudge"), 0);
	free(world);
}

int main(void)
{
	struct CMUnitTest tests[ROUNDS];

	for (size_t i = 0; i < ROUNDS; i++)
		tests[i] = (struct CMUnitTest)cmocka_unit_test_setup_teardown(
			counts_equal_the_rows_they_count, school_setup, school_teardown);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
