/* SPDX-License-Identifier: Apache-2.0 */
/* The counts that are kept, and what a row must be for them to mean something. */
#include "tests/property/rows.h"

#include "common/eval/evaluate.h"

/* site_count, as the rows have it. */
static struct site_count count_rows(const struct rows *rows, const char *code)
{
	struct site_count count = { 0 };

	for (size_t i = 0; i < rows->n; i++) {
		const struct row *row = &rows->rows[i];

		if (strcmp(row->site, code) != 0 || row->state == STATE_RETIRED)
			continue;
		if (!row->is_expected) {
			count.unexpected++;
			continue;
		}
		count.states[row->state]++;
		count.browser_exempt += row->browser == RESULT_NOT_APPLICABLE;
		count.browser_current += row_is_fresh(row) && row->browser == RESULT_PASS;
	}
	return count;
}

static void check_site(struct world *world, const struct rows *rows, const char *code)
{
	struct school *school = &world->school;
	_cleanup_(site_done) struct site site = { 0 };
	struct site_count count = count_rows(rows, code);

	must(school, store_site_get(school->store, code, &site, &school->err));
	for (unsigned i = 0; i < STATE_MAX_; i++)
		compare(device_state_words[i], code, site.count.states[i], count.states[i]);
	compare("unexpected", code, site.count.unexpected, count.unexpected);
	compare("browser_exempt", code, site.count.browser_exempt, count.browser_exempt);
	compare("browser_current", code, site.count.browser_current, count.browser_current);
}

static bool is_of_pattern(const struct row *row, struct db_rows *pattern)
{
	return row_counts(row) && strcmp(row->site, db_text(pattern, 0)) == 0 &&
	       strcmp(row->room, db_text(pattern, 1)) == 0 &&
	       strcmp(device_state_words[row->state], db_text(pattern, 2)) == 0 &&
	       strcmp(row->version, db_text(pattern, 3)) == 0 &&
	       strcmp(row->results, db_text(pattern, 4)) == 0;
}

/* Each row is of one pattern, and no pattern has rows that are not there. */
static void check_patterns(struct world *world, const struct rows *rows)
{
	struct school *school = &world->school;
	_cleanup_(db_rows_closep) struct db_rows *pattern = NULL;
	int64_t n_all = 0, n_counted = 0;

	must(school, db_query(school->store->db,
			      "SELECT site_code, room, state, profile_version, results, n "
			      "FROM site_pattern",
			      &pattern, &school->err, ""));
	while (db_next(pattern, &school->err) > 0) {
		int64_t n = 0;

		for (size_t i = 0; i < rows->n; i++)
			n += is_of_pattern(&rows->rows[i], pattern);
		if (n != db_int(pattern, 5) || n == 0)
			fail_msg("the pattern '%s' %s %s in '%s' of %s is %lld, the rows are %lld",
				 db_text(pattern, 4), db_text(pattern, 2), db_text(pattern, 3),
				 db_text(pattern, 1), db_text(pattern, 0),
				 (long long)db_int(pattern, 5), (long long)n);
		n_all += n;
	}
	for (size_t i = 0; i < rows->n; i++)
		n_counted += row_counts(&rows->rows[i]);
	compare("the sum of patterns", "all sites", n_all, n_counted);
}

/* What a device is said to be follows from its results, and these from what judges its site. */
static void check_row(const struct rows *rows, const struct row *row)
{
	const struct stored_site *place = rows_place(rows, row->site);
	enum result results[PROFILE_REQUIREMENTS_MAX];
	bool is_judged = row->has_reported && place->version[0];

	if ((row->state == STATE_NEVER_SEEN) != (row->seen_ms == 0) &&
	    row->state != STATE_CONFLICT && row->state != STATE_RETIRED)
		fail_msg("device %.4s is %s and was seen at %lld", row->id,
			 device_state_words[row->state], (long long)row->seen_ms);
	if (!place->is_queued && row->state != STATE_NEVER_SEEN && row->state != STATE_CONFLICT &&
	    row->state != STATE_RETIRED && strcmp(row->version, is_judged ? place->version : ""))
		fail_msg("device %.4s of %s is judged by '%.8s', its site by '%.8s'", row->id,
			 row->site, row->version, place->version);
	if (!row->judge || row->state <= STATE_STALE)
		return;
	for (size_t i = 0; i < row->judge->n_requirements; i++) {
		if (result_of_letter(row->results[i], &results[i]) < 0)
			fail_msg("device %.4s has results '%s'", row->id, row->results);
	}
	/* A site that lost what judges it says so of all its devices. */
	if (place->profile && row->state != evaluate_state(row->judge, results))
		fail_msg("device %.4s of %s is %s with '%s'", row->id, row->site,
			 device_state_words[row->state], row->results);
}

/* A device is in conflict as long as one is open. */
static void check_conflicts(struct world *world, const struct rows *rows)
{
	int64_t n = 0;

	for (size_t i = 0; i < rows->n; i++)
		n += rows->rows[i].state == STATE_CONFLICT;
	compare("open conflicts", "all sites",
		school_number(&world->school,
			      "SELECT count(*) FROM conflict WHERE resolution = ''"),
		n);
	compare("devices in conflict without an open one", "all sites",
		school_number(&world->school,
			      "SELECT count(*) FROM device WHERE state = 'conflict' AND id NOT IN "
			      "(SELECT device_id FROM conflict WHERE resolution = '')"),
		0);
}

void check_counts(struct world *world)
{
	static struct rows rows;

	rows_read(world, &rows);
	for (size_t i = 0; i < rows.n_sites; i++)
		check_site(world, &rows, rows.places[i].code);
	check_patterns(world, &rows);
	for (size_t i = 0; i < rows.n; i++)
		check_row(&rows, &rows.rows[i]);
	check_conflicts(world, &rows);
}
