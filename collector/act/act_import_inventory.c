/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An inventory. Rows are kept until all are there; then each site's are compared with its
 * devices, which are read once. New devices are written in the order of their site's list, with
 * ids that ascend: so nearly every index grows at one end, which is what the time of
 * an import goes into otherwise.
 */
#include <assert.h>
#include <errno.h>
#include <string.h>

#include "collector/act/act_import.h"
#include "collector/act/inventory_match.h"
#include "collector/act/inventory_rows.h"
#include "collector/act/judge.h"
#include "collector/act/rollup.h"
#include "collector/store/store_identity.h"
#include "collector/store/store_inventory.h"
#include "common/base/mem.h"
#include "common/model/placeholder.h"

struct inventory_import {
	struct store *store;
	struct profile_cache *cache;
	int64_t now_ms;
	struct inventory_rows rows;
	size_t last_site; /* the number of the site of the last row; */
	char *last_code;  /* files list a school after the other; NULL: there was no row */
	struct id_series ids;
	struct inventory_count count;
	const struct grants *grants; /* NULL: all */
	struct import_watch watch;
	json_t *changes; /* of each site, for the audit log */
};

/* A site of the file while it is taken in. */
struct import_site {
	struct inventory_import *import;
	struct judge judge;
	struct inventory_device_list devices;
	struct inventory_match match;
	struct inventory_row *added; /* rows that no device has; their texts are borrowed */
	size_t n_added;
};

int inventory_import_begin(struct store *store, struct profile_cache *cache, int64_t now_ms,
			   struct inventory_import **ret_import, struct err *err)
{
	struct inventory_import *import = xcalloc(1, sizeof(*import));

	(void)err;
	import->store = store;
	import->cache = cache;
	import->now_ms = now_ms;
	import->changes = json_object();
	id_series_begin(&import->ids);
	*ret_import = import;
	return 0;
}

void inventory_import_free(struct inventory_import *import)
{
	if (!import)
		return;
	inventory_rows_done(&import->rows);
	json_decref(import->changes);
	free(import->last_code);
	free(import);
}

void inventory_import_limit(struct inventory_import *import, const struct grants *grants)
{
	import->grants = grants;
}

void inventory_import_watch(struct inventory_import *import, const struct import_watch *watch)
{
	import->watch = *watch;
}

json_t *inventory_import_changes(const struct inventory_import *import)
{
	return import->changes;
}

static void count_change(json_t *changes, const char *site_code, const char *word)
{
	json_t *site = json_object_get(changes, site_code), *n;

	if (!site) {
		site = json_object();
		json_object_set_new(changes, site_code, site);
	}
	n = json_object_get(site, word);
	if (n)
		json_integer_set(n, json_integer_value(n) + 1);
	else
		json_object_set_new(site, word, json_integer(1));
}

static void tell(const struct inventory_import *import, enum import_act act,
		 const struct device *before, const struct device *after)
{
	count_change(import->changes, before ? before->site_code : after->site_code,
		     import_act_words[act]);
	if (import->watch.note)
		import->watch.note(import->watch.arg, act, before, after);
}

/* What is elsewhere and what is nowhere is said alike. */
static int may_mend(const struct inventory_import *import, const struct site *site, struct err *err)
{
	const struct place place = { SCOPE_SITE, site->lea_code, site->code };

	if (!import->grants || access_allows(import->grants, MAY_MEND_INVENTORY, &place))
		return 0;
	return err_set(err, -ENOENT, "no site has the code '%s'", site->code);
}

int inventory_import_check(struct inventory_import *import, const struct inventory_row *row,
			   struct err *err)
{
	int r;

	if (import->last_code && strcmp(import->last_code, row->site_code) == 0)
		return 0;
	if (!inventory_rows_find_site(&import->rows, row->site_code, &import->last_site)) {
		_cleanup_(site_done) struct site site = { 0 };

		r = store_site_get(import->store, row->site_code, &site, err);
		if (r >= 0)
			r = may_mend(import, &site, err);
		if (r < 0)
			return r;
		import->last_site = inventory_rows_site(&import->rows, row->site_code);
	}
	free(import->last_code);
	import->last_code = xstrdup(row->site_code);
	return 0;
}

size_t inventory_import_sites(const struct inventory_import *import, char *const **ret_codes)
{
	*ret_codes = import->rows.sites;
	return import->rows.n_sites;
}

int inventory_import_take(struct inventory_import *import, const struct inventory_row *row,
			  struct err *err)
{
	int r = inventory_import_check(import, row, err);

	if (r >= 0)
		inventory_rows_add(&import->rows, import->last_site, row);
	return r;
}

/* --- rows that a device has -------------------------------------------------------- */

/* What a device is to be called and where it is to be. Texts are borrowed. */
struct wanted {
	const char *names[DEVICE_NAME_MAX_];
	const char *room;
	enum device_role role;
};

/* A person's label wins; what a device says of itself wins over what a person typed. */
static struct wanted want(const struct inventory_device *device, const struct inventory_row *row)
{
	const char *const *own = device->names;
	bool has_own_names = device->is_enrolled;

	return (struct wanted){
		.names = {
			[DEVICE_NAME_ASSET_TAG] = !has_own_names || row->asset_tag[0]
							  ? row->asset_tag
							  : own[DEVICE_NAME_ASSET_TAG],
			[DEVICE_NAME_SERIAL] = !has_own_names ||
							       !serial_of_one(own[DEVICE_NAME_SERIAL])[0]
						       ? row->serial
						       : own[DEVICE_NAME_SERIAL],
			[DEVICE_NAME_HOST] = !has_own_names || !own[DEVICE_NAME_HOST][0]
						     ? row->host_name
						     : own[DEVICE_NAME_HOST],
		},
		.room = row->has_room ? row->room : device->room,
		.role = row->has_role ? row->role : device->role,
	};
}

static bool is_as_wanted(const struct inventory_device *device, const struct wanted *wanted)
{
	for (unsigned i = 0; i < DEVICE_NAME_MAX_; i++) {
		if (strcmp(device->names[i], wanted->names[i]) != 0)
			return false;
	}
	return device->is_expected && device->role == wanted->role &&
	       strcmp(device->room, wanted->room) == 0;
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

static int take_found(struct import_site *site, const struct inventory_device *device,
		      const struct inventory_row *row, struct err *err)
{
	const struct wanted wanted = want(device, row);
	_cleanup_(device_done) struct device before = { 0 };
	_cleanup_(device_done) struct device after = { 0 };
	int r;

	if (is_as_wanted(device, &wanted)) {
		site->import->count.unchanged++;
		return 0;
	}
	r = store_device_head(site->import->store, device->id, &before, err);
	if (r < 0)
		return r;
	device_copy(&before, &after);
	device_set(&after.asset_tag, wanted.names[DEVICE_NAME_ASSET_TAG]);
	device_set(&after.serial, wanted.names[DEVICE_NAME_SERIAL]);
	device_set(&after.host_name, wanted.names[DEVICE_NAME_HOST]);
	device_set(&after.room, wanted.room);
	after.role = wanted.role;
	after.is_expected = true;
	if (after.role != before.role)
		r = judge_role(&site->judge, &after, err);
	if (r >= 0)
		r = judge_save(&site->judge, &before, &after, err);
	site->import->count.changed++;
	tell(site->import, IMPORT_CHANGED, &before, &after);
	return r;
}

/* --- rows that no device has ------------------------------------------------------- */

static int by_place(const void *a, const void *b)
{
	const struct inventory_row *left = a, *right = b;
	int order = strcmp(left->room, right->room);

	return order ? order : strcmp(left->host_name, right->host_name);
}

/* A line that no device has claimed. Nothing of it is freed: all texts are borrowed. */
static struct device make_line(const struct import_site *site, const struct inventory_row *row)
{
	return (struct device){
		.id = (char *)"",
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
		.since_ms = site->import->now_ms,
		.profile_id = (char *)"",
		.profile_version = (char *)"",
		.results = (char *)"",
		.browser = RESULT_UNKNOWN,
		.facts_hash = (char *)"",
	};
}

/* The lines of one room, which are counted at once: @n rows from @rows on. */
static int add_room(struct import_site *site, const struct inventory_row *rows, size_t n,
		    struct err *err)
{
	struct device line = make_line(site, &rows[0]);
	char id[ID_SIZE];
	int r = 0;

	for (size_t i = 0; i < n && r >= 0; i++) {
		line = make_line(site, &rows[i]);
		id_series_next(&site->import->ids, id);
		line.id = id;
		r = store_device_insert(site->import->store, &line, err);
		tell(site->import, IMPORT_NEW, NULL, &line);
	}
	return r < 0 ? r : rollup_add(site->import->store, &line, (int)n, err);
}

static int add_all(struct import_site *site, struct err *err)
{
	struct inventory_row *rows = site->added;
	size_t n;
	int r = 0;

	if (site->n_added > 0)
		qsort(rows, site->n_added, sizeof(rows[0]), by_place);
	for (size_t i = 0; i < site->n_added && r >= 0; i += n) {
		for (n = 1; i + n < site->n_added && strcmp(rows[i].room, rows[i + n].room) == 0;)
			n++;
		r = add_room(site, &rows[i], n, err);
	}
	site->import->count.added += (int64_t)site->n_added;
	return r;
}

/* --- devices that no row has ------------------------------------------------------- */

/* A line that nobody claimed goes, a device stays and is unexpected. */
static int let_go(struct store *store, const struct device *device, struct err *err)
{
	struct device after = *device;
	int r;

	after.is_expected = false;
	/* One that a person retired stays known as that. */
	if (device->enrolled_ms == 0 && device->state != STATE_RETIRED) {
		r = store_device_delete(store, device->id, err);
		return r < 0 ? r : rollup_change(store, device, NULL, err);
	}
	r = store_device_update(store, device, &after, err);
	return r < 0 ? r : rollup_change(store, device, &after, err);
}

/* One that is retired counts nowhere, but would if that were undone. */
static void count_gone(struct inventory_import *import, const struct device *device)
{
	if (device->state == STATE_RETIRED)
		return;
	if (device->enrolled_ms == 0) {
		import->count.removed++;
		tell(import, IMPORT_REMOVED, device, NULL);
	} else {
		import->count.unexpected++;
		tell(import, IMPORT_UNEXPECTED, device, NULL);
	}
}

static int let_all_go(struct import_site *site, struct err *err)
{
	int r = 0;

	for (size_t i = 0; i < site->devices.n_devices && r >= 0; i++) {
		_cleanup_(device_done) struct device device = { 0 };

		if (site->match.is_found[i] || !site->devices.devices[i].is_expected)
			continue;
		r = store_device_head(site->import->store, site->devices.devices[i].id, &device,
				      err);
		if (r >= 0)
			r = let_go(site->import->store, &device, err);
		if (r >= 0)
			count_gone(site->import, &device);
	}
	return r;
}

/* One that another site's inventory listed until now. */
static int take_away(struct inventory_import *import, const char *id, struct err *err)
{
	_cleanup_(device_done) struct device device = { 0 };
	int r = store_device_head(import->store, id, &device, err);

	if (r < 0 || !serial_of_one(device.serial)[0])
		return r;
	r = let_go(import->store, &device, err);
	if (r >= 0 && device.enrolled_ms != 0)
		r = store_note_put(import->store, id, import->now_ms,
				   "The inventory of another site lists its serial number now, so "
				   "it is not expected here any more.",
				   err);
	import->count.moved++;
	if (r >= 0)
		tell(import, IMPORT_MOVED, &device, NULL);
	return r;
}

static int take_all_away(struct inventory_import *import, const char *site_code, struct err *err)
{
	_cleanup_(code_list_done) struct code_list ids = { 0 };
	_cleanup_(sight_done) struct sight sight;
	int r;

	access_sight(import->grants ? import->grants : &access_everything, MAY_MEND_INVENTORY,
		     &sight);
	r = store_inventory_rivals(import->store, site_code, &sight, &ids, err);
	for (size_t i = 0; i < ids.n_codes && r >= 0; i++)
		r = take_away(import, ids.codes[i], err);
	return r;
}

/* --- a site ------------------------------------------------------------------------ */

static void site_close(struct import_site *site)
{
	inventory_match_done(&site->match);
	inventory_device_list_done(&site->devices);
	judge_done(&site->judge);
	free(site->added);
}

/* Its rows are @n from @first on. */
static int take_rows(struct import_site *site, size_t first, size_t n, struct err *err)
{
	int r = 0;

	site->added = xcalloc(n, sizeof(site->added[0]));
	for (size_t i = first; i < first + n && r >= 0; i++) {
		struct inventory_row row;
		ptrdiff_t place;

		inventory_rows_get(&site->import->rows, i, &row);
		place = inventory_match_find(&site->match, &row);
		if (place < 0)
			site->added[site->n_added++] = row;
		else
			r = take_found(site, &site->devices.devices[place], &row, err);
	}
	return r;
}

static int finish_site(struct inventory_import *import, size_t first, size_t n, struct err *err)
{
	_cleanup_(site_close) struct import_site site = { .import = import };
	const char *code = import->rows.sites[inventory_rows_site_of(&import->rows, first)];
	int r = judge_open(import->store, import->cache, code, import->now_ms, &site.judge, err);

	if (r >= 0)
		r = store_inventory_devices(import->store, code, &site.devices, err);
	if (r < 0)
		return r;
	inventory_match_init(&site.match, &site.devices);
	r = take_rows(&site, first, n, err);
	if (r >= 0)
		r = let_all_go(&site, err);
	if (r >= 0)
		r = add_all(&site, err);
	if (r >= 0)
		r = store_site_set_inventory(import->store, code, err);
	if (r >= 0)
		r = take_all_away(import, code, err);
	import->count.sites++;
	return r;
}

int inventory_import_finish(struct inventory_import *import, struct inventory_count *ret_count,
			    struct err *err)
{
	struct inventory_rows *rows = &import->rows;
	size_t n;
	int r = 0;

	inventory_rows_sort(rows);
	for (size_t i = 0; i < rows->n_rows && r >= 0; i += n) {
		size_t site = inventory_rows_site_of(rows, i);

		for (n = 1; i + n < rows->n_rows && inventory_rows_site_of(rows, i + n) == site;)
			n++;
		r = finish_site(import, i, n, err);
	}
	if (r < 0)
		return r;
	import->count.devices = (int64_t)rows->n_rows;
	*ret_count = import->count;
	return 0;
}
