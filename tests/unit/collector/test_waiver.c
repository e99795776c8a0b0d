/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Supplements and waivers: what they make of the devices of whom they are for, and of
 * nobody else; and what is refused.
 */
#include <errno.h>

#include "collector/store/store_profile.h"
#include "collector/store/store_rejudge.h"
#include "collector/store/store_waiver.h"
#include "tests/unit/collector/school.h"

#define OTHER_SITE "0002"
#define FIRST_DAY "2027-04-05"
#define LAST_DAY "2027-04-23"

static const struct device_names names = { "lab", "", "", "" };
static const struct likeness weak = { "14.1", 1024, true }, blind = { "14.1", 0, true };

static struct waiver waiver_of(enum scope scope, const char *code, const char *requirement,
			       const char *until)
{
	struct waiver waiver = {
		.profile_id = xstrdup("p"),
		.scope = scope,
		.scope_code = xstrdup(code),
		.requirement = xstrdup(requirement),
		.reason = xstrdup("New memory is ordered."),
		.who = xstrdup("A. Coordinator"),
	};

	assert_int_equal(civil_parse(until, &waiver.until, NULL), 0);
	return waiver;
}

/* In a transaction, which is given up where it is refused. */
static int try_waive(struct school *school, struct waiver *waiver, struct reach *reach)
{
	int r;

	must(school, store_begin(school->store, &school->err));
	r = act_waive(school->store, waiver, school->now_ms, reach, &school->err);
	if (r < 0)
		store_rollback(school->store);
	else
		must(school, store_commit(school->store, &school->err));
	return r;
}

static struct reach waive(struct school *school, enum scope scope, const char *code,
			  const char *requirement, const char *until, char id[static ID_SIZE])
{
	_cleanup_(waiver_done) struct waiver waiver = waiver_of(scope, code, requirement, until);
	struct reach reach = { 0 };

	must(school, try_waive(school, &waiver, &reach));
	memcpy(id, waiver.id, ID_SIZE);
	school->now_ms++;
	return reach;
}

static struct reach end_waiver(struct school *school, const char *id)
{
	struct reach reach = { 0 };

	must(school,
	     act_waiver_revoke(school->store, id, "B. Boss", school->now_ms, &reach, &school->err));
	school->now_ms++;
	return reach;
}

#define SUPPLEMENT(scope, code, requirements)                                                 \
	"{\"supplement_to\":\"p\",\"scope\":{\"" scope "\":\"" code "\"},\"title\":\"More\"," \
	"\"source\":\"the board\",\"requirements\":[" requirements "]}"
#define TIGHTER_HEADPHONES \
	"{\"tightens\":\"audio.headphones\",\"severity\":\"required\",\"source\":\"the board\"}"
#define FAST                                                                                       \
	REQUIREMENT("lea.memory", "required", "{\"fact\":\"memory.total_mib\",\"at_least\":6000}", \
		    "more-memory")

static int try_ask(struct school *school, const char *text, struct reach *reach)
{
	struct supplement *supplement = NULL;
	int r;

	must(school, supplement_parse(text, strlen(text), "more.json", &supplement, &school->err));
	must(school, store_begin(school->store, &school->err));
	r = act_supplement_publish(school->store, supplement, school->now_ms, reach, &school->err);
	supplement_free(supplement);
	if (r < 0)
		store_rollback(school->store);
	else
		must(school, store_commit(school->store, &school->err));
	school->now_ms++;
	return r;
}

static void expect(struct school *school, const char *id, enum device_state device_state,
		   const char *results)
{
	_cleanup_(device_done) struct device device = { 0 };

	must(school, store_device_head(school->store, id, &device, &school->err));
	assert_string_equal(device_state_words[device.state], device_state_words[device_state]);
	assert_string_equal(device.results, results);
}

/* Two sites of one LEA, "00", with one device each. */
static void open_two(struct school *school, char id[static ID_SIZE], char other_id[static ID_SIZE],
		     const struct likeness *like)
{
	school_open(school);
	school_site(school, OTHER_SITE, "p", FIRST_DAY, LAST_DAY);
	school_enroll(school, SITE, &names, id);
	school_enroll(school, OTHER_SITE, &names, other_id);
	school_report(school, id, 1, 0, &names, like);
	school_report(school, other_id, 1, 0, &names, like);
	school->now_ms++;
}

/* --- waivers ------------------------------------------------------------------------ */

static void a_waiver_makes_a_fail_waived_and_its_revocation_makes_it_fail_again(void **state)
{
	struct school *school = *state;
	char id[ID_SIZE], other_id[ID_SIZE], waiver_id[ID_SIZE];
	struct reach reach;
	int64_t n_waived;

	open_two(school, id, other_id, &weak);
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

static void an_unknown_is_not_waived(void **state)
{
	struct school *school = *state;
	char id[ID_SIZE], other_id[ID_SIZE], waiver_id[ID_SIZE];
	int64_t n_waived;

	open_two(school, id, other_id, &blind);
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

	open_two(school, id, other_id, &weak);
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

	open_two(school, id, other_id, &weak);
	(void)waive(school, SCOPE_LEA, "00", "memory.size", LAST_DAY, waiver_id);
	/* With the same facts. */
	assert_int_equal(school_report(school, id, 2, 0, &names, &weak), STATE_READY_WITH_WARNINGS);
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

	open_two(school, id, other_id, &weak);
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

	open_two(school, id, other_id, &weak);
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
	must(school, try_waive(school, &waiver, &reach));
}

static void more_waivers_than_a_document_may_have_are_refused(void **state)
{
	struct school *school = *state;
	char id[ID_SIZE], other_id[ID_SIZE], waiver_id[ID_SIZE];
	_cleanup_(waiver_done) struct waiver waiver =
		waiver_of(SCOPE_STATE, "", "memory.size", LAST_DAY);
	struct reach reach;

	open_two(school, id, other_id, &weak);
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

	open_two(school, id, other_id, &weak);
	for (size_t i = 0; i < ARRAY_SIZE(ids); i++)
		(void)waive(school, SCOPE_STATE, "", "memory.size", LAST_DAY, ids[i]);
	(void)end_waiver(school, ids[0]);
	must(school, store_waiver_list(school->store, &query, &list, &school->err));
	assert_int_equal(list.n_waivers, 2);
	assert_string_equal(list.waivers[0].id, ids[1]);
	waiver_list_done(&list);
	query.with_revoked = true;
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

/* --- supplements ----------------------------------------------------------------------- */

static void what_an_lea_asks_holds_for_its_sites(void **state)
{
	static const struct audience lea = { SCOPE_LEA, "00" };
	static const struct likeness mute = { "14.1", 8192, false };
	struct school *school = *state;
	char id[ID_SIZE], other_id[ID_SIZE];
	struct reach reach = { 0 };

	open_two(school, id, other_id, &mute);
	expect(school, id, STATE_READY_WITH_WARNINGS, "PPF");
	must(school, try_ask(school, SUPPLEMENT("lea", "00", TIGHTER_HEADPHONES), &reach));
	assert_int_equal(reach.n_sites, 2);
	assert_int_equal(reach.n_devices, 2);
	assert_int_equal(school_number(school, "SELECT count(*) FROM profile_version"), 2);
	(void)school_judge(school);
	expect(school, id, STATE_NOT_READY, "PPF");
	expect(school, other_id, STATE_NOT_READY, "PPF");
	/* The same again changes nothing. */
	must(school, try_ask(school, SUPPLEMENT("lea", "00", TIGHTER_HEADPHONES), &reach));
	assert_int_equal(reach.n_sites, 0);
	must(school, act_supplement_withdraw(school->store, "p", &lea, school->now_ms, &reach,
					     &school->err));
	(void)school_judge(school);
	expect(school, id, STATE_READY_WITH_WARNINGS, "PPF");
	assert_int_equal(act_supplement_withdraw(school->store, "p", &lea, school->now_ms, &reach,
						 &school->err),
			 -ENOENT);
}

static void what_a_site_asks_holds_for_it_alone_and_with_what_its_lea_asks(void **state)
{
	struct school *school = *state;
	char id[ID_SIZE], other_id[ID_SIZE], waiver_id[ID_SIZE];
	static const struct likeness middle = { "14.1", 4000, false };
	struct reach reach;

	open_two(school, id, other_id, &middle);
	must(school, try_ask(school, SUPPLEMENT("lea", "00", FAST), &reach));
	must(school, try_ask(school, SUPPLEMENT("site", SITE, TIGHTER_HEADPHONES), &reach));
	assert_int_equal(reach.n_sites, 1);
	(void)school_judge(school);
	expect(school, id, STATE_NOT_READY, "PPFF");
	/* What only the LEA asks can be waived as well. */
	(void)waive(school, SCOPE_SITE, SITE, "lea.memory", LAST_DAY, waiver_id);
	(void)waive(school, SCOPE_SITE, SITE, "audio.headphones", LAST_DAY, waiver_id);
	(void)school_judge(school);
	expect(school, id, STATE_READY_WITH_WARNINGS, "PPWW");
	expect(school, other_id, STATE_NOT_READY, "PPFF");
}

static void a_supplement_is_refused_where_it_does_not_fit_or_is_for_nobody(void **state)
{
	struct school *school = *state;
	char id[ID_SIZE], other_id[ID_SIZE];
	struct reach reach;

	open_two(school, id, other_id, &weak);
	assert_int_equal(try_ask(school, SUPPLEMENT("lea", "77", FAST), &reach), -ENOENT);
	assert_int_equal(try_ask(school, SUPPLEMENT("site", "0077", FAST), &reach), -ENOENT);
	assert_int_equal(try_ask(school,
				 SUPPLEMENT("lea", "00",
					    "{\"tightens\":\"no.such\",\"severity\":"
					    "\"required\",\"source\":\"s\"}"),
				 &reach),
			 -EINVAL);
	assert_non_null(strstr(school->err.text, "more.json:1:"));
	assert_int_equal(school_number(school, "SELECT count(*) FROM supplement"), 0);
	assert_int_equal(school_number(school, "SELECT count(*) FROM rejudge"), 0);
}

/* Also one of an LEA whose sites have another profile now: an import could name it again. */
static void a_profile_that_a_supplement_does_not_fit_is_not_published(void **state)
{
	struct school *school = *state;
	char id[ID_SIZE], other_id[ID_SIZE];
	struct profile *profile = NULL;
	struct reach reach;

	open_two(school, id, other_id, &weak);
	must(school, try_ask(school, SUPPLEMENT("lea", "00", TIGHTER_HEADPHONES), &reach));
	school_site(school, SITE, "q", FIRST_DAY, LAST_DAY);
	school_site(school, OTHER_SITE, "q", FIRST_DAY, LAST_DAY);
	/* It has no headphones to tighten. */
	must(school,
	     profile_parse(PROFILE_TWO, strlen(PROFILE_TWO), "two.json", &profile, &school->err));
	assert_int_equal(act_publish(school->store, profile, PROFILE_TWO, school->now_ms, &reach,
				     &school->err),
			 -EINVAL);
	assert_non_null(strstr(school->err.text, "the supplement of LEA 00"));
	profile_free(profile);
}

static void a_site_that_comes_to_another_lea_is_judged_by_what_that_one_asks(void **state)
{
	struct school *school = *state;
	struct import_sites_count count = { 0 };
	struct site_row row = {
		.code = SITE, .name = "Lincoln", .lea_code = "11", .lea_name = "Hill"
	};
	char id[ID_SIZE], other_id[ID_SIZE];
	struct reach reach;

	open_two(school, id, other_id, &weak);
	must(school, try_ask(school, SUPPLEMENT("lea", "00", FAST), &reach));
	(void)school_judge(school);
	expect(school, id, STATE_NOT_READY, "FPPF");
	must(school, act_import_site(school->store, &row, school->now_ms, &count, &school->err));
	assert_int_equal(school_judge(school), 1);
	expect(school, id, STATE_NOT_READY, "FPP");
	expect(school, other_id, STATE_NOT_READY, "FPPF");
}

static void what_is_composed_for_a_site_cannot_be_published(void **state)
{
	struct school *school = *state;
	char id[ID_SIZE], other_id[ID_SIZE], waiver_id[ID_SIZE];
	struct profile *profile = NULL;
	struct reach reach;

	open_two(school, id, other_id, &weak);
	(void)waive(school, SCOPE_SITE, SITE, "memory.size", LAST_DAY, waiver_id);
	must(school, act_compose_preview(school->store, NULL, SITE, &profile, &school->err));
	assert_int_equal(profile->n_waivers, 1);
	assert_int_equal(
		act_publish(school->store, profile, "{}", school->now_ms, &reach, &school->err),
		-EINVAL);
	assert_non_null(strstr(school->err.text, "without --site"));
	profile_free(profile);
}

static void a_preview_is_what_publishing_makes_and_changes_nothing(void **state)
{
	struct school *school = *state;
	char id[ID_SIZE], other_id[ID_SIZE], waiver_id[ID_SIZE], version[HASH_SIZE];
	struct profile *profile = NULL, *then = NULL;
	struct site site;

	open_two(school, id, other_id, &weak);
	(void)waive(school, SCOPE_SITE, SITE, "memory.size", LAST_DAY, waiver_id);
	(void)school_judge(school);
	must(school,
	     profile_parse(PROFILE_TWO, strlen(PROFILE_TWO), "two.json", &profile, &school->err));
	must(school, act_compose_preview(school->store, profile, SITE, &then, &school->err));
	must(school, store_profile_version(school->store, "p", version, &school->err));
	assert_string_not_equal(version, profile->version);
	assert_int_equal(school_number(school, "SELECT count(*) FROM rejudge"), 0);
	(void)school_announce(school, PROFILE_TWO);
	must(school, store_site_get(school->store, SITE, &site, &school->err));
	assert_string_equal(site.window.profile_version, then->version);
	assert_true(site.is_queued);
	site_done(&site);
	profile_free(profile);
	profile_free(then);
}

#define test(name) cmocka_unit_test_setup_teardown(name, school_setup, school_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(a_waiver_makes_a_fail_waived_and_its_revocation_makes_it_fail_again),
		test(an_unknown_is_not_waived),
		test(a_waiver_that_ends_before_the_last_day_does_not_count),
		test(a_device_that_reports_after_a_waiver_is_judged_by_it_at_once),
		test(a_waiver_is_refused_without_reason_person_or_a_day_that_can_be),
		test(what_people_write_in_a_waiver_is_made_fit_to_be_shown),
		test(more_waivers_than_a_document_may_have_are_refused),
		test(waivers_are_listed_the_oldest_first_and_in_parts),
		test(what_an_lea_asks_holds_for_its_sites),
		test(what_a_site_asks_holds_for_it_alone_and_with_what_its_lea_asks),
		test(a_supplement_is_refused_where_it_does_not_fit_or_is_for_nobody),
		test(a_profile_that_a_supplement_does_not_fit_is_not_published),
		test(a_site_that_comes_to_another_lea_is_judged_by_what_that_one_asks),
		test(what_is_composed_for_a_site_cannot_be_published),
		test(a_preview_is_what_publishing_makes_and_changes_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
