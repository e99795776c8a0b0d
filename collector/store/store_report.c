/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>

#include "collector/store/store_report.h"

int store_report_find(struct store *store, const struct report *report,
		      enum device_state *ret_state, struct err *err)
{
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	int r = db_query(store->db,
			 "SELECT state FROM report WHERE device_id = $1 AND boot_id = $2 AND "
			 "sequence = $3",
			 &rows, err, "tti", report->device_id, report->boot_id, report->sequence);

	if (r >= 0)
		r = db_next(rows, err);
	if (r > 0 && device_state_parse(db_text(rows, 0), ret_state) < 0)
		return err_set(err, -EUCLEAN, "a report of %s has no state '%s'", report->device_id,
			       db_text(rows, 0));
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
