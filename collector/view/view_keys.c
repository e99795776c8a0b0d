/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "collector/store/store_enrollment_key.h"
#include "collector/view/cursor.h"
#include "collector/view/view_keys.h"

#define LIST "enrollment keys"
#define DIGITS 12 /* of its hash name a key */

static const char *state_of(const struct enrollment_key *key, int64_t now_ms)
{
	if (key->revoked_ms)
		return "revoked";
	if (now_ms >= key->expires_ms)
		return "expired";
	return key->uses_left == 0 ? "used_up" : "good";
}

static json_t *make_row(const struct view *view, const struct enrollment_key_row *row)
{
	const struct enrollment_key *key = &row->key;
	char id[DIGITS + 1];

	snprintf(id, sizeof(id), "%.*s", DIGITS, row->key_hash);
	return json_pack("{s:s, s:s, s:s, s:o, s:o, s:o, s:o}", "id", id, "site", key->site_code,
			 "state", state_of(key, view->now_ms), "created_at",
			 view_time(key->created_ms), "expires_at", view_time(key->expires_ms),
			 "uses_left",
			 key->uses_left < 0 ? json_null() : json_integer(key->uses_left),
			 "revoked_at", view_time(key->revoked_ms));
}

int view_key(const struct view *view, const char *hash_prefix, json_t **ret_json, struct err *err)
{
	_cleanup_(enrollment_key_list_done) struct enrollment_key_list list = { 0 };
	int r = store_enrollment_key_list(view->store, NULL, hash_prefix, 1, &list, err);

	if (r < 0)
		return r;
	if (list.n_rows == 0)
		return err_set(err, -ENOENT, "There is no such enrolment key.");
	*ret_json = make_row(view, &list.rows[0]);
	return 0;
}

static int read_page(const struct view *view, struct enrollment_key_query *query,
		     const char *cursor, struct enrollment_key_list *ret_list, struct err *err)
{
	_cleanup_(sight_done) struct sight sight = { 0 };
	struct cursor_place place;
	int r = cursor ? cursor_place_read(cursor, LIST, &place, err) : 0;

	if (r < 0)
		return r;
	if (cursor) {
		query->before_ms = place.ms;
		query->before_hash = place.id;
	}
	access_sight(view->grants, MAY_SEE_KEYS, &sight);
	query->sight = &sight;
	r = store_enrollment_key_page(view->store, query, ret_list, err);
	query->sight = NULL;
	query->before_hash = NULL;
	return r;
}

int view_keys(const struct view *view, const struct key_filter *filter, const struct page *page,
	      json_t **ret_json, struct err *err)
{
	_cleanup_(enrollment_key_list_done) struct enrollment_key_list list = { 0 };
	bool is_good = strcmp(filter->state, "good") == 0;
	struct enrollment_key_query query = { .site_code = filter->site_code,
					      .good_at_ms = is_good ? view->now_ms : 0,
					      .limit = page->limit + 1 };
	json_t *rows, *next;
	size_t n;
	int r;

	if (!is_good && strcmp(filter->state, "all") != 0)
		return err_set(err, -EINVAL, "state is good or all, not '%.20s'.", filter->state);
	r = read_page(view, &query, page->cursor, &list, err);
	if (r < 0)
		return r;
	n = list.n_rows < page->limit ? list.n_rows : page->limit;
	rows = json_array();
	for (size_t i = 0; i < n; i++)
		json_array_append_new(rows, make_row(view, &list.rows[i]));
	next = list.n_rows > n ? cursor_place_json(LIST, list.rows[n - 1].key.created_ms,
						   list.rows[n - 1].key_hash)
			       : json_null();
	*ret_json = json_pack("{s:o, s:o}", "enrollment_keys", rows, "next_cursor", next);
	return 0;
}
