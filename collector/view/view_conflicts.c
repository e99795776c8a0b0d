/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "collector/store/store_conflict.h"
#include "collector/store/store_identity.h"
#include "collector/store/store_site.h"
#include "collector/view/cursor.h"
#include "collector/view/view_conflicts.h"
#include "common/base/mem.h"

#define LIST "conflicts"
#define ACTS_SHOWN 100

static json_t *word_or_null(const char *word)
{
	return word[0] ? json_string(word) : json_null();
}

/* What a list tells of each, and what one begins with. */
static int make_row(const struct view *view, const struct conflict *conflict, json_t **ret_json,
		    struct err *err)
{
	_cleanup_(device_done) struct device device = { 0 };
	_cleanup_(site_done) struct site site = { 0 };
	int r = store_device_head(view->store, conflict->device_id, &device, err);

	if (r >= 0)
		r = store_site_get(view->store, device.site_code, &site, err);
	if (r >= 0 && !view_sees(view, site.lea_code, site.code))
		r = err_set(err, -ENOENT, "no conflict has the id '%.40s'", conflict->id);
	if (r < 0)
		return r;
	*ret_json = json_pack(
		"{s:s, s:{s:s, s:o, s:s, s:s}, s:o, s:s, s:o, s:o, s:s, s:o, s:o, s:o}", "id",
		conflict->id, "device", "id", device.id, "names", view_device_names(&device),
		"room", device.room, "state", device_state_words[device.state], "site",
		view_named(site.code, site.name), "kind", conflict_kind_words[conflict->kind],
		"explanation", view_text(conflict->explanation), "opened_at",
		view_time(conflict->opened_ms), "state",
		conflict->resolution == RESOLUTION_NONE ? "open" : "resolved", "resolution",
		word_or_null(conflict_resolution_words[conflict->resolution]), "resolved_at",
		view_time(conflict->resolved_ms), "resolved_by",
		word_or_null(conflict->resolved_by));
	return 0;
}

/* Borrows from @place. */
static int read_query(const char *state, const struct page *page, struct conflict_query *query,
		      struct cursor_place *place, struct err *err)
{
	bool is_all = strcmp(state, "all") == 0;
	int r;

	query->is_open_wanted = is_all || strcmp(state, "open") == 0;
	query->is_resolved_wanted = is_all || strcmp(state, "resolved") == 0;
	query->limit = page->limit + 1;
	if (!query->is_open_wanted && !query->is_resolved_wanted)
		return err_set(err, -EINVAL, "state is open, resolved or all, not '%.20s'.", state);
	if (!page->cursor)
		return 0;
	r = cursor_place_read(page->cursor, LIST, place, err);
	if (r < 0)
		return r;
	query->before_ms = place->ms;
	query->before_id = place->id;
	return 0;
}

int view_conflicts(const struct view *view, const char *state, const struct page *page,
		   json_t **ret_json, struct err *err)
{
	_cleanup_(conflict_list_done) struct conflict_list list = { 0 };
	_cleanup_(sight_done) struct sight sight;
	struct conflict_query query = { .sight = &sight };
	struct cursor_place place;
	json_t *rows, *next;
	size_t n;
	int r;

	access_sight(view->grants, MAY_SEE, &sight);
	r = read_query(state, page, &query, &place, err);
	if (r >= 0)
		r = store_conflict_list(view->store, &query, &list, err);
	if (r < 0)
		return r;
	n = list.n_conflicts < page->limit ? list.n_conflicts : page->limit;
	rows = json_array();
	for (size_t i = 0; i < n && r >= 0; i++) {
		json_t *row = NULL;

		r = make_row(view, &list.conflicts[i], &row, err);
		if (r >= 0)
			json_array_append_new(rows, row);
	}
	if (r < 0) {
		json_decref(rows);
		return r;
	}
	next = list.n_conflicts > n ? cursor_place_json(LIST, list.conflicts[n - 1].opened_ms,
							list.conflicts[n - 1].id)
				    : json_null();
	*ret_json = json_pack("{s:o, s:o}", "conflicts", rows, "next_cursor", next);
	return 0;
}

/* Which kinds of hardware numbers differ between the two. */
static json_t *changes_json(const struct conflict *conflict)
{
	struct fingerprint before, now;
	json_t *json = json_array();
	char *saved = NULL;
	char *changes;

	if (identity_fingerprint_parse(conflict->before_fingerprint, &before, NULL) < 0 ||
	    identity_fingerprint_parse(conflict->now_fingerprint, &now, NULL) < 0)
		return json;
	changes = fingerprint_changes(&before, &now);
	for (char *kind = strtok_r(changes, ", ", &saved); kind;
	     kind = strtok_r(NULL, ", ", &saved))
		json_array_append_new(json, json_string(kind));
	free(changes);
	return json;
}

static json_t *fingerprint_json(const char *text)
{
	json_t *json = json_loads(text, 0, NULL);

	return json ? json : json_array();
}

/* What can be done about it, in the words that the command line has too. */
static json_t *resolutions_json(void)
{
	json_t *json = json_array();

	for (unsigned i = RESOLUTION_NONE + 1; i < RESOLUTION_MAX_; i++)
		json_array_append_new(json,
				      json_pack("{s:s, s:s}", "id", conflict_resolution_words[i],
						"text", conflict_resolution_texts[i]));
	return json;
}

static int history_json(const struct view *view, const char *id, json_t **ret_json, struct err *err)
{
	_cleanup_(conflict_act_list_done) struct conflict_act_list list = { 0 };
	int r = store_conflict_act_list(view->store, id, ACTS_SHOWN, &list, err);

	if (r < 0)
		return r;
	*ret_json = json_array();
	for (size_t i = 0; i < list.n_acts; i++)
		json_array_append_new(*ret_json, json_pack("{s:o, s:o, s:s}", "at",
							   view_time(list.acts[i].at_ms), "by",
							   view_text(list.acts[i].who), "act",
							   list.acts[i].act));
	return 0;
}

int view_conflict(const struct view *view, const char *id, json_t **ret_json, struct err *err)
{
	_cleanup_(conflict_done) struct conflict conflict = { 0 };
	json_t *json = NULL, *history = NULL;
	int r = store_conflict_get(view->store, id, &conflict, err);

	if (r >= 0)
		r = make_row(view, &conflict, &json, err);
	if (r >= 0)
		r = history_json(view, id, &history, err);
	if (r < 0) {
		json_decref(json);
		return r;
	}
	json_object_set_new(json, "changes", changes_json(&conflict));
	json_object_set_new(json, "machines",
			    json_pack("[{s:o, s:o}, {s:o, s:o}]", "fingerprint",
				      fingerprint_json(conflict.before_fingerprint), "boot_id",
				      word_or_null(conflict.before_boot), "fingerprint",
				      fingerprint_json(conflict.now_fingerprint), "boot_id",
				      word_or_null(conflict.now_boot)));
	json_object_set_new(json, "resolutions", resolutions_json());
	json_object_set_new(json, "history", history);
	*ret_json = json;
	return 0;
}
