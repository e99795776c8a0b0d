/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <string.h>

#include "collector/store/store_token.h"
#include "collector/view/cursor.h"
#include "collector/view/view_tokens.h"

#define LIST "tokens"
#define CHUNK 500 /* read at a time, where not every one is the viewer's to see */

static json_t *make_row(const struct view *view, const struct api_token *token)
{
	const struct grant *grant = &token->grant;
	json_t *json = json_pack("{s:s, s:o, s:s, s:s, s:s, s:s}", "id", token->id, "name",
				 view_text(token->name), "state",
				 token_state_words[token_state_at(&token->life, view->now_ms)],
				 "role", person_role_words[grant->role], "scope",
				 scope_words[grant->scope], "code", grant->code);

	json_object_set_new(json, "owner", token->owner[0] ? view_text(token->owner) : json_null());
	json_object_set_new(json, "created_at", view_time(token->created_ms));
	json_object_set_new(json, "created_by", view_text(token->created_by));
	json_object_set_new(json, "expires_at", view_time(token->life.expires_ms));
	json_object_set_new(json, "used_at", view_time(token->used_ms));
	json_object_set_new(json, "revoked_at", view_time(token->life.revoked_ms));
	json_object_set_new(json, "revoked_by",
			    token->revoked_by[0] ? view_text(token->revoked_by) : json_null());
	return json;
}

int view_token(const struct view *view, const char *id, json_t **ret_json, struct err *err)
{
	_cleanup_(api_token_done) struct api_token token = { 0 };
	int r = store_token_get(view->store, id, &token, err);

	if (r < 0)
		return r;
	if (!access_sees_grant(view->grants, &token.grant))
		return err_set(err, -ENOENT, "There is no such token.");
	*ret_json = make_row(view, &token);
	return 0;
}

/* A part of the list as it grows. */
struct part {
	json_t *rows;
	json_t *next; /* the cursor after the last row; NULL: nothing follows */
	size_t limit;
	char after_id[ID_SIZE]; /* where the next chunk begins */
};

/* Add those of @list that the viewer sees; false: the part is full. */
static bool take(const struct view *view, const struct api_token_list *list, struct part *part)
{
	const struct api_token *last = NULL;

	for (size_t i = 0; i < list->n_tokens; i++) {
		const struct api_token *token = &list->tokens[i];

		if (!access_sees_grant(view->grants, &token->grant))
			continue;
		if (json_array_size(part->rows) == part->limit)
			return false;
		json_array_append_new(part->rows, make_row(view, token));
		last = token;
		if (json_array_size(part->rows) == part->limit)
			part->next = cursor_place_json(LIST, last->created_ms, last->id);
	}
	return true;
}

static int read_part(const struct view *view, struct api_token_query *query, struct part *part,
		     struct err *err)
{
	bool is_more = true;

	while (is_more) {
		_cleanup_(api_token_list_done) struct api_token_list list = { 0 };
		int r = store_token_list(view->store, query, &list, err);

		if (r < 0)
			return r;
		if (!take(view, &list, part))
			return 0;
		is_more = list.n_tokens == CHUNK;
		if (is_more) {
			query->after_ms = list.tokens[CHUNK - 1].created_ms;
			memcpy(part->after_id, list.tokens[CHUNK - 1].id, ID_SIZE);
			query->after_id = part->after_id;
		}
	}
	/* Nothing follows the last row, although the part is full. */
	json_decref(part->next);
	part->next = NULL;
	return 0;
}

static int read_state(const struct view *view, const char *state, int64_t *ret_good_at_ms,
		      struct err *err)
{
	bool is_good = strcmp(state, "good") == 0;

	if (!is_good && strcmp(state, "all") != 0)
		return err_set(err, -EINVAL, "state is good or all, not '%.20s'.", state);
	*ret_good_at_ms = is_good ? view->now_ms : 0;
	return 0;
}

int view_tokens(const struct view *view, const char *state, const struct page *page,
		json_t **ret_json, struct err *err)
{
	struct api_token_query query = { .limit = CHUNK };
	struct part part = { .limit = page->limit };
	struct cursor_place place;
	int r = read_state(view, state, &query.good_at_ms, err);

	if (r >= 0 && page->cursor)
		r = cursor_place_read(page->cursor, LIST, &place, err);
	if (r < 0)
		return r;
	if (page->cursor) {
		query.after_ms = place.ms;
		query.after_id = place.id;
	}
	part.rows = json_array();
	r = read_part(view, &query, &part, err);
	if (r < 0) {
		json_decref(part.rows);
		json_decref(part.next);
		return r;
	}
	*ret_json = json_pack("{s:o, s:o}", "tokens", part.rows, "next_cursor",
			      part.next ? part.next : json_null());
	return 0;
}
