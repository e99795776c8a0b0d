/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Waivers that are proposed: they change nothing until they are given, by who may; what they would
 * change; and when they are for nothing any more.
 */
#include <errno.h>

#include "collector/act/act_audit.h"
#include "collector/act/asked.h"
#include "collector/view/view_waivers.h"
#include "tests/unit/collector/asked.h"

#define LEA_CODE "00"

static const struct grants giver = {
	.grants = { { PERSON_LEA_COORDINATOR, SCOPE_LEA, LEA_CODE, "" } },
	.n_grants = 1,
};
static const struct grants proposer = {
	.grants = { { PERSON_TECH_COORDINATOR, SCOPE_SITE, SITE, LEA_CODE } },
	.n_grants = 1,
};
static const struct grants elsewhere = {
	.grants = { { PERSON_TECH_COORDINATOR, SCOPE_SITE, OTHER_SITE, LEA_CODE } },
	.n_grants = 1,
};
static const struct grants reader = {
	.grants = { { PERSON_VIEWER, SCOPE_STATE, "", "" } },
	.n_grants = 1,
};
static const struct actor tess = { "Tess (tess)", "tess-id", "", &proposer };
static const struct actor tom = { "Tom (tom)", "tom-id", "", &proposer };
static const struct actor lea = { "Lea (lea)", "lea-id", "", &giver };
static const struct actor olga = { "Olga (olga)", "olga-id", "", &elsewhere };

static int try_ask_as(struct school *school, const struct actor *actor, enum waive_as as,
		      const char *until, char ret_id[static ID_SIZE])
{
	_cleanup_(waiver_done) struct waiver waiver =
		waiver_of(SCOPE_SITE, SITE, "memory.size", until);
	struct reach reach;
	int r;

	must(school, store_begin(school->store, &school->err));
	r = asked_waive(school->store, actor, &(struct waive_wish){ &waiver, as }, school->now_ms,
			&reach, &school->err);
	if (r < 0) {
		store_rollback(school->store);
		return r;
	}
	must(school, store_commit(school->store, &school->err));
	memcpy(ret_id, waiver.id, ID_SIZE);
	school->now_ms++;
	return (int)waiver.status;
}

static int try_decide(struct school *school, const struct actor *actor, const char *id,
		      const struct waiver_verdict *verdict)
{
	struct reach reach;
	int r;

	must(school, store_begin(school->store, &school->err));
	r = asked_waiver_decide(school->store, actor, &(struct waiver_wish){ id, verdict },
				school->now_ms, &reach, &school->err);
	if (r < 0)
		store_rollback(school->store);
	else
		must(school, store_commit(school->store, &school->err));
	return r;
}

static const struct waiver_verdict give = { .decision = WAIVER_DECISION_GIVE, .until = INT32_MIN };
static const struct waiver_verdict refuse = { .decision = WAIVER_DECISION_DECLINE,
					      .reason = "Memory is there." };
static const struct waiver_verdict withdraw = { .decision = WAIVER_DECISION_WITHDRAW };
static const struct waiver_verdict reopen = { .decision = WAIVER_DECISION_REOPEN };

static void expect_audit(struct school *school, const char *act, const char *who)
{
	struct audit_entry last;

	must(school, store_audit_last(school->store, &last, &school->err));
	assert_string_equal(last.act, act);
	assert_string_equal(last.who, who);
	assert_string_equal(last.site_code, SITE);
	audit_entry_done(&last);
}

/* The list of @state as @grants and @account_id see it. */
static json_t *list_of(struct school *school, const struct grants *grants, const char *account_id,
		       const char *state)
{
	const struct view view = { school->store, school->cache, school->now_ms, grants };
	const struct waiver_filter filter = { .state = state, .account_id = account_id };
	json_t *json = NULL;

	must(school,
	     view_waivers(&view, &filter, &(struct page){ 100, NULL }, &json, &school->err));
	return json;
}

/* How many of @state there are, and of the first what @name says. */
static size_t look(struct school *school, const struct grants *grants, const char *state,
		   const char *name, char *ret_value, size_t size)
{
	json_t *json = list_of(school, grants, grants == &proposer ? tess.account_id : "", state);
	json_t *rows;
	char *value;
	size_t n;

	rows = json_object_get(json, "waivers");
	n = json_array_size(rows);
	value = json_dumps(n > 0 ? json_object_get(json_array_get(rows, 0), name)
				 : json_object_get(json, name),
			   JSON_ENCODE_ANY | JSON_COMPACT);
	snprintf(ret_value, size, "%s", value ? value : "");
	free(value);
	json_decref(json);
	return n;
}

static void expect_first(struct school *school, const struct grants *grants, const char *state,
			 const char *name, const char *value)
{
	char found[200];

	(void)look(school, grants, state, name, found, sizeof(found));
	assert_string_equal(found, value);
}

static void expect_count(struct school *school, const struct grants *grants, const char *state,
			 size_t n)
{
	char found[200];

	assert_int_equal(look(school, grants, state, "id", found, sizeof(found)), n);
}

static void a_proposal_changes_nothing_until_it_is_given(void **state)
{
	struct school *school = *state;
	char id[ID_SIZE], other_id[ID_SIZE], waiver_id[ID_SIZE];

	open_two(school, id, other_id, &WEAK);
	assert_int_equal(try_ask_as(school, &tess, WAIVE_AS_MAY, LAST_DAY, waiver_id),
			 WAIVER_STATUS_PROPOSED);
	expect_audit(school, "waiver_proposed", tess.who);
	assert_int_equal(school_number(school, "SELECT count(*) FROM rejudge"), 0);
	assert_int_equal(school_number(school, "SELECT count(*) FROM composition"), 0);
	/* Also not by what comes, or is composed for another reason. */
	assert_int_equal(school_report(school, id, 2, 0, &names, &WEAK), STATE_NOT_READY);
	must(school, try_decide(school, &lea, waiver_id, &give));
	expect_audit(school, "waiver_given", lea.who);
	assert_int_equal(school_judge(school), 1);
	expect(school, id, STATE_READY_WITH_WARNINGS, "WPP");
	expect(school, other_id, STATE_NOT_READY, "FPP");
	expect_first(school, &giver, "active", "proposed_by", "\"Tess (tess)\"");
	expect_first(school, &giver, "active", "decided_by", "\"Lea (lea)\"");
	expect_first(school, &giver, "active", "may", "[\"revoke\"]");
	(void)end_waiver(school, waiver_id);
	(void)school_judge(school);
	expect(school, id, STATE_NOT_READY, "FPP");
	assert_int_equal(try_decide(school, &lea, waiver_id, &give), -EALREADY);
}

static void who_may_give_gives_at_once_unless_somebody_else_is_to_decide(void **state)
{
	struct school *school = *state;
	char id[ID_SIZE], other_id[ID_SIZE], waiver_id[ID_SIZE];

	open_two(school, id, other_id, &WEAK);
	assert_int_equal(try_ask_as(school, &tess, WAIVE_AS_WAIVER, LAST_DAY, waiver_id), -EPERM);
	assert_int_equal(try_ask_as(school, &lea, WAIVE_AS_PROPOSAL, LAST_DAY, waiver_id),
			 WAIVER_STATUS_PROPOSED);
	assert_int_equal(try_ask_as(school, &lea, WAIVE_AS_MAY, LAST_DAY, waiver_id),
			 WAIVER_STATUS_GIVEN);
	expect_first(school, &giver, "active", "proposed_by", "null");
	assert_int_equal(try_ask_as(school, &olga, WAIVE_AS_MAY, LAST_DAY, waiver_id), -EPERM);
}

/* Each decision by everybody, of a proposal of Tess. */
static void only_who_may_decides(void **state)
{
	/* clang-format off */
	static const struct {
		const struct actor *actor;
		const struct waiver_verdict *verdict;
		int r;
	} rows[] = {
		{ &tess, &give, -EPERM }, { &tess, &refuse, -EPERM },
		{ &tom, &give, -EPERM }, { &tom, &withdraw, -EPERM },
		{ &olga, &give, -ENOENT }, { &olga, &withdraw, -ENOENT },
		{ &lea, &withdraw, -EPERM }, { &lea, &reopen, -EALREADY },
		{ &lea, &refuse, 0 },
		{ &tess, &withdraw, -EALREADY }, { &lea, &give, -EALREADY },
		{ &tess, &reopen, -EPERM },
		{ &lea, &reopen, 0 },
		{ &tess, &withdraw, 0 },
		{ &tess, &withdraw, -EALREADY }, { &lea, &give, -EALREADY },
		{ &lea, &reopen, -EALREADY },
	};
	/* clang-format on */
	struct school *school = *state;
	char id[ID_SIZE], other_id[ID_SIZE], waiver_id[ID_SIZE];

	open_two(school, id, other_id, &WEAK);
	(void)try_ask_as(school, &tess, WAIVE_AS_MAY, LAST_DAY, waiver_id);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		int r = try_decide(school, rows[i].actor, waiver_id, rows[i].verdict);

		if (r != rows[i].r)
			fail_msg("row %zu: %d: %s", i, r, school->err.text);
	}
	expect_audit(school, "waiver_withdrawn", tess.who);
	assert_int_equal(school_number(school, "SELECT count(*) FROM audit WHERE act IN "
					       "('waiver_declined', 'waiver_reopened')"),
			 2);
	assert_int_equal(school_number(school, "SELECT count(*) FROM rejudge"), 0);
}

static void the_same_is_proposed_once(void **state)
{
	struct school *school = *state;
	char id[ID_SIZE], other_id[ID_SIZE], first[ID_SIZE], second[ID_SIZE];

	open_two(school, id, other_id, &WEAK);
	(void)try_ask_as(school, &tess, WAIVE_AS_MAY, LAST_DAY, first);
	assert_int_equal(try_ask_as(school, &tom, WAIVE_AS_MAY, LAST_DAY, second), -EALREADY);
	assert_non_null(strstr(school->err.text, "Tess (tess)"));
	must(school, try_decide(school, &lea, first, &refuse));
	assert_int_equal(try_ask_as(school, &tom, WAIVE_AS_MAY, LAST_DAY, second),
			 WAIVER_STATUS_PROPOSED);
	/* While another one waits, none is opened again beside it. */
	assert_int_equal(try_decide(school, &lea, first, &reopen), -EALREADY);
}

static void it_is_given_until_another_day_and_with_another_name(void **state)
{
	struct school *school = *state;
	struct waiver_verdict verdict = give;
	char id[ID_SIZE], other_id[ID_SIZE], waiver_id[ID_SIZE];

	open_two(school, id, other_id, &WEAK);
	(void)try_ask_as(school, &tess, WAIVE_AS_MAY, LAST_DAY, waiver_id);
	assert_int_equal(civil_parse("2027-08-01", &verdict.until, NULL), 0);
	assert_int_equal(try_decide(school, &lea, waiver_id, &verdict), -EINVAL);
	assert_int_equal(civil_parse("2027-07-31", &verdict.until, NULL), 0);
	verdict.who = "B. Boss";
	must(school, try_decide(school, &lea, waiver_id, &verdict));
	expect_first(school, &giver, "active", "until", "\"2027-07-31\"");
	expect_first(school, &giver, "active", "who", "\"B. Boss\"");
}

static void a_day_that_is_over_is_given_only_with_another_one(void **state)
{
	struct school *school = *state;
	char id[ID_SIZE], other_id[ID_SIZE], waiver_id[ID_SIZE];

	open_two(school, id, other_id, &WEAK);
	(void)try_ask_as(school, &tess, WAIVE_AS_MAY, "2027-01-18", waiver_id);
	expect_first(school, &giver, "proposed", "moot", "null");
	school->now_ms += DAY_MS;
	expect_first(school, &giver, "moot", "moot", "\"over\"");
	expect_first(school, &giver, "proposed", "waiting", "0");
	assert_int_equal(try_decide(school, &lea, waiver_id, &give), -EINVAL);
}

static void it_says_what_it_would_change_and_what_the_reader_may(void **state)
{
	struct school *school = *state;
	char id[ID_SIZE], other_id[ID_SIZE], waiver_id[ID_SIZE];

	open_two(school, id, other_id, &WEAK);
	expect_first(school, &giver, "proposed", "waiting", "0");
	(void)try_ask_as(school, &tess, WAIVE_AS_MAY, LAST_DAY, waiver_id);
	expect_first(school, &giver, "proposed", "fails", "1");
	expect_first(school, &giver, "proposed", "would_be_ready", "1");
	expect_first(school, &giver, "proposed", "too_short", "0");
	expect_first(school, &giver, "proposed", "may", "[\"give\",\"decline\"]");
	expect_first(school, &proposer, "proposed", "may", "[\"withdraw\"]");
	/* Who may not even propose there is not told of it, whatever else they see. */
	expect_count(school, &elsewhere, "all", 0);
	expect_count(school, &reader, "all", 0);
	/* Another requirement that fails as well keeps the device from being ready. */
	assert_int_equal(
		school_report(school, id, 2, 0, &names, &(struct likeness){ "13.0", 1024, true }),
		STATE_NOT_READY);
	expect_first(school, &giver, "proposed", "fails", "1");
	expect_first(school, &giver, "proposed", "would_be_ready", "0");
}

static void how_many_wait_is_told_to_who_may_give_them(void **state)
{
	struct school *school = *state;
	char id[ID_SIZE], other_id[ID_SIZE], waiver_id[ID_SIZE];
	static const struct {
		const struct grants *grants;
		const char *account_id;
		int64_t n;
	} rows[] = {
		{ &giver, "lea-id", 1 },
		{ &access_everything, "", 1 },
		{ &proposer, "tess-id", 0 },
		{ &elsewhere, "olga-id", 0 },
	};

	open_two(school, id, other_id, &WEAK);
	(void)try_ask_as(school, &tess, WAIVE_AS_MAY, LAST_DAY, waiver_id);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		json_t *json = list_of(school, rows[i].grants, rows[i].account_id, "proposed");

		assert_int_equal(json_integer_value(json_object_get(json, "waiting")), rows[i].n);
		json_decref(json);
		json = list_of(school, rows[i].grants, rows[i].account_id, "active");
		assert_true(json_is_null(json_object_get(json, "waiting")));
		json_decref(json);
	}
}

static void it_is_moot_while_nothing_fails_and_waits_again_when_something_does(void **state)
{
	static const struct likeness good = { "14.1", 8192, true };
	struct school *school = *state;
	char id[ID_SIZE], other_id[ID_SIZE], waiver_id[ID_SIZE];

	open_two(school, id, other_id, &WEAK);
	(void)try_ask_as(school, &tess, WAIVE_AS_MAY, LAST_DAY, waiver_id);
	(void)school_report(school, id, 2, 0, &names, &good);
	expect_first(school, &giver, "moot", "moot", "\"nothing_fails\"");
	expect_count(school, &giver, "proposed", 0);
	/* What is not known is no reason to forget it. */
	(void)school_report(school, id, 3, 0, &names, &BLIND);
	expect_first(school, &giver, "proposed", "moot", "null");
	(void)school_report(school, id, 4, 0, &names, &WEAK);
	expect_first(school, &giver, "proposed", "fails", "1");
	/* The site is judged by something else. */
	school_site(school, SITE, "q", FIRST_DAY, LAST_DAY);
	expect_first(school, &giver, "moot", "moot", "\"no_window\"");
	/* It is in nobody's way: it can be decided as any. */
	must(school, try_decide(school, &lea, waiver_id, &refuse));
	expect_first(school, &giver, "declined", "decline_reason", "\"Memory is there.\"");
	expect_first(school, &proposer, "declined", "may", "[]");
}

static void what_came_to_nothing_is_forgotten_and_what_was_given_never(void **state)
{
	struct school *school = *state;
	char id[ID_SIZE], other_id[ID_SIZE], given[ID_SIZE], declined[ID_SIZE];
	int64_t n = 0;

	open_two(school, id, other_id, &WEAK);
	(void)try_ask_as(school, &tess, WAIVE_AS_MAY, LAST_DAY, given);
	must(school, try_decide(school, &lea, given, &give));
	(void)end_waiver(school, given);
	(void)try_ask_as(school, &tess, WAIVE_AS_MAY, LAST_DAY, declined);
	must(school, try_decide(school, &lea, declined, &refuse));
	must(school, store_waiver_forget(school->store, school->now_ms, 100, &n, &school->err));
	assert_int_equal(n, 0);
	must(school, store_waiver_forget(school->store, school->now_ms + 1, 100, &n, &school->err));
	assert_int_equal(n, 1);
	assert_int_equal(school_number(school, "SELECT count(*) FROM waiver"), 1);
	expect_count(school, &giver, "revoked", 1);
}

#define test(name) cmocka_unit_test_setup_teardown(name, school_setup, school_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(a_proposal_changes_nothing_until_it_is_given),
		test(who_may_give_gives_at_once_unless_somebody_else_is_to_decide),
		test(only_who_may_decides),
		test(the_same_is_proposed_once),
		test(it_is_given_until_another_day_and_with_another_name),
		test(a_day_that_is_over_is_given_only_with_another_one),
		test(it_says_what_it_would_change_and_what_the_reader_may),
		test(how_many_wait_is_told_to_who_may_give_them),
		test(it_is_moot_while_nothing_fails_and_waits_again_when_something_does),
		test(what_came_to_nothing_is_forgotten_and_what_was_given_never),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
