/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "collector/store/sight_sql.h"
#include "collector/store/store_inventory.h"
#include "common/base/mem.h"
#include "common/model/placeholder.h"

/* Copies of @n_texts texts in one piece of memory; *@ret_copies[i] is where the i-th is. */
static char *copy_texts(const char *const *texts, size_t n_texts, const char ***ret_copies)
{
	size_t size = 0, at = 0;
	char *copy;

	for (size_t i = 0; i < n_texts; i++)
		size += strlen(texts[i]) + 1;
	copy = xcalloc(size, 1);
	for (size_t i = 0; i < n_texts; i++) {
		size_t n = strlen(texts[i]) + 1;

		memcpy(copy + at, texts[i], n);
		*ret_copies[i] = copy + at;
		at += n;
	}
	return copy;
}

static int read_device(struct db_rows *rows, struct inventory_device *ret_device, struct err *err)
{
	struct inventory_device *device = ret_device;
	const char *texts[] = { db_text(rows, 6), db_text(rows, 7), db_text(rows, 8),
				db_text(rows, 9) };
	const char **copies[] = { &device->names[DEVICE_NAME_ASSET_TAG],
				  &device->names[DEVICE_NAME_SERIAL],
				  &device->names[DEVICE_NAME_HOST], &device->room };
	enum device_state state;
	enum device_role role;

	if (device_role_parse(db_text(rows, 5), &role) < 0)
		return err_set(err, -EUCLEAN, "device %s: no role '%s'", db_text(rows, 0),
			       db_text(rows, 5));
	if (device_state_parse(db_text(rows, 4), &state) < 0)
		return err_set(err, -EUCLEAN, "device %s: no state '%s'", db_text(rows, 0),
			       db_text(rows, 4));
	*device = (struct inventory_device){
		.has_key = db_int(rows, 1) != 0,
		.is_enrolled = db_int(rows, 2) != 0,
		.is_expected = db_int(rows, 3) != 0,
		.state = state,
		.role = role,
		.seen_ms = db_int(rows, 10),
		.state_since_ms = db_int(rows, 11),
	};
	snprintf(device->id, sizeof(device->id), "%s", db_text(rows, 0));
	device->texts = copy_texts(texts, ARRAY_SIZE(texts), copies);
	return 0;
}

int store_inventory_devices(struct store *store, const char *site_code,
			    struct inventory_device_list *ret_list, struct err *err)
{
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	struct inventory_device_list list = { 0 };
	size_t room = 0;
	int r = db_query(store->db,
			 "SELECT id, key_hash IS NOT NULL, enrolled_ms IS NOT NULL, is_expected, "
			 "state, role, asset_tag, serial, host_name, room, COALESCE(seen_ms, 0), "
			 "since_ms "
			 "FROM device WHERE site_code = $1",
			 &rows, err, "t", site_code);

	while (r >= 0 && (r = db_next(rows, err)) > 0) {
		if (list.n_devices == INVENTORY_SITE_DEVICES_MAX) {
			r = err_set(err, -E2BIG,
				    "site %s has more than %d devices, too many to be compared "
				    "with an inventory",
				    site_code, INVENTORY_SITE_DEVICES_MAX);
			break;
		}
		list.devices = xgrow(list.devices, list.n_devices, &room, sizeof(*list.devices));
		r = read_device(rows, &list.devices[list.n_devices], err);
		if (r >= 0)
			list.n_devices++;
	}
	if (r < 0) {
		inventory_device_list_done(&list);
		return r;
	}
	*ret_list = list;
	return 0;
}

void inventory_device_list_done(struct inventory_device_list *list)
{
	for (size_t i = 0; i < list->n_devices; i++)
		free(list->devices[i].texts);
	free(list->devices);
	*list = (struct inventory_device_list){ 0 };
}

/* --- at other sites ----------------------------------------------------------------- */

/* CROSS JOIN, or SQLite would begin with all devices there are. */
#define AT_OTHER_SITES                                                                   \
	" FROM device d CROSS JOIN device o ON o.serial = d.serial AND o.serial <> '' "  \
	"AND o.site_code <> d.site_code AND o.state <> 'retired' CROSS JOIN site s "     \
	"ON s.code = o.site_code WHERE d.site_code = $1 AND d.serial <> '' AND d.state " \
	"<> 'retired' AND " SEES("s.lea_code", "s.code", "$2", "$3")

static void read_twin(struct db_rows *rows, struct inventory_twin *ret_twin)
{
	*ret_twin = (struct inventory_twin){
		.site_code = xstrdup(db_text(rows, 2)),
		.site_name = xstrdup(db_text(rows, 3)),
		.has_inventory = db_int(rows, 4) != 0,
		.is_expected = db_int(rows, 5) != 0,
		.is_enrolled = db_int(rows, 6) != 0,
		.seen_ms = db_int(rows, 7),
	};
	snprintf(ret_twin->here_id, ID_SIZE, "%s", db_text(rows, 0));
	snprintf(ret_twin->id, ID_SIZE, "%s", db_text(rows, 1));
}

int store_inventory_twins(struct store *store, const char *site_code, const struct sight *sight,
			  struct inventory_twin_list *ret_list, struct err *err)
{
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	struct inventory_twin_list list = { 0 };
	size_t room = 0;
	int r = db_query(
		store->db,
		"SELECT d.id, o.id, s.code, s.name, s.has_inventory, o.is_expected, "
		"o.enrolled_ms IS NOT NULL, COALESCE(o.seen_ms, 0), o.serial" AT_OTHER_SITES
		" ORDER BY d.id, o.id LIMIT $4",
		&rows, err, "ttti", site_code, SIGHT_VALUES(sight), (int64_t)INVENTORY_TWINS_MAX);

	while (r >= 0 && (r = db_next(rows, err)) > 0) {
		/* Of a store from before it was known to be one. */
		if (!serial_of_one(db_text(rows, 8))[0])
			continue;
		list.twins = xgrow(list.twins, list.n_twins, &room, sizeof(*list.twins));
		read_twin(rows, &list.twins[list.n_twins++]);
	}
	if (r < 0) {
		inventory_twin_list_done(&list);
		return r;
	}
	*ret_list = list;
	return 0;
}

void inventory_twin_list_done(struct inventory_twin_list *list)
{
	for (size_t i = 0; i < list->n_twins; i++) {
		free(list->twins[i].site_code);
		free(list->twins[i].site_name);
	}
	free(list->twins);
	*list = (struct inventory_twin_list){ 0 };
}

int store_inventory_rivals(struct store *store, const char *site_code, const struct sight *sight,
			   struct code_list *ret_ids, struct err *err)
{
	_cleanup_(db_rows_closep) struct db_rows *rows = NULL;
	int r = db_query(store->db,
			 "SELECT DISTINCT o.id" AT_OTHER_SITES
			 " AND d.is_expected = 1 AND o.is_expected = 1 AND s.has_inventory = 1 "
			 "ORDER BY o.id",
			 &rows, err, "ttt", site_code, SIGHT_VALUES(sight));

	return r < 0 ? r : code_list_read(rows, ret_ids, err);
}
