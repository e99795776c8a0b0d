/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "collector/view/cursor.h"
#include "collector/view/site_inventory.h"
#include "collector/view/view_inventories.h"
#include "collector/view/view_inventory.h"
#include "common/base/mem.h"

#define LIST "inventories"

enum { TEXT_LIST, TEXT_CODE, N_TEXTS };

static json_t *cursor_after(const char *site_code)
{
	const char *const texts[N_TEXTS] = { [TEXT_LIST] = LIST, [TEXT_CODE] = site_code };
	_cleanup_free_ char *cursor = cursor_write(texts, N_TEXTS);

	return json_string(cursor);
}

static json_t *site_json(const struct site_inventory *inventory)
{
	const struct site *site = &inventory->site;

	return json_pack("{s:o, s:o, s:b, s:I, s:I, s:o}", "site",
			 view_named(site->code, site->name), "lea",
			 view_named(site->lea_code, site->lea_name), "has_inventory",
			 site->has_inventory, "expected", (json_int_t)inventory->list.n_expected,
			 "seen", (json_int_t)inventory->list.n_seen, "totals",
			 inventory_totals_json(&inventory->list));
}

/* Add the first @limit sites of @codes; fewer where they have many devices. */
static int add_sites(const struct view *view, int64_t days, const struct code_list *codes,
		     json_t *sites, size_t limit, struct err *err)
{
	size_t n_devices = 0;

	for (size_t i = 0; i < codes->n_codes && json_array_size(sites) < limit; i++) {
		_cleanup_(site_inventory_done) struct site_inventory inventory = { 0 };
		int r = site_inventory_read(view, codes->codes[i], days, &inventory, err);

		if (r < 0)
			return r;
		json_array_append_new(sites, site_json(&inventory));
		n_devices += inventory.devices.n_devices;
		if (n_devices >= INVENTORIES_DEVICES_MAX)
			break;
	}
	return 0;
}

static int make(const struct view *view, const struct inventories_asked *asked,
		const struct page *page, const char *after, json_t **ret_json, struct err *err)
{
	_cleanup_(code_list_done) struct code_list codes = { 0 };
	const struct inventory_sites wanted = { asked->lea, after, page->limit + 1 };
	json_t *sites = json_array(), *cursor = json_null();
	size_t n;
	int r = inventory_sites_find(view, &wanted, &codes, err);

	if (r >= 0)
		r = add_sites(view, asked->days, &codes, sites, page->limit, err);
	n = json_array_size(sites);
	if (r < 0) {
		json_decref(sites);
		return r;
	}
	if (n < codes.n_codes)
		cursor = cursor_after(codes.codes[n - 1]);
	*ret_json = json_pack("{s:I, s:o, s:o}", "days", (json_int_t)asked->days, "sites", sites,
			      "next_cursor", cursor);
	return 0;
}

int view_inventories(const struct view *view, const struct inventories_asked *asked,
		     const struct page *page, json_t **ret_json, struct err *err)
{
	const char *texts[N_TEXTS] = { LIST, "" };
	json_t *cursor = NULL;
	int r = page->cursor ? cursor_read(page->cursor, LIST, N_TEXTS, texts, &cursor, err) : 0;

	if (r >= 0)
		r = make(view, asked, page, texts[TEXT_CODE], ret_json, err);
	json_decref(cursor);
	return r;
}
