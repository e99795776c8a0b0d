/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Views show what the grants of whoever asks cover: two LEAs, of which one has two schools, each
 * with a device that is not ready and a waiver.
 */
#include <errno.h>

#include "collector/store/store_identity.h"
#include "collector/view/view_conflicts.h"
#include "collector/view/view_device.h"
#include "collector/view/view_devices.h"
#include "collector/view/view_profiles.h"
#include "collector/view/view_site.h"
#include "collector/view/view_sites.h"
#include "collector/view/view_waivers.h"
#include "tests/unit/collector/asked.h"

#define LEA "00"
#define FOREIGN_LEA "77"
#define FOREIGN_SITE "7701"

enum asker { ALL, OWN_LEA, OWN_SITE, BOTH_SITES, NOTHING, ASKER_MAX_ };
static const struct grants askers[ASKER_MAX_] = {
	[ALL] = { { { PERSON_VIEWER, SCOPE_STATE, "", "" } }, 1 },
	[OWN_LEA] = { { { PERSON_LEA_COORDINATOR, SCOPE_LEA, LEA, "" } }, 1 },
	[OWN_SITE] = { { { PERSON_SITE_COORDINATOR, SCOPE_SITE, SITE, LEA } }, 1 },
	[BOTH_SITES] = { { { PERSON_SITE_COORDINATOR, SCOPE_SITE, SITE, LEA },
			   { PERSON_VIEWER, SCOPE_SITE, FOREIGN_SITE, FOREIGN_LEA } },
			 2 },
	[NOTHING] = { .n_grants = 0 },
};

static struct world {
	struct school *school;
	char ids[3][ID_SIZE];     /* devices of SITE, OTHER_SITE, FOREIGN_SITE */
	char waivers[5][ID_SIZE]; /* of the same, then of FOREIGN_LEA and the state */
} world;
static const char *const sites[] = { SITE, OTHER_SITE, FOREIGN_SITE };

static void move_abroad(struct school *school)
{
	must(school, db_exec(school->store->db,
			     "INSERT INTO lea (code, name) VALUES ('" FOREIGN_LEA "', 'Far')", NULL,
			     &school->err, ""));
	must(school,
	     db_exec(school->store->db,
		     "UPDATE site SET lea_code = '" FOREIGN_LEA "' WHERE code = '" FOREIGN_SITE "'",
		     NULL, &school->err, ""));
}

static void fill(struct school *school)
{
	open_two(school, world.ids[0], world.ids[1], &WEAK);
	school_site(school, FOREIGN_SITE, "p", FIRST_DAY, LAST_DAY);
	move_abroad(school);
	school_enroll(school, FOREIGN_SITE, &names, world.ids[2]);
	school_report(school, world.ids[2], 1, 0, &names, &WEAK);
	for (int i = 0; i < 3; i++)
		(void)waive(school, SCOPE_SITE, sites[i], "audio.headphones", LAST_DAY,
			    world.waivers[i]);
	(void)waive(school, SCOPE_LEA, FOREIGN_LEA, "memory.size", LAST_DAY, world.waivers[3]);
	(void)waive(school, SCOPE_STATE, "", "audio.headphones", LAST_DAY, world.waivers[4]);
	world.school = school;
}

static int set_up(void **state)
{
	int r = school_setup(state);

	if (r == 0)
		fill(*state);
	return r;
}

static struct view view_of(enum asker asker)
{
	return (struct view){ world.school->store, world.school->cache, world.school->now_ms,
			      &askers[asker] };
}

/* The member @name of each row of the list @list of @json, joined by spaces. */
static void join(json_t *json, const char *list, const char *name, char *text, size_t size)
{
	const json_t *row;
	size_t i;

	text[0] = '\0';
	json_array_foreach (json_object_get(json, list), i, row) {
		size_t n = strlen(text);

		snprintf(text + n, size - n, "%s%s", n > 0 ? " " : "",
			 json_string_value(json_object_get(row, name)));
	}
	json_decref(json);
}

static const struct page page = { 100, NULL };
/* Which of the three sites each may see. */
static const char *const seen[ASKER_MAX_] = {
	[ALL] = SITE " " OTHER_SITE " " FOREIGN_SITE,
	[OWN_LEA] = SITE " " OTHER_SITE,
	[OWN_SITE] = SITE,
	[BOTH_SITES] = SITE " " FOREIGN_SITE,
	[NOTHING] = "",
};

static void lists_of_sites_have_what_one_may_see_in_every_order(void **state)
{
	struct school *school = *state;
	char codes[200];

	for (unsigned asker = 0; asker < ASKER_MAX_; asker++) {
		const struct view view = view_of((enum asker)asker);

		for (unsigned order = 0; order < SITE_ORDER_MAX_; order++) {
			json_t *json = NULL;

			must(school, view_site_list(&view, (enum site_order)order, &page, &json,
						    &school->err));
			join(json, "sites", "code", codes, sizeof(codes));
			assert_string_equal(codes, seen[asker]);
		}
	}
}

static void totals_count_what_one_may_see(void **state)
{
	static const int want[ASKER_MAX_] = { 3, 2, 1, 2, 0 };
	struct school *school = *state;

	for (unsigned asker = 0; asker < ASKER_MAX_; asker++) {
		const struct view view = view_of((enum asker)asker);
		json_t *json = NULL;
		const json_t *totals;

		must(school, view_overview(&view, &page, &json, &school->err));
		totals = json_object_get(json, "totals");
		assert_int_equal(json_integer_value(json_object_get(totals, "sites")), want[asker]);
		assert_int_equal(json_integer_value(json_object_get(totals, "expected")),
				 want[asker]);
		assert_int_equal(json_array_size(json_object_get(json, "sites")), want[asker]);
		json_decref(json);
	}
}

static bool may(enum asker asker, const char *site)
{
	return strstr(seen[asker], site) != NULL;
}

static void what_is_elsewhere_does_not_exist(void **state)
{
	static const struct device_filter all = { .is_expected = -1, .is_waived = -1 };
	struct school *school = *state;

	for (unsigned asker = 0; asker < ASKER_MAX_; asker++) {
		const struct view view = view_of((enum asker)asker);

		for (size_t i = 0; i < ARRAY_SIZE(sites); i++) {
			int want = may((enum asker)asker, sites[i]) ? 0 : -ENOENT;
			json_t *json[5] = { NULL };
			char nobody[sizeof(school->err.text)];

			/* Not even by another sentence. */
			assert_int_equal(view_site(&view, "nowhere", &json[4], &school->err),
					 -ENOENT);
			memcpy(nobody, school->err.text, sizeof(nobody));
			assert_int_equal(view_site(&view, sites[i], &json[0], &school->err), want);
			if (want < 0)
				assert_int_equal(strncmp(nobody, school->err.text, 16), 0);
			assert_int_equal(view_device(&view, world.ids[i], &json[1], &school->err),
					 want);
			assert_int_equal(
				view_devices(&view, sites[i], &all, &page, &json[2], &school->err),
				want);
			assert_int_equal(view_published_profile(&view, "p", sites[i], &json[3],
								&school->err),
					 want);
			for (size_t j = 0; j < ARRAY_SIZE(json); j++)
				json_decref(json[j]);
		}
	}
}

static void lists_of_devices_have_those_of_what_one_may_see(void **state)
{
	static const struct device_filter all = { .is_expected = -1, .is_waived = -1 };
	const struct device_filter foreign = { .is_expected = -1,
					       .is_waived = -1,
					       .lea = FOREIGN_LEA };
	struct school *school = *state;

	for (unsigned asker = 0; asker < ASKER_MAX_; asker++) {
		const struct view view = view_of((enum asker)asker);
		const struct device_asked asked = { NULL, &all, DEVICE_SORT_PLACE };
		const struct device_asked asked_foreign = { NULL, &foreign, DEVICE_SORT_PLACE };
		bool knows = asker == ALL || asker == BOTH_SITES;
		int64_t n = asker == NOTHING ? 0 : (int64_t)(strlen(seen[asker]) + 1) / 5;
		json_t *json = NULL, *other = NULL;

		must(school, view_device_list(&view, &asked, &page, &json, &school->err));
		assert_int_equal(json_array_size(json_object_get(json, "devices")), n);
		assert_int_equal(json_integer_value(json_object_get(json, "total")), n);
		json_decref(json);
		assert_int_equal(
			view_device_list(&view, &asked_foreign, &page, &other, &school->err),
			knows ? 0 : -EINVAL);
		json_decref(other);
	}
}

static void waivers_are_those_that_count_for_what_one_may_see(void **state)
{
	static const bool want[ASKER_MAX_][5] = {
		[ALL] = { true, true, true, true, true },
		[OWN_LEA] = { true, true, false, false, true },
		[OWN_SITE] = { true, false, false, false, true },
		/* Who has a school of an LEA is told what is waived for all of it. */
		[BOTH_SITES] = { true, false, true, true, true },
		[NOTHING] = { false, false, false, false, false },
	};
	struct school *school = *state;
	char ids[400];

	for (unsigned asker = 0; asker < ASKER_MAX_; asker++) {
		const struct view view = view_of((enum asker)asker);
		const struct waiver_filter filter = { NULL, "all", "" };
		json_t *json = NULL;

		must(school, view_waivers(&view, &filter, &page, &json, &school->err));
		join(json, "waivers", "id", ids, sizeof(ids));
		for (size_t i = 0; i < ARRAY_SIZE(world.waivers); i++) {
			json_t *one = NULL;

			if ((strstr(ids, world.waivers[i]) != NULL) != want[asker][i])
				fail_msg("asker %u, waiver %zu", asker, i);
			assert_int_equal(
				view_waiver(&view, world.waivers[i], "", &one, &school->err),
				want[asker][i] ? 0 : -ENOENT);
			json_decref(one);
		}
	}
}

/* Text of the note of the device of SITE, and whether it says which device it was before. */
static void look(enum asker asker, char *text, size_t size, bool *ret_has_previous)
{
	const struct view view = view_of(asker);
	const json_t *note;
	json_t *json = NULL;

	must(world.school, view_device(&view, world.ids[0], &json, &world.school->err));
	note = json_array_get(json_object_get(json, "notes"), 0);
	snprintf(text, size, "%s", json_string_value(json_object_get(note, "text")));
	*ret_has_previous = json_is_string(json_object_get(json, "previous_device"));
	json_decref(json);
}

static void a_note_names_another_device_to_whom_may_see_that_one_and_its_site(void **state)
{
	/* Of the three sites: who may see both its device and that of SITE. */
	static const bool want[ASKER_MAX_][3] = {
		[ALL] = { true, true, true },
		[OWN_LEA] = { true, true, false },
		[OWN_SITE] = { true, false, false },
		[BOTH_SITES] = { true, false, true },
	};
	struct school *school = *state;
	char text[100];
	bool has_previous;

	for (size_t i = 0; i < ARRAY_SIZE(sites); i++) {
		struct note note = { .body = (char *)"named",
				     .other_id = world.ids[i],
				     .other_site = (char *)sites[i],
				     .other_body = (char *)"not named" };
		struct identity identity;

		must(school, store_identity_get(school->store, world.ids[0], NULL, &identity,
						&school->err));
		memcpy(identity.previous_id, world.ids[i], ID_SIZE);
		must(school,
		     store_identity_put(school->store, world.ids[0], &identity, &school->err));
		must(school, store_note_put_of(school->store, world.ids[0], ++school->now_ms, &note,
					       &school->err));
		for (unsigned asker = 0; asker < NOTHING; asker++) {
			look((enum asker)asker, text, sizeof(text), &has_previous);
			assert_string_equal(text, want[asker][i] ? "named" : "not named");
			assert_int_equal(has_previous, want[asker][i]);
		}
		/* A device that was moved here since is known, and the site where it was is not. */
		note.other_id = world.ids[0];
		must(school, store_note_put_of(school->store, world.ids[0], ++school->now_ms, &note,
					       &school->err));
		look(OWN_SITE, text, sizeof(text), &has_previous);
		assert_string_equal(text, want[OWN_SITE][i] ? "named" : "not named");
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, school_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(lists_of_sites_have_what_one_may_see_in_every_order),
		TEST(totals_count_what_one_may_see),
		TEST(what_is_elsewhere_does_not_exist),
		TEST(lists_of_devices_have_those_of_what_one_may_see),
		TEST(waivers_are_those_that_count_for_what_one_may_see),
		TEST(a_note_names_another_device_to_whom_may_see_that_one_and_its_site),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
