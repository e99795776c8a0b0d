/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/store/store_inventory.h"
#include <assert.h>

#include "collector/store/device_row.h"

int store_inventory_begin(struct store *store, struct err *err)
{
	return store->db->driver->script(
		store->db,
		"CREATE TEMPORARY TABLE found (device_id TEXT PRIMARY KEY, "
		"site_code TEXT NOT NULL)",
		err);
}

int store_inventory_end(struct store *store, struct err *err)
{
	return store->db->driver->script(store->db, "DROP TABLE found", err);
}

int store_inventory_mark(struct store *store, const char *site_code, const char *id,
			 struct err *err)
{
	return db_exec(store->db, "INSERT INTO found (device_id, site_code) VALUES ($1, $2)", NULL,
		       err, "tt", id, site_code);
}

int store_inventory_find(struct store *store, const char *site_code, enum device_name name,
			 const char *value, char ret_id[static ID_SIZE], struct err *err)
{
#define FIND(match)                                                                   \
	"SELECT id, key_hash IS NOT NULL FROM device WHERE site_code = $1 AND " match \
	" AND state <> 'retired'"                                                     \
	" AND NOT EXISTS (SELECT 1 FROM found WHERE found.device_id = device.id)"
	static const char *const sqls[] = {
		[DEVICE_NAME_ASSET_TAG] = FIND(MATCH_ASSET_TAG),
		[DEVICE_NAME_SERIAL] = FIND(MATCH_SERIAL),
		[DEVICE_NAME_HOST] = FIND(MATCH_HOST),
	};
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	int r = db_query(store->db, sqls[name], &rows, err, "tt", site_code, value);

	static_assert(ARRAY_SIZE(sqls) == DEVICE_NAME_MAX_, "every name can be found by");
	return r < 0 ? r : device_id_best(rows, ret_id, err);
}

int store_inventory_sites(struct store *store, struct code_list *ret_list, struct err *err)
{
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	int r = db_query(store->db, "SELECT DISTINCT site_code FROM found ORDER BY site_code",
			 &rows, err, "");

	return r < 0 ? r : code_list_read(rows, ret_list, err);
}

int store_inventory_missing(struct store *store, const char *site_code, size_t limit,
			    struct device_list *ret_list, struct err *err)
{
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	int r = db_query(store->db,
			 "SELECT " DEVICE_ROW " FROM device WHERE site_code = $1 AND "
			 "is_expected = 1 AND NOT EXISTS (SELECT 1 FROM found WHERE "
			 "found.device_id = device.id) ORDER BY id LIMIT $2",
			 &rows, err, "ti", site_code, (int64_t)limit);

	return r < 0 ? r : device_list_read(rows, ret_list, err);
}
