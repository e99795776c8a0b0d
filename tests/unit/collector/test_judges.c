/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sites that are kept from one transaction to the next: that they are what stands in the store.
 */
#include "tests/unit/collector/school.h"

#include <errno.h>
#include <sodium.h>

#include "collector/act/judges.h"
#include "collector/domain/readiness.h"
#include "collector/store/store_rejudge.h"

enum { SITES = 100 };

/* How the site is judged in a transaction that begins and ends here; valid until the next. */
static const struct judge *look(struct school *school, struct judges *judges, const char *code)
{
	const struct moment moment = { school->store, school->cache, school->now_ms };
	const struct judge *judge = NULL;

	must(school, store_begin(school->store, &school->err));
	must(school, judges_begin(judges, school->store, &school->err));
	must(school, judges_get(judges, &moment, code, &judge, &school->err));
	store_rollback(school->store);
	return judge;
}

static void what_somebody_else_changed_is_read_again(void **state)
{
	struct school *school = *state;
	struct school other = *school;
	struct judges judges = { 0 };
	const struct judge *judge;

	school_open(school);
	must(school, store_open(school->path, false, &other.store, &other.err));
	judge = look(school, &judges, SITE);
	assert_int_equal(judge->profile->n_requirements, 3);
	assert_string_equal(judge->profile->requirements[0].id, "memory.size");
	assert_false(judge->site.is_queued);

	must(school, store_rejudge_put(other.store, SITE, school->now_ms, &other.err));
	assert_true(look(school, &judges, SITE)->site.is_queued);
	must(school, store_rejudge_step(other.store, SITE, NULL, 0, &other.err));
	assert_false(look(school, &judges, SITE)->site.is_queued);

	(void)school_announce(&other, PROFILE_TWO);
	judge = look(school, &judges, SITE);
	assert_string_equal(judge->profile->requirements[0].id, "os.supported");
	judges_done(&judges);
	store_close(other.store);
}

static void what_nobody_changed_is_not_read_again(void **state)
{
	struct school *school = *state;
	struct judges judges = { 0 };
	const struct judge *judge;
	char *code;

	school_open(school);
	judge = look(school, &judges, SITE);
	code = judge->site.code;
	/* Its freshness is of the moment all the same. */
	school->now_ms += 80 * DAY_MS;
	judge = look(school, &judges, SITE);
	assert_ptr_equal(judge->site.code, code);
	assert_int_equal(judge->now_ms, school->now_ms);
	assert_int_equal(judge->fresh_since_ms,
			 readiness_fresh_since(&judge->profile->freshness, &judge->site.window,
					       school->now_ms));
	assert_int_equal(judge->fresh_until_ms, judge_fresh_until(school->now_ms));
	judges_done(&judges);
}

static void what_was_changed_here_is_read_again_once_that_is_said(void **state)
{
	struct school *school = *state;
	struct judges judges = { 0 };

	school_open(school);
	(void)look(school, &judges, SITE);
	must(school, store_rejudge_put(school->store, SITE, school->now_ms, &school->err));
	judges_forget(&judges);
	assert_true(look(school, &judges, SITE)->site.is_queued);
	judges_done(&judges);
}

/* In a few hundred places some of so many fall together. */
static void each_site_is_itself(void **state)
{
	struct school *school = *state;
	const struct moment moment = { school->store, school->cache, school->now_ms };
	struct judges judges = { 0 };
	const struct judge *judge;
	char code[8];

	for (int i = 0; i < SITES; i++) {
		snprintf(code, sizeof(code), "%04d", i);
		school_site(school, code, NULL, NULL, NULL);
	}
	for (int i = 0; i < 3 * SITES; i++) {
		snprintf(code, sizeof(code), "%04d", i * 7 % SITES);
		must(school, judges_get(&judges, &moment, code, &judge, &school->err));
		assert_string_equal(judge->site.code, code);
	}
	assert_int_equal(judges_get(&judges, &moment, "none", &judge, &school->err), -ENOENT);
	judges_done(&judges);
}

static int set_up_group(void **state)
{
	(void)state;
	return sodium_init() < 0 ? -1 : 0;
}

#define test(name) cmocka_unit_test_setup_teardown(name, school_setup, school_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(what_somebody_else_changed_is_read_again),
		test(what_nobody_changed_is_not_read_again),
		test(what_was_changed_here_is_read_again_once_that_is_said),
		test(each_site_is_itself),
	};

	return cmocka_run_group_tests(tests, set_up_group, NULL);
}
