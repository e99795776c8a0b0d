/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is composed before something is waived or asked, so that the transaction that does it finds
 * all of it; and what an older composer made.
 */
#include <errno.h>

#include "collector/act/compose.h"
#include "collector/act/prepare.h"
#include "tests/unit/collector/asked.h"

static const struct audience the_lea = { SCOPE_LEA, "00" };

/* Both sites have something of their own, so what is for the LEA makes three documents. */
static void open_asking(struct school *school)
{
	char id[ID_SIZE], other_id[ID_SIZE];
	struct reach reach;

	open_two(school, id, other_id, &WEAK);
	must(school, try_ask(school, SUPPLEMENT("site", SITE, FAST), &reach));
	must(school, try_ask(school, SUPPLEMENT("site", OTHER_SITE, TIGHTER_HEADPHONES), &reach));
}

static int64_t count(struct school *school)
{
	return school_number(school, "SELECT count(*) FROM composition");
}

/* What is prepared is in the store, and as much as @n. */
static void put(struct school *school, struct prepared *prepared, size_t n)
{
	int64_t before = count(school);

	store_rollback(school->store);
	assert_int_equal(count(school), before);
	assert_int_equal(prepared->n_documents, n);
	must(school, act_prepared_put(school->store, "p", prepared, school->now_ms, &school->err));
	assert_int_equal(count(school), before + (int64_t)n);
	prepared_done(prepared);
}

static void waiving_composes_nothing_that_was_prepared(void **state)
{
	struct school *school = *state;
	_cleanup_(waiver_done) struct waiver waiver =
		waiver_of(SCOPE_LEA, "00", "memory.size", LAST_DAY);
	struct prepared prepared = { 0 };
	char first[ID_SIZE];
	struct reach reach;
	int64_t n;

	open_asking(school);
	(void)waive(school, SCOPE_SITE, SITE, "audio.headphones", LAST_DAY, first);
	must(school, store_begin(school->store, &school->err));
	free(waiver.reason);
	waiver.reason = xstrdup("  as \x1b it is written ");
	must(school,
	     act_waive_prepare(school->store, &waiver, school->now_ms, &prepared, &school->err));
	put(school, &prepared, 3);
	n = count(school);
	school->now_ms++;
	must(school, try_waive(school, &waiver, &reach));
	assert_int_equal(reach.n_sites, 2);
	assert_int_equal(count(school), n);

	/* Without it, it is as before, which was composed once. */
	must(school, store_begin(school->store, &school->err));
	must(school, act_waiver_revoke_prepare(school->store, waiver.id, &prepared, &school->err));
	put(school, &prepared, 0);
	assert_int_equal(end_waiver(school, waiver.id).n_sites, 2);
	assert_int_equal(count(school), n);
}

static void giving_composes_nothing_that_was_prepared(void **state)
{
	static const struct waiver_verdict give = { .decision = WAIVER_DECISION_GIVE,
						    .until = INT32_MIN };
	struct school *school = *state;
	_cleanup_(waiver_done) struct waiver waiver =
		waiver_of(SCOPE_LEA, "00", "memory.size", LAST_DAY);
	const struct waiver_act act = { waiver.id, &give, "B. Boss" };
	struct prepared prepared = { 0 };
	char later[ID_SIZE];
	struct reach reach;
	int64_t n;

	open_asking(school);
	must(school, act_waiver_propose(school->store, &waiver, school->now_ms, &school->err));
	school->now_ms++;
	/* It was proposed before this one was given, and so is before it. */
	(void)waive(school, SCOPE_LEA, "00", "audio.headphones", LAST_DAY, later);
	must(school, store_begin(school->store, &school->err));
	must(school, act_waiver_decide_prepare(school->store, &act, school->now_ms, &prepared,
					       &school->err));
	put(school, &prepared, 3);
	n = count(school);
	must(school, act_waiver_decide(school->store, &act, school->now_ms, &reach, &school->err));
	assert_int_equal(reach.n_sites, 2);
	assert_int_equal(count(school), n);
	/* Without the other one there is what was never composed. */
	must(school, store_begin(school->store, &school->err));
	must(school, act_waiver_revoke_prepare(school->store, later, &prepared, &school->err));
	put(school, &prepared, 3);
	n = count(school);
	(void)end_waiver(school, later);
	assert_int_equal(count(school), n);
}

static void asking_more_composes_nothing_that_was_prepared(void **state)
{
	static const char text[] = SUPPLEMENT("lea", "00", FAST);
	struct school *school = *state;
	_cleanup_(supplement_freep) struct supplement *supplement = NULL;
	struct prepared prepared = { 0 };
	char id[ID_SIZE], other_id[ID_SIZE], waiver_id[ID_SIZE];
	struct reach reach;
	int64_t n;

	open_two(school, id, other_id, &WEAK);
	(void)waive(school, SCOPE_SITE, SITE, "memory.size", LAST_DAY, waiver_id);
	must(school, supplement_parse(text, strlen(text), "more.json", &supplement, &school->err));
	must(school, store_begin(school->store, &school->err));
	must(school, act_supplement_prepare(school->store, supplement, &prepared, &school->err));
	put(school, &prepared, 2);
	n = count(school);
	must(school, try_ask(school, text, &reach));
	assert_int_equal(reach.n_sites, 2);
	assert_int_equal(count(school), n);
	must(school, act_waiver_revoke(school->store, waiver_id, "w", school->now_ms, &reach,
				       &school->err));
	(void)waive(school, SCOPE_SITE, SITE, "audio.headphones", LAST_DAY, waiver_id);
	must(school, store_begin(school->store, &school->err));
	must(school, act_supplement_withdraw_prepare(school->store, "p", &the_lea, &prepared,
						     &school->err));
	put(school, &prepared, 1);
	n = count(school);
	must(school, act_supplement_withdraw(school->store, "p", &the_lea, school->now_ms, &reach,
					     &school->err));
	assert_int_equal(reach.n_sites, 2);
	assert_int_equal(count(school), n);
}

static void what_will_be_refused_is_not_prepared(void **state)
{
	struct school *school = *state;
	_cleanup_(waiver_done) struct waiver waiver =
		waiver_of(SCOPE_LEA, "00", "no.such", LAST_DAY);
	_cleanup_(prepared_done) struct prepared prepared = { 0 };

	open_asking(school);
	assert_int_equal(
		act_waive_prepare(school->store, &waiver, school->now_ms, &prepared, &school->err),
		-ENOENT);
	assert_int_equal(act_waiver_revoke_prepare(school->store, "none", &prepared, &school->err),
			 -ENOENT);
	assert_int_equal(prepared.n_documents, 0);
}

/* What @code is judged by has something waived. */
static int64_t judged_by_waivers(struct school *school)
{
	return school_number(school, "SELECT count(*) FROM test_window w JOIN profile_version v ON "
				     "v.version = w.profile_version WHERE v.body LIKE "
				     "'%\"waivers\"%'");
}

static void what_an_older_composer_made_is_composed_anew(void **state)
{
	struct school *school = *state;
	char id[ID_SIZE], other_id[ID_SIZE], waiver_id[ID_SIZE];

	open_two(school, id, other_id, &WEAK);
	(void)waive(school, SCOPE_SITE, SITE, "memory.size", LAST_DAY, waiver_id);
	assert_int_equal(judged_by_waivers(school), 1);
	/* As if an older one had left the waiver away. */
	must(school, db_exec(school->store->db,
			     "UPDATE test_window SET profile_version = (SELECT version FROM "
			     "publication WHERE profile_id = 'p')",
			     NULL, &school->err, ""));
	/* Nothing is noted: there was only one composer. */
	assert_int_equal(act_compose_anew(school->store, "1", school->now_ms, &school->err), 0);
	assert_int_equal(judged_by_waivers(school), 0);
	assert_int_equal(act_compose_anew(school->store, "2", school->now_ms, &school->err), 1);
	assert_int_equal(judged_by_waivers(school), 1);
	assert_int_equal(school_number(school, "SELECT count(*) FROM rejudge"), 1);
	assert_int_equal(act_compose_anew(school->store, "2", school->now_ms, &school->err), 0);
}

#define test(name) cmocka_unit_test_setup_teardown(name, school_setup, school_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(waiving_composes_nothing_that_was_prepared),
		test(giving_composes_nothing_that_was_prepared),
		test(asking_more_composes_nothing_that_was_prepared),
		test(what_will_be_refused_is_not_prepared),
		test(what_an_older_composer_made_is_composed_anew),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
