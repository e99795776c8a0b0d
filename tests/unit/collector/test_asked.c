/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What LEAs and sites ask beyond their profile, and what a site's document is composed of.
 */
#include <errno.h>

#include "collector/act/compose.h"
#include "collector/store/store_profile.h"
#include "tests/unit/collector/asked.h"

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

	open_two(school, id, other_id, &WEAK);
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

	open_two(school, id, other_id, &WEAK);
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

/* Also where the site has another profile now. */
static void what_another_supplement_builds_on_is_not_withdrawn(void **state)
{
	static const struct audience lea = { SCOPE_LEA, "00" };
	struct school *school = *state;
	char id[ID_SIZE], other_id[ID_SIZE];
	struct reach reach;

	open_two(school, id, other_id, &WEAK);
	must(school, try_ask(school, SUPPLEMENT("lea", "00", FAST), &reach));
	must(school, try_ask(school,
			     SUPPLEMENT("site", SITE,
					"{\"tightens\":\"lea.memory\",\"roles\":[\"ta\"],"
					"\"source\":\"s\"}"),
			     &reach));
	school_site(school, SITE, "q", FIRST_DAY, LAST_DAY);
	assert_int_equal(act_supplement_withdraw(school->store, "p", &lea, school->now_ms, &reach,
						 &school->err),
			 -EINVAL);
	assert_non_null(strstr(school->err.text, "the supplement of site " SITE));
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

	open_two(school, id, other_id, &WEAK);
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

	open_two(school, id, other_id, &WEAK);
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

	open_two(school, id, other_id, &WEAK);
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

/* Whether the site would be asked for "lea.memory" as one of @lea_code. */
static bool is_asked(struct school *school, struct composer *composer, const char *site_code,
		     const char *lea_code)
{
	_cleanup_(profile_freep) struct profile *profile = NULL;

	must(school, composer_profile(composer, site_code, lea_code, &profile, &school->err));
	return profile_find(profile, "lea.memory") >= 0;
}

static void a_site_is_composed_for_the_lea_that_is_named(void **state)
{
	struct school *school = *state;
	_cleanup_(composer_freep) struct composer *composer = NULL;
	char id[ID_SIZE], other_id[ID_SIZE], waiver_id[ID_SIZE], version[HASH_SIZE];
	struct composition composition;
	struct reach reach;

	open_two(school, id, other_id, &WEAK);
	must(school, try_ask(school, SUPPLEMENT("lea", "00", FAST), &reach));
	(void)waive(school, SCOPE_SITE, SITE, "memory.size", LAST_DAY, waiver_id);
	must(school, composer_open(school->store, "p", NULL, &composer, &school->err));
	must(school, composer_get(composer, SITE, "00", &composition, &school->err));
	/* It is kept since it was made. */
	assert_null(composition.body);
	snprintf(version, sizeof(version), "%s", composition.version);
	assert_true(is_asked(school, composer, SITE, "00"));
	must(school, composer_get(composer, SITE, "11", &composition, &school->err));
	assert_string_not_equal(composition.version, version);
	assert_non_null(composition.body);
	assert_false(is_asked(school, composer, SITE, "11"));
	/* Without anything of the LEA's and the site's it is what is published. */
	must(school, composer_get(composer, OTHER_SITE, "11", &composition, &school->err));
	assert_null(composition.body);
	must(school, store_profile_version(school->store, "p", version, &school->err));
	assert_string_equal(composition.version, version);
}

/* As an older collector finds what a newer one stored. */
static void make_unreadable(struct school *school, const char *scope, const char *code)
{
	must(school,
	     db_exec(school->store->db,
		     "INSERT INTO supplement (profile_id, scope, scope_code, version, body, "
		     "published_ms) VALUES ('p', $1, $2, 'x', '{\"news\":1}', 1)",
		     NULL, &school->err, "tt", scope, code));
}

static void what_one_asks_that_cannot_be_read_keeps_nobody_else_from_asking(void **state)
{
	static const struct audience other = { SCOPE_SITE, OTHER_SITE };
	struct school *school = *state;
	char id[ID_SIZE], other_id[ID_SIZE];
	struct reach reach;

	open_two(school, id, other_id, &WEAK);
	school_site(school, "0003", "p", FIRST_DAY, LAST_DAY);
	make_unreadable(school, "site", OTHER_SITE);
	make_unreadable(school, "site", "0003");
	must(school, try_ask(school, SUPPLEMENT("site", SITE, FAST), &reach));
	assert_int_equal(reach.n_sites, 1);

	/* Whoever asks it for all is told whose it is, and what to do. */
	assert_int_equal(try_ask(school, SUPPLEMENT("lea", "00", TIGHTER_HEADPHONES), &reach),
			 -EUCLEAN);
	assert_non_null(strstr(school->err.text, "profile withdraw"));
	assert_non_null(strstr(school->err.text, OTHER_SITE));

	/* Both ways out are open, though another one is unreadable as well. */
	must(school, act_supplement_withdraw(school->store, "p", &other, school->now_ms, &reach,
					     &school->err));
	must(school, try_ask(school, SUPPLEMENT("site", "0003", FAST), &reach));
	must(school, try_ask(school, SUPPLEMENT("lea", "00", TIGHTER_HEADPHONES), &reach));
	assert_int_equal(reach.n_sites, 3);
}

#define test(name) cmocka_unit_test_setup_teardown(name, school_setup, school_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(what_an_lea_asks_holds_for_its_sites),
		test(what_a_site_asks_holds_for_it_alone_and_with_what_its_lea_asks),
		test(a_supplement_is_refused_where_it_does_not_fit_or_is_for_nobody),
		test(a_profile_that_a_supplement_does_not_fit_is_not_published),
		test(what_another_supplement_builds_on_is_not_withdrawn),
		test(a_site_that_comes_to_another_lea_is_judged_by_what_that_one_asks),
		test(what_is_composed_for_a_site_cannot_be_published),
		test(a_preview_is_what_publishing_makes_and_changes_nothing),
		test(a_site_is_composed_for_the_lea_that_is_named),
		test(what_one_asks_that_cannot_be_read_keeps_nobody_else_from_asking),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
