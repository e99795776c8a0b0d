/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <string.h>

#include "collector/store/store_site.h"
#include "collector/view/cursor.h"
#include "collector/view/inventory_findings.h"
#include "collector/view/view_inventory.h"
#include "common/base/mem.h"

#define LIST "inventory"
#define DAY_MS (INT64_C(24) * 60 * 60 * 1000)

enum { TEXT_LIST, TEXT_KIND, TEXT_ROOM, TEXT_HOST, TEXT_ID, N_TEXTS };

/* FINDING_MAX_: all. */
static int read_kind(const char *word, enum finding_kind *ret_kind, struct err *err)
{
	*ret_kind = FINDING_MAX_;
	for (unsigned i = 0; word && i < FINDING_MAX_; i++) {
		if (strcmp(finding_kind_words[i], word) == 0)
			*ret_kind = (enum finding_kind)i;
	}
	if (word && *ret_kind == FINDING_MAX_)
		return err_set(err, -EINVAL,
			       "kind is twice, moved, unexpected, never_seen or not_since, not "
			       "'%.20s'.",
			       word);
	return 0;
}

/* --- where a part begins ---------------------------------------------------------------- */

static json_t *cursor_after(const struct finding *last)
{
	const char *const texts[N_TEXTS] = {
		[TEXT_LIST] = LIST,
		[TEXT_KIND] = finding_kind_words[last->kind],
		[TEXT_ROOM] = last->device->room,
		[TEXT_HOST] = last->device->names[DEVICE_NAME_HOST],
		[TEXT_ID] = last->device->id,
	};
	_cleanup_free_ char *cursor = cursor_write(texts, N_TEXTS);

	return json_string(cursor);
}

/* The place of the first finding behind the cursor. */
static int find_start(const struct finding_list *list, const char *cursor, size_t *ret_start,
		      struct err *err)
{
	struct inventory_device device = { .room = "" };
	struct finding last = { .device = &device };
	const char *texts[N_TEXTS];
	json_t *json = NULL;
	int r;

	*ret_start = 0;
	if (!cursor)
		return 0;
	r = cursor_read(cursor, LIST, N_TEXTS, texts, &json, err);
	if (r >= 0)
		r = read_kind(texts[TEXT_KIND], &last.kind, err);
	if (r >= 0 && strlen(texts[TEXT_ID]) < ID_SIZE) {
		memcpy(device.id, texts[TEXT_ID], strlen(texts[TEXT_ID]) + 1);
		device.room = texts[TEXT_ROOM];
		device.names[DEVICE_NAME_HOST] = texts[TEXT_HOST];
		while (*ret_start < list->n_findings &&
		       finding_compare(&list->findings[*ret_start], &last) <= 0)
			++*ret_start;
	}
	json_decref(json);
	return r;
}

/* --- JSON ------------------------------------------------------------------------------- */

static json_t *names_json(const struct inventory_device *device)
{
	return json_pack("{s:o, s:o, s:o}", "asset_tag",
			 view_text(device->names[DEVICE_NAME_ASSET_TAG]), "serial",
			 view_text(device->names[DEVICE_NAME_SERIAL]), "host_name",
			 view_text(device->names[DEVICE_NAME_HOST]));
}

static json_t *other_json(const struct site *site, const struct finding *finding)
{
	if (finding->twin)
		return json_pack("{s:s, s:o, s:b, s:b, s:o}", "id", finding->twin->id, "site",
				 view_named(finding->twin->site_code, finding->twin->site_name),
				 "expected", finding->twin->is_expected, "enrolled",
				 finding->twin->is_enrolled, "seen_at",
				 view_time(finding->twin->seen_ms));
	if (!finding->other)
		return json_null();
	return json_pack("{s:s, s:o, s:b, s:b, s:o}", "id", finding->other->id, "site",
			 view_named(site->code, site->name), "expected",
			 finding->other->is_expected, "enrolled", finding->other->is_enrolled,
			 "seen_at", view_time(finding->other->seen_ms));
}

static json_t *finding_json(const struct site *site, const struct finding *finding)
{
	const struct inventory_device *device = finding->device;

	return json_pack("{s:s, s:{s:s, s:o, s:o, s:s, s:s, s:b, s:b, s:o}, s:o, s:s}", "kind",
			 finding_kind_words[finding->kind], "device", "id", device->id, "names",
			 names_json(device), "room", view_text(device->room), "role",
			 device_role_words[device->role], "state",
			 device_state_words[device->state], "expected", device->is_expected,
			 "enrolled", device->is_enrolled, "seen_at", view_time(device->seen_ms),
			 "other", other_json(site, finding), "to_do", finding->to_do);
}

static json_t *totals_json(const struct finding_list *list)
{
	json_t *json = json_object();

	for (unsigned i = 0; i < FINDING_MAX_; i++)
		json_object_set_new(json, finding_kind_words[i],
				    json_integer((json_int_t)list->n_kinds[i]));
	return json;
}

/* The part from @start on, of one kind or of all. */
static json_t *part_json(const struct site *site, const struct finding_list *list,
			 enum finding_kind kind, size_t start, size_t limit)
{
	const struct finding *last = NULL;
	json_t *rows = json_array(), *next = NULL;

	for (size_t i = start; i < list->n_findings && !next; i++) {
		const struct finding *finding = &list->findings[i];

		if (kind != FINDING_MAX_ && finding->kind != kind)
			continue;
		if (last && json_array_size(rows) == limit) {
			next = cursor_after(last);
		} else {
			json_array_append_new(rows, finding_json(site, finding));
			last = finding;
		}
	}
	return json_pack("{s:o, s:o}", "findings", rows, "next_cursor", next ? next : json_null());
}

static int make(const struct site *site, const struct finding_site *inventory,
		const struct inventory_asked *asked, const struct page *page, json_t **ret_json,
		struct err *err)
{
	struct finding_list list;
	enum finding_kind kind;
	size_t start;
	int r = read_kind(asked->kind, &kind, err);

	if (r < 0)
		return r;
	findings_make(inventory, &list);
	r = find_start(&list, page->cursor, &start, err);
	if (r >= 0) {
		json_t *json = part_json(site, &list, kind, start, page->limit);

		json_object_set_new(json, "site", view_named(site->code, site->name));
		json_object_set_new(json, "has_inventory", json_boolean(site->has_inventory));
		json_object_set_new(json, "days", json_integer((json_int_t)asked->days));
		json_object_set_new(json, "expected", json_integer((json_int_t)list.n_expected));
		json_object_set_new(json, "seen", json_integer((json_int_t)list.n_seen));
		json_object_set_new(json, "totals", totals_json(&list));
		*ret_json = json;
	}
	finding_list_done(&list);
	return r;
}

int view_inventory(const struct view *view, const struct inventory_asked *asked,
		   const struct page *page, json_t **ret_json, struct err *err)
{
	_cleanup_(inventory_device_list_done) struct inventory_device_list devices = { 0 };
	_cleanup_(inventory_twin_list_done) struct inventory_twin_list twins = { 0 };
	_cleanup_(site_done) struct site site = { 0 };
	_cleanup_(sight_done) struct sight sight;
	struct finding_site inventory = { .devices = &devices,
					  .twins = &twins,
					  .since_ms = view->now_ms - asked->days * DAY_MS };
	int r;

	access_sight(view->grants, MAY_SEE, &sight);
	r = store_site_get(view->store, asked->site_code, &site, err);
	if (r >= 0 && !view_sees(view, site.lea_code, site.code))
		r = err_set(err, -ENOENT, "no site has the code '%s'", asked->site_code);
	if (r >= 0)
		r = store_inventory_devices(view->store, site.code, &devices, err);
	if (r >= 0)
		r = store_inventory_twins(view->store, site.code, &sight, &twins, err);
	if (r < 0)
		return r;
	inventory.has_inventory = site.has_inventory;
	return make(&site, &inventory, asked, page, ret_json, err);
}
