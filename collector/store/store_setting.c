/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>

#include "collector/store/store_setting.h"
#include "common/base/mem.h"

int store_setting_get(struct store *store, const char *name, char **ret_value, struct err *err)
{
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	int r = db_query(store->db, "SELECT value FROM setting WHERE name = $1", &rows, err, "t",
			 name);

	if (r >= 0)
		r = db_next(rows, err);
	if (r == 0)
		return err_set(err, -ENOENT, "there is no setting '%s'", name);
	if (r < 0)
		return r;
	*ret_value = xstrdup(db_text(rows, 0));
	return 0;
}

int store_setting_put(struct store *store, const char *name, const char *value, struct err *err)
{
	return db_exec(store->db,
		       "INSERT INTO setting (name, value) VALUES ($1, $2) "
		       "ON CONFLICT (name) DO UPDATE SET value = excluded.value",
		       NULL, err, "tt", name, value);
}
