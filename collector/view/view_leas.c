/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "collector/store/store_lea.h"
#include "collector/view/cursor.h"
#include "collector/view/site_words.h"
#include "collector/view/view_leas.h"
#include "common/base/mem.h"

enum { CHUNK = 200 }; /* LEAs of a table that are read at a time */

enum { TEXT_LIST, TEXT_CODE, N_TEXTS };

static json_t *lea_json(const struct lea *lea)
{
	return json_pack("{s:o, s:o, s:I, s:I, s:I}", "code", view_text(lea->code), "name",
			 view_text(lea->name), "sites", (json_int_t)lea->n_sites, "expected",
			 (json_int_t)site_count_expected(&lea->count), "ready",
			 (json_int_t)site_count_ready(&lea->count));
}

static int query_of(const struct lea_filter *filter, const struct sight *sight,
		    struct lea_query *ret_query, struct err *err)
{
	const char *const texts[] = { filter->name, filter->code };

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		if (texts[i] && strlen(texts[i]) > LEA_FILTER_BYTES)
			return err_set(err, -EINVAL, "%s has at most %d bytes.",
				       i == 0 ? "name" : "code", LEA_FILTER_BYTES);
	}
	*ret_query = (struct lea_query){
		.sight = sight,
		.name = filter->name ? filter->name : "",
		.code = filter->code ? filter->code : "",
		.after = "",
	};
	return 0;
}

static json_t *next_cursor(const char *code)
{
	_cleanup_free_ char *cursor =
		cursor_write((const char *[]){ [TEXT_LIST] = "leas", [TEXT_CODE] = code }, N_TEXTS);

	return json_string(cursor);
}

int view_leas(const struct view *view, const struct lea_filter *filter, const struct page *page,
	      json_t **ret_json, struct err *err)
{
	_cleanup_(sight_done) struct sight sight;
	_cleanup_(lea_list_done) struct lea_list list = { 0 };
	const char *texts[N_TEXTS];
	struct lea_query query;
	json_t *rows, *cursor = NULL, *next = json_null();
	int r;

	access_sight(view->grants, MAY_SEE, &sight);
	r = query_of(filter, &sight, &query, err);
	if (r >= 0 && page->cursor)
		r = cursor_read(page->cursor, "leas", N_TEXTS, texts, &cursor, err);
	if (r >= 0) {
		query.after = page->cursor ? texts[TEXT_CODE] : "";
		query.limit = page->limit + 1;
		r = store_lea_list(view->store, &query, &list, err);
	}
	json_decref(cursor);
	if (r < 0)
		return r;
	rows = json_array();
	for (size_t i = 0; i < list.n_leas && i < page->limit; i++)
		json_array_append_new(rows, lea_json(&list.leas[i]));
	if (list.n_leas > page->limit)
		next = next_cursor(list.leas[page->limit - 1].code);
	*ret_json = json_pack("{s:o, s:o}", "leas", rows, "next_cursor", next);
	return 0;
}

int view_lea(const struct view *view, const char *code, json_t **ret_json, struct err *err)
{
	_cleanup_(sight_done) struct sight sight;
	_cleanup_(lea_done) struct lea lea = { 0 };
	_cleanup_(contact_list_done) struct contact_list contacts = { 0 };
	int r;

	access_sight(view->grants, MAY_SEE, &sight);
	r = store_lea_get(view->store, &sight, code, &lea, err);
	if (r >= 0)
		r = store_contact_list(view->store, SCOPE_LEA, code, &contacts, err);
	if (r < 0)
		return r;
	*ret_json = lea_json(&lea);
	json_object_set_new(*ret_json, "states", view_states(&lea.count));
	json_object_set_new(*ret_json, "coordinator", contact_words(&contacts.by[CONTACT_OF_LEA]));
	return 0;
}

/* --- as a table --------------------------------------------------------------------- */

struct lea_sheet {
	struct store *store;
	struct sight sight;
	struct lea_query query;
	char *after;
	struct table_out out;
	bool is_done; /* no more are to be read */
};

int lea_sheet_open(const struct view *view, const struct lea_filter *filter,
		   enum table_format format, const char *as_of, struct lea_sheet **ret_sheet,
		   struct err *err)
{
	static const char *const columns[] = { "lea_code", "lea_name", "sites",
					       "expected", "ready",    NULL };
	struct lea_sheet *sheet = xcalloc(1, sizeof(*sheet));
	int r = query_of(filter, &sheet->sight, &sheet->query, err);

	if (r < 0) {
		free(sheet);
		return r;
	}
	sheet->store = view->store;
	sheet->query.limit = CHUNK;
	access_sight(view->grants, MAY_SEE, &sheet->sight);
	table_out_begin(&sheet->out, format, columns, "leas", as_of);
	*ret_sheet = sheet;
	return 0;
}

static void put_number(struct table_out *out, int64_t number)
{
	char text[24];

	snprintf(text, sizeof(text), "%" PRId64, number);
	table_out_text(out, text);
}

static int read_chunk(struct lea_sheet *sheet, struct err *err)
{
	_cleanup_(lea_list_done) struct lea_list list = { 0 };
	int r = store_lea_list(sheet->store, &sheet->query, &list, err);

	if (r < 0)
		return r;
	for (size_t i = 0; i < list.n_leas; i++) {
		const struct lea *lea = &list.leas[i];

		table_out_text(&sheet->out, lea->code);
		table_out_text(&sheet->out, lea->name);
		put_number(&sheet->out, lea->n_sites);
		put_number(&sheet->out, site_count_expected(&lea->count));
		put_number(&sheet->out, site_count_ready(&lea->count));
		table_out_row(&sheet->out);
	}
	sheet->is_done = list.n_leas < CHUNK;
	if (sheet->is_done) {
		table_out_end(&sheet->out);
	} else {
		free(sheet->after);
		sheet->after = xstrdup(list.leas[list.n_leas - 1].code);
		sheet->query.after = sheet->after;
	}
	return 0;
}

ssize_t lea_sheet_read(struct lea_sheet *sheet, char *buffer, size_t max, struct err *err)
{
	if (table_out_waiting(&sheet->out) == 0 && !sheet->is_done) {
		int r = read_chunk(sheet, err);

		if (r < 0)
			return r;
	}
	if (table_out_waiting(&sheet->out) == 0)
		return -ENODATA;
	return (ssize_t)table_out_take(&sheet->out, buffer, max);
}

void lea_sheet_free(struct lea_sheet *sheet)
{
	if (!sheet)
		return;
	table_out_done(&sheet->out);
	sight_done(&sheet->sight);
	free(sheet->after);
	free(sheet);
}
