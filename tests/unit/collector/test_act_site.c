/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/collector/school.h"

#include <errno.h>

#include "collector/act/act_import_rooms.h"
#include "collector/act/act_site.h"
#include "collector/act/site_preview.h"
#include "collector/store/store_lea.h"

#define NEW "0002"

static struct site_row row_of(const char *code)
{
	return (struct site_row){
		.code = code, .name = "New", .lea_code = "L1", .lea_name = "Lea", .zone = "UTC"
	};
}

static struct sites_import import_of(struct school *school)
{
	return (struct sites_import){ .store = school->store,
				      .now_ms = school->now_ms,
				      .is_careful = true };
}

static void read_about(struct school *school, const char *code, struct site *site,
		       struct site_about *about)
{
	must(school, store_site_get(school->store, code, site, &school->err));
	must(school, site_about_read(school->store, site, about, &school->err));
}

static void what_a_row_does_not_say_stays(void **state)
{
	struct school *school = *state;
	struct sites_import import = import_of(school);
	struct site_row row = row_of(NEW);
	_cleanup_(site_done) struct site site = { 0 };
	_cleanup_(site_about_done) struct site_about about = { 0 };
	const struct contact_person *person = &about.contacts.by[CONTACT_COORDINATOR];

	row.contacts[CONTACT_COORDINATOR] = (struct contact_person){ { "Bo", "b@x.org", "1" } };
	row.tracks = "A; B";
	must(school, sites_import_take(&import, &row, &school->err));
	row.contacts[CONTACT_COORDINATOR] = (struct contact_person){ { "Cy", NULL, NULL } };
	row.tracks = NULL;
	row.zone = NULL;
	must(school, sites_import_take(&import, &row, &school->err));
	must(school, sites_import_take(&import, &row, &school->err));
	assert_int_equal(import.count.new_sites, 1);
	assert_int_equal(import.count.changed, 1);
	read_about(school, NEW, &site, &about);
	assert_string_equal(person->texts[CONTACT_NAME], "Cy");
	assert_string_equal(person->texts[CONTACT_EMAIL], "b@x.org");
	assert_string_equal(about.tracks, "A; B");
	assert_string_equal(site.zone, "UTC");
}

static void refuses(struct school *school, const struct site_row *row, int why, enum site_text at)
{
	struct sites_import import = import_of(school);

	assert_int_equal(sites_import_take(&import, row, &school->err), why);
	assert_true(sites_import_is_refusal(why));
	assert_int_equal(import.at, at);
	assert_int_equal(import.count.sites, 0);
}

static void a_slip_in_a_spreadsheet_is_refused(void **state)
{
	struct school *school = *state;
	struct sites_import import = import_of(school);
	struct site_row row = row_of("0042");

	must(school, sites_import_take(&import, &row, &school->err));
	row.lea_code = "L2";
	refuses(school, &row, -EXDEV, SITE_LEA_CODE);
	row = row_of("42");
	refuses(school, &row, -EINVAL, SITE_CODE);
	row = row_of("0043");
	row.has_window = true;
	row.window = (struct window){
		.programme = "P", .track = "C", .profile_id = "p", .first = 1, .last = 2
	};
	refuses(school, &row, -EINVAL, SITE_WINDOW_TRACK);
	row.tracks = "A; C";
	must(school, sites_import_take(&import, &row, &school->err));
	row.has_window = false;
	row.tracks = "A";
	refuses(school, &row, -EINVAL, SITE_TRACKS);
}

static void a_window_without_an_id_keeps_its_own(void **state)
{
	struct school *school = *state;
	struct sites_import import = import_of(school);
	struct site_row row = row_of(NEW);
	_cleanup_(site_done) struct site site = { 0 };

	row.has_window = true;
	row.window = (struct window){ .programme = "P", .profile_id = "p", .first = 1, .last = 2 };
	must(school, sites_import_take(&import, &row, &school->err));
	must(school, store_site_get(school->store, NEW, &site, &school->err));
	assert_string_equal(site.window.id, NEW);
	assert_string_equal(site.window.track, "");
}

/* --- rooms --------------------------------------------------------------------------- */

static void note_wrong(void *arg, const struct room_row *row, enum room_column at, const char *why)
{
	struct school *school = arg;

	snprintf(school->err.text, sizeof(school->err.text), "%s.%d: %s", row->room, (int)at, why);
}

static struct rooms_count take_rooms(struct school *school, const struct room_row *rows, size_t n)
{
	struct rooms_import import = { .store = school->store,
				       .actor = &actor_command_line,
				       .now_ms = school->now_ms,
				       .wrong = note_wrong,
				       .arg = school };

	must(school, rooms_import_take_all(&import, rows, n, &school->err));
	return import.count;
}

static void the_rooms_of_a_file_are_all_that_are_declared(void **state)
{
	struct school *school = *state;
	const struct room_row rows[] = {
		{ SITE, "101", "", true, 30 },
		{ SITE, "102", NULL, false, -1 },
	};
	struct rooms_count count = take_rooms(school, rows, 2);

	assert_int_equal(count.added, 2);
	count = take_rooms(school, rows, 2);
	assert_int_equal(count.unchanged, 2);
	assert_int_equal(school_number(school, "SELECT count(*) FROM audit"), 1);
	/* What the file does not say of a room stays. */
	count = take_rooms(school, &(struct room_row){ SITE, "101", NULL, false, -1 }, 1);
	assert_int_equal(count.unchanged, 1);
	assert_int_equal(count.removed, 1);
	assert_int_equal(school_number(school, "SELECT seats FROM room"), 30);
}

static void a_room_that_cannot_be_changes_nothing(void **state)
{
	struct school *school = *state;
	const struct room_row rows[] = { { "nowhere", "1", "", true, 1 },
					 { SITE, "101", "C", true, 30 } };

	assert_int_equal(take_rooms(school, rows, 1).sites, 0);
	assert_string_equal(school->err.text, "1.0: no site has the code 'nowhere'");
	assert_int_equal(take_rooms(school, &rows[1], 1).sites, 0);
	assert_non_null(strstr(school->err.text, "101.2: the site has no track 'C'"));
	assert_int_equal(school_number(school, "SELECT count(*) FROM room"), 0);
}

/* --- people -------------------------------------------------------------------------- */

static int change(struct school *school, const struct grants *grants, struct site_change *wanted)
{
	const struct actor actor = { "Bo", "", "", grants };

	wanted->code = SITE;
	return act_site_change(school->store, &actor, wanted, school->now_ms, &school->err);
}

static void who_may_change_what_of_a_site_the_table_says(void **state)
{
	struct school *school = *state;
	struct grants own = { { { PERSON_SITE_COORDINATOR, SCOPE_SITE, SITE, "" } }, 1 };
	struct grants other = { { { PERSON_SITE_COORDINATOR, SCOPE_SITE, NEW, "" } }, 1 };
	struct grants viewer = { { { PERSON_VIEWER, SCOPE_SITE, SITE, "" } }, 1 };
	struct site_change named = { .name = "Other" };
	struct site_change called = { .has_contact = { [CONTACT_TECHNOLOGY] = true },
				      .contacts = { [CONTACT_TECHNOLOGY] = { { "A", "", "" } } } };

	assert_int_equal(change(school, &other, &called), -ENOENT);
	assert_int_equal(change(school, &viewer, &called), -EPERM);
	assert_int_equal(change(school, &own, &named), -EPERM);
	assert_int_equal(school_number(school, "SELECT count(*) FROM audit"), 0);
	must(school, change(school, &own, &called));
	must(school, change(school, &own, &called));
	assert_int_equal(school_number(school, "SELECT count(*) FROM audit"), 1);
	must(school, change(school, &access_everything, &named));
	assert_int_equal(school_number(school, "SELECT count(*) FROM site WHERE name = 'Other'"),
			 1);
	named.version = "0000000000000000";
	assert_int_equal(change(school, &access_everything, &named), -ESTALE);
}

static void a_site_that_changes_its_lea_is_in_the_log_of_both(void **state)
{
	struct school *school = *state;
	struct sites_import import = import_of(school);
	struct site_row row = row_of(NEW);
	struct site_change moved = { .lea_code = "L9" };

	row.lea_code = "L9";
	must(school, sites_import_take(&import, &row, &school->err));
	must(school, change(school, &access_everything, &moved));
	assert_int_equal(school_number(school, "SELECT count(*) FROM audit WHERE lea_code = '00' "
					       "AND before_json LIKE '%\"lea\":\"00\"%' AND "
					       "after_json = ''"),
			 1);
	assert_int_equal(school_number(school, "SELECT count(*) FROM audit WHERE lea_code = 'L9' "
					       "AND after_json LIKE '%\"lea\":\"L9\"%' AND "
					       "before_json = ''"),
			 1);
}

static void another_lea_has_to_be_there(void **state)
{
	struct school *school = *state;
	struct sites_import import = import_of(school);
	struct site_row row = row_of(NEW);
	struct site_change moved = { .lea_code = "L9" };
	_cleanup_(lea_done) struct lea lea = { 0 };

	assert_int_equal(change(school, &access_everything, &moved), -EINVAL);
	row.lea_code = "L9";
	must(school, sites_import_take(&import, &row, &school->err));
	must(school, change(school, &access_everything, &moved));
	must(school, store_lea_get(school->store, &sight_of_all, "L9", &lea, &school->err));
	assert_int_equal(lea.n_sites, 2);
}

#define site_test(name) cmocka_unit_test_setup_teardown(name, setup, school_teardown)

static int setup(void **state)
{
	school_setup(state);
	school_open(*state);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		site_test(what_a_row_does_not_say_stays),
		site_test(a_slip_in_a_spreadsheet_is_refused),
		site_test(a_window_without_an_id_keeps_its_own),
		site_test(the_rooms_of_a_file_are_all_that_are_declared),
		site_test(a_room_that_cannot_be_changes_nothing),
		site_test(who_may_change_what_of_a_site_the_table_says),
		site_test(another_lea_has_to_be_there),
		site_test(a_site_that_changes_its_lea_is_in_the_log_of_both),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
