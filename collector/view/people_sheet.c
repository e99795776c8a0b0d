/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>

#include "collector/view/people_sheet.h"
#include "common/base/mem.h"

#define CHUNK 200
#define LIST_MAX ACCESS_GRANTS_MAX

struct people_sheet {
	struct sheet sheet; /* first, so that it is one */
	const struct view *view;
	struct people_filter filter;
	char *texts[5]; /* of the filter, owned */
	json_t *part;   /* which the cursor is of */
};

static void copy_filter(struct people_sheet *sheet, const struct people_filter *filter)
{
	const char **const copies[] = { &sheet->filter.role, &sheet->filter.scope,
					&sheet->filter.code, &sheet->filter.state,
					&sheet->filter.reason };

	sheet->filter = *filter;
	sheet->filter.tells_reasons = true;
	for (size_t i = 0; i < ARRAY_SIZE(copies); i++) {
		if (*copies[i])
			*copies[i] = sheet->texts[i] = xstrdup(*copies[i]);
	}
}

static const char *text_of(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

/* "viewer of site 1234", each; of the whole state without a code. */
static void put_roles(struct table_out *out, const json_t *grants)
{
	char texts[LIST_MAX][ACCESS_CODE_SIZE + 40];
	const char *list[LIST_MAX];
	size_t n = json_array_size(grants);

	for (size_t i = 0; i < n && i < LIST_MAX; i++) {
		const json_t *grant = json_array_get(grants, i);
		const char *code = text_of(grant, "code");

		snprintf(texts[i], sizeof(texts[i]), "%s of %s%s%s", text_of(grant, "role"),
			 text_of(grant, "scope"), code ? " " : "", code ? code : "");
		list[i] = texts[i];
	}
	table_out_list(out, list, n < LIST_MAX ? n : LIST_MAX);
}

static void put_reasons(struct table_out *out, const json_t *reasons)
{
	const char *list[LIST_MAX];
	size_t n = json_array_size(reasons);

	for (size_t i = 0; i < n && i < LIST_MAX; i++)
		list[i] = json_string_value(json_array_get(reasons, i));
	table_out_list(out, list, n < LIST_MAX ? n : LIST_MAX);
}

static void put_person(struct table_out *out, const json_t *person)
{
	const json_t *sign_on = json_object_get(person, "sign_on");
	const char *bound = text_of(sign_on, "bound_at"), *awaits = text_of(sign_on, "awaits");

	table_out_text(out, text_of(person, "login"));
	table_out_text(out, text_of(person, "name"));
	table_out_text(out, text_of(person, "state"));
	put_roles(out, json_object_get(person, "grants"));
	table_out_text(out, text_of(person, "used_at"));
	table_out_text(out, text_of(person, "good_until"));
	table_out_flag(out, json_is_true(json_object_get(person, "has_second_factor")));
	table_out_text(out, bound ? bound : awaits);
	put_reasons(out, json_object_get(person, "reasons"));
	table_out_text(out, text_of(person, "created_at"));
	table_out_text(out, text_of(person, "created_by"));
	table_out_row(out);
}

static int step(struct sheet *base, struct err *err)
{
	struct people_sheet *sheet = (struct people_sheet *)base;
	const struct page page = { CHUNK, text_of(sheet->part, "next_cursor") };
	const json_t *person;
	json_t *part = NULL;
	size_t i;
	int r = view_people(sheet->view, &sheet->filter, &page, &part, err);

	if (r < 0)
		return r;
	json_decref(sheet->part);
	sheet->part = part;
	json_array_foreach (json_object_get(part, "people"), i, person)
		put_person(&base->out, person);
	return text_of(part, "next_cursor") ? 1 : 0;
}

static void done(struct sheet *base)
{
	struct people_sheet *sheet = (struct people_sheet *)base;

	json_decref(sheet->part);
	for (size_t i = 0; i < ARRAY_SIZE(sheet->texts); i++)
		free(sheet->texts[i]);
}

int people_sheet_open(const struct view *view, const struct people_filter *filter,
		      const struct sheet_form *form, struct sheet **ret_sheet, struct err *err)
{
	static const char *const columns[] = { "login",         "name",           "state",
					       "roles",         "used_at",        "good_until",
					       "second_factor", "single_sign_on", "look_at",
					       "created_at",    "created_by",     NULL };
	static const struct sheet_kind kind = { "people", columns, step, done };
	struct people_sheet *sheet;
	int r = people_filter_check(filter, err);

	if (r < 0)
		return r;
	sheet = xcalloc(1, sizeof(*sheet));
	sheet_begin(&sheet->sheet, &kind, form);
	copy_filter(sheet, filter);
	sheet->view = view;
	*ret_sheet = &sheet->sheet;
	return 0;
}
