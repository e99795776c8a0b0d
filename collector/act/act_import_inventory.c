/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "collector/act/act_import.h"
#include "collector/act/judge.h"
#include "collector/act/rollup.h"
#include "collector/store/store_inventory.h"
#include "common/base/mem.h"

enum { PAGE = 500 };

struct inventory_import {
	struct store *store;
	struct profile_cache *cache;
	int64_t now_ms;
	struct judge judge; /* of the site of the last row */
	struct inventory_count count;
};

int inventory_import_begin(struct store *store, struct profile_cache *cache, int64_t now_ms,
			   struct inventory_import **ret_import, struct err *err)
{
	int r = store_inventory_begin(store, err);

	if (r < 0)
		return r;
	*ret_import = xcalloc(1, sizeof(**ret_import));
	(*ret_import)->store = store;
	(*ret_import)->cache = cache;
	(*ret_import)->now_ms = now_ms;
	return 0;
}

void inventory_import_free(struct inventory_import *import)
{
	if (!import)
		return;
	judge_done(&import->judge);
	free(import);
}

int inventory_import_check(struct inventory_import *import, const struct inventory_row *row,
			   struct err *err)
{
	struct judge judge = { 0 };
	int r;

	/* Files list a school after the other, so most rows find it at hand. */
	if (import->judge.site.code && strcmp(import->judge.site.code, row->site_code) == 0)
		return 0;
	r = judge_open(import->store, import->cache, row->site_code, import->now_ms, &judge, err);
	if (r < 0)
		return r;
	judge_done(&import->judge);
	import->judge = judge;
	return 0;
}

/* The device of @row: 1, or 0 if it is a new one. */
static int find(struct inventory_import *import, const struct inventory_row *row,
		char id[static ID_SIZE], struct err *err)
{
	const char *const values[] = {
		[DEVICE_NAME_ASSET_TAG] = row->asset_tag,
		[DEVICE_NAME_SERIAL] = row->serial,
		[DEVICE_NAME_HOST] = row->host_name,
	};
	int r = 0;

	for (unsigned i = 0; i < DEVICE_NAME_MAX_ && r == 0; i++) {
		if (values[i][0])
			r = store_inventory_find(import->store, row->site_code, (enum device_name)i,
						 values[i], id, err);
	}
	return r;
}

/* A person's label wins; what a device says of itself wins over what a person typed. */
static void take_names(const struct inventory_row *row, struct device *device)
{
	bool has_own_names = device->enrolled_ms != 0;

	if (!has_own_names || row->asset_tag[0])
		device_set(&device->asset_tag, row->asset_tag);
	if (!has_own_names || !device->serial[0])
		device_set(&device->serial, row->serial);
	if (!has_own_names || !device->host_name[0])
		device_set(&device->host_name, row->host_name);
}

static bool is_changed(const struct device *before, const struct device *after)
{
	return before->role != after->role || before->is_expected != after->is_expected ||
	       strcmp(before->room, after->room) != 0 ||
	       strcmp(before->asset_tag, after->asset_tag) != 0 ||
	       strcmp(before->serial, after->serial) != 0 ||
	       strcmp(before->host_name, after->host_name) != 0;
}

/* Another role has other requirements. The facts are only read for this. */
static int judge_role(const struct judge *judge, struct device *device, struct err *err)
{
	_cleanup_(device_done) struct device stored = { 0 };
	int r = store_device_get(judge->store, device->id, &stored, err);

	if (r < 0)
		return r;
	free(device->facts);
	device->facts = TAKE_PTR(stored.facts);
	return judge_again(judge, device, err);
}

static int take_found(struct inventory_import *import, const char *id,
		      const struct inventory_row *row, struct err *err)
{
	_cleanup_(device_done) struct device before = { 0 };
	_cleanup_(device_done) struct device after = { 0 };
	int r = store_device_head(import->store, id, &before, err);

	if (r < 0)
		return r;
	device_copy(&before, &after);
	take_names(row, &after);
	after.is_expected = true;
	if (row->has_room)
		device_set(&after.room, row->room);
	if (row->has_role)
		after.role = row->role;
	if (!is_changed(&before, &after)) {
		import->count.unchanged++;
		return 0;
	}
	if (after.role != before.role)
		r = judge_role(&import->judge, &after, err);
	if (r >= 0)
		r = judge_save(&import->judge, &before, &after, err);
	import->count.changed++;
	return r;
}

static int add(struct inventory_import *import, const char *id, const struct inventory_row *row,
	       struct err *err)
{
	/* Nothing of it is freed: all texts are borrowed. */
	const struct device device = {
		.id = (char *)id,
		.site_code = (char *)row->site_code,
		.role = row->has_role ? row->role : ROLE_STUDENT,
		.room = (char *)row->room,
		.is_expected = true,
		.asset_tag = (char *)row->asset_tag,
		.serial = (char *)row->serial,
		.host_name = (char *)row->host_name,
		.model = (char *)"",
		.agent_version = (char *)"",
		.state = STATE_NEVER_SEEN,
		.since_ms = import->now_ms,
		.profile_id = (char *)"",
		.profile_version = (char *)"",
		.results = (char *)"",
		.browser = RESULT_UNKNOWN,
		.facts_hash = (char *)"",
	};
	int r = store_device_insert(import->store, &device, err);

	import->count.added++;
	return r < 0 ? r : rollup_change(import->store, NULL, &device, err);
}

int inventory_import_take(struct inventory_import *import, const struct inventory_row *row,
			  struct err *err)
{
	char id[ID_SIZE];
	int r = inventory_import_check(import, row, err);

	if (r >= 0)
		r = find(import, row, id, err);
	if (r < 0)
		return r;
	if (r > 0) {
		r = take_found(import, id, row, err);
	} else {
		id_new(id);
		r = add(import, id, row, err);
	}
	import->count.devices++;
	return r < 0 ? r : store_inventory_mark(import->store, row->site_code, id, err);
}

/* No row found @device: a line that nobody claimed goes, a device stays and is unexpected. */
static int let_go(struct inventory_import *import, const struct device *device, struct err *err)
{
	struct device after = *device;
	int r;

	after.is_expected = false;
	if (device->enrolled_ms == 0) {
		import->count.removed++;
		r = store_device_delete(import->store, device->id, err);
		return r < 0 ? r : rollup_change(import->store, device, NULL, err);
	}
	/* One that is retired counts nowhere, but would if that were undone. */
	if (device->state != STATE_RETIRED)
		import->count.unexpected++;
	r = store_device_update(import->store, device, &after, err);
	return r < 0 ? r : rollup_change(import->store, device, &after, err);
}

static int finish_site(struct inventory_import *import, const char *site_code, struct err *err)
{
	size_t n = PAGE;
	int r = store_site_set_inventory(import->store, site_code, err);

	/* What was let go is not found again, so each page is the first. */
	while (r >= 0 && n == PAGE) {
		_cleanup_(device_list_done) struct device_list list = { 0 };

		r = store_inventory_missing(import->store, site_code, PAGE, &list, err);
		for (size_t i = 0; i < list.n_devices && r >= 0; i++)
			r = let_go(import, &list.devices[i], err);
		n = list.n_devices;
	}
	return r;
}

int inventory_import_finish(struct inventory_import *import, struct inventory_count *ret_count,
			    struct err *err)
{
	_cleanup_(code_list_done) struct code_list sites = { 0 };
	int r = store_inventory_sites(import->store, &sites, err);

	for (size_t i = 0; i < sites.n_codes && r >= 0; i++)
		r = finish_site(import, sites.codes[i], err);
	if (r >= 0)
		r = store_inventory_end(import->store, err);
	if (r < 0)
		return r;
	import->count.sites = (int64_t)sites.n_codes;
	*ret_count = import->count;
	return 0;
}
