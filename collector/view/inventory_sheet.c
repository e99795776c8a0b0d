/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/view/inventory_sheet.h"
#include "collector/view/site_inventory.h"
#include "common/base/clock.h"
#include "common/base/mem.h"

#define SITES 100 /* codes that are read at a time */

struct inventory_sheet {
	struct sheet sheet; /* first, so that it is one */
	struct view view;
	struct inventory_sheet_asked asked;
	enum finding_kind kind;

	struct code_list codes; /* of the sites at hand */
	size_t next;            /* of these, the first that was not begun */
	bool is_last;           /* no sites are behind them */

	struct site_inventory site; /* whose rows are written; nothing before the first */
	size_t at;                  /* its next finding */
};

const char *const inventory_sheet_columns[] = {
	"site_code", "site_name", "lea_code", "kind",       "device_id",  "asset_tag",
	"serial",    "host_name", "role",     "room",       "state",      "expected",
	"enrolled",  "seen",      "other_id", "other_site", "what_to_do", NULL,
};

static void put_time(struct table_out *out, int64_t ms)
{
	char text[CLOCK_TEXT_SIZE];

	table_out_text(out, ms ? clock_text(ms, text) : NULL);
}

static void put_row(struct table_out *out, const struct site *site, const struct finding *finding)
{
	const struct inventory_device *device = finding->device;
	struct finding_other other = { 0 };

	(void)finding_other(site, finding, &other);
	table_out_text(out, site->code);
	table_out_text(out, site->name);
	table_out_text(out, site->lea_code);
	table_out_text(out, finding_kind_words[finding->kind]);
	table_out_text(out, device->id);
	table_out_text(out, device->names[DEVICE_NAME_ASSET_TAG]);
	table_out_text(out, device->names[DEVICE_NAME_SERIAL]);
	table_out_text(out, device->names[DEVICE_NAME_HOST]);
	table_out_text(out, device_role_words[device->role]);
	table_out_text(out, device->room);
	table_out_text(out, device_state_words[device->state]);
	table_out_flag(out, device->is_expected);
	table_out_flag(out, device->is_enrolled);
	put_time(out, device->seen_ms);
	table_out_text(out, other.id);
	table_out_text(out, other.site_code);
	table_out_text(out, finding->to_do);
	table_out_row(out);
}

/* --- sites, one after the other ---------------------------------------------------- */

/* The codes behind the last one. */
static int find_codes(struct inventory_sheet *sheet, struct err *err)
{
	const struct code_list *was = &sheet->codes;
	const struct inventory_sites wanted = {
		sheet->asked.lea, was->n_codes > 0 ? was->codes[was->n_codes - 1] : "", SITES
	};
	struct code_list codes;
	int r = inventory_sites_find(&sheet->view, &wanted, &codes, err);

	if (r < 0)
		return r;
	code_list_done(&sheet->codes);
	sheet->codes = codes;
	sheet->next = 0;
	sheet->is_last = codes.n_codes < SITES;
	return 0;
}

static int find_first(struct inventory_sheet *sheet, struct err *err)
{
	if (!sheet->asked.site_code)
		return find_codes(sheet, err);
	sheet->is_last = true;
	return site_inventory_read(&sheet->view, sheet->asked.site_code, sheet->asked.days,
				   &sheet->site, err);
}

/* 1: the next site is at hand; 0: that was the last. */
static int next_site(struct inventory_sheet *sheet, struct err *err)
{
	int r = 0;

	if (sheet->next == sheet->codes.n_codes && !sheet->is_last)
		r = find_codes(sheet, err);
	if (r < 0 || sheet->next == sheet->codes.n_codes)
		return r;
	site_inventory_done(&sheet->site);
	sheet->at = 0;
	r = site_inventory_read(&sheet->view, sheet->codes.codes[sheet->next++], sheet->asked.days,
				&sheet->site, err);
	return r < 0 ? r : 1;
}

/* --- the sheet --------------------------------------------------------------------- */

/* Write a row, or go to the next site: 2. */
static int step(struct sheet *base, struct err *err)
{
	struct inventory_sheet *sheet = (struct inventory_sheet *)base;
	const struct finding_list *list = &sheet->site.list;
	int r;

	if (sheet->at < list->n_findings) {
		const struct finding *finding = &list->findings[sheet->at++];

		if (sheet->kind == FINDING_MAX_ || sheet->kind == finding->kind)
			put_row(&base->out, &sheet->site.site, finding);
		return 1;
	}
	r = next_site(sheet, err);
	return r == 1 ? 2 : r;
}

static void done(struct sheet *base)
{
	struct inventory_sheet *sheet = (struct inventory_sheet *)base;

	site_inventory_done(&sheet->site);
	code_list_done(&sheet->codes);
}

int inventory_sheet_open(const struct view *view, const struct inventory_sheet_asked *asked,
			 struct sheet **ret_sheet, struct err *err)
{
	static const struct sheet_kind kind = { "inventory", inventory_sheet_columns, step, done };
	struct inventory_sheet *sheet;
	enum finding_kind finding;
	int r = finding_kind_read(asked->kind, &finding, err);

	if (r < 0)
		return r;
	sheet = xcalloc(1, sizeof(*sheet));
	sheet_begin(&sheet->sheet, &kind, &asked->form);
	sheet->view = *view;
	sheet->asked = *asked;
	sheet->kind = finding;
	r = find_first(sheet, err);
	if (r < 0) {
		sheet_free(&sheet->sheet);
		return r;
	}
	*ret_sheet = &sheet->sheet;
	return 0;
}
