/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "collector/store/sight_sql.h"
#include "collector/store/store_site.h"
#include "common/base/civil.h"
#include "common/base/mem.h"

#define SITE_TABLES                                                                           \
	" FROM site s JOIN lea l ON l.code = s.lea_code "                                     \
	"JOIN site_count c ON c.site_code = s.code LEFT JOIN test_window w ON w.site_code = " \
	"s.code LEFT JOIN rejudge r ON r.site_code = s.code"

/* The counts are in the order of SITE_COUNT_COLUMNS. */
#define SITE_ROW                                                                              \
	"SELECT s.code, s.name, l.code, l.name, s.zone, s.has_inventory, w.id, w.programme, " \
	"w.track, w.profile_id, w.first_day, w.last_day, w.profile_version, r.site_code, "    \
	"c.conflict, c.never_seen, c.stale, "                                                 \
	"c.not_ready, c.unknown, c.ready_with_warnings, c.ready, c.browser_exempt, "          \
	"c.browser_current, c.unexpected" SITE_TABLES

void site_count_read(struct db_rows *rows, int column, struct site_count *ret_count)
{
	static const enum device_state order[] = { STATE_CONFLICT, STATE_NEVER_SEEN,
						   STATE_STALE,    STATE_NOT_READY,
						   STATE_UNKNOWN,  STATE_READY_WITH_WARNINGS,
						   STATE_READY };

	for (size_t i = 0; i < ARRAY_SIZE(order); i++)
		ret_count->states[order[i]] = db_int(rows, column++);
	ret_count->browser_exempt = db_int(rows, column++);
	ret_count->browser_current = db_int(rows, column++);
	ret_count->unexpected = db_int(rows, column);
}

static int read_window(struct db_rows *rows, struct window *ret_window, struct err *err)
{
	int r = civil_parse(db_text(rows, 10), &ret_window->first, err);

	if (r >= 0)
		r = civil_parse(db_text(rows, 11), &ret_window->last, err);
	if (r < 0)
		return err_prefix(err, -EUCLEAN, "window of site %s", db_text(rows, 0));
	ret_window->id = xstrdup(db_text(rows, 6));
	ret_window->programme = xstrdup(db_text(rows, 7));
	ret_window->track = xstrdup(db_text(rows, 8));
	ret_window->profile_id = xstrdup(db_text(rows, 9));
	ret_window->profile_version = xstrdup(db_text(rows, 12));
	return 0;
}

static int read_site(struct db_rows *rows, struct site *ret_site, struct err *err)
{
	struct site site = { .has_window = !db_is_null(rows, 6) };
	int r = site.has_window ? read_window(rows, &site.window, err) : 0;

	if (r < 0)
		return r;
	site.code = xstrdup(db_text(rows, 0));
	site.name = xstrdup(db_text(rows, 1));
	site.lea_code = xstrdup(db_text(rows, 2));
	site.lea_name = xstrdup(db_text(rows, 3));
	site.zone = xstrdup(db_text(rows, 4));
	site.has_inventory = db_int(rows, 5) != 0;
	site.is_queued = !db_is_null(rows, 13);
	site_count_read(rows, 14, &site.count);
	*ret_site = site;
	return 0;
}

static int read_sites(struct db_rows *rows, struct site_list *ret_list, struct err *err)
{
	struct site_list list = { 0 };
	size_t room = 0;
	int r;

	while ((r = db_next(rows, err)) > 0) {
		list.sites = xgrow(list.sites, list.n_sites, &room, sizeof(*list.sites));
		r = read_site(rows, &list.sites[list.n_sites], err);
		if (r < 0)
			break;
		list.n_sites++;
	}
	if (r < 0) {
		site_list_done(&list);
		return r;
	}
	*ret_list = list;
	return 0;
}

void site_done(struct site *site)
{
	free(site->code);
	free(site->name);
	free(site->lea_code);
	free(site->lea_name);
	free(site->zone);
	free((void *)site->window.id);
	free((void *)site->window.programme);
	free((void *)site->window.track);
	free((void *)site->window.profile_id);
	free((void *)site->window.profile_version);
	*site = (struct site){ 0 };
}

void site_list_done(struct site_list *list)
{
	for (size_t i = 0; i < list->n_sites; i++)
		site_done(&list->sites[i]);
	free(list->sites);
	*list = (struct site_list){ 0 };
}

int store_site_get(struct store *store, const char *code, struct site *ret_site, struct err *err)
{
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	int r = db_query(store->db, SITE_ROW " WHERE s.code = $1", &rows, err, "t", code);

	if (r >= 0)
		r = db_next(rows, err);
	if (r == 0)
		return err_set(err, -ENOENT, "no site has the code '%s'", code);
	return r < 0 ? r : read_site(rows, ret_site, err);
}

int store_site_all(struct store *store, struct site_list *ret_list, struct err *err)
{
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	int r = db_query(store->db, SITE_ROW " ORDER BY s.code", &rows, err, "");

	return r < 0 ? r : read_sites(rows, ret_list, err);
}

int store_site_number(struct store *store, int64_t *ret_n, struct err *err)
{
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	int r = db_query(store->db, "SELECT count(*) FROM site_count", &rows, err, "");

	if (r >= 0)
		r = db_next(rows, err);
	if (r > 0)
		*ret_n = db_int(rows, 0);
	return r < 0 ? r : 0;
}

int store_site_some(struct store *store, const char *after, size_t limit,
		    struct site_list *ret_list, struct err *err)
{
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	int r = db_query(store->db, SITE_ROW " WHERE s.code > $1 ORDER BY s.code LIMIT $2", &rows,
			 err, "ti", after, (int64_t)limit);

	return r < 0 ? r : read_sites(rows, ret_list, err);
}

/* " AND (c.ready + c.stale > 0 OR c.unexpected > 0)": a site of none is left away. */
static void print_counts(FILE *sql, const struct site_query *query)
{
	const char *plus = "";

	/* Retired ones are not counted. */
	if (query->states & 1U << STATE_RETIRED)
		return;
	if (query->is_expected == 0) {
		fputs(" AND c.unexpected > 0", sql);
		return;
	}
	fputs(" AND (", sql);
	for (unsigned i = 0; i < STATE_MAX_; i++) {
		if (i == STATE_RETIRED || (query->states && !(query->states & 1U << i)))
			continue;
		fprintf(sql, "%sc.%s", plus, device_state_words[i]);
		plus = " + ";
	}
	fprintf(sql, " > 0%s)", query->is_expected < 0 ? " OR c.unexpected > 0" : "");
}

static bool sees_all(const struct site_query *query)
{
	return query->sight && query->sight->is_all;
}

/* What it is narrowed to; a parameter that is not needed stands where it decides nothing. */
static void print_where(FILE *sql, const struct site_query *query)
{
	fputs(query->code ? " WHERE c.site_code = $1" : " WHERE $1 = ''", sql);
	fputs(query->lea_code ? " AND s.lea_code = $2" : " AND $2 = ''", sql);
	/* COALESCE(), or SQLite would begin with the windows, and sort all of them each time. */
	fputs(query->profile_id ? " AND COALESCE(w.profile_id, '') = $3" : " AND $3 = ''", sql);
	/* Both are NULL and of no meaning where all is seen. */
	fputs(sees_all(query) ? " AND ($4 IS NULL OR $5 = ' ')"
			      : " AND " SEES("s.lea_code", "s.code", "$4", "$5"),
	      sql);
	print_counts(sql, query);
}

char *site_query_sql(const struct site_query *query, bool is_sum)
{
	char *text = NULL;
	size_t size;
	FILE *sql = open_memstream(&text, &size);

	if (!sql)
		abort();
	if (is_sum) {
		fputs("SELECT sum(c.conflict), sum(c.never_seen), sum(c.stale), sum(c.not_ready), "
		      "sum(c.unknown), sum(c.ready_with_warnings), sum(c.ready), "
		      "sum(c.browser_exempt), sum(c.browser_current), sum(c.unexpected)",
		      sql);
		fputs(query->lea_code || query->profile_id || !sees_all(query)
			      ? SITE_TABLES
			      : " FROM site_count c",
		      sql);
		print_where(sql, query);
	} else {
		fputs(SITE_ROW, sql);
		print_where(sql, query);
		fprintf(sql, " AND s.code >= $6%s LIMIT $7", query->code ? "" : " ORDER BY s.code");
	}
	fclose(sql);
	return text;
}

static const char *or_none(const char *text)
{
	return text ? text : "";
}

int store_site_list(struct store *store, const struct site_query *query, struct site_list *ret_list,
		    struct err *err)
{
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	_cleanup_free_ char *sql = site_query_sql(query, false);
	int r = db_query(store->db, sql, &rows, err, "tttttti", or_none(query->code),
			 or_none(query->lea_code), or_none(query->profile_id),
			 SIGHT_VALUES(query->sight), or_none(query->from_code),
			 (int64_t)query->limit);

	return r < 0 ? r : read_sites(rows, ret_list, err);
}

int store_site_sum(struct store *store, const struct site_query *query,
		   struct site_count *ret_count, struct err *err)
{
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	_cleanup_free_ char *sql = site_query_sql(query, true);
	int r = db_query(store->db, sql, &rows, err, "ttttt", or_none(query->code),
			 or_none(query->lea_code), or_none(query->profile_id),
			 SIGHT_VALUES(query->sight));

	if (r >= 0)
		r = db_next(rows, err);
	if (r <= 0)
		return r;
	*ret_count = (struct site_count){ 0 };
	site_count_read(rows, 0, ret_count);
	return 0;
}

int store_site_codes(struct store *store, const struct site_place *place,
		     struct code_list *ret_list, struct err *err)
{
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	int r = db_query(store->db,
			 "SELECT code FROM site WHERE code > $1 AND " SEES("lea_code", "code", "$2",
									   "$3") " ORDER BY code "
										 "LIMIT $4",
			 &rows, err, "ttti", place->code, SIGHT_VALUES(place->sight),
			 (int64_t)place->limit);

	return r < 0 ? r : code_list_read(rows, ret_list, err);
}

int store_site_codes_by_name(struct store *store, const struct site_place *place,
			     struct code_list *ret_list, struct err *err)
{
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	int r = db_query(
		store->db,
		"SELECT code FROM site WHERE (name > $1 OR (name = $1 AND code > $2)) "
		"AND " SEES("lea_code", "code", "$3", "$4") " ORDER BY name, code LIMIT $5",
		&rows, err, "tttti", place->name, place->code, SIGHT_VALUES(place->sight),
		(int64_t)place->limit);

	return r < 0 ? r : code_list_read(rows, ret_list, err);
}

int store_lea_has(struct store *store, const char *code, struct err *err)
{
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	int r = db_query(store->db, "SELECT 1 FROM lea WHERE code = $1", &rows, err, "t", code);

	return r < 0 ? r : db_next(rows, err);
}

int store_lea_zone(struct store *store, const char *code, char **ret_zone, struct err *err)
{
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	int r = db_query(store->db, "SELECT zone FROM lea WHERE code = $1", &rows, err, "t", code);

	if (r >= 0)
		r = db_next(rows, err);
	if (r > 0)
		*ret_zone = xstrdup(db_text(rows, 0));
	return r;
}

#define LONGER(table)                                                                   \
	"SELECT code FROM " table " WHERE code IN ('0' || $1, '00' || $1, '000' || $1)" \
	" AND NOT EXISTS (SELECT 1 FROM " table " WHERE code = $1) ORDER BY code DESC"

static int find_longer(struct store *store, const char *sql, const char *code, char **ret_longer,
		       struct err *err)
{
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	int r = db_query(store->db, sql, &rows, err, "t", code);

	if (r >= 0)
		r = db_next(rows, err);
	if (r > 0)
		*ret_longer = xstrdup(db_text(rows, 0));
	return r;
}

int store_site_longer(struct store *store, const char *code, char **ret_longer, struct err *err)
{
	return find_longer(store, LONGER("site"), code, ret_longer, err);
}

int store_lea_longer(struct store *store, const char *code, char **ret_longer, struct err *err)
{
	return find_longer(store, LONGER("lea"), code, ret_longer, err);
}

int store_site_put(struct store *store, const struct site *site, struct err *err)
{
	int r = db_exec(store->db,
			"INSERT INTO lea (code, name, zone) VALUES ($1, $2, $3) "
			"ON CONFLICT (code) DO UPDATE SET name = excluded.name",
			NULL, err, "ttt", site->lea_code, site->lea_name, site->zone);

	if (r >= 0)
		r = db_exec(store->db,
			    "INSERT INTO site (code, name, lea_code, zone) VALUES ($1, $2, $3, $4) "
			    "ON CONFLICT (code) DO UPDATE SET name = excluded.name, "
			    "lea_code = excluded.lea_code, zone = excluded.zone",
			    NULL, err, "tttt", site->code, site->name, site->lea_code, site->zone);
	if (r >= 0)
		r = db_exec(store->db,
			    "INSERT INTO site_count (site_code) VALUES ($1) "
			    "ON CONFLICT (site_code) DO NOTHING",
			    NULL, err, "t", site->code);
	return r;
}

int store_window_put(struct store *store, const char *site_code, const struct window *window,
		     struct err *err)
{
	char first[CIVIL_TEXT_SIZE], last[CIVIL_TEXT_SIZE];
	int r = db_exec(store->db,
			"INSERT INTO test_window (id, site_code, programme, track, first_day, "
			"last_day, profile_id) VALUES ($1, $2, $3, $4, $5, $6, $7) "
			"ON CONFLICT (site_code) DO UPDATE SET id = excluded.id, "
			"programme = excluded.programme, track = excluded.track, "
			"first_day = excluded.first_day, last_day = excluded.last_day, "
			"profile_id = excluded.profile_id",
			NULL, err, "ttttttt", window->id, site_code, window->programme,
			window->track, civil_text(window->first, first),
			civil_text(window->last, last), window->profile_id);

	if (r == -EEXIST)
		return err_set(err, -EEXIST,
			       "site %s: another site has a window '%s'; give this one another id",
			       site_code, window->id);
	return r;
}

int store_site_set_inventory(struct store *store, const char *code, struct err *err)
{
	return db_exec(store->db,
		       "UPDATE site SET has_inventory = 1 WHERE code = $1 AND has_inventory = 0",
		       NULL, err, "t", code);
}

int store_site_devices(struct store *store, int64_t *ret_n, struct err *err)
{
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	int r = db_query(
		store->db,
		"SELECT COALESCE(sum(conflict + never_seen + stale + not_ready + unknown + "
		"ready_with_warnings + ready + unexpected), 0) FROM site_count",
		&rows, err, "");

	if (r >= 0)
		r = db_next(rows, err);
	if (r > 0)
		*ret_n = db_int(rows, 0);
	return r < 0 ? r : 0;
}

int store_site_count_add(struct store *store, const char *code, const struct site_count *delta,
			 struct err *err)
{
	return db_exec(store->db,
		       "UPDATE site_count SET conflict = conflict + $2, "
		       "never_seen = never_seen + $3, stale = stale + $4, "
		       "not_ready = not_ready + $5, unknown = unknown + $6, "
		       "ready_with_warnings = ready_with_warnings + $7, ready = ready + $8, "
		       "browser_exempt = browser_exempt + $9, "
		       "browser_current = browser_current + $10, unexpected = unexpected + $11 "
		       "WHERE site_code = $1",
		       NULL, err, "tiiiiiiiiii", code, delta->states[STATE_CONFLICT],
		       delta->states[STATE_NEVER_SEEN], delta->states[STATE_STALE],
		       delta->states[STATE_NOT_READY], delta->states[STATE_UNKNOWN],
		       delta->states[STATE_READY_WITH_WARNINGS], delta->states[STATE_READY],
		       delta->browser_exempt, delta->browser_current, delta->unexpected);
}

int store_window_versions(struct store *store, size_t limit, struct code_list *ret_versions,
			  struct err *err)
{
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	int r = db_query(store->db,
			 "SELECT DISTINCT profile_version FROM test_window "
			 "WHERE profile_version <> '' LIMIT $1",
			 &rows, err, "i", (int64_t)limit);

	return r < 0 ? r : code_list_read(rows, ret_versions, err);
}

void code_list_done(struct code_list *list)
{
	for (size_t i = 0; i < list->n_codes; i++)
		free(list->codes[i]);
	free(list->codes);
	*list = (struct code_list){ 0 };
}

int code_list_read(struct db_rows *rows, struct code_list *ret_list, struct err *err)
{
	struct code_list list = { 0 };
	size_t room = 0;
	int r;

	while ((r = db_next(rows, err)) > 0) {
		list.codes = xgrow(list.codes, list.n_codes, &room, sizeof(*list.codes));
		list.codes[list.n_codes++] = xstrdup(db_text(rows, 0));
	}
	if (r < 0) {
		code_list_done(&list);
		return r;
	}
	*ret_list = list;
	return 0;
}
