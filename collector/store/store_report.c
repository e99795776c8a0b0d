/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>

#include "collector/store/store_report.h"

int store_past_get(struct store *store, const char *device_id, struct past *ret_past,
		   struct err *err)
{
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	const void *bytes;
	size_t size;
	int r = db_query(store->db, "SELECT past FROM device WHERE id = $1", &rows, err, "t",
			 device_id);

	if (r >= 0)
		r = db_next(rows, err);
	if (r < 0)
		return r;
	if (r == 0)
		return err_set(err, -ENOENT, "no device has the id '%s'", device_id);
	bytes = db_bytes(rows, 0, &size);
	r = past_read(bytes, size, ret_past, err);
	return r < 0 ? err_prefix(err, r, "device %s", device_id) : r;
}

int store_past_put(struct store *store, const char *device_id, const struct past *past,
		   struct err *err)
{
	unsigned char bytes[PAST_BYTES_MAX];
	size_t size = past_write(past, bytes);

	return db_exec(store->db, "UPDATE device SET past = $2 WHERE id = $1", NULL, err, "tb",
		       device_id, bytes, size);
}

int store_boot_forget(struct store *store, const char *device_id, struct err *err)
{
	struct past past;
	int r = store_past_get(store, device_id, &past, err);

	if (r < 0)
		return r;
	past_forget_boots(&past);
	return store_past_put(store, device_id, &past, err);
}

int store_report_newest(struct store *store, const char *device_id, int64_t *ret_sequence,
			struct err *err)
{
	struct past past;
	int r = store_past_get(store, device_id, &past, err);

	if (r >= 0)
		*ret_sequence = past_newest(&past);
	return r;
}

int store_report_set_aside(struct store *store, const char *device_id, struct err *err)
{
	return db_exec(store->db, "UPDATE device SET past = NULL WHERE id = $1", NULL, err, "t",
		       device_id);
}
