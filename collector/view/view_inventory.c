/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <string.h>

#include "collector/view/cursor.h"
#include "collector/view/site_inventory.h"
#include "collector/view/view_inventory.h"
#include "common/base/mem.h"

#define LIST "inventory"

enum { TEXT_LIST, TEXT_KIND, TEXT_ROOM, TEXT_HOST, TEXT_ID, N_TEXTS };

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
		r = finding_kind_read(texts[TEXT_KIND], &last.kind, err);
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
	struct finding_other other;

	if (!finding_other(site, finding, &other))
		return json_null();
	return json_pack("{s:s, s:o, s:b, s:b, s:o}", "id", other.id, "site",
			 view_named(other.site_code, other.site_name), "expected",
			 other.is_expected, "enrolled", other.is_enrolled, "seen_at",
			 view_time(other.seen_ms));
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

json_t *inventory_totals_json(const struct finding_list *list)
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

static int make(const struct site_inventory *inventory, const struct inventory_asked *asked,
		const struct page *page, json_t **ret_json, struct err *err)
{
	const struct finding_list *list = &inventory->list;
	const struct site *site = &inventory->site;
	enum finding_kind kind;
	size_t start;
	json_t *json;
	int r = finding_kind_read(asked->kind, &kind, err);

	if (r >= 0)
		r = find_start(list, page->cursor, &start, err);
	if (r < 0)
		return r;
	json = part_json(site, list, kind, start, page->limit);
	json_object_set_new(json, "site", view_named(site->code, site->name));
	json_object_set_new(json, "lea", view_named(site->lea_code, site->lea_name));
	json_object_set_new(json, "has_inventory", json_boolean(site->has_inventory));
	json_object_set_new(json, "days", json_integer((json_int_t)asked->days));
	json_object_set_new(json, "expected", json_integer((json_int_t)list->n_expected));
	json_object_set_new(json, "seen", json_integer((json_int_t)list->n_seen));
	json_object_set_new(json, "totals", inventory_totals_json(list));
	*ret_json = json;
	return 0;
}

int view_inventory(const struct view *view, const struct inventory_asked *asked,
		   const struct page *page, json_t **ret_json, struct err *err)
{
	_cleanup_(site_inventory_done) struct site_inventory inventory = { 0 };
	int r = site_inventory_read(view, asked->site_code, asked->days, &inventory, err);

	return r < 0 ? r : make(&inventory, asked, page, ret_json, err);
}
