/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Devices of a site, narrowed and in pages. A page begins after a place, never
 * at an offset, so that each page costs what it shows.
 */
#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "collector/store/device_row.h"
#include "collector/store/store_device.h"
#include "common/base/mem.h"

/* " AND state IN ('ready','stale')": words of ours, so they can stand in the text. */
static void print_words(FILE *sql, const char *column, unsigned bits, const char *const *words,
			unsigned n_words)
{
	const char *comma = "";

	fprintf(sql, " AND %s IN (", column);
	for (unsigned i = 0; i < n_words; i++) {
		if (bits & 1U << i) {
			fprintf(sql, "%s'%s'", comma, words[i]);
			comma = ",";
		}
	}
	fputc(')', sql);
}

/* One of the letters at the places is one of the results'. */
static void print_results(FILE *sql, const uint64_t *requirements, unsigned results)
{
	char letters[RESULT_MAX_ * 4 + 1] = "";
	const char * or = "";
	size_t n = 0;

	for (unsigned i = 0; i < RESULT_MAX_; i++) {
		if (results & 1U << i)
			n += (size_t)snprintf(letters + n, sizeof(letters) - n, "%s'%c'",
					      n ? "," : "", result_letter((enum result)i));
	}
	fputs(" AND profile_version = $8 AND (", sql);
	for (size_t i = 0; i < PROFILE_REQUIREMENTS_MAX; i++) {
		if (requirements[i / 64] & UINT64_C(1) << i % 64) {
			fprintf(sql, "%ssubstr(results, %zu, 1) IN (%s)", or, i + 1, letters);
			or = " OR ";
		}
	}
	/* No place at all: then no device. */
	fputs(or [0] ? ")" : "1 = 0)", sql);
}

/*
 * The order, and what is behind a place in it. A parameter that an order does not need stands where
 * it decides nothing, so that all of them have the same: $2 room, $3 host name, $4 id,
 * $5 when it was seen, of the place.
 */
static const struct {
	const char *after;
	const char *columns;
} orders[] = {
	[DEVICE_ORDER_PLACE] = { "(room, host_name, id) > ($2, $3, $4) AND $5 >= 0",
				 "room, host_name, id" },
	[DEVICE_ORDER_HOST] = { "(host_name, id) > ($3, $4) AND $2 >= '' AND $5 >= 0",
				"host_name, id" },
	[DEVICE_ORDER_SEEN] = { "(COALESCE(seen_ms, 0), id) > ($5, $4) AND $2 >= '' AND $3 >= ''",
				"COALESCE(seen_ms, 0), id" },
};
static_assert(ARRAY_SIZE(orders) == DEVICE_ORDER_MAX_, "every order is asked for");

char *device_query_sql(const struct device_query *query)
{
	/* Within a room the place is a matter of names, which SQLite does not see by itself. */
	enum device_order order = query->room && query->order == DEVICE_ORDER_PLACE
					  ? DEVICE_ORDER_HOST
					  : query->order;
	char *text = NULL;
	size_t size;
	FILE *sql = open_memstream(&text, &size);

	if (!sql)
		abort();
	fprintf(sql, "SELECT " DEVICE_ROW " FROM device WHERE site_code = $1 AND %s",
		orders[order].after);
	fputs(query->room ? " AND room = $6" : " AND $6 = ''", sql);
	fputs(query->model ? " AND model = $7" : " AND $7 = ''", sql);
	if (query->states)
		print_words(sql, "state", query->states, device_state_words, STATE_MAX_);
	else
		fprintf(sql, " AND state <> '%s'", device_state_words[STATE_RETIRED]);
	if (query->roles)
		print_words(sql, "role", query->roles, device_role_words, ROLE_MAX_);
	if (query->is_expected >= 0)
		fprintf(sql, " AND is_expected = %d", query->is_expected != 0);
	if (query->requirements)
		print_results(sql, query->requirements, query->results);
	else
		fputs(" AND $8 = ''", sql);
	fprintf(sql, " ORDER BY %s LIMIT $9", orders[order].columns);
	fclose(sql);
	return text;
}

static int run(struct store *store, const struct device_query *query, struct db_rows **ret_rows,
	       struct err *err)
{
	/* Before the first: no device was seen before 1970, and no id is empty. */
	static const struct device_place start = { "", "", "", 0 };
	const struct device_place *after = query->after ? query->after : &start;
	_cleanup_free_ char *sql = device_query_sql(query);

	return db_query(store->db, sql, ret_rows, err, "ttttittti", query->site_code, after->room,
			after->host_name, after->id, after->seen_ms, query->room ? query->room : "",
			query->model ? query->model : "",
			query->requirements ? query->profile_version : "", (int64_t)query->limit);
}

int device_list_read(struct db_rows *rows, struct device_list *ret_list, struct err *err)
{
	struct device_list list = { 0 };
	size_t room = 0;
	int r;

	while ((r = db_next(rows, err)) > 0) {
		list.devices = xgrow(list.devices, list.n_devices, &room, sizeof(*list.devices));
		r = device_row_read(rows, &list.devices[list.n_devices], err);
		if (r < 0)
			break;
		list.n_devices++;
	}
	if (r < 0) {
		device_list_done(&list);
		return r;
	}
	*ret_list = list;
	return 0;
}

int store_device_list(struct store *store, const struct device_query *query,
		      struct device_list *ret_list, struct err *err)
{
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	int r = run(store, query, &rows, err);

	return r < 0 ? r : device_list_read(rows, ret_list, err);
}

static int read_group(struct db_rows *rows, struct device_group *ret_group, struct err *err)
{
	enum device_state state;

	if (device_state_parse(db_text(rows, 1), &state) < 0)
		return err_set(err, -EUCLEAN, "site_pattern has no state '%s'", db_text(rows, 1));
	*ret_group = (struct device_group){
		.room = xstrdup(db_text(rows, 0)),
		.state = state,
		.profile_version = xstrdup(db_text(rows, 2)),
		.results = xstrdup(db_text(rows, 3)),
		.n = db_int(rows, 4),
	};
	return 0;
}

int store_device_groups(struct store *store, const char *site_code,
			struct device_group_list *ret_list, struct err *err)
{
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	struct device_group_list list = { 0 };
	size_t room = 0;
	int r = db_query(store->db,
			 "SELECT room, state, profile_version, results, n FROM site_pattern "
			 "WHERE site_code = $1",
			 &rows, err, "t", site_code);

	while (r >= 0 && (r = db_next(rows, err)) > 0) {
		list.groups = xgrow(list.groups, list.n_groups, &room, sizeof(*list.groups));
		r = read_group(rows, &list.groups[list.n_groups], err);
		if (r >= 0)
			list.n_groups++;
	}
	if (r < 0) {
		device_group_list_done(&list);
		return r;
	}
	*ret_list = list;
	return 0;
}

void device_group_list_done(struct device_group_list *list)
{
	for (size_t i = 0; i < list->n_groups; i++) {
		free(list->groups[i].room);
		free(list->groups[i].profile_version);
		free(list->groups[i].results);
	}
	free(list->groups);
	*list = (struct device_group_list){ 0 };
}

int store_device_reported(struct store *store, const char *site_code, const char *after_id,
			  size_t limit, struct device_list *ret_list, struct err *err)
{
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	int r = db_query(store->db,
			 "SELECT " DEVICE_ROW " FROM device WHERE site_code = $1 AND id > $2 AND "
			 "facts_hash <> '' ORDER BY id LIMIT $3",
			 &rows, err, "tti", site_code, after_id, (int64_t)limit);

	return r < 0 ? r : device_list_read(rows, ret_list, err);
}

int store_device_count_reported(struct store *store, const char *site_code, int64_t *ret_n,
				struct err *err)
{
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	int r = db_query(store->db,
			 "SELECT count(*) FROM device WHERE site_code = $1 AND facts_hash <> ''",
			 &rows, err, "t", site_code);

	if (r >= 0)
		r = db_next(rows, err);
	if (r > 0)
		*ret_n = db_int(rows, 0);
	return r < 0 ? r : 0;
}

/* NOLINTNEXTLINE(readability-function-size): see store_device.h */
int store_device_aged(struct store *store, const char *site_code, int64_t since_ms,
		      int64_t until_ms, size_t limit, struct device_list *ret_list, struct err *err)
{
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	/* Ranges of device_by_seen_hour, so that it costs nothing where nothing aged. */
#define OF_SITE "SELECT " DEVICE_ROW " FROM device WHERE site_code = $1 AND "
#define FRESH "state IN ('not_ready', 'unknown', 'ready_with_warnings', 'ready') AND results <> ''"
	int r = db_query(
		store->db,
		OF_SITE FRESH
		" AND seen_hour <= " SEEN_HOUR("$2") " AND seen_ms < $2 UNION ALL " OF_SITE
			FRESH " AND seen_hour >= " SEEN_HOUR(
				"$3") " AND seen_ms > $3 UNION ALL " OF_SITE
				      "state = 'stale' AND seen_hour BETWEEN " SEEN_HOUR(
					      "$2") " AND " SEEN_HOUR("$3") " AND seen_ms BETWEEN "
									    "$2 AND $3 LIMIT $4",
		&rows, err, "tiii", site_code, since_ms, until_ms, (int64_t)limit);

	return r < 0 ? r : device_list_read(rows, ret_list, err);
}
