/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Devices of a site, narrowed and in pages. A page begins after a place, never
 * at an offset, so that each page costs what it shows.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "collector/store/device_row.h"
#include "collector/store/store_device.h"
#include "common/base/mem.h"

/* "AND state IN ('ready','stale')": words of ours, so they can stand in the text. */
static void print_states(FILE *sql, unsigned states)
{
	const char *comma = "";

	if (states == 0) {
		fprintf(sql, " AND state <> '%s'", device_state_words[STATE_RETIRED]);
		return;
	}
	fputs(" AND state IN (", sql);
	for (unsigned i = 0; i < STATE_MAX_; i++) {
		if (states & 1U << i) {
			fprintf(sql, "%s'%s'", comma, device_state_words[i]);
			comma = ",";
		}
	}
	fputc(')', sql);
}

/* One of the letters at the places is one of the results'. */
static void print_results(FILE *sql, const uint64_t *requirements, unsigned results,
			  const char *version)
{
	char letters[RESULT_MAX_ * 4 + 1] = "";
	const char * or = "";
	size_t n = 0;

	for (unsigned i = 0; i < RESULT_MAX_; i++) {
		if (results & 1U << i)
			n += (size_t)snprintf(letters + n, sizeof(letters) - n, "%s'%c'",
					      n ? "," : "", result_letter((enum result)i));
	}
	fprintf(sql, " AND profile_version = %s AND (", version);
	for (size_t i = 0; i < PROFILE_REQUIREMENTS_MAX; i++) {
		if (requirements[i / 64] & UINT64_C(1) << i % 64) {
			fprintf(sql, "%ssubstr(results, %zu, 1) IN (%s)", or, i + 1, letters);
			or = " OR ";
		}
	}
	/* No place at all: then no device. */
	fputs(or [0] ? ")" : "1 = 0)", sql);
}

static char *make_sql(const struct device_query *query)
{
	char *text = NULL;
	size_t size;
	FILE *sql = open_memstream(&text, &size);

	if (!sql)
		abort();
	fputs("SELECT " DEVICE_ROW " FROM device WHERE site_code = $1"
	      " AND (room, host_name, id) > ($2, $3, $4)",
	      sql);
	print_states(sql, query->states);
	if (query->is_expected >= 0)
		fprintf(sql, " AND is_expected = %d", query->is_expected != 0);
	if (query->room)
		fputs(" AND room = $6", sql);
	if (query->requirements)
		print_results(sql, query->requirements, query->results, query->room ? "$7" : "$6");
	fputs(" ORDER BY room, host_name, id LIMIT $5", sql);
	fclose(sql);
	return text;
}

/* $6 and $7 are what the query has of room and version, in that order. */
static int run(struct store *store, const struct device_query *query, struct db_rows **ret_rows,
	       struct err *err)
{
	static const struct device_place start = { "", "", "" };
	const struct device_place *after = query->after ? query->after : &start;
	_cleanup_free_ char *sql = make_sql(query);
	const char *version = query->profile_version ? query->profile_version : "";
	const char *types = "tttti";

	if (query->room && query->requirements)
		types = "ttttitt";
	else if (query->room || query->requirements)
		types = "ttttit";
	return db_query(store->db, sql, ret_rows, err, types, query->site_code, after->room,
			after->host_name, after->id, (int64_t)query->limit,
			query->room ? query->room : version, version);
}

int device_list_read(struct db_rows *rows, struct device_list *ret_list, struct err *err)
{
	struct device_list list = { 0 };
	size_t room = 0;
	int r;

	while ((r = db_next(rows, err)) > 0) {
		if (list.n_devices == room) {
			room = room ? room * 2 : 16;
			list.devices = xreallocarray(list.devices, room, sizeof(*list.devices));
		}
		r = device_row_read(rows, false, &list.devices[list.n_devices], err);
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
	/* Ranges of device_by_seen, so that it costs nothing where nothing aged. */
#define OF_SITE "SELECT " DEVICE_ROW " FROM device WHERE site_code = $1 AND "
#define FRESH "state IN ('not_ready', 'unknown', 'ready_with_warnings', 'ready') AND results <> ''"
	int r = db_query(store->db,
			 OF_SITE FRESH " AND seen_ms < $2 UNION ALL " OF_SITE FRESH
				       " AND seen_ms > $3 UNION ALL " OF_SITE
				       "state = 'stale' AND seen_ms BETWEEN $2 AND $3 LIMIT $4",
			 &rows, err, "tiii", site_code, since_ms, until_ms, (int64_t)limit);

	return r < 0 ? r : device_list_read(rows, ret_list, err);
}
