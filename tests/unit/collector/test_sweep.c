/* SPDX-License-Identifier: Apache-2.0 */
/* Looking which devices became stale, in parts between which reports are taken. */
#include "collector/ingest/sweeping.h"
#include "common/base/clock.h"
#include "tests/unit/collector/school.h"

enum { SITES = SWEEP_SITES_MAX * 2 + 1, MANY = SWEEP_DEVICES_MAX * 2 + 1 };

static const struct device_names names = { "lab", "", "", "" };

static void code_of(int i, char code[static 8])
{
	snprintf(code, 8, "%04d", i);
}

static int64_t stale(struct school *school)
{
	return school_number(school, "SELECT COALESCE(sum(stale), 0) FROM site_count");
}

/* Sites from 0001 on, with a device each. */
static void open_sites(struct school *school, int n, char ids[][ID_SIZE])
{
	char code[8];

	school_open(school);
	must(school, store_begin(school->store, &school->err));
	for (int i = 0; i < n; i++) {
		code_of(i + 1, code);
		school_site(school, code, "p", "2027-04-05", "2027-04-23");
		school_enroll(school, code, &names, ids[i]);
		school_report(school, ids[i], 1, 0, &names, &GOOD);
	}
	must(school, store_commit(school->store, &school->err));
	school->now_ms += 11 * DAY_MS;
}

static int look(struct school *school, const char *after, struct sweep_part *part)
{
	int r = act_sweep_part(school->store, school->cache, after, school->now_ms, part,
			       &school->err);

	must(school, r);
	assert_true(part->n_changed <= SWEEP_DEVICES_MAX);
	assert_int_equal(r, part->last != NULL);
	return r;
}

static void a_part_changes_few_devices_and_the_parts_all_of_them(void **state)
{
	static char ids[SITES][ID_SIZE];
	struct school *school = *state;
	_cleanup_free_ char *after = xstrdup("");
	struct sweep_part part;
	int64_t n = 0;
	int r;

	open_sites(school, SITES, ids);
	do {
		r = look(school, after, &part);
		n += part.n_changed;
		free(after);
		after = part.last;
		assert_int_equal(stale(school), n);
	} while (r > 0);
	assert_int_equal(n, SITES);
	/* Begun anew, there is nothing to do, and sites are looked at by the hundred. */
	for (int i = 0; i < 3; i++) {
		r = look(school, i ? after : "", &part);
		assert_int_equal(r, i < 2);
		assert_int_equal(part.n_changed, 0);
		free(after);
		after = part.last;
	}
}

static void a_site_of_many_devices_is_gone_on_with(void **state)
{
	struct school *school = *state;
	static char ids[2][ID_SIZE];
	struct sweep_part part;
	char id[ID_SIZE];

	open_sites(school, 2, ids);
	school->now_ms -= 11 * DAY_MS;
	for (int i = 1; i < MANY; i++) {
		school_enroll(school, SITE, &names, id);
		school_report(school, id, 1, 0, &names, &GOOD);
	}
	school->now_ms += 11 * DAY_MS;
	assert_int_equal(look(school, "", &part), 1);
	assert_string_equal(part.last, "");
	free(part.last);
	/* A device reports between two parts. */
	assert_int_equal(school_report(school, id, 2, 0, &names, &GOOD), STATE_READY);
	assert_int_equal(look(school, "", &part), 1);
	free(part.last);
	assert_int_equal(look(school, "", &part), 0);
	assert_int_equal(stale(school), MANY);
	assert_int_equal(school_number(school, "SELECT ready FROM site_count WHERE "
					       "site_code = '" SITE "'"),
			 1);
}

static void what_is_shown_is_as_of_when_a_complete_look_began(void **state)
{
	static char ids[SITES][ID_SIZE];
	struct school *school = *state;
	struct sweeping sweeping = { 0 };
	int64_t since_ms = -1, begun_ms = clock_now_ms();
	int n_parts = 0, r;

	/* Their reports are old by the clock of this machine, which sweeping goes by. */
	school->now_ms = begun_ms - 365 * DAY_MS;
	open_sites(school, SITES, ids);
	assert_int_equal(sweeping_wait_ms(&sweeping), 0);
	for (;;) {
		r = sweeping_run(&sweeping, school->store, school->cache, &since_ms, &school->err);
		must(school, r);
		n_parts++;
		if (r == 0)
			break;
		assert_int_equal(since_ms, -1);
		assert_int_equal(sweeping_wait_ms(&sweeping), 0);
		/* Each is a transaction: what another connection sees goes on. */
		assert_true(stale(school) >= n_parts);
	}
	assert_true(n_parts >= SITES / SWEEP_SITES_MAX);
	assert_true(since_ms >= begun_ms && since_ms <= sweeping.begun_ms);
	assert_true(sweeping_wait_ms(&sweeping) > 0);
	assert_int_equal(stale(school), SITES);
	sweeping_done(&sweeping);
}

static void a_look_that_failed_begins_anew_in_a_minute(void **state)
{
	static char ids[SITES][ID_SIZE];
	struct school *school = *state;
	struct sweeping sweeping = { 0 };
	int64_t since_ms = -1;
	struct err err;

	school->now_ms = clock_now_ms() - 365 * DAY_MS;
	open_sites(school, SITES, ids);
	must(school,
	     sweeping_run(&sweeping, school->store, school->cache, &since_ms, &school->err));
	must(school,
	     db_exec(school->store->db, "UPDATE device SET role = 'x'", NULL, &school->err, ""));
	assert_true(sweeping_run(&sweeping, school->store, school->cache, &since_ms, &err) < 0);
	assert_int_equal(since_ms, -1);
	assert_null(sweeping.after);
	assert_true(sweeping_wait_ms(&sweeping) > SWEEPING_MS / 2);
	sweeping_done(&sweeping);
}

#define test(name) cmocka_unit_test_setup_teardown(name, school_setup, school_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(a_part_changes_few_devices_and_the_parts_all_of_them),
		test(a_site_of_many_devices_is_gone_on_with),
		test(what_is_shown_is_as_of_when_a_complete_look_began),
		test(a_look_that_failed_begins_anew_in_a_minute),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
