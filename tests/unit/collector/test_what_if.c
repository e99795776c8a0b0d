/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/collector/school.h"

#include "collector/act/act_profile.h"
#include "collector/act/what_if.h"
#include "collector/io/csv.h"

/* Of three requirements; and of two of them with one more, in another order. */
#define OLD PROFILE("p", "240", MEMORY("2048") "," BROWSER("14.0..") "," HEADPHONES)
#define NEW PROFILE("p", "240", SYSTEM "," BROWSER("15.0..") "," MEMORY("2048"))

static struct profile *parse(const char *text)
{
	struct profile *profile = NULL;
	struct err err = { 0 };

	if (profile_parse(text, strlen(text), "test", &profile, &err) < 0)
		fail_msg("%s", err.text);
	return profile;
}

/* A site of one tally, and what came of it. */
struct fixture {
	struct profile *old, *new;
	struct what_if_tally tally;
	struct what_if sum;
};

static int setup(void **state)
{
	struct fixture *fixture = xcalloc(1, sizeof(*fixture));

	fixture->old = parse(OLD);
	fixture->new = parse(NEW);
	*state = fixture;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *fixture = *state;

	what_if_tally_done(&fixture->tally);
	what_if_done(&fixture->sum);
	profile_free(fixture->old);
	profile_free(fixture->new);
	free(fixture);
	return 0;
}

static void begin(struct fixture *fixture, const char *code)
{
	what_if_tally_site(&fixture->tally, code, "Lincoln", fixture->old, fixture->new);
}

static void add(struct fixture *fixture, int64_t n, enum device_state before, const char *was,
		enum device_state after, const char *is)
{
	for (int64_t i = 0; i < n; i++)
		what_if_tally_device(&fixture->tally, true, &(struct what_if_view){ before, was },
				     &(struct what_if_view){ after, is });
}

static const struct what_if_requirement *requirement(const struct what_if *sum, const char *id)
{
	for (size_t i = 0; i < sum->n_requirements; i++) {
		if (strcmp(sum->requirements[i].id, id) == 0)
			return &sum->requirements[i];
	}
	fail_msg("%s did not change", id);
	return NULL;
}

/* --- sums ------------------------------------------------------------------------ */

static void results_are_compared_by_requirement_and_not_by_place(void **state)
{
	struct fixture *fixture = *state;
	const struct what_if_requirement *found;

	begin(fixture, "1");
	/* memory, browser, headphones; then system, browser, memory */
	add(fixture, 3, STATE_READY, "PPP", STATE_NOT_READY, "PFP");
	add(fixture, 2, STATE_NOT_READY, "FPU", STATE_READY, "PPP");
	what_if_tally_site_end(&fixture->tally);
	what_if_tally_finish(&fixture->tally, &fixture->sum);

	assert_int_equal(fixture->sum.n_requirements, 4);
	assert_int_equal(
		requirement(&fixture->sum, "browser.version")->changes[RESULT_PASS][RESULT_FAIL],
		3);
	assert_int_equal(
		requirement(&fixture->sum, "memory.size")->changes[RESULT_FAIL][RESULT_PASS], 2);
	/* What the profile has not, and what it has no more. */
	found = requirement(&fixture->sum, "os.supported");
	assert_int_equal(found->changes[WHAT_IF_NONE][RESULT_PASS], 5);
	found = requirement(&fixture->sum, "audio.headphones");
	assert_int_equal(found->changes[RESULT_PASS][WHAT_IF_NONE], 3);
	assert_int_equal(found->changes[RESULT_UNKNOWN][WHAT_IF_NONE], 2);
	assert_int_equal(fixture->sum.n_results, 5);
	assert_int_equal(fixture->sum.states[STATE_READY][STATE_NOT_READY], 3);
	assert_int_equal(fixture->sum.states[STATE_NOT_READY][STATE_READY], 2);
}

static void a_device_without_results_had_none_of_them(void **state)
{
	struct fixture *fixture = *state;

	what_if_tally_site(&fixture->tally, "1", "Lincoln", NULL, fixture->new);
	add(fixture, 1, STATE_UNKNOWN, "", STATE_READY, "PPP");
	what_if_tally_site_end(&fixture->tally);
	what_if_tally_finish(&fixture->tally, &fixture->sum);
	assert_int_equal(fixture->sum.n_requirements, 3);
	assert_int_equal(
		requirement(&fixture->sum, "browser.version")->changes[WHAT_IF_NONE][RESULT_PASS],
		1);
	assert_false(fixture->sum.sites[0].reaches_before);
}

static void nobody_is_told_of_results_that_say_nothing_of_a_device(void **state)
{
	static const enum device_state silent[] = { STATE_STALE, STATE_CONFLICT, STATE_NEVER_SEEN };
	struct fixture *fixture = *state;

	begin(fixture, "1");
	for (size_t i = 0; i < ARRAY_SIZE(silent); i++)
		add(fixture, 1, silent[i], "PPP", silent[i], "PFP");
	add(fixture, 1, STATE_RETIRED, "PPP", STATE_RETIRED, "PFP");
	what_if_tally_site_end(&fixture->tally);
	what_if_tally_finish(&fixture->tally, &fixture->sum);
	assert_int_equal(fixture->sum.n_requirements, 0);
	assert_int_equal(fixture->sum.n_results, 0);
	assert_int_equal(fixture->sum.n_retired, 1);
	assert_int_equal(fixture->sum.states[STATE_STALE][STATE_STALE], 1);
	assert_int_equal(fixture->sum.states[STATE_RETIRED][STATE_RETIRED], 0);
	assert_false(what_if_changes(&fixture->sum));
}

/* A profile that counts reports as fresh for less long makes devices stale. */
static void who_becomes_stale_stops_being_ready(void **state)
{
	struct fixture *fixture = *state;

	begin(fixture, "1");
	add(fixture, 1, STATE_READY, "PPP", STATE_STALE, "PPP");
	what_if_tally_site_end(&fixture->tally);
	what_if_tally_finish(&fixture->tally, &fixture->sum);
	assert_int_equal(fixture->sum.sites[0].worse, 1);
	assert_true(what_if_changes(&fixture->sum));
}

static void an_unexpected_device_counts_nowhere_but_is_told_of(void **state)
{
	struct fixture *fixture = *state;
	const struct what_if_view was = { STATE_READY, "PPP" }, is = { STATE_NOT_READY, "PFP" };

	begin(fixture, "1");
	what_if_tally_device(&fixture->tally, false, &was, &is);
	what_if_tally_device(&fixture->tally, false, &was, &was);
	what_if_tally_site_end(&fixture->tally);
	what_if_tally_finish(&fixture->tally, &fixture->sum);
	assert_int_equal(fixture->sum.n_unexpected_changed, 1);
	assert_int_equal(fixture->sum.n_listed, 0);
	assert_int_equal(fixture->sum.n_requirements, 0);
	assert_true(what_if_changes(&fixture->sum));
}

static void only_results_that_change_are_a_change_as_well(void **state)
{
	struct fixture *fixture = *state;

	begin(fixture, "1");
	add(fixture, 1, STATE_NOT_READY, "FPP", STATE_NOT_READY, "PFF");
	what_if_tally_site_end(&fixture->tally);
	what_if_tally_finish(&fixture->tally, &fixture->sum);
	assert_int_equal(fixture->sum.n_listed, 0);
	assert_true(what_if_changes(&fixture->sum));
}

/* --- sites ------------------------------------------------------------------------- */

static void a_site_tells_when_too_few_devices_would_be_ready(void **state)
{
	struct fixture *fixture = *state;
	const struct what_if_site *site;

	/* 95 % are needed: 19 of 20 are that, 18 are not. */
	begin(fixture, "1");
	add(fixture, 18, STATE_READY, "PPP", STATE_READY, "PPP");
	add(fixture, 1, STATE_READY_WITH_WARNINGS, "PPF", STATE_UNKNOWN, "UPP");
	add(fixture, 1, STATE_STALE, "PPP", STATE_STALE, "PPP");
	what_if_tally_site_end(&fixture->tally);
	what_if_tally_finish(&fixture->tally, &fixture->sum);
	site = &fixture->sum.sites[0];
	assert_int_equal(site->expected, 20);
	assert_int_equal(site->ready_before, 19);
	assert_int_equal(site->ready_after, 18);
	assert_int_equal(site->worse, 1);
	assert_int_equal(site->better, 0);
	assert_true(site->reaches_before);
	assert_false(site->reaches_after);
}

static void a_site_that_only_needs_more_ready_devices_is_listed(void **state)
{
	struct fixture *fixture = *state;

	fixture->new->rules.devices_percent = 100;
	begin(fixture, "1");
	add(fixture, 19, STATE_READY, "PPP", STATE_READY, "PPP");
	add(fixture, 1, STATE_STALE, "PPP", STATE_STALE, "PPP");
	what_if_tally_site_end(&fixture->tally);
	what_if_tally_finish(&fixture->tally, &fixture->sum);
	assert_int_equal(fixture->sum.n_listed, 1);
	assert_int_equal(fixture->sum.sites[0].changed, 0);
}

static void who_loses_most_comes_first_and_who_gains_comes_last(void **state)
{
	static const struct {
		const char *code;
		int64_t lose, gain;
	} sites[] = {
		{ "a", 0, 1 }, { "b", 1, 0 }, { "c", 5, 0 }, { "d", 0, 7 },
		{ "e", 1, 0 }, { "f", 2, 2 }, { "g", 6, 3 },
	};
	struct fixture *fixture = *state;
	char order[ARRAY_SIZE(sites) + 1] = "";

	for (size_t i = 0; i < ARRAY_SIZE(sites); i++) {
		begin(fixture, sites[i].code);
		add(fixture, sites[i].lose, STATE_READY, "PPP", STATE_NOT_READY, "PFP");
		add(fixture, sites[i].gain, STATE_NOT_READY, "FPP", STATE_READY, "PPP");
		what_if_tally_site_end(&fixture->tally);
	}
	what_if_tally_finish(&fixture->tally, &fixture->sum);
	for (size_t i = 0; i < fixture->sum.n_listed; i++)
		order[i] = fixture->sum.sites[i].code[0];
	assert_string_equal(order, "cgbedaf");
}

/* --- of a store ------------------------------------------------------------------------ */

static void ask(struct school *school, const char *text, struct what_if *ret_what_if)
{
	_cleanup_(profile_freep) struct profile *profile = parse(text);
	const struct what_if_request request = { .profile = profile, .now_ms = school->now_ms };

	must(school, store_begin(school->store, &school->err));
	must(school, act_what_if(school->store, &request, ret_what_if, &school->err));
	store_rollback(school->store);
}

/* A device that reports now. */
static void add_device(struct school *school, const char *name, const struct likeness *like)
{
	const struct device_names names = { name, "", "", "" };
	char id[ID_SIZE];

	school_enroll(school, SITE, &names, id);
	(void)school_report(school, id, 1, 0, &names, like);
}

static void change(struct school *school, const char *sql)
{
	must(school, db_exec(school->store->db, sql, NULL, &school->err, ""));
}

static int64_t n_changes(const struct what_if *sum)
{
	int64_t n = 0;

	for (size_t i = 0; i < sum->n_listed; i++)
		n += sum->sites[i].changed;
	return n;
}

static void where_nothing_was_published_all_were_unknown(void **state)
{
	_cleanup_(what_if_done) struct what_if sum = { 0 };
	struct school *school = *state;

	school_site(school, SITE, "p", "2027-04-05", "2027-04-23");
	add_device(school, "a", &GOOD);
	ask(school, PROFILE_ONE, &sum);
	assert_int_equal(sum.n_touched, 1);
	assert_int_equal(sum.states[STATE_UNKNOWN][STATE_READY], 1);
	assert_int_equal(requirement(&sum, "memory.size")->changes[WHAT_IF_NONE][RESULT_PASS], 1);
	assert_true(sum.sites[0].reaches_after && !sum.sites[0].reaches_before);
}

static void a_site_without_a_window_is_not_asked(void **state)
{
	_cleanup_(what_if_done) struct what_if sum = { 0 };
	struct school *school = *state;

	school_site(school, SITE, "p", NULL, NULL);
	add_device(school, "a", &GOOD);
	ask(school, PROFILE_ONE, &sum);
	assert_int_equal(sum.n_sites, 0);
	assert_false(what_if_changes(&sum));
}

/* The window moved behind the end of the system's support: that is no doing of a profile. */
static void what_waits_to_be_judged_is_judged_for_the_comparison(void **state)
{
	_cleanup_(what_if_done) struct what_if sum = { 0 };
	struct school *school = *state;
	int64_t n_judged;

	school_publish(school, PROFILE_TWO, &n_judged);
	school_site(school, SITE, "p", "2027-04-05", "2027-04-23");
	add_device(school, "a", &GOOD);
	school_site(school, SITE, "p", "2027-04-05", "2027-05-07");
	assert_int_equal(school_number(school, "SELECT count(*) FROM device WHERE state = "
					       "'ready'"),
			 1);
	ask(school, PROFILE("p", "96", SYSTEM), &sum);
	assert_int_equal(sum.states[STATE_NOT_READY][STATE_NOT_READY], 1);
	assert_int_equal(n_changes(&sum), 0);
}

static void what_an_older_document_judged_is_judged_for_the_comparison(void **state)
{
	_cleanup_(what_if_done) struct what_if sum = { 0 };
	struct school *school = *state;

	school_open(school);
	add_device(school, "a", &(struct likeness){ "14.1", 3000, true });
	(void)school_announce(school, PROFILE_TWO);
	/* However it came to be that nobody waits for it. */
	change(school, "DELETE FROM rejudge");
	ask(school, PROFILE_ONE, &sum);
	assert_int_equal(sum.states[STATE_NOT_READY][STATE_READY], 1);
}

static void facts_that_cannot_be_read_say_nothing(void **state)
{
	struct school *school = *state;

	school_open(school);
	add_device(school, "a", &GOOD);
	add_device(school, "b", &GOOD);
	/* The first that is looked at; the other one's are the same, and can be read. */
	for (int i = 0; i < 2; i++) {
		_cleanup_(what_if_done) struct what_if sum = { 0 };

		change(school, i ? "UPDATE device_facts SET packed = NULL, body = '{' WHERE "
				   "device_id = (SELECT min(id) FROM device)"
				 : "UPDATE device_facts SET packed = substr(packed, 2) WHERE "
				   "device_id = (SELECT min(id) FROM device)");
		ask(school, PROFILE_TWO, &sum);
		assert_int_equal(sum.states[STATE_READY][STATE_UNKNOWN], 1);
		assert_int_equal(sum.states[STATE_READY][STATE_READY], 1);
		assert_int_equal(sum.sites[0].worse, 1);
	}
}

static void only_time_that_passes_is_no_difference(void **state)
{
	_cleanup_(what_if_done) struct what_if sum = { 0 };
	struct school *school = *state;

	school_open(school);
	add_device(school, "a", &GOOD);
	/* Nobody swept since: the row still says that it is ready. */
	school->now_ms += 11 * DAY_MS;
	ask(school, PROFILE("p", "240", MEMORY("2048")), &sum);
	assert_int_equal(sum.states[STATE_STALE][STATE_STALE], 1);
	assert_false(what_if_changes(&sum));
}

static void roles_and_days_have_verdicts_of_their_own(void **state)
{
	_cleanup_(what_if_done) struct what_if sum = { 0 };
	struct school *school = *state;

	/* The same facts; the second site tests when the system's support is over. */
	school_open(school);
	add_device(school, "a", &GOOD);
	add_device(school, "b", &GOOD);
	school_site(school, "0002", "p", "2027-04-26", "2027-05-14");
	change(school, "UPDATE device SET role = 'ta' WHERE host_name = 'b'");
	add_device(school, "c", &GOOD);
	change(school, "UPDATE device SET site_code = '0002' WHERE host_name = 'c'");
	change(school, "UPDATE device SET results = '---', state = 'unknown' "
		       "WHERE host_name = 'b'");
	ask(school, PROFILE("p", "240", SYSTEM), &sum);
	assert_int_equal(sum.states[STATE_READY][STATE_READY], 1);
	assert_int_equal(sum.states[STATE_READY][STATE_NOT_READY], 1);
	assert_int_equal(sum.states[STATE_UNKNOWN][STATE_UNKNOWN], 1);
}

static void waive(struct school *school, const char *site_code)
{
	_cleanup_(waiver_done) struct waiver waiver = {
		.profile_id = xstrdup("p"),
		.scope = SCOPE_SITE,
		.scope_code = xstrdup(site_code),
		.requirement = xstrdup("memory.size"),
		.reason = xstrdup("They are ordered."),
		.who = xstrdup("A. Person"),
	};
	struct reach reach;

	must(school, civil_parse("2027-04-30", &waiver.until, &school->err));
	must(school, act_waive(school->store, &waiver, school->now_ms, &reach, &school->err));
}

/* More documents for the same facts than are remembered, and one that all sites have now. */
static void what_is_forgotten_is_judged_once_more(void **state)
{
	enum { SITES = 12 };
	_cleanup_(what_if_done) struct what_if sum = { 0 };
	struct school *school = *state;

	school_open(school);
	for (int i = 0; i < SITES; i++) {
		_cleanup_free_ char *code = xasprintf("1%03d", i);
		_cleanup_free_ char *sql = xasprintf(
			"UPDATE device SET site_code = '%s' WHERE site_code = '" SITE "'", code);

		school_site(school, code, "p", "2027-04-05", "2027-04-23");
		add_device(school, "a", &(struct likeness){ "14.1", 3000, true });
		change(school, sql);
	}
	change(school, "DELETE FROM site_count WHERE site_code = '" SITE "'");
	change(school, "DELETE FROM test_window WHERE site_code = '" SITE "'");
	change(school, "UPDATE device SET results = '', profile_version = ''");
	for (int i = 0; i < SITES; i++) {
		_cleanup_free_ char *code = xasprintf("1%03d", i);

		waive(school, code);
	}
	/* The waivers are not what is judged by yet. */
	change(school,
	       "UPDATE test_window SET profile_version = (SELECT version FROM publication)");
	ask(school, PROFILE_TWO, &sum);
	assert_int_equal(sum.states[STATE_READY][STATE_READY_WITH_WARNINGS], SITES);
	assert_int_equal(requirement(&sum, "memory.size")->changes[RESULT_PASS][RESULT_WAIVED],
			 SITES);
	/* The browser is what it was; system and headphones come and go. */
	assert_int_equal(sum.n_requirements, 3);
}

/* --- files ------------------------------------------------------------------------- */

static void a_cell_is_never_a_formula(void **state)
{
	/* clang-format off */
	static const struct {
		const char *text, *cell;
	} rows[] = {
		{ "lab-1", "\"lab-1\"" },
		{ "", "\"\"" },
		{ "a \"b\", c\nd", "\"a \"\"b\"\", c\nd\"" },
		{ "=HYPERLINK(1)", "\"'=HYPERLINK(1)\"" },
		{ "+1", "\"'+1\"" },
		{ "-1", "\"'-1\"" },
		{ "@SUM(1)", "\"'@SUM(1)\"" },
		{ "\t=1", "\"'\t=1\"" },
		{ "\r=1", "\"'\r=1\"" },
		{ "a=1", "\"a=1\"" },
	};
	/* clang-format on */

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		_cleanup_free_ char *text = NULL;
		size_t size;
		FILE *out = open_memstream(&text, &size);

		csv_cell_print(out, rows[i].text);
		fclose(out);
		assert_string_equal(text, rows[i].cell);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		T(results_are_compared_by_requirement_and_not_by_place),
		T(a_device_without_results_had_none_of_them),
		T(nobody_is_told_of_results_that_say_nothing_of_a_device),
		T(who_becomes_stale_stops_being_ready),
		T(an_unexpected_device_counts_nowhere_but_is_told_of),
		T(only_results_that_change_are_a_change_as_well),
		T(a_site_tells_when_too_few_devices_would_be_ready),
		T(a_site_that_only_needs_more_ready_devices_is_listed),
		T(who_loses_most_comes_first_and_who_gains_comes_last),
		T(a_cell_is_never_a_formula),
#define S(name) cmocka_unit_test_setup_teardown(name, school_setup, school_teardown)
		S(where_nothing_was_published_all_were_unknown),
		S(a_site_without_a_window_is_not_asked),
		S(what_waits_to_be_judged_is_judged_for_the_comparison),
		S(what_an_older_document_judged_is_judged_for_the_comparison),
		S(facts_that_cannot_be_read_say_nothing),
		S(only_time_that_passes_is_no_difference),
		S(roles_and_days_have_verdicts_of_their_own),
		S(what_is_forgotten_is_judged_once_more),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
