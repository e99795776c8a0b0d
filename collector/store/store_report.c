/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "collector/store/store_report.h"

enum { ROW_ITSELF, ROW_BELOW, ROW_ABOVE };

/* Three steps into one index: every row that is asked for lies next to the new one. */
static const char place_sql[] =
	"SELECT 0, boot_id, sequence, state, observed_ms FROM report "
	"WHERE device_id = $1 AND sequence = $2 AND boot_id = $3 "
	"UNION ALL SELECT 1, boot_id, sequence, '', 0 FROM (SELECT boot_id, sequence FROM report "
	"WHERE device_id = $1 AND sequence <= $2 AND NOT (sequence = $2 AND boot_id = $3) "
	"ORDER BY sequence DESC LIMIT 1) AS below "
	"UNION ALL SELECT 2, boot_id, sequence, '', 0 FROM (SELECT boot_id, sequence FROM report "
	"WHERE device_id = $1 AND sequence > $2 ORDER BY sequence LIMIT 1) AS above";

static void read_neighbour(struct db_rows *rows, struct report_neighbour *neighbour)
{
	snprintf(neighbour->boot_id, sizeof(neighbour->boot_id), "%s", db_text(rows, 1));
	neighbour->sequence = db_int(rows, 2);
}

int store_report_place(struct store *store, const struct report *report,
		       struct report_place *ret_place, struct err *err)
{
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	struct report_place place = { 0 };
	int r = db_query(store->db, place_sql, &rows, err, "tit", report->device_id,
			 report->sequence, report->boot_id);

	while (r >= 0 && (r = db_next(rows, err)) > 0) {
		switch (db_int(rows, 0)) {
		case ROW_ITSELF:
			place.is_there = true;
			place.observed_ms = db_int(rows, 4);
			if (device_state_parse(db_text(rows, 3), &place.state) < 0)
				return err_set(err, -EUCLEAN, "a report of %s has no state '%s'",
					       report->device_id, db_text(rows, 3));
			break;
		case ROW_BELOW:
			read_neighbour(rows, &place.below);
			break;
		default:
			read_neighbour(rows, &place.above);
		}
	}
	if (r >= 0)
		*ret_place = place;
	return r;
}

int store_report_put(struct store *store, const struct report *report, int64_t received_ms,
		     enum device_state state, struct err *err)
{
	return db_exec(store->db,
		       "INSERT INTO report (device_id, boot_id, sequence, received_ms, "
		       "observed_ms, state) VALUES ($1, $2, $3, $4, $5, $6)",
		       NULL, err, "ttiiit", report->device_id, report->boot_id, report->sequence,
		       received_ms, report->observed_ms, device_state_words[state]);
}

int store_boot_put(struct store *store, const struct report *report, struct err *err)
{
	int64_t n_changed = 0;
	int r = db_exec(store->db,
			"INSERT INTO device_boot (device_id, boot_id) VALUES ($1, $2) "
			"ON CONFLICT (device_id, boot_id) DO NOTHING",
			&n_changed, err, "tt", report->device_id, report->boot_id);

	return r < 0 ? r : n_changed > 0;
}

int store_boot_forget(struct store *store, const char *device_id, struct err *err)
{
	return db_exec(store->db, "DELETE FROM device_boot WHERE device_id = $1", NULL, err, "t",
		       device_id);
}

int store_report_newest(struct store *store, const char *device_id, int64_t *ret_sequence,
			struct err *err)
{
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	int r = db_query(store->db, "SELECT max(sequence) FROM report WHERE device_id = $1", &rows,
			 err, "t", device_id);

	if (r >= 0)
		r = db_next(rows, err);
	if (r > 0)
		*ret_sequence = db_int(rows, 0);
	return r < 0 ? r : 0;
}

int store_report_set_aside(struct store *store, const char *device_id, int64_t now_ms,
			   struct err *err)
{
	char aside[32];
	int r;

	/* Below every number there can be, so that they are nobody's neighbours. */
	snprintf(aside, sizeof(aside), "@%lld", (long long)now_ms);
	r = db_exec(store->db,
		    "UPDATE report SET boot_id = boot_id || $2, sequence = -sequence "
		    "WHERE device_id = $1 AND sequence > 0",
		    NULL, err, "tt", device_id, aside);
	return r < 0 ? r : store_boot_forget(store, device_id, err);
}
