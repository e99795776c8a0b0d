/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/store/store_totals.h"
#include "collector/store/store_rejudge.h"
#include "collector/store/store_site.h"

static int read_counts(struct store *store, struct totals *totals, struct err *err)
{
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	int r = db_query(store->db,
			 "SELECT count(*), sum(conflict), sum(never_seen), sum(stale), "
			 "sum(not_ready), sum(unknown), sum(ready_with_warnings), sum(ready), "
			 "sum(browser_exempt), sum(browser_current), sum(unexpected) FROM "
			 "site_count",
			 &rows, err, "");

	if (r >= 0)
		r = db_next(rows, err);
	if (r <= 0)
		return r;
	totals->n_sites = db_int(rows, 0);
	site_count_read(rows, 1, &totals->count);
	return 0;
}

static int read_conflicts(struct store *store, struct totals *totals, struct err *err)
{
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	int r = db_query(store->db, "SELECT count(*) FROM conflict WHERE resolution = ''", &rows,
			 err, "");

	if (r >= 0)
		r = db_next(rows, err);
	if (r > 0)
		totals->n_conflicts = db_int(rows, 0);
	return r < 0 ? r : 0;
}

int store_totals(struct store *store, struct totals *ret_totals, struct err *err)
{
	struct totals totals = { 0 };
	struct rejudge_left left = { 0 };
	int r = read_counts(store, &totals, err);

	if (r >= 0)
		r = read_conflicts(store, &totals, err);
	if (r >= 0)
		r = store_rejudge_left(store, NULL, &left, err);
	if (r < 0)
		return r;
	totals.n_queued_sites = left.n_sites;
	totals.n_queued_devices = left.n_devices;
	*ret_totals = totals;
	return 0;
}
