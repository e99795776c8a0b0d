/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Waivers: what they make of the devices of whom they are for, and of nobody else; and
 * what is refused.
 */
#include <errno.h>

#include "tests/unit/collector/asked.h"

static void a_waiver_makes_a_fail_waived_and_its_revocation_makes_it_fail_again(void **state)
{
	struct school *school = *state;
	char id[ID_SIZE], other_id[ID_SIZE], waiver_id[ID_SIZE];
	struct reach reach;
	int64_t n_waived;

	open_two(school, id, other_id, &WEAK);
	expect(school, id, STATE_NOT_READY, "FPP");
	reach = waive(school, SCOPE_SITE, SITE, "memory.size", LAST_DAY, waiver_id);
	assert_int_equal(reach.n_sites, 1);
	assert_int_equal(reach.n_devices, 1);
	assert_int_equal(reach.n_too_short, 0);
	/* Not before it is judged, and then by the whole document. */
	expect(school, id, STATE_NOT_READY, "FPP");
	assert_int_equal(school_judge(school), 1);
	expect(school, id, STATE_READY_WITH_WARNINGS, "WPP");
	expect(school, other_id, STATE_NOT_READY, "FPP");
	must(school, store_site_waived(school->store, SITE, &n_waived, &school->err));
	assert_int_equal(n_waived, 1);
	must(school, store_site_waived(school->store, OTHER_SITE, &n_waived, &school->err));
	assert_int_equal(n_waived, 0);

	reach = end_waiver(school, waiver_id);
	assert_int_equal(reach.n_sites, 1);
	assert_int_equal(school_judge(school), 1);
	expect(school, id, STATE_NOT_READY, "FPP");
	assert_int_equal(school_number(school, "SELECT count(*) FROM transition WHERE "
					       "requirement = 'memory.size' AND "
					       "new_result = 'waived'"),
			 1);
	assert_int_equal(school_number(school, "SELECT count(*) FROM transition WHERE "
					       "old_result = 'waived' AND new_result = 'fail'"),
			 1);
	/* What was published is what judges again, byte for byte. */
	assert_int_equal(school_number(school, "SELECT count(DISTINCT profile_version) FROM "
					       "test_window"),
			 1);
	assert_int_equal(act_waiver_revoke(school->store, waiver_id, "B. Boss", school->now_ms,
					   &reach, &school->err),
			 -EALREADY);
	assert_non_null(strstr(school->err.text, "B. Boss"));
}

/* What is waived is a part of what is ready, and only where there is something waived. */
static void ready_by_a_waiver_is_who_is_ready_with_one(void **state)
{
	static const struct likeness warned = { "14.1", 8192, false }, old = { "13.0", 1024, true };
	struct school *school = *state;
	char id[ID_SIZE], other_id[ID_SIZE], waiver_id[ID_SIZE];
	int64_t n;

	open_two(school, id, other_id, &WEAK);
	(void)waive(school, SCOPE_STATE, "", "memory.size", LAST_DAY, waiver_id);
	(void)school_judge(school);
	assert_int_equal(school_report(school, other_id, 2, 0, &names, &warned),
			 STATE_READY_WITH_WARNINGS);
	must(school, store_site_waived(school->store, OTHER_SITE, &n, &school->err));
	assert_int_equal(n, 0);
	assert_int_equal(school_report(school, other_id, 3, 0, &names, &old), STATE_NOT_READY);
	expect(school, other_id, STATE_NOT_READY, "WFP");
	must(school, store_site_waived(school->store, OTHER_SITE, &n, &school->err));
	assert_int_equal(n, 0);
	must(school, store_site_waived(school->store, SITE, &n, &school->err));
	assert_int_equal(n, 1);
}

static void a_season_that_has_begun_ends_in_the_next_year(void **state)
{
	struct school *school = *state;
	char id[ID_SIZE], other_id[ID_SIZE];

	static const struct {
		int r;
		const char *until;
	} rows[] = { { 0, "2028-07-31" }, { -EINVAL, "2028-08-01" }, { -EINVAL, "2027-08-17" } };

	open_two(school, id, other_id, &WEAK);
	school->now_ms = NOON_MS + 212 * DAY_MS; /* 18 August 2027 */
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		_cleanup_(waiver_done) struct waiver waiver =
			waiver_of(SCOPE_STATE, "", "memory.size", rows[i].until);
		struct reach reach;

		assert_int_equal(try_waive(school, &waiver, &reach), rows[i].r);
	}
}

static void a_sweep_over_many_documents_keeps_none_where_nothing_aged(void **state)
{
	struct school *school = *state;
	char waiver_id[ID_SIZE];

	school_open(school);
	for (int i = 0; i < PROFILE_CACHE_MAX + 6; i++) {
		_cleanup_free_ char *code = xasprintf("9%03d", i);

		school_site(school, code, "p", FIRST_DAY, LAST_DAY);
		(void)waive(school, SCOPE_SITE, code, "memory.size", LAST_DAY, waiver_id);
	}
	(void)school_sweep(school);
	assert_int_equal(profile_cache_size(school->cache), 0);
}

static void an_unknown_is_not_waived(void **state)
{
	struct school *school = *state;
	char id[ID_SIZE], other_id[ID_SIZE], waiver_id[ID_SIZE];
	int64_t n_waived;

	open_two(school, id, other_id, &BLIND);
	expect(school, id, STATE_UNKNOWN, "UPP");
	(void)waive(school, SCOPE_STATE, "", "memory.size", LAST_DAY, waiver_id);
	assert_int_equal(school_judge(school), 2);
	expect(school, id, STATE_UNKNOWN, "UPP");
	must(school, store_site_waived(school->store, SITE, &n_waived, &school->err));
	assert_int_equal(n_waived, 0);
}

static void a_waiver_that_ends_before_the_last_day_does_not_count(void **state)
{
	struct school *school = *state;
	char id[ID_SIZE], other_id[ID_SIZE], waiver_id[ID_SIZE];
	struct reach reach;

	open_two(school, id, other_id, &WEAK);
	school_site(school, OTHER_SITE, "p", FIRST_DAY, "2027-04-22");
	reach = waive(school, SCOPE_LEA, "00", "memory.size", "2027-04-22", waiver_id);
	assert_int_equal(reach.n_sites, 2);
	assert_int_equal(reach.n_too_short, 1);
	(void)school_judge(school);
	expect(school, id, STATE_NOT_READY, "FPP");
	expect(school, other_id, STATE_READY_WITH_WARNINGS, "WPP");
	/* A window that grows beyond it takes its effect away. */
	school_site(school, OTHER_SITE, "p", FIRST_DAY, LAST_DAY);
	(void)school_judge(school);
	expect(school, other_id, STATE_NOT_READY, "FPP");
}

static void a_device_that_reports_after_a_waiver_is_judged_by_it_at_once(void **state)
{
	struct school *school = *state;
	char id[ID_SIZE], other_id[ID_SIZE], waiver_id[ID_SIZE];

	open_two(school, id, other_id, &WEAK);
	(void)waive(school, SCOPE_LEA, "00", "memory.size", LAST_DAY, waiver_id);
	/* With the same facts. */
	assert_int_equal(school_report(school, id, 2, 0, &names, &WEAK), STATE_READY_WITH_WARNINGS);
	expect(school, id, STATE_READY_WITH_WARNINGS, "WPP");
	expect(school, other_id, STATE_NOT_READY, "FPP");
	(void)school_judge(school);
	expect(school, other_id, STATE_READY_WITH_WARNINGS, "WPP");
}

static void a_waiver_is_refused_without_reason_person_or_a_day_that_can_be(void **state)
{
	/* clang-format off */
	static const struct {
		int r;
		enum scope scope;
		const char *code, *requirement, *until, *reason, *who, *told;
	} rows[] = {
		{ -EINVAL, SCOPE_SITE, SITE, "memory.size", "2027-01-17", "r", "w", "is over" },
		{ 0,       SCOPE_SITE, SITE, "memory.size", "2027-01-18", "r", "w", NULL },
		{ 0,       SCOPE_SITE, SITE, "memory.size", "2027-07-31", "r", "w", NULL },
		{ -EINVAL, SCOPE_SITE, SITE, "memory.size", "2027-08-01", "r", "w", "2027-07-31" },
		{ -EINVAL, SCOPE_SITE, SITE, "memory.size", LAST_DAY, " \n ", "w", "give a reason" },
		{ -EINVAL, SCOPE_SITE, SITE, "memory.size", LAST_DAY, "r", "", "answers for it" },
		{ -ENOENT, SCOPE_SITE, SITE, "memory.sise", LAST_DAY, "r", "w", "memory.sise" },
		{ -ENOENT, SCOPE_SITE, "0009", "memory.size", LAST_DAY, "r", "w", "0009" },
		{ -ENOENT, SCOPE_LEA, "99", "memory.size", LAST_DAY, "r", "w", "99" },
	};
	/* clang-format on */
	struct school *school = *state;
	char id[ID_SIZE], other_id[ID_SIZE];

	open_two(school, id, other_id, &WEAK);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		_cleanup_(waiver_done) struct waiver waiver =
			waiver_of(rows[i].scope, rows[i].code, rows[i].requirement, rows[i].until);
		int64_t n = school_number(school, "SELECT count(*) FROM waiver");
		struct reach reach;

		free(waiver.reason);
		waiver.reason = xstrdup(rows[i].reason);
		free(waiver.who);
		waiver.who = xstrdup(rows[i].who);
		assert_int_equal(try_waive(school, &waiver, &reach), rows[i].r);
		if (rows[i].told)
			assert_non_null(strstr(school->err.text, rows[i].told));
		assert_int_equal(school_number(school, "SELECT count(*) FROM waiver"),
				 n + (rows[i].r == 0));
	}
}

static void what_people_write_in_a_waiver_is_made_fit_to_be_shown(void **state)
{
	struct school *school = *state;
	_cleanup_(waiver_done) struct waiver waiver =
		waiver_of(SCOPE_STATE, "", "memory.size", LAST_DAY);
	char id[ID_SIZE], other_id[ID_SIZE];
	struct reach reach;

	open_two(school, id, other_id, &WEAK);
	free(waiver.reason);
	waiver.reason = xstrdup("  back\x1b[2J \xe2\x80\xaego\xff ");
	must(school, try_waive(school, &waiver, &reach));
	assert_null(strchr(waiver.reason, '\x1b'));
	assert_null(strstr(waiver.reason, "\xe2\x80\xae"));
	assert_null(strchr(waiver.reason, '\xff'));
	assert_true(waiver.reason[0] == 'b');
	free(waiver.reason);
	waiver.reason = xcalloc(1, 502);
	memset(waiver.reason, 'x', 501);
	assert_int_equal(try_waive(school, &waiver, &reach), -EINVAL);
	waiver.reason[500] = '\0';
	waiver.id[0] = '\0'; /* another one */
	must(school, try_waive(school, &waiver, &reach));
}

static void more_waivers_than_a_document_may_have_are_refused(void **state)
{
	struct school *school = *state;
	char id[ID_SIZE], other_id[ID_SIZE], waiver_id[ID_SIZE];
	_cleanup_(waiver_done) struct waiver waiver =
		waiver_of(SCOPE_STATE, "", "memory.size", LAST_DAY);
	struct reach reach;

	open_two(school, id, other_id, &WEAK);
	for (int i = 0; i < PROFILE_WAIVERS_MAX; i++)
		(void)waive(school, i % 2 ? SCOPE_SITE : SCOPE_LEA, i % 2 ? SITE : "00",
			    "memory.size", LAST_DAY, waiver_id);
	assert_int_equal(try_waive(school, &waiver, &reach), -E2BIG);
	(void)end_waiver(school, waiver_id);
	must(school, try_waive(school, &waiver, &reach));
}

static void waivers_are_listed_the_oldest_first_and_in_parts(void **state)
{
	struct school *school = *state;
	struct waiver_query query = { .profile_id = "p", .limit = 2 };
	char id[ID_SIZE], other_id[ID_SIZE], ids[3][ID_SIZE];
	struct waiver_list list;

	open_two(school, id, other_id, &WEAK);
	for (size_t i = 0; i < ARRAY_SIZE(ids); i++)
		(void)waive(school, SCOPE_STATE, "", "memory.size", LAST_DAY, ids[i]);
	(void)end_waiver(school, ids[0]);
	must(school, store_waiver_list(school->store, &query, &list, &school->err));
	assert_int_equal(list.n_waivers, 2);
	assert_string_equal(list.waivers[0].id, ids[1]);
	waiver_list_done(&list);
	query.is_any = true;
	must(school, store_waiver_list(school->store, &query, &list, &school->err));
	assert_int_equal(list.n_waivers, 2);
	assert_string_equal(list.waivers[0].id, ids[0]);
	assert_string_equal(list.waivers[0].revoked_by, "B. Boss");
	assert_string_equal(list.waivers[1].reason, "New memory is ordered.");
	query.after_ms = list.waivers[1].created_ms;
	query.after_id = ids[1];
	query.profile_id = NULL;
	waiver_list_done(&list);
	must(school, store_waiver_list(school->store, &query, &list, &school->err));
	assert_int_equal(list.n_waivers, 1);
	assert_string_equal(list.waivers[0].id, ids[2]);
	waiver_list_done(&list);
}

#define test(name) cmocka_unit_test_setup_teardown(name, school_setup, school_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(a_waiver_makes_a_fail_waived_and_its_revocation_makes_it_fail_again),
		test(ready_by_a_waiver_is_who_is_ready_with_one),
		test(a_season_that_has_begun_ends_in_the_next_year),
		test(a_sweep_over_many_documents_keeps_none_where_nothing_aged),
		test(an_unknown_is_not_waived),
		test(a_waiver_that_ends_before_the_last_day_does_not_count),
		test(a_device_that_reports_after_a_waiver_is_judged_by_it_at_once),
		test(a_waiver_is_refused_without_reason_person_or_a_day_that_can_be),
		test(what_people_write_in_a_waiver_is_made_fit_to_be_shown),
		test(more_waivers_than_a_document_may_have_are_refused),
		test(waivers_are_listed_the_oldest_first_and_in_parts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
