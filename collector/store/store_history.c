/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "collector/store/store_history.h"
#include "common/base/base.h"

/* What is forgotten of the devices after $1 up to $2. */
static const char *const forget_sql[] = {
	"DELETE FROM transition WHERE device_id > $1 AND device_id <= $2 AND at_ms < $3 AND "
	"EXISTS (SELECT 1 FROM transition newer WHERE newer.device_id = transition.device_id AND "
	"newer.requirement = transition.requirement AND newer.at_ms > transition.at_ms)",
	"DELETE FROM device_note WHERE device_id > $1 AND device_id <= $2 AND at_ms < $3",
};

/* The last of the next @n_devices devices after @id; "" where there are none. */
static int find_last(struct store *store, const char *id, size_t n_devices,
		     char ret_last[static ID_SIZE], struct err *err)
{
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	int r = db_query(store->db,
			 "SELECT coalesce(max(id), '') FROM (SELECT id FROM device WHERE id > $1 "
			 "ORDER BY id LIMIT $2) AS next",
			 &rows, err, "ti", id, (int64_t)n_devices);

	if (r >= 0)
		r = db_next(rows, err);
	if (r > 0)
		snprintf(ret_last, ID_SIZE, "%s", db_text(rows, 0));
	return r < 0 ? r : 0;
}

/* NOLINTNEXTLINE(readability-function-size): see the header */
int store_history_forget(struct store *store, char id[static ID_SIZE], size_t n_devices,
			 int64_t before_ms, int64_t *ret_n, struct err *err)
{
	char last[ID_SIZE] = "";
	int64_t n = 0;
	int r = find_last(store, id, n_devices, last, err);

	for (size_t i = 0; last[0] && i < ARRAY_SIZE(forget_sql) && r >= 0; i++) {
		int64_t n_gone = 0;

		r = db_exec(store->db, forget_sql[i], &n_gone, err, "tti", id, last, before_ms);
		n += n_gone;
	}
	if (r < 0)
		return r;
	snprintf(id, ID_SIZE, "%s", last);
	*ret_n = n;
	return 0;
}
