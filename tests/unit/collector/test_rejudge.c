/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Judging again in slices: nobody is left out, nothing is written twice, and what happens
 * between two slices is right.
 */
#include <errno.h>

#include "collector/store/store_profile.h"
#include "collector/store/store_rejudge.h"
#include "tests/unit/collector/school.h"

static const struct device_names names = { "lab", "", "", "" };

/* One device a slice. */
static int step(struct school *school)
{
	int64_t n = 0;
	int r = act_rejudge(school->store, school->cache, school->now_ms, &ONE_DEVICE, &n,
			    &school->err);

	must(school, r);
	assert_true(n <= 1);
	return r;
}

static void enroll_many(struct school *school, size_t n, char ids[][ID_SIZE])
{
	for (size_t i = 0; i < n; i++) {
		school_enroll(school, SITE, &names, ids[i]);
		school_report(school, ids[i], 1, 0, &names, &GOOD);
	}
	school->now_ms++;
}

static int64_t count_version(struct school *school, const char *id)
{
	_cleanup_free_ char *sql = NULL;
	char version[HASH_SIZE];

	must(school, store_profile_version(school->store, id, version, &school->err));
	sql = xasprintf("SELECT count(*) FROM device WHERE profile_version = '%s'", version);
	return school_number(school, sql);
}

static void the_collector_goes_on_where_it_stopped(void **state)
{
	enum { N = 7 };
	struct school *school = *state;
	struct rejudge_left left;
	char ids[N][ID_SIZE];

	school_open(school);
	enroll_many(school, N, ids);
	assert_int_equal(school_announce(school, PROFILE_TWO).n_devices, N);
	for (int i = 0; i < 3; i++)
		assert_int_equal(step(school), 1);
	assert_int_equal(count_version(school, "p"), 3);
	must(school, store_rejudge_left(school->store, "p", &left, &school->err));
	assert_int_equal(left.n_sites, 1);
	assert_int_equal(left.n_devices, N - 3);
	must(school, store_rejudge_left(school->store, "q", &left, &school->err));
	assert_int_equal(left.n_sites + left.n_devices, 0);
	assert_int_equal(store_rejudge_has(school->store, SITE, &school->err), 1);

	/* It is stopped, and comes back later. */
	store_close(school->store);
	must(school, store_open(school->path, false, &school->store, &school->err));
	school->now_ms += HOUR_MS;
	assert_int_equal(school_judge(school), N - 3);
	assert_int_equal(count_version(school, "p"), N);
	assert_int_equal(store_rejudge_has(school->store, SITE, &school->err), 0);
	/* headphones went and the system came, once for each. */
	assert_int_equal(school_number(school, "SELECT count(*) FROM transition WHERE "
					       "requirement = 'os.supported'"),
			 N);
	assert_int_equal(school_number(school, "SELECT count(*) FROM transition WHERE "
					       "requirement = 'memory.size'"),
			 N);
	assert_int_equal(school_judge(school), 0);
}

static void publishing_in_the_middle_begins_anew(void **state)
{
	enum { N = 5 };
	struct school *school = *state;
	char ids[N][ID_SIZE];

	school_open(school);
	enroll_many(school, N, ids);
	(void)school_announce(school, PROFILE_TWO);
	(void)step(school);
	(void)step(school);
	school->now_ms++;
	assert_int_equal(school_announce(school, PROFILE_ONE).n_devices, N);
	assert_int_equal(school_judge(school), N);
	assert_int_equal(count_version(school, "p"), N);
	/* Three were never judged by the second, and have no history of it. */
	assert_int_equal(school_number(school, "SELECT count(*) FROM transition WHERE "
					       "requirement = 'os.supported' AND new_result = ''"),
			 2);
}

static void a_device_that_reports_meanwhile_is_judged_once(void **state)
{
	enum { N = 4 };
	struct school *school = *state;
	char ids[N][ID_SIZE], late[ID_SIZE];

	school_open(school);
	enroll_many(school, N, ids);
	(void)school_announce(school, PROFILE_TWO);
	(void)step(school);
	school->now_ms++;
	for (size_t i = 0; i < N; i++)
		assert_int_equal(school_report(school, ids[i], 2, 0, &names, &GOOD), STATE_READY);
	school_enroll(school, SITE, &names, late);
	school_report(school, late, 1, 0, &names, &GOOD);
	assert_int_equal(count_version(school, "p"), N + 1);
	(void)school_judge(school);
	assert_int_equal(school_number(school, "SELECT count(*) FROM transition WHERE "
					       "requirement = 'os.supported'"),
			 N + 1);
	assert_int_equal(school_number(school, "SELECT count(*) FROM site_pattern"), 1);
	assert_int_equal(school_number(school, "SELECT n FROM site_pattern"), N + 1);
}

static void another_last_day_is_judged_by_at_once_by_whoever_reports(void **state)
{
	struct school *school = *state;
	char id[ID_SIZE];
	int64_t n;

	school_publish(school, PROFILE_TWO, &n);
	school_site(school, SITE, "p", "2027-04-05", "2027-04-30");
	school_enroll(school, SITE, &names, id);
	assert_int_equal(school_report(school, id, 1, 0, &names, &GOOD), STATE_READY);
	school->now_ms++;
	/* The same version and the same facts, but support ends before that day. */
	school_site(school, SITE, "p", "2027-04-05", "2027-05-07");
	assert_int_equal(school_report(school, id, 2, 0, &names, &GOOD), STATE_NOT_READY);
}

static void what_was_judged_before_ages_by_what_holds_now(void **state)
{
	struct school *school = *state;
	_cleanup_(device_done) struct device device = { 0 };
	char id[ID_SIZE];

	school_open(school);
	school_enroll(school, SITE, &names, id);
	school_report(school, id, 1, 0, &names, &(struct likeness){ "14.1", 3000, false });
	/* 96 hours instead of 240, four requirements less one, and more memory. */
	(void)school_announce(school, PROFILE_TWO);
	school->now_ms += 5 * DAY_MS;
	assert_int_equal(school_sweep(school), 1);
	must(school, store_device_head(school->store, id, &device, &school->err));
	assert_int_equal(device.state, STATE_STALE);
	assert_string_equal(device.results, "PPF");
	/* Fresh again, it is still what its own results make it. */
	school->now_ms -= 2 * DAY_MS;
	assert_int_equal(school_sweep(school), 1);
	device_done(&device);
	must(school, store_device_head(school->store, id, &device, &school->err));
	assert_int_equal(device.state, STATE_READY_WITH_WARNINGS);
	(void)school_judge(school);
	device_done(&device);
	must(school, store_device_head(school->store, id, &device, &school->err));
	assert_int_equal(device.state, STATE_NOT_READY);
}

/* What @code is judged by from now on is nothing that this collector understands. */
static void make_unreadable(struct school *school, const char *code)
{
	must(school, school->store->db->driver->script(
			     school->store->db,
			     "INSERT INTO profile_version (version, profile_id, body, made_ms) "
			     "VALUES ('of-the-future', 'p', '{}', 1)",
			     &school->err));
	must(school, store_window_set_version(school->store, code, "of-the-future", &school->err));
}

/* A device that is ready, at a site of its own. */
static void add_site(struct school *school, const char *code, char id[static ID_SIZE])
{
	school_site(school, code, "p", "2027-04-05", "2027-04-23");
	school_enroll(school, code, &names, id);
	school_report(school, id, 1, 0, &names, &GOOD);
}

static void expect(struct school *school, const char *id, enum device_state state,
		   const char *results)
{
	_cleanup_(device_done) struct device device = { 0 };

	must(school, store_device_head(school->store, id, &device, &school->err));
	assert_int_equal(device.state, state);
	assert_string_equal(device.results, results);
}

static void what_cannot_be_read_holds_up_nobody_else_and_makes_nobody_ready(void **state)
{
	struct school *school = *state;
	char id[ID_SIZE], other_id[ID_SIZE];
	struct err why;

	school_open(school);
	add_site(school, SITE, id);
	add_site(school, "0002", other_id);
	(void)school_announce(school, PROFILE_TWO);
	make_unreadable(school, SITE);
	assert_int_equal(school_judge(school), 2);
	expect(school, id, STATE_UNKNOWN, "");
	expect(school, other_id, STATE_READY, "PPP");
	/* Told once, however often it is met. */
	assert_true(profile_cache_unreadable(school->cache, &why));
	assert_non_null(strstr(why.text, "version of-the-f"));
	assert_int_equal(school_report(school, id, 2, 0, &names, &GOOD), STATE_UNKNOWN);
	assert_false(profile_cache_unreadable(school->cache, &why));
	/* Published anew, what it said meanwhile counts. */
	(void)school_announce(school, PROFILE_ONE);
	assert_int_equal(school_judge(school), 2);
	expect(school, id, STATE_READY, "PPP");
}

/* Nobody reports there any more, so only the sweep finds it. */
static void what_became_unreadable_leaves_nobody_ready(void **state)
{
	struct school *school = *state;
	char id[ID_SIZE], other_id[ID_SIZE];

	school_open(school);
	add_site(school, SITE, id);
	add_site(school, "0002", other_id);
	make_unreadable(school, SITE);
	school->now_ms += 11 * DAY_MS;
	assert_int_equal(school_sweep(school), 1);
	expect(school, other_id, STATE_STALE, "PPP");
	(void)step(school);
	assert_int_equal(store_rejudge_has(school->store, SITE, &school->err), 0);
	expect(school, id, STATE_UNKNOWN, "");
	/* It is not put into the queue for ever. */
	(void)school_sweep(school);
	assert_int_equal(store_rejudge_has(school->store, SITE, &school->err), 0);
}

static void a_site_in_the_queue_is_not_begun_anew_by_the_sweep(void **state)
{
	struct school *school = *state;
	char ids[3][ID_SIZE];

	school_open(school);
	enroll_many(school, 3, ids);
	(void)school_announce(school, PROFILE_TWO);
	make_unreadable(school, SITE);
	(void)step(school);
	(void)school_sweep(school);
	(void)step(school);
	(void)step(school);
	assert_int_equal(school_judge(school), 0);
}

static void what_is_damaged_keeps_only_its_own_site_waiting(void **state)
{
	struct school *school = *state;
	static const char *const codes[] = { SITE, "0002", "0003" };
	char ids[3][ID_SIZE];
	int64_t n = 0;
	int r;

	school_open(school);
	for (size_t i = 0; i < 3; i++)
		add_site(school, codes[i], ids[i]);
	(void)school_announce(school, PROFILE_TWO);
	must(school, db_exec(school->store->db, "UPDATE device SET role = 'x' WHERE id = $1", NULL,
			     &school->err, "t", ids[1]));
	/* The clock was set back: the end of the queue is its end all the same. */
	school->now_ms -= DAY_MS;
	for (size_t i = 0; i < 3; i++) {
		r = act_rejudge(school->store, school->cache, school->now_ms, &ALL_AT_ONCE, &n,
				&school->err);
		assert_int_equal(r, i == 1 ? -EUCLEAN : 1);
	}
	assert_int_equal(count_version(school, "p"), 2);
	assert_int_equal(store_rejudge_has(school->store, SITE, &school->err), 0);
	assert_int_equal(store_rejudge_has(school->store, "0002", &school->err), 1);
	assert_int_equal(store_rejudge_has(school->store, "0003", &school->err), 0);
}

static void a_sweep_reads_documents_only_where_something_aged(void **state)
{
	struct school *school = *state;
	char ids[2][ID_SIZE];

	school_open(school);
	enroll_many(school, 2, ids);
	profile_cache_free(school->cache);
	school->cache = profile_cache_new();
	assert_int_equal(school_sweep(school), 0);
	assert_int_equal(profile_cache_size(school->cache), 0);
	school->now_ms += 11 * DAY_MS;
	assert_int_equal(school_sweep(school), 2);
	assert_int_equal(profile_cache_size(school->cache), 1);
}

static void cannot_be_read(struct school *school, bool is_text)
{
	_cleanup_(device_done) struct device device = { 0 };
	char ids[2][ID_SIZE];
	int first;

	school_open(school);
	enroll_many(school, 2, ids);
	/* The one that comes first, so that the other could have its verdict from it. */
	first = strcmp(ids[0], ids[1]) < 0 ? 0 : 1;
	if (is_text)
		must(school, db_exec(school->store->db,
				     "UPDATE device_facts SET body = '{', packed = NULL "
				     "WHERE device_id = $1",
				     NULL, &school->err, "t", ids[first]));
	else
		school_damage_facts(school, ids[first]);
	(void)school_announce(school, PROFILE_TWO);
	assert_int_equal(school_judge(school), 2);
	must(school, store_device_head(school->store, ids[first], &device, &school->err));
	assert_int_equal(device.state, STATE_UNKNOWN);
	assert_string_equal(device.results, "");
	device_done(&device);
	must(school, store_device_head(school->store, ids[!first], &device, &school->err));
	assert_int_equal(device.state, STATE_READY);
}

static void facts_that_cannot_be_read_make_a_device_unknown_and_nobody_else(void **state)
{
	cannot_be_read(*state, true);
}

static void and_so_do_those_that_cannot_be_unpacked(void **state)
{
	cannot_be_read(*state, false);
}

/* The same facts are another verdict for another role, and for another day. */
static void verdicts_are_shared_only_by_who_is_judged_alike(void **state)
{
	struct school *school = *state;
	_cleanup_(device_done) struct device device = { 0 };
	char ids[3][ID_SIZE], other_id[ID_SIZE];
	int64_t n;

	school_publish(school, PROFILE_ONE, &n);
	school_site(school, SITE, "p", "2027-04-05", "2027-04-30");
	school_site(school, "0002", "p", "2027-04-05", "2027-05-07");
	enroll_many(school, 3, ids);
	school_enroll(school, "0002", &names, other_id);
	school_report(school, other_id, 1, 0, &names, &GOOD);
	must(school, db_exec(school->store->db, "UPDATE device SET role = 'ta' WHERE id = $1", NULL,
			     &school->err, "t", ids[1]));
	(void)school_announce(school, PROFILE_TWO);
	assert_int_equal(school_judge(school), 4);
	must(school, store_device_head(school->store, ids[1], &device, &school->err));
	assert_string_equal(device.results, "---");
	device_done(&device);
	must(school, store_device_head(school->store, ids[2], &device, &school->err));
	assert_string_equal(device.results, "PPP");
	device_done(&device);
	must(school, store_device_head(school->store, other_id, &device, &school->err));
	assert_string_equal(device.results, "FPP");
}

/* Two sites in one slice: what one is judged by says nothing of the other. */
static void verdicts_are_of_one_document(void **state)
{
	struct school *school = *state;
	_cleanup_(device_done) struct device device = { 0 };
	char id[ID_SIZE], other_id[ID_SIZE];
	int64_t n;

	school_open(school);
	school_publish(school, PROFILE_OTHER, &n);
	school_site(school, "0002", "q", "2027-04-05", "2027-04-23");
	school_enroll(school, SITE, &names, id);
	school_enroll(school, "0002", &names, other_id);
	school_report(school, id, 1, 0, &names, &GOOD);
	school_report(school, other_id, 1, 0, &names, &GOOD);
	(void)school_announce(school, PROFILE_TWO);
	(void)school_announce(school, PROFILE("q", "96", BROWSER("15.0..")));
	assert_int_equal(school_judge(school), 2);
	must(school, store_device_head(school->store, id, &device, &school->err));
	assert_string_equal(device.results, "PPP");
	device_done(&device);
	must(school, store_device_head(school->store, other_id, &device, &school->err));
	assert_string_equal(device.results, "F");
}

static void whoever_shares_a_verdict_shares_its_browser(void **state)
{
	struct school *school = *state;
	char ids[2][ID_SIZE];

	school_open(school);
	enroll_many(school, 2, ids);
	assert_int_equal(school_number(school, "SELECT browser_current FROM site_count"), 2);
	(void)school_announce(school, PROFILE("p", "240", BROWSER("15.0..")));
	assert_int_equal(school_judge(school), 2);
	assert_int_equal(school_number(school, "SELECT browser_current FROM site_count"), 0);
}

static void another_judge_judges_everything_again(void **state)
{
	struct school *school = *state;
	char ids[2][ID_SIZE];

	school_open(school);
	enroll_many(school, 2, ids);
	/* By whom is not known, as in a store of an older layout. */
	assert_int_equal(act_rejudge_evaluator(school->store, "1", school->now_ms, &school->err),
			 1);
	assert_int_equal(school_judge(school), 2);
	assert_int_equal(act_rejudge_evaluator(school->store, "1", school->now_ms, &school->err),
			 0);
	assert_int_equal(school_judge(school), 0);
	/* What the older judge found is not true any more. */
	must(school, db_exec(school->store->db, "UPDATE device SET results = 'FFF'", NULL,
			     &school->err, ""));
	must(school, db_exec(school->store->db, "UPDATE site_pattern SET results = 'FFF'", NULL,
			     &school->err, ""));
	assert_int_equal(act_rejudge_evaluator(school->store, "2", school->now_ms, &school->err),
			 1);
	assert_int_equal(school_judge(school), 2);
	assert_int_equal(school_number(school, "SELECT count(*) FROM device WHERE results = 'PPP'"),
			 2);
	assert_int_equal(school_number(school, "SELECT n FROM site_pattern"), 2);
}

static void what_did_not_change_costs_no_history(void **state)
{
	struct school *school = *state;
	char ids[2][ID_SIZE];
	int64_t n;

	school_open(school);
	enroll_many(school, 2, ids);
	n = school_number(school, "SELECT count(*) FROM transition");
	(void)school_announce(
		school, PROFILE("p", "240", MEMORY("2000") "," BROWSER("14.0..") "," HEADPHONES));
	assert_int_equal(school_judge(school), 2);
	assert_int_equal(count_version(school, "p"), 2);
	assert_int_equal(school_number(school, "SELECT count(*) FROM transition"), n);
	assert_int_equal(school_number(school, "SELECT count(*) FROM device WHERE since_ms < "
					       "(SELECT max(published_ms) FROM publication)"),
			 2);
}

/* --- the cache ------------------------------------------------------------------------ */

static void the_cache_forgets_what_was_not_used_lately(void **state)
{
	enum { N = PROFILE_CACHE_MAX + 20 };
	struct school *school = *state;
	char versions[N][HASH_SIZE];
	const struct profile *profile, *first;

	for (int i = 0; i < N; i++) {
		_cleanup_free_ char *text =
			xasprintf("%s", PROFILE("p", "240", MEMORY("2048") "," BROWSER("14.0..")));
		char *place = strstr(text, "2048");

		place[0] = (char)('2' + i / 10 % 8);
		place[1] = (char)('0' + i % 10);
		place[2] = (char)('0' + i / 80);
		(void)school_announce(school, text);
		must(school, store_profile_version(school->store, "p", versions[i], &school->err));
		school->now_ms++;
	}
	must(school,
	     profile_cache_get(school->cache, school->store, versions[0], &first, &school->err));
	for (int i = 1; i < N; i++) {
		must(school, profile_cache_get(school->cache, school->store, versions[i], &profile,
					       &school->err));
		assert_string_equal(profile->version, versions[i]);
	}
	assert_int_equal(profile_cache_size(school->cache), N);
	/* Used again, so it is not the oldest. */
	must(school,
	     profile_cache_get(school->cache, school->store, versions[0], &profile, &school->err));
	assert_ptr_equal(profile, first);
	profile_cache_trim(school->cache);
	assert_int_equal(profile_cache_size(school->cache), PROFILE_CACHE_MAX);
	must(school,
	     profile_cache_get(school->cache, school->store, versions[0], &profile, &school->err));
	assert_ptr_equal(profile, first);
	assert_int_equal(profile_cache_size(school->cache), PROFILE_CACHE_MAX);
	must(school,
	     profile_cache_get(school->cache, school->store, versions[1], &profile, &school->err));
	assert_int_equal(profile_cache_size(school->cache), PROFILE_CACHE_MAX + 1);
	assert_int_equal(
		profile_cache_get(school->cache, school->store, "none", &profile, &school->err),
		-ENOENT);
	/* Who has a version has its text, or nothing. */
	must(school,
	     db_exec(school->store->db, "UPDATE profile_version SET body = $1 WHERE version = $2",
		     NULL, &school->err, "tt", PROFILE_TWO, versions[2]));
	assert_int_equal(profile_cache_get(school->cache, school->store, versions[2], &profile,
					   &school->err),
			 -EUCLEAN);
}

/* --- what is published ---------------------------------------------------------------- */

static void the_newest_publication_holds_whatever_the_clock_says(void **state)
{
	struct school *school = *state;
	struct publication_list list;
	char first[HASH_SIZE], now[HASH_SIZE], found[HASH_SIZE];

	school_open(school);
	must(school, store_profile_version(school->store, "p", first, &school->err));
	(void)school_announce(school, PROFILE_TWO);
	/* The clock was set back, and the first is published again. */
	school->now_ms -= DAY_MS;
	(void)school_announce(school, PROFILE_ONE);
	must(school, store_profile_version(school->store, "p", now, &school->err));
	assert_string_equal(now, first);
	assert_int_equal(school_number(school, "SELECT count(*) FROM profile_version"), 2);

	must(school, store_publication_list(school->store, NULL, &list, &school->err));
	assert_int_equal(list.n_publications, 1);
	assert_string_equal(list.publications[0].version, first);
	assert_int_equal(list.publications[0].n_sites, 1);
	publication_list_done(&list);
	must(school, store_publication_list(school->store, "p", &list, &school->err));
	assert_int_equal(list.n_publications, 3);
	assert_string_equal(list.publications[2].version, first);
	assert_string_not_equal(list.publications[1].version, first);
	publication_list_done(&list);

	first[12] = '\0';
	must(school, store_profile_find(school->store, "p", first, found, &school->err));
	assert_string_equal(found, now);
	must(school, store_profile_find(school->store, NULL, now, found, &school->err));
	assert_int_equal(store_profile_find(school->store, "q", first, found, &school->err),
			 -ENOENT);
	first[7] = '\0';
	assert_int_equal(store_profile_find(school->store, "p", first, found, &school->err),
			 -ENOENT);
	must(school, db_exec(school->store->db,
			     "INSERT INTO profile_version (version, profile_id, body, made_ms) "
			     "VALUES ('00000000a', 'p', '', 1), ('00000000b', 'p', '', 1)",
			     NULL, &school->err, ""));
	assert_int_equal(store_profile_find(school->store, "p", "00000000", found, &school->err),
			 -EEXIST);
}

#define test(name) cmocka_unit_test_setup_teardown(name, school_setup, school_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(the_collector_goes_on_where_it_stopped),
		test(publishing_in_the_middle_begins_anew),
		test(a_device_that_reports_meanwhile_is_judged_once),
		test(another_last_day_is_judged_by_at_once_by_whoever_reports),
		test(what_was_judged_before_ages_by_what_holds_now),
		test(what_cannot_be_read_holds_up_nobody_else_and_makes_nobody_ready),
		test(what_became_unreadable_leaves_nobody_ready),
		test(a_site_in_the_queue_is_not_begun_anew_by_the_sweep),
		test(what_is_damaged_keeps_only_its_own_site_waiting),
		test(a_sweep_reads_documents_only_where_something_aged),
		test(facts_that_cannot_be_read_make_a_device_unknown_and_nobody_else),
		test(and_so_do_those_that_cannot_be_unpacked),
		test(verdicts_are_shared_only_by_who_is_judged_alike),
		test(verdicts_are_of_one_document),
		test(whoever_shares_a_verdict_shares_its_browser),
		test(another_judge_judges_everything_again),
		test(what_did_not_change_costs_no_history),
		test(the_cache_forgets_what_was_not_used_lately),
		test(the_newest_publication_holds_whatever_the_clock_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
