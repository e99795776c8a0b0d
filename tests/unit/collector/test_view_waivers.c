/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What pages read of requirements and waivers: parts of lists, what a waiver does, what a
 * site and a device are judged by, and how far that is.
 */
#include <errno.h>
#include <sodium.h>

#include "collector/domain/certify.h"
#include "collector/view/view_device.h"
#include "collector/view/view_devices.h"
#include "collector/view/view_profiles.h"
#include "collector/view/view_site.h"
#include "collector/view/view_sites.h"
#include "collector/view/view_waivers.h"
#include "tests/unit/collector/asked.h"

static struct view view_of(const struct school *school)
{
	return (struct view){ school->store, school->cache, school->now_ms, &access_everything };
}

static const json_t *at(const json_t *json, const char *list, size_t index)
{
	return json_array_get(json_object_get(json, list), index);
}

static const char *text(const json_t *json, const char *name)
{
	return json_string_value(json_object_get(json, name));
}

static int64_t number(const json_t *json, const char *name)
{
	return json_integer_value(json_object_get(json, name));
}

static json_t *site_json(struct school *school, const char *code)
{
	struct view view = view_of(school);
	json_t *json;

	must(school, view_site(&view, code, &json, &school->err));
	return json;
}

static json_t *device_json(struct school *school, const char *id)
{
	struct view view = view_of(school);
	json_t *json;

	must(school, view_device(&view, id, &json, &school->err));
	return json;
}

static json_t *waivers_json(struct school *school, const char *state, const struct page *page)
{
	const struct waiver_filter filter = { NULL, state, "" };
	struct view view = view_of(school);
	json_t *json;

	must(school, view_waivers(&view, &filter, page, &json, &school->err));
	return json;
}

static size_t count_devices(struct school *school, const struct device_filter *filter)
{
	struct view view = view_of(school);
	json_t *json;
	size_t n;

	must(school,
	     view_devices(&view, SITE, filter, &(struct page){ 100, NULL }, &json, &school->err));
	n = json_array_size(json_object_get(json, "devices"));
	json_decref(json);
	return n;
}

static void a_waiver_tells_how_many_devices_it_makes_count(void **state)
{
	static const struct device_filter waived = { .is_expected = 1, .is_waived = 1 };
	static const struct device_filter rest = { .is_expected = 1, .is_waived = 0 };
	static const struct device_filter waives = { .is_expected = 1,
						     .is_waived = -1,
						     .waives = "memory.size" };
	static const struct device_filter other = { .is_expected = 1,
						    .is_waived = -1,
						    .waives = "browser.version" };
	struct school *school = *state;
	char id[ID_SIZE], other_id[ID_SIZE], ours[ID_SIZE], wide[ID_SIZE], idle[ID_SIZE];
	json_t *json;

	open_two(school, id, other_id, &WEAK);
	(void)waive(school, SCOPE_SITE, SITE, "memory.size", "2027-07-30", ours);
	(void)waive(school, SCOPE_STATE, "", "memory.size", LAST_DAY, wide);
	(void)waive(school, SCOPE_STATE, "", "browser.version", LAST_DAY, idle);
	(void)school_judge(school);

	/* Where two hold, it is the one that lasts longest. */
	json = waivers_json(school, "active", &(struct page){ 10, NULL });
	assert_int_equal(json_array_size(json_object_get(json, "waivers")), 3);
	assert_string_equal(text(at(json, "waivers", 0), "id"), ours);
	assert_string_equal(text(at(json, "waivers", 0), "name"), "Lincoln");
	assert_string_equal(text(at(json, "waivers", 0), "title"), "memory.size");
	assert_int_equal(number(at(json, "waivers", 0), "devices"), 1);
	assert_true(json_is_null(json_object_get(at(json, "waivers", 1), "code")));
	assert_int_equal(number(at(json, "waivers", 1), "devices"), 1);
	/* What passes needs no waiver. */
	assert_int_equal(number(at(json, "waivers", 2), "devices"), 0);
	json_decref(json);
	assert_int_equal(count_devices(school, &waived), 1);
	assert_int_equal(count_devices(school, &rest), 0);
	assert_int_equal(count_devices(school, &waives), 1);
	assert_int_equal(count_devices(school, &other), 0);

	/* From its end on it does nothing, though devices are not judged again yet. */
	(void)end_waiver(school, ours);
	json = waivers_json(school, "revoked", &(struct page){ 10, NULL });
	assert_int_equal(number(at(json, "waivers", 0), "devices"), 0);
	json_decref(json);
}

static void an_unknown_is_no_device_that_a_waiver_makes_count(void **state)
{
	struct school *school = *state;
	char id[ID_SIZE], other_id[ID_SIZE], waiver_id[ID_SIZE];
	json_t *json;

	open_two(school, id, other_id, &BLIND);
	(void)waive(school, SCOPE_STATE, "", "memory.size", LAST_DAY, waiver_id);
	(void)school_judge(school);
	json = waivers_json(school, "active", &(struct page){ 10, NULL });
	assert_int_equal(number(at(json, "waivers", 0), "devices"), 0);
	json_decref(json);
	json = site_json(school, SITE);
	assert_int_equal(number(json_object_get(json, "tiles"), "waived"), 0);
	assert_int_equal(number(json_object_get(json, "tiles"), "unknown_or_stale"), 1);
	json_decref(json);
}

static const struct {
	const char *state;
	size_t n;
} states[] = { { "active", 4 }, { "over", 3 }, { "revoked", 2 }, { "all", 9 } };

/* Each part begins after the one before, whatever lies between them in the store. */
static void a_list_of_waivers_is_whole_however_it_is_cut(void **state)
{
	struct school *school = *state;
	char id[ID_SIZE], other_id[ID_SIZE], ids[9][ID_SIZE];

	open_two(school, id, other_id, &WEAK);
	for (size_t i = 0; i < ARRAY_SIZE(ids); i++)
		(void)waive(school, i % 2 ? SCOPE_LEA : SCOPE_SITE, i % 2 ? "00" : SITE,
			    "memory.size", i % 3 == 1 ? "2027-02-01" : LAST_DAY, ids[i]);
	(void)end_waiver(school, ids[0]);
	(void)end_waiver(school, ids[6]);
	school->now_ms += 30 * DAY_MS;
	for (size_t i = 0; i < ARRAY_SIZE(states); i++) {
		for (size_t limit = 1; limit < 5; limit++) {
			_cleanup_free_ char *cursor = NULL;
			size_t n = 0;

			do {
				json_t *json = waivers_json(school, states[i].state,
							    &(struct page){ limit, cursor });
				const char *next = text(json, "next_cursor");

				n += json_array_size(json_object_get(json, "waivers"));
				free(cursor);
				cursor = next ? xstrdup(next) : NULL;
				json_decref(json);
			} while (cursor);
			if (n != states[i].n)
				fail_msg("%s by %zu: %zu", states[i].state, limit, n);
		}
	}
}

static void a_site_says_what_it_is_judged_by_and_how_far_that_is(void **state)
{
	struct school *school = *state;
	char id[ID_SIZE], other_id[ID_SIZE], waiver_id[ID_SIZE];
	json_t *json, *profile;

	open_two(school, id, other_id, &WEAK);
	(void)waive(school, SCOPE_SITE, SITE, "memory.size", LAST_DAY, waiver_id);
	json = site_json(school, SITE);
	profile = json_object_get(json, "profile");
	assert_true(json_is_true(json_object_get(json, "judging")));
	assert_int_equal(number(json_object_get(profile, "judging"), "devices_left"), 1);
	assert_string_equal(text(at(profile, "waivers", 0), "id"), waiver_id);
	assert_string_equal(text(at(json, "rules", CERTIFY_JUDGED), "id"), "judged");
	assert_true(json_is_false(json_object_get(at(json, "rules", CERTIFY_JUDGED), "met")));
	assert_false(json_is_true(json_object_get(json, "certifiable")));
	json_decref(json);

	(void)school_judge(school);
	json = site_json(school, SITE);
	assert_true(json_is_false(json_object_get(json, "judging")));
	assert_true(json_is_null(json_object_get(json_object_get(json, "profile"), "judging")));
	assert_true(json_is_true(json_object_get(at(json, "rules", CERTIFY_JUDGED), "met")));
	assert_int_equal(number(json_object_get(json, "tiles"), "waived"), 1);
	assert_int_equal(number(json_object_get(json, "tiles"), "ready"), 1);
	json_decref(json);
}

static void what_was_judged_again_is_not_left(void **state)
{
	struct school *school = *state;
	char id[ID_SIZE], other_id[ID_SIZE];
	int64_t n_judged;
	json_t *json;

	open_two(school, id, other_id, &WEAK);
	school_enroll(school, SITE, &names, id);
	school_report(school, id, 1, 0, &names, &GOOD);
	(void)school_announce(school, PROFILE_TWO);
	for (int64_t left = 2; left > 0; left--) {
		json = site_json(school, SITE);
		assert_int_equal(
			number(json_object_get(json_object_get(json, "profile"), "judging"),
			       "devices_left"),
			left);
		json_decref(json);
		must(school, act_rejudge(school->store, school->cache, school->now_ms, &ONE_DEVICE,
					 &n_judged, &school->err));
		assert_int_equal(n_judged, 1);
	}
}

/* One of two devices was judged again: its numbers are of the new version, the other's of the old.
 */
static void numbers_equal_their_rows_while_devices_are_judged_again(void **state)
{
	static const struct device_filter has = { .is_expected = 1,
						  .is_waived = -1,
						  .passes = "browser.version" };
	static const struct device_filter lacks = { .is_expected = 1,
						    .is_waived = -1,
						    .requirement = "browser.version" };
	static const struct device_filter fails = { .is_expected = 1,
						    .is_waived = -1,
						    .fix = "more-memory" };
	struct school *school = *state;
	char ids[2][ID_SIZE], other_id[ID_SIZE];
	struct reach reach;
	json_t *json;

	open_two(school, ids[0], other_id, &WEAK);
	school_enroll(school, SITE, &names, ids[1]);
	school_report(school, ids[1], 1, 0, &names, &WEAK);
	must(school, try_ask(school, SUPPLEMENT("site", SITE, FAST), &reach));
	school_report(school, ids[1], 2, 0, &names, &WEAK);
	json = site_json(school, SITE);
	assert_true(json_is_true(json_object_get(json, "judging")));
	assert_int_equal(number(json, "browser_current"), 2);
	assert_int_equal(count_devices(school, &has), 2);
	assert_int_equal(number(json, "browser_expected") - number(json, "browser_current"),
			 count_devices(school, &lacks));
	/* The work list is of what holds now. */
	assert_int_equal(number(at(json, "fixes", 0), "devices"), 1);
	assert_int_equal(count_devices(school, &fails), 1);
	json_decref(json);
}

/* memory.size is first in the one and last in the other, where headphones were. */
static void an_older_version_is_read_by_its_own_order(void **state)
{
	static const struct device_filter has = { .is_expected = 1,
						  .is_waived = -1,
						  .passes = "memory.size" };
	static const struct device_filter lacks = { .is_expected = 1,
						    .is_waived = -1,
						    .requirement = "memory.size" };
	struct school *school = *state;
	char id[ID_SIZE], other_id[ID_SIZE];

	open_two(school, id, other_id, &WEAK);
	(void)school_announce(school, PROFILE_TWO);
	assert_int_equal(count_devices(school, &has), 0);
	assert_int_equal(count_devices(school, &lacks), 1);
}

static void a_device_that_is_not_judged_again_yet_still_says_what_it_does_not_pass(void **state)
{
	static const struct device_filter all = { .is_expected = 1, .is_waived = -1 };
	struct school *school = *state;
	char id[ID_SIZE], other_id[ID_SIZE], waiver_id[ID_SIZE];
	struct view view;
	json_t *json;

	open_two(school, id, other_id, &WEAK);
	(void)waive(school, SCOPE_SITE, SITE, "memory.size", LAST_DAY, waiver_id);
	view = view_of(school);
	must(school,
	     view_devices(&view, SITE, &all, &(struct page){ 9, NULL }, &json, &school->err));
	assert_string_equal(json_string_value(json_array_get(
				    json_object_get(at(json, "devices", 0), "needs"), 0)),
			    "memory.size");
	json_decref(json);
}

static void the_overview_counts_the_sites_that_are_judged_again(void **state)
{
	struct school *school = *state;
	struct view view;
	char id[ID_SIZE], other_id[ID_SIZE], waiver_id[ID_SIZE];
	json_t *json;

	open_two(school, id, other_id, &WEAK);
	(void)waive(school, SCOPE_SITE, OTHER_SITE, "memory.size", LAST_DAY, waiver_id);
	view = view_of(school);
	must(school, view_overview(&view, &(struct page){ 10, NULL }, &json, &school->err));
	assert_int_equal(number(json_object_get(json, "totals"), "judging"), 1);
	for (size_t i = 0; i < 2; i++)
		assert_int_equal(json_is_true(json_object_get(at(json, "sites", i), "judging")),
				 strcmp(text(at(json, "sites", i), "code"), OTHER_SITE) == 0);
	json_decref(json);
}

/* As many versions as sites: a list may not keep them all, nor read them again each time. */
static void a_list_of_sites_keeps_no_documents(void **state)
{
	struct school *school = *state;
	char id[ID_SIZE], other_id[ID_SIZE], waiver_id[ID_SIZE];
	struct view view;
	size_t n;
	json_t *json;

	open_two(school, id, other_id, &WEAK);
	(void)waive(school, SCOPE_SITE, OTHER_SITE, "memory.size", LAST_DAY, waiver_id);
	profile_cache_free(school->cache);
	school->cache = profile_cache_new();
	view = view_of(school);
	for (int i = 0; i < 2; i++) {
		must(school, view_overview(&view, &(struct page){ 10, NULL }, &json, &school->err));
		json_decref(json);
		n = profile_cache_size(school->cache);
		assert_int_equal(n, 0);
		/* What was read once is known without the store. */
		must(school, db_exec(school->store->db, "UPDATE profile_version SET body = 'x'",
				     NULL, &school->err, ""));
	}
}

static void a_device_says_which_older_requirements_judged_it(void **state)
{
	struct school *school = *state;
	char id[ID_SIZE], other_id[ID_SIZE], waiver_id[ID_SIZE];
	json_t *json, *profile;

	open_two(school, id, other_id, &WEAK);
	json = device_json(school, id);
	assert_true(json_is_true(json_object_get(json_object_get(json, "profile"), "is_current")));
	json_decref(json);

	(void)waive(school, SCOPE_SITE, SITE, "memory.size", LAST_DAY, waiver_id);
	/* One that passes, so that nothing of it is waived. */
	(void)waive(school, SCOPE_SITE, SITE, "browser.version", LAST_DAY, other_id);
	json = device_json(school, id);
	profile = json_object_get(json, "profile");
	assert_true(json_is_false(json_object_get(profile, "is_current")));
	assert_string_equal(text(profile, "sentence"), "Judged by the requirements of 18 January "
						       "2027; new ones are being applied.");
	assert_int_equal(json_array_size(json_object_get(json, "results")), 3);
	assert_string_equal(text(at(json, "results", 0), "result"), "fail");
	json_decref(json);

	(void)school_judge(school);
	json = device_json(school, id);
	profile = json_object_get(json, "profile");
	assert_true(json_is_null(json_object_get(profile, "sentence")));
	assert_string_equal(text(at(json, "results", 0), "result"), "waived");
	assert_string_equal(text(json_object_get(at(json, "results", 0), "waiver"), "who"),
			    "A. Coordinator");
	assert_true(json_is_null(json_object_get(at(json, "results", 1), "waiver")));
	json_decref(json);
}

static void requirements_say_who_asks_them_and_which_waiver_counts(void **state)
{
	struct school *school = *state;
	char id[ID_SIZE], other_id[ID_SIZE], waiver_id[ID_SIZE];
	struct reach reach;
	struct view view;
	json_t *json;

	open_two(school, id, other_id, &WEAK);
	must(school, try_ask(school, SUPPLEMENT("lea", "00", TIGHTER_HEADPHONES "," FAST), &reach));
	(void)waive(school, SCOPE_SITE, SITE, "lea.memory", LAST_DAY, waiver_id);
	view = view_of(school);
	must(school, view_published_profile(&view, "p", SITE, &json, &school->err));
	assert_int_equal(json_array_size(json_object_get(json, "requirements")), 4);
	assert_true(json_is_null(json_object_get(at(json, "requirements", 0), "origin")));
	assert_string_equal(text(json_object_get(at(json, "requirements", 2), "origin"), "code"),
			    "00");
	assert_string_equal(text(at(json, "requirements", 2), "severity"), "required");
	assert_string_equal(text(json_object_get(at(json, "requirements", 3), "waiver"), "id"),
			    waiver_id);
	assert_string_equal(text(at(json, "supplements", 0), "title"), "More");
	json_decref(json);

	/* What was published has none of that; but that there is a waiver is told. */
	must(school, view_published_profile(&view, "p", NULL, &json, &school->err));
	assert_int_equal(json_array_size(json_object_get(json, "requirements")), 3);
	assert_string_equal(text(at(json, "requirements", 2), "severity"), "recommended");
	json_decref(json);
	json = waivers_json(school, "active", &(struct page){ 10, NULL });
	assert_string_equal(text(at(json, "waivers", 0), "title"), "lea.memory");
	json_decref(json);
}

/* What cannot be read is of one school, and no page of another one fails for it. */
static void what_cannot_be_read_hides_nothing_else(void **state)
{
	static const struct page page = { 10, NULL };
	struct school *school = *state;
	char id[ID_SIZE], other_id[ID_SIZE], waiver_id[ID_SIZE];
	struct view view = view_of(school);
	const json_t *rule;
	struct reach reach;
	json_t *json;

	open_two(school, id, other_id, &WEAK);
	must(school, try_ask(school, SUPPLEMENT("site", SITE, FAST), &reach));
	(void)waive(school, SCOPE_SITE, SITE, "lea.memory", LAST_DAY, waiver_id);
	(void)school_judge(school);
	must(school, school->store->db->driver->script(
			     school->store->db,
			     "UPDATE profile_version SET body = '{}' WHERE version = (SELECT "
			     "profile_version FROM test_window WHERE site_code = '" SITE "');"
			     "UPDATE supplement SET body = '{}'",
			     &school->err));
	profile_cache_free(school->cache);
	view.profiles = school->cache = profile_cache_new();
	must(school, view_overview(&view, &page, &json, &school->err));
	assert_int_equal(json_array_size(json_object_get(json, "sites")), 2);
	json_decref(json);
	must(school, view_site(&view, SITE, &json, &school->err));
	rule = at(json, "rules", CERTIFY_WINDOW);
	assert_true(json_is_false(json_object_get(rule, "met")));
	assert_non_null(strstr(text(rule, "evidence"), "cannot read"));
	assert_true(json_is_false(json_object_get(json, "certifiable")));
	json_decref(json);
	must(school, view_device(&view, id, &json, &school->err));
	assert_true(json_is_null(json_object_get(json, "profile")));
	json_decref(json);
	json = waivers_json(school, "active", &page);
	assert_true(json_is_null(json_object_get(at(json, "waivers", 0), "title")));
	assert_int_equal(json_integer_value(json_object_get(at(json, "waivers", 0), "devices")), 0);
	json_decref(json);
}

static void a_profile_that_does_not_judge_a_site_is_not_shown_as_its_own(void **state)
{
	struct school *school = *state;
	struct view view = view_of(school);
	int64_t n_judged;
	json_t *json;

	school_open(school);
	school_publish(school, PROFILE_OTHER, &n_judged);
	school_site(school, "0003", NULL, NULL, NULL);
	assert_int_equal(view_published_profile(&view, "q", SITE, &json, &school->err), -EINVAL);
	assert_non_null(strstr(school->err.text, "judged by the profile 'p'"));
	assert_int_equal(view_published_profile(&view, "p", "0003", &json, &school->err), -EINVAL);
	assert_int_equal(view_published_profile(&view, "p", "9", &json, &school->err), -ENOENT);
	assert_int_equal(view_published_profile(&view, "r", NULL, &json, &school->err), -ENOENT);
	assert_int_equal(
		view_profile_versions(&view, "r", &(struct page){ 9, NULL }, &json, &school->err),
		-ENOENT);
}

static void versions_and_profiles_come_in_parts_without_loss(void **state)
{
	static const char *const texts[] = { PROFILE_TWO, PROFILE_ONE, PROFILE_OTHER };
	struct school *school = *state;
	struct view view;
	int64_t n_judged;
	json_t *first, *rest;

	school_open(school);
	/* One moment for two of them: a clock that stood still. */
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		school_publish(school, texts[i], &n_judged);
	view = view_of(school);
	must(school,
	     view_profile_versions(&view, "p", &(struct page){ 1, NULL }, &first, &school->err));
	must(school,
	     view_profile_versions(&view, "p", &(struct page){ 9, text(first, "next_cursor") },
				   &rest, &school->err));
	assert_true(json_is_true(json_object_get(at(first, "versions", 0), "current")));
	assert_int_equal(json_array_size(json_object_get(rest, "versions")), 2);
	assert_string_equal(text(at(first, "versions", 0), "version"),
			    text(at(rest, "versions", 1), "version"));
	assert_int_equal(view_profile_versions(&view, "q",
					       &(struct page){ 9, text(first, "next_cursor") },
					       &rest, &school->err),
			 -EINVAL);
	json_decref(first);
	json_decref(rest);

	must(school, view_profiles(&view, &(struct page){ 1, NULL }, &first, &school->err));
	must(school, view_profiles(&view, &(struct page){ 1, text(first, "next_cursor") }, &rest,
				   &school->err));
	assert_string_equal(text(at(first, "profiles", 0), "id"), "p");
	assert_string_equal(text(at(rest, "profiles", 0), "id"), "q");
	assert_true(json_is_null(json_object_get(rest, "next_cursor")));
	json_decref(first);
	json_decref(rest);
}

static int set_up_group(void **state)
{
	(void)state;
	return sodium_init() < 0 ? -1 : 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, school_setup, school_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_waiver_tells_how_many_devices_it_makes_count),
		TEST(an_unknown_is_no_device_that_a_waiver_makes_count),
		TEST(a_list_of_waivers_is_whole_however_it_is_cut),
		TEST(a_site_says_what_it_is_judged_by_and_how_far_that_is),
		TEST(what_was_judged_again_is_not_left),
		TEST(numbers_equal_their_rows_while_devices_are_judged_again),
		TEST(an_older_version_is_read_by_its_own_order),
		TEST(a_device_that_is_not_judged_again_yet_still_says_what_it_does_not_pass),
		TEST(the_overview_counts_the_sites_that_are_judged_again),
		TEST(a_list_of_sites_keeps_no_documents),
		TEST(a_device_says_which_older_requirements_judged_it),
		TEST(requirements_say_who_asks_them_and_which_waiver_counts),
		TEST(what_cannot_be_read_hides_nothing_else),
		TEST(a_profile_that_does_not_judge_a_site_is_not_shown_as_its_own),
		TEST(versions_and_profiles_come_in_parts_without_loss),
	};

	return cmocka_run_group_tests(tests, set_up_group, NULL);
}
