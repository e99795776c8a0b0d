/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/collector/school.h"

#include "collector/domain/what_if.h"
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
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
