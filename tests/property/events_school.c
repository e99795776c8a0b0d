/* SPDX-License-Identifier: Apache-2.0 */
/* What happens to schools: time, windows, inventories. */
#include "tests/property/events.h"

#include "collector/domain/readiness.h"
#include "tests/property/rows.h"

#define PICK(world, list) ((list)[pick(world, ARRAY_SIZE(list))])

/* --- time ---------------------------------------------------------------------------- */

/* After a sweep a device is stale if its report is too old, or of a time that is to come. */
static void check_ages(struct world *world)
{
	static struct rows rows;
	int64_t now_ms = world->school.now_ms;

	rows_read(world, &rows);
	for (size_t i = 0; i < rows.n; i++) {
		const struct row *row = &rows.rows[i];
		const struct stored_site *place = rows_place(&rows, row->site);
		bool is_old;

		if (!place->profile || !row->results[0] || row->state < STATE_STALE)
			continue;
		is_old = row->seen_ms < readiness_fresh_since(&place->profile->freshness,
							      &place->window, now_ms) ||
			 row->seen_ms > now_ms + 10 * 60 * 1000;
		if (is_old != (row->state == STATE_STALE))
			fail_msg("device %.4s of %s is %s after a sweep, seen %lld hours ago",
				 row->id, row->site, device_state_words[row->state],
				 (long long)(now_ms - row->seen_ms) / HOUR_MS);
	}
}

static int64_t due_plans(struct world *world)
{
	_cleanup_free_ char *sql = xasprintf(
		"SELECT count(*) FROM placement WHERE status = 'planned' AND due_ms <= %lld",
		(long long)world->school.now_ms);

	return school_number(&world->school, sql);
}

static void sweep(struct world *world)
{
	int64_t n = school_sweep(&world->school);

	say(world, ", devices that became stale or fresh: %d", (int)n);
	check_ages(world);
	compare("plans whose day has come", "all sites", due_plans(world), 0);
}

void time_passes(struct world *world)
{
	int64_t hours = pick(world, 3) ? pick(world, 30) : pick(world, 200);

	world->school.now_ms += hours * HOUR_MS;
	say(world, "%d hours pass", (int)hours);
	/* Devices report before and after the next look at who is stale. */
	if (pick(world, 3))
		sweep(world);
}

void clock_set_back(struct world *world)
{
	int64_t hours = pick(world, 72);

	world->school.now_ms -= hours * HOUR_MS;
	world->is_set_back = true;
	say(world, "the clock is set back by %d hours", (int)hours);
	sweep(world);
}

/* --- files ---------------------------------------------------------------------------- */

void import_site(struct world *world)
{
	static const char *const profiles[] = { "p", "p", "p", "q", "unpublished" };
	static const char *const days[][2] = {
		{ "2027-04-05", "2027-04-23" },
		{ "2027-04-05", "2027-05-07" },
		{ "2027-01-20", "2027-02-05" }, /* so near that reports grow old sooner */
		{ "2026-12-01", "2026-12-18" },
	};
	static const char *const lea_codes[] = { "00", "00", "01" };
	struct school *school = &world->school;
	const char *code = site_codes[pick(world, SITES)];
	const char *const *window = days[pick(world, ARRAY_SIZE(days))];
	_cleanup_free_ char *window_id = xasprintf("window-%s", code);
	struct import_sites_count count = { 0 };
	struct site_row row = {
		.code = code,
		.name = "Lincoln",
		.lea_code = PICK(world, lea_codes),
		.lea_name = "Valley",
		.has_window = pick(world, 5) > 0,
		.window = { .id = window_id,
			    .programme = "P",
			    .track = "",
			    .profile_id = PICK(world, profiles) },
	};
	int r;

	must(school, civil_parse(window[0], &row.window.first, &school->err));
	must(school, civil_parse(window[1], &row.window.last, &school->err));
	r = act_import_site(school->store, &row, school->now_ms, &count, &school->err);
	say(world, "site %s of LEA %s", code, row.lea_code);
	if (row.has_window)
		say(world, " by %s from %s to %s", row.window.profile_id, window[0], window[1]);
	/* What its LEA asks may not fit what the site is to be judged by. */
	world->is_refused = r < 0;
	say(world, "%s", r < 0 ? ", which is refused" : "");
}

/*
 * What the inventories of two sites name by its serial number counts at the last of them: for
 * no device that one of @code lists does another site's list one.
 */
static void expect_one_place(struct world *world, const char *code)
{
	_cleanup_free_ char *sql =
		xasprintf("SELECT count(*) FROM device a JOIN device b ON b.serial = a.serial "
			  "AND b.site_code <> a.site_code JOIN site s ON s.code = b.site_code "
			  "WHERE a.site_code = '%s' AND a.serial <> '' AND a.is_expected = 1 "
			  "AND b.is_expected = 1 AND a.state <> 'retired' AND b.state <> 'retired' "
			  "AND s.has_inventory = 1",
			  code);

	if (school_number(&world->school, sql) != 0)
		fail_msg("a device is on the lists of %s and another site", code);
}

void import_inventory(struct world *world)
{
	static const char *const rooms[] = { "", "r1", "r2", "r3" };
	static const char *const hosts[] = { "", "h1", "h2", "h3", "h4", "h5", "h6", "h9" };
	static const char *const serials[] = { "", "s1", "s2", "S3", "s4", "s5", "s9" };
	static const char *const tags[] = { "", "a1", "a2", "a3", "a4", "a5", "a9" };
	struct school *school = &world->school;
	_cleanup_(inventory_import_freep) struct inventory_import *import = NULL;
	struct inventory_count count;
	unsigned n = pick(world, 8) + 1, n_sites = pick(world, 4) ? 1 : 2;
	unsigned site = pick(world, SITES);

	must(school, inventory_import_begin(school->store, school->cache, school->now_ms, &import,
					    &school->err));
	say(world, "inventory:");
	for (unsigned i = 0; i < n * n_sites; i++) {
		struct inventory_row row = {
			.site_code = site_codes[(site + i / n) % SITES],
			.asset_tag = PICK(world, tags),
			.serial = PICK(world, serials),
			.host_name = PICK(world, hosts),
			.has_role = pick(world, 2),
			.role = (enum device_role)pick(world, ROLE_MAX_),
			.has_room = pick(world, 2),
			.room = PICK(world, rooms),
		};

		say(world, " %s/'%s' '%s' '%s'%s%s%s%s", row.site_code, row.host_name, row.serial,
		    row.asset_tag, row.has_role ? " " : "",
		    row.has_role ? device_role_words[row.role] : "", row.has_room ? " in " : "",
		    row.has_room ? row.room : "");
		must(school, inventory_import_take(import, &row, &school->err));
	}
	must(school, inventory_import_finish(import, &count, &school->err));
	say(world, ": %d added, %d removed, %d unexpected, %d moved", (int)count.added,
	    (int)count.removed, (int)count.unexpected, (int)count.moved);
	/* Of two sites of a file the one whose code comes later names a machine last. */
	for (unsigned i = 0; i < n_sites; i++)
		expect_one_place(world, site_codes[(site + i) % SITES]);
}
