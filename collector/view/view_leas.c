/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "collector/store/lea_about.h"
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
	_cleanup_(lea_about_done) struct lea_about about = { 0 };
	const struct place place = { .scope = SCOPE_LEA, .lea_code = code };
	int r;

	access_sight(view->grants, MAY_SEE, &sight);
	r = store_lea_get(view->store, &sight, code, &lea, err);
	if (r >= 0)
		r = lea_about_read(view->store, &lea, &about, err);
	if (r < 0)
		return r;
	*ret_json = lea_json(&lea);
	json_object_set_new(*ret_json, "states", view_states(&lea.count));
	json_object_set_new(*ret_json, "may_change",
			    json_boolean(access_allows(view->grants, MAY_MEND_INVENTORY, &place)));
	json_object_set_new(*ret_json, "version", json_string(about.version));
	json_object_set_new(*ret_json, "zone", view_text(lea.zone));
	json_object_set_new(*ret_json, "coordinator",
			    contact_words(&about.contacts.by[CONTACT_OF_LEA]));
	return 0;
}

/* --- as a table --------------------------------------------------------------------- */

struct lea_sheet {
	struct sheet sheet; /* first, so that it is one */
	struct store *store;
	struct sight sight;
	struct lea_query query;
	char *after;
};

static void put_number(struct table_out *out, int64_t number)
{
	char text[24];

	snprintf(text, sizeof(text), "%" PRId64, number);
	table_out_text(out, text);
}

static void put_lea(struct table_out *out, const struct lea *lea)
{
	table_out_text(out, lea->code);
	table_out_text(out, lea->name);
	put_number(out, lea->n_sites);
	put_number(out, site_count_expected(&lea->count));
	put_number(out, site_count_ready(&lea->count));
	table_out_row(out);
}

static int step(struct sheet *base, struct err *err)
{
	struct lea_sheet *sheet = (struct lea_sheet *)base;
	_cleanup_(lea_list_done) struct lea_list list = { 0 };
	int r = store_lea_list(sheet->store, &sheet->query, &list, err);

	if (r < 0)
		return r;
	for (size_t i = 0; i < list.n_leas; i++)
		put_lea(&base->out, &list.leas[i]);
	if (list.n_leas < CHUNK)
		return 0;
	free(sheet->after);
	sheet->query.after = sheet->after = xstrdup(list.leas[list.n_leas - 1].code);
	return 1;
}

static void done(struct sheet *base)
{
	struct lea_sheet *sheet = (struct lea_sheet *)base;

	sight_done(&sheet->sight);
	free(sheet->after);
}

int lea_sheet_open(const struct view *view, const struct lea_filter *filter,
		   const struct sheet_form *form, struct sheet **ret_sheet, struct err *err)
{
	static const char *const columns[] = { "lea_code", "lea_name", "sites",
					       "expected", "ready",    NULL };
	static const struct sheet_kind kind = { "leas", columns, step, done };
	struct lea_sheet *sheet = xcalloc(1, sizeof(*sheet));
	int r = query_of(filter, &sheet->sight, &sheet->query, err);

	if (r < 0) {
		free(sheet);
		return r;
	}
	sheet_begin(&sheet->sheet, &kind, form);
	sheet->store = view->store;
	sheet->query.limit = CHUNK;
	access_sight(view->grants, MAY_SEE, &sheet->sight);
	*ret_sheet = &sheet->sheet;
	return 0;
}
