/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/view/cursor.h"
#include "collector/view/view_audit.h"
#include "common/base/clock.h"
#include "common/base/mem.h"

#define LIST "audit"
#define CHUNK 200 /* entries read at a time for a table */
enum { CURSOR_TEXTS = 2 };

static json_t *text_or_null(const char *text)
{
	return text[0] ? view_text(text) : json_null();
}

/* What was stored as JSON is told as JSON. */
static json_t *json_of(const char *text)
{
	json_t *json = text[0] ? json_loads(text, JSON_DECODE_ANY, NULL) : NULL;

	return json ? json : json_null();
}

static json_t *entry_json(const struct audit_entry *entry)
{
	return json_pack("{s:I, s:o, s:o, s:o, s:o, s:s, s:o, s:o, s:o, s:o, s:o, s:s}", "number",
			 (json_int_t)entry->number, "at", view_time(entry->at_ms), "who",
			 view_text(entry->who), "account", text_or_null(entry->account_id),
			 "network", text_or_null(entry->network), "act", entry->act, "object",
			 view_text(entry->object), "lea", text_or_null(entry->lea_code), "site",
			 text_or_null(entry->site_code), "before", json_of(entry->before), "after",
			 json_of(entry->after), "hash", entry->hash);
}

static struct audit_query query_of(const struct audit_filter *filter, const struct sight *sight)
{
	return (struct audit_query){
		.act = filter->act,
		.object = filter->object,
		.account_id = filter->account_id,
		.from_ms = filter->from_ms,
		.until_ms = filter->until_ms,
		.lea_codes = sight->is_all ? NULL : sight->lea_codes,
	};
}

static int read_before(const char *cursor, int64_t *ret_before, struct err *err)
{
	const char *texts[CURSOR_TEXTS];
	json_t *json;
	int r = cursor_read(cursor, LIST, CURSOR_TEXTS, texts, &json, err);

	if (r < 0)
		return r;
	*ret_before = strtoll(texts[1], NULL, 10);
	json_decref(json);
	return 0;
}

static json_t *cursor_json(int64_t number)
{
	char text[24];
	_cleanup_free_ char *cursor = NULL;

	snprintf(text, sizeof(text), "%" PRId64, number);
	cursor = cursor_write((const char *[]){ LIST, text }, CURSOR_TEXTS);
	return json_string(cursor);
}

int view_audit(const struct view *view, const struct audit_filter *filter, const struct page *page,
	       json_t **ret_json, struct err *err)
{
	_cleanup_(audit_list_done) struct audit_list list = { 0 };
	_cleanup_(sight_done) struct sight sight;
	struct audit_query query;
	json_t *rows, *next;
	size_t n;
	int r = 0;

	access_sight(view->grants, MAY_SEE_AUDIT, &sight);
	query = query_of(filter, &sight);
	query.limit = page->limit + 1;
	if (page->cursor)
		r = read_before(page->cursor, &query.before, err);
	if (r >= 0)
		r = store_audit_list(view->store, &query, &list, err);
	if (r < 0)
		return r;
	n = list.n_entries < page->limit ? list.n_entries : page->limit;
	rows = json_array();
	for (size_t i = 0; i < n; i++)
		json_array_append_new(rows, entry_json(&list.entries[i]));
	next = list.n_entries > n ? cursor_json(list.entries[n - 1].number) : json_null();
	*ret_json = json_pack("{s:o, s:o}", "entries", rows, "next_cursor", next);
	return 0;
}

/* --- as a table --------------------------------------------------------------- */

struct audit_sheet {
	struct sheet sheet; /* first, so that it is one */
	struct store *store;
	struct sight sight;
	char *act, *object, *account_id;
	struct audit_query query;
};

static const char *or_null(const char *text)
{
	return text[0] ? text : NULL;
}

static void put_entry(struct table_out *out, const struct audit_entry *entry)
{
	char number[24], at[CLOCK_TEXT_SIZE];

	snprintf(number, sizeof(number), "%" PRId64, entry->number);
	table_out_text(out, number);
	table_out_text(out, clock_text(entry->at_ms, at));
	table_out_text(out, entry->who);
	table_out_text(out, or_null(entry->account_id));
	table_out_text(out, or_null(entry->network));
	table_out_text(out, entry->act);
	table_out_text(out, entry->object);
	table_out_text(out, or_null(entry->lea_code));
	table_out_text(out, or_null(entry->site_code));
	table_out_text(out, or_null(entry->before));
	table_out_text(out, or_null(entry->after));
	table_out_text(out, entry->hash);
	table_out_row(out);
}

static int step(struct sheet *base, struct err *err)
{
	struct audit_sheet *sheet = (struct audit_sheet *)base;
	_cleanup_(audit_list_done) struct audit_list list = { 0 };
	int r = store_audit_list(sheet->store, &sheet->query, &list, err);

	if (r < 0)
		return r;
	for (size_t i = 0; i < list.n_entries; i++)
		put_entry(&base->out, &list.entries[i]);
	if (list.n_entries < CHUNK)
		return 0;
	sheet->query.before = list.entries[list.n_entries - 1].number;
	return 1;
}

static void done(struct sheet *base)
{
	struct audit_sheet *sheet = (struct audit_sheet *)base;

	sight_done(&sheet->sight);
	free(sheet->act);
	free(sheet->object);
	free(sheet->account_id);
}

static char *copy(const char *text)
{
	return text ? xstrdup(text) : NULL;
}

int audit_sheet_open(const struct view *view, const struct audit_filter *filter,
		     const struct sheet_form *form, struct sheet **ret_sheet, struct err *err)
{
	static const char *const columns[] = { "number", "at",     "who", "account", "network",
					       "act",    "object", "lea", "site",    "before",
					       "after",  "hash",   NULL };
	static const struct sheet_kind kind = { "entries", columns, step, done };
	struct audit_sheet *sheet = xcalloc(1, sizeof(*sheet));

	(void)err;
	sheet_begin(&sheet->sheet, &kind, form);
	sheet->store = view->store;
	access_sight(view->grants, MAY_SEE_AUDIT, &sheet->sight);
	sheet->query = query_of(filter, &sheet->sight);
	sheet->query.act = sheet->act = copy(filter->act);
	sheet->query.object = sheet->object = copy(filter->object);
	sheet->query.account_id = sheet->account_id = copy(filter->account_id);
	sheet->query.limit = CHUNK;
	*ret_sheet = &sheet->sheet;
	return 0;
}
