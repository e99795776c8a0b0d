/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "collector/store/facts_text.h"
#include "collector/store/store_device.h"
#include "collector/store/store_facts.h"
#include "collector/store/store_site.h"
#include "common/base/mem.h"

int store_facts_read(struct db_rows *rows, int column, const char *id, char **ret_text,
		     struct err *err)
{
	const void *bytes;
	size_t size;
	int r;

	if (db_is_null(rows, column + 1)) {
		*ret_text = db_is_null(rows, column) ? NULL : xstrdup(db_text(rows, column));
		return 0;
	}
	bytes = db_bytes(rows, column + 1, &size);
	r = facts_text_unpack(bytes, size, ret_text, err);
	if (r < 0)
		return err_prefix(err, r,
				  "device %s: its facts cannot be read (run check, which says "
				  "what to do)",
				  id);
	return 0;
}

int store_facts_put(struct store *store, const char *id, const char *text, struct err *err)
{
	_cleanup_free_ void *bytes = NULL;
	size_t size = 0;
	int r = facts_text_pack(text, &bytes, &size, err);

	if (r < 0)
		return err_prefix(err, r, "device %s", id);
	return db_exec(store->db,
		       "INSERT INTO device_facts (device_id, body, packed) VALUES ($1, '', $2) "
		       "ON CONFLICT (device_id) DO UPDATE SET body = '', packed = excluded.packed",
		       NULL, err, "tb", id, bytes, size);
}

/* The next ones whose text is stored still. */
static int list_texts(struct store *store, const char *after_id, size_t limit,
		      struct code_list *ret_ids, struct err *err)
{
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	int r = db_query(store->db,
			 "SELECT device_id FROM device_facts WHERE packed IS NULL AND "
			 "device_id > $1 ORDER BY device_id LIMIT $2",
			 &rows, err, "ti", after_id, (int64_t)limit);

	return r < 0 ? r : code_list_read(rows, ret_ids, err);
}

int store_facts_pack(struct store *store, char id[static ID_SIZE], size_t n_devices, int64_t *ret_n,
		     struct err *err)
{
	_cleanup_(code_list_done) struct code_list ids = { 0 };
	int r = list_texts(store, id, n_devices, &ids, err);

	for (size_t i = 0; r >= 0 && i < ids.n_codes; i++) {
		_cleanup_free_ char *text = NULL;

		r = store_device_facts(store, ids.codes[i], &text, err);
		if (r >= 0)
			r = store_facts_put(store, ids.codes[i], text, err);
	}
	if (r < 0)
		return r;
	snprintf(id, ID_SIZE, "%s", ids.n_codes ? ids.codes[ids.n_codes - 1] : "");
	*ret_n = (int64_t)ids.n_codes;
	return 0;
}

int store_facts_forget(struct store *store, const char *id, struct err *err)
{
	static const char *const sqls[] = {
		"DELETE FROM device_facts WHERE device_id = $1",
		/* No hash, so none of a report or a heartbeat is this. */
		"UPDATE device SET facts_hash = 'damaged', contents_digest = '' WHERE id = $1",
		"UPDATE device_identity SET sent_hash = '' WHERE device_id = $1",
	};
	int r = 0;

	for (size_t i = 0; r >= 0 && i < ARRAY_SIZE(sqls); i++)
		r = db_exec(store->db, sqls[i], NULL, err, "t", id);
	return r;
}
