/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/property/rows.h"

static void copy(char *to, size_t size, const char *text)
{
	if ((size_t)snprintf(to, size, "%s", text) >= size)
		fail_msg("'%s' is longer than a row of this test can be", text);
}

static int word_of(const char *const *words, const char *text)
{
	for (int i = 0; words[i]; i++) {
		if (strcmp(words[i], text) == 0)
			return i;
	}
	fail_msg("'%s' is in the store and no such word", text);
}

static const struct profile *profile_of(struct world *world, const char *version)
{
	struct school *school = &world->school;
	const struct profile *profile = NULL;

	if (version[0])
		must(school, profile_cache_get(school->cache, school->store, version, &profile,
					       &school->err));
	return profile;
}

static void read_places(struct world *world, struct rows *rows)
{
	struct school *school = &world->school;
	_cleanup_(db_rows_closep) struct db_rows *found = NULL;

	must(school,
	     db_query(school->store->db,
		      "SELECT s.code, COALESCE(w.profile_version, ''), r.site_code IS NOT NULL, "
		      "COALESCE(r.after_id, ''), COALESCE(w.first_day, '2000-01-01'), "
		      "COALESCE(w.last_day, '2000-01-01') FROM site s "
		      "LEFT JOIN test_window w ON w.site_code = s.code "
		      "LEFT JOIN rejudge r ON r.site_code = s.code ORDER BY s.code",
		      &found, &school->err, ""));
	rows->n_sites = 0;
	while (db_next(found, &school->err) > 0) {
		struct stored_site *place = &rows->places[rows->n_sites];

		place->code = site_codes[rows->n_sites++];
		assert_string_equal(place->code, db_text(found, 0));
		copy(place->version, sizeof(place->version), db_text(found, 1));
		place->is_queued = db_int(found, 2) != 0;
		copy(place->after_id, sizeof(place->after_id), db_text(found, 3));
		must(school, civil_parse(db_text(found, 4), &place->window.first, &school->err));
		must(school, civil_parse(db_text(found, 5), &place->window.last, &school->err));
		place->profile = profile_of(world, place->version);
	}
}

static void read_row(struct world *world, struct db_rows *found, struct row *row)
{
	char letter;

	copy(row->id, sizeof(row->id), db_text(found, 0));
	copy(row->site, sizeof(row->site), db_text(found, 1));
	copy(row->room, sizeof(row->room), db_text(found, 2));
	row->role = (enum device_role)word_of(device_role_words, db_text(found, 3));
	row->is_expected = db_int(found, 4) != 0;
	row->state = (enum device_state)word_of(device_state_words, db_text(found, 5));
	row->seen_ms = db_int(found, 6);
	copy(row->version, sizeof(row->version), db_text(found, 7));
	copy(row->results, sizeof(row->results), db_text(found, 8));
	row->has_reported = db_int(found, 9) != 0;
	row->judge = profile_of(world, row->version);
	letter = row_letter(row, "browser.version");
	if (row->results[0] && !letter)
		row->browser = RESULT_NOT_APPLICABLE;
	else if (!letter || result_of_letter(letter, &row->browser) < 0)
		row->browser = RESULT_UNKNOWN;
}

void rows_read(struct world *world, struct rows *rows)
{
	struct school *school = &world->school;
	_cleanup_(db_rows_closep) struct db_rows *found = NULL;

	read_places(world, rows);
	must(school, db_query(school->store->db,
			      "SELECT id, site_code, room, role, is_expected, state, "
			      "COALESCE(seen_ms, 0), profile_version, results, facts_hash <> '' "
			      "FROM device ORDER BY id",
			      &found, &school->err, ""));
	rows->n = 0;
	while (db_next(found, &school->err) > 0) {
		if (rows->n == ARRAY_SIZE(rows->rows))
			fail_msg("more than %zu devices", rows->n);
		read_row(world, found, &rows->rows[rows->n++]);
	}
}

json_t *rows_facts(struct world *world, const struct row *row)
{
	struct school *school = &world->school;
	_cleanup_free_ char *text = NULL;
	json_t *facts;

	must(school, store_device_facts(school->store, row->id, &text, &school->err));
	facts = json_loads(text, 0, NULL);
	if (!facts)
		fail_msg("the facts of device %.4s are not JSON", row->id);
	return facts;
}

const struct stored_site *rows_place(const struct rows *rows, const char *site)
{
	for (size_t i = 0; i < rows->n_sites; i++) {
		if (strcmp(rows->places[i].code, site) == 0)
			return &rows->places[i];
	}
	fail_msg("a device is at %s, which is not there", site);
}

bool row_counts(const struct row *row)
{
	return row->is_expected && row->state != STATE_RETIRED;
}

bool row_is_fresh(const struct row *row)
{
	return row->state == STATE_NOT_READY || row->state == STATE_UNKNOWN || row_is_ready(row);
}

bool row_is_ready(const struct row *row)
{
	return row->state == STATE_READY || row->state == STATE_READY_WITH_WARNINGS;
}

char row_letter(const struct row *row, const char *requirement)
{
	if (!row->judge)
		return '\0';
	for (size_t i = 0; i < row->judge->n_requirements && row->results[i]; i++) {
		if (strcmp(row->judge->requirements[i].id, requirement) == 0)
			return row->results[i];
	}
	return '\0';
}

/* Something fails that this fix is for, by what judges the site now. */
static bool needs(const struct stored_site *place, const struct row *row, const char *fix)
{
	if (!row_is_fresh(row) || strcmp(row->version, place->version) != 0)
		return false;
	for (size_t i = 0; row->judge && row->results[i]; i++) {
		if (row->results[i] == 'F' && strcmp(row->judge->requirements[i].fix.id, fix) == 0)
			return true;
	}
	return false;
}

static bool passes(const struct row *row, const char *requirement)
{
	return row_is_fresh(row) && row_letter(row, requirement) == 'P';
}

bool row_fits(const struct rows *rows, const struct row *row, const struct device_filter *filter)
{
	const struct stored_site *place = rows_place(rows, row->site);
	const char *requirement = filter->requirement;

	if (filter->states ? !(filter->states >> row->state & 1) : row->state == STATE_RETIRED)
		return false;
	if (filter->is_expected >= 0 && row->is_expected != filter->is_expected)
		return false;
	if (filter->room && strcmp(filter->room, row->room) != 0)
		return false;
	if (filter->fix && !needs(place, row, filter->fix))
		return false;
	if (filter->passes && !passes(row, filter->passes))
		return false;
	if (requirement && (passes(row, requirement) ||
			    row_letter(row, requirement) == result_letter(RESULT_NOT_APPLICABLE)))
		return false;
	if (filter->waives &&
	    !(strcmp(row->version, place->version) == 0 && row_letter(row, filter->waives) == 'W'))
		return false;
	return filter->is_waived < 0 || (strchr(row->results, 'W') != NULL) == filter->is_waived;
}
