/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/store/store_judged.h"
#include "collector/store/store_profile.h"
#include "collector/store/store_site.h"
#include "collector/store/store_waiver.h"
#include "collector/view/cursor.h"
#include "collector/view/profile_words.h"
#include "collector/view/view_profiles.h"
#include "collector/view/view_waivers.h"
#include "common/base/mem.h"

#define LIST "profiles"
#define LIST_VERSIONS "versions"
#define CHUNK 500 /* waivers read at a time */
enum { CURSOR_TEXTS = 2, CURSOR_VERSION_TEXTS = 3 };

/* The title of a version; null where this collector cannot read what an older one stored. */
static int title_of(const struct view *view, const char *version, json_t **ret_json,
		    struct err *err)
{
	const struct profile *profile = NULL;
	int r = view_profile(view, version, &profile, err);

	if (r < 0 && r != -EUCLEAN)
		return r;
	*ret_json = profile ? view_text(profile->title) : json_null();
	return 0;
}

static json_t *judging_json(int64_t n_sites, int64_t n_devices)
{
	return json_pack("{s:I, s:I}", "sites_left", (json_int_t)n_sites, "devices_left",
			 (json_int_t)n_devices);
}

/* --- what is published -------------------------------------------------------------- */

static int make_row(const struct view *view, const struct publication *publication,
		    json_t **ret_json, struct err *err)
{
	_cleanup_(sight_done) struct sight sight;
	struct profile_reach reach = { 0 };
	json_t *title = NULL;
	int r;

	access_sight(view->grants, MAY_SEE, &sight);
	r = store_profile_reach(view->store, &sight, publication->profile_id, &reach, err);
	if (r >= 0)
		r = title_of(view, publication->version, &title, err);
	if (r < 0)
		return r;
	*ret_json = json_pack(
		"{s:o, s:o, s:s, s:o, s:I, s:o}", "id", view_text(publication->profile_id), "title",
		title, "version", publication->version, "published_at",
		view_time(publication->published_ms), "sites", (json_int_t)reach.n_sites, "judging",
		judging_json(reach.left.n_sites, reach.left.n_devices));
	return 0;
}

/* The place of the first one after the cursor's. */
static int find_start(const struct publication_list *list, const char *cursor, size_t *ret_start,
		      struct err *err)
{
	const char *texts[CURSOR_TEXTS];
	json_t *json;
	size_t start = 0;
	int r = cursor ? cursor_read(cursor, LIST, CURSOR_TEXTS, texts, &json, err) : 0;

	if (r < 0)
		return r;
	if (cursor) {
		while (start < list->n_publications &&
		       strcmp(list->publications[start].profile_id, texts[1]) <= 0)
			start++;
		json_decref(json);
	}
	*ret_start = start;
	return 0;
}

int view_profiles(const struct view *view, const struct page *page, json_t **ret_json,
		  struct err *err)
{
	_cleanup_(publication_list_done) struct publication_list list = { 0 };
	_cleanup_free_ char *cursor = NULL;
	json_t *rows;
	size_t i = 0;
	int r = store_publication_list(view->store, NULL, &list, err);

	if (r >= 0)
		r = find_start(&list, page->cursor, &i, err);
	if (r < 0)
		return r;
	rows = json_array();
	for (; i < list.n_publications && json_array_size(rows) < page->limit && r >= 0; i++) {
		json_t *row = NULL;

		r = make_row(view, &list.publications[i], &row, err);
		if (r >= 0)
			json_array_append_new(rows, row);
	}
	if (r < 0) {
		json_decref(rows);
		return r;
	}
	if (i < list.n_publications)
		cursor = cursor_write((const char *[]){ LIST, list.publications[i - 1].profile_id },
				      CURSOR_TEXTS);
	*ret_json = json_pack("{s:o, s:s?}", "profiles", rows, "next_cursor", cursor);
	return 0;
}

/* --- one of them -------------------------------------------------------------------- */

/* Everything of @id that was ever published, the newest first. */
static int read_publications(const struct view *view, const char *id,
			     struct publication_list *ret_list, struct err *err)
{
	int r = store_publication_list(view->store, id, ret_list, err);

	if (r >= 0 && ret_list->n_publications == 0)
		return err_set(err, -ENOENT, "No profile '%.64s' is published.", id);
	return r;
}

/* Counts in @n_active one that is active, if whoever looks may know of it. */
static int count_waiver(const struct view *view, const struct profile *profile,
			const struct waiver *waiver, int64_t *n_active, struct err *err)
{
	int place = profile_find(profile, waiver->requirement);
	int r;

	if (place < 0 || waiver_state_of(waiver, view_today(view)) != WAIVER_ACTIVE)
		return 0;
	r = view_knows_waiver(view, waiver, err);
	n_active[place] += r > 0;
	return r < 0 ? r : 0;
}

/* How many waivers of each requirement are active, of those that are shown. */
static int count_waivers(const struct view *view, const struct profile *profile, int64_t *n_active,
			 struct err *err)
{
	struct waiver_query query = { .profile_id = profile->id, .limit = CHUNK };
	char after_id[ID_SIZE];
	bool is_more = true;

	while (is_more) {
		_cleanup_(waiver_list_done) struct waiver_list list = { 0 };
		int r = store_waiver_list(view->store, &query, &list, err);

		if (r < 0)
			return r;
		for (size_t i = 0; i < list.n_waivers && r >= 0; i++)
			r = count_waiver(view, profile, &list.waivers[i], n_active, err);
		if (r < 0)
			return r;
		is_more = list.n_waivers == CHUNK;
		if (is_more) {
			query.after_ms = list.waivers[CHUNK - 1].created_ms;
			memcpy(after_id, list.waivers[CHUNK - 1].id, ID_SIZE);
			query.after_id = after_id;
		}
	}
	return 0;
}

static int requirements(const struct view *view, const struct profile *profile, json_t **ret_json,
			struct err *err)
{
	_cleanup_free_ int64_t *n_active = xcalloc(profile->n_requirements + 1, sizeof(*n_active));
	json_t *json = json_array();
	int r = count_waivers(view, profile, n_active, err);

	for (size_t i = 0; i < profile->n_requirements && r >= 0; i++) {
		json_t *row = requirement_words(&profile->requirements[i]), *waiver = NULL;

		r = view_applied_waiver(view, profile->requirements[i].waiver, &waiver, err);
		if (r >= 0)
			json_object_set_new(row, "waiver", waiver);
		json_object_set_new(row, "active_waivers", json_integer(n_active[i]));
		json_array_append_new(json, row);
	}
	if (r < 0)
		json_decref(json);
	else
		*ret_json = json;
	return r;
}

/* Which site was asked for, how far it is, and the version that it is judged by. */
static int read_site(const struct view *view, const char *id, const char *code,
		     struct site *ret_site, struct err *err)
{
	int r = store_site_get(view->store, code, ret_site, err);

	if (r >= 0 && !view_sees(view, ret_site->lea_code, ret_site->code))
		r = err_set(err, -ENOENT, "no site has the code '%s'", code);
	if (r < 0)
		return r;
	if (ret_site->has_window && strcmp(ret_site->window.profile_id, id) == 0 &&
	    ret_site->window.profile_version[0])
		return 0;
	if (ret_site->has_window)
		return err_set(err, -EINVAL,
			       "Site %.32s is judged by the profile '%.64s', not by '%.64s'.", code,
			       ret_site->window.profile_id, id);
	return err_set(err, -EINVAL, "Site %.32s has no window yet, so nothing judges it.", code);
}

static json_t *source_of(const struct profile *profile)
{
	const char *source = json_string_value(json_object_get(profile->json, "source"));

	return view_text(source ? source : "");
}

static int make_profile(const struct view *view, const struct publication *publication,
			const struct site *site, json_t **ret_json, struct err *err)
{
	const char *version = site ? site->window.profile_version : publication->version;
	const struct profile *profile = NULL;
	json_t *json = NULL, *words = NULL;
	int64_t n_left = 0;
	int r = make_row(view, publication, &json, err);

	if (r >= 0)
		r = profile_cache_get(view->profiles, view->store, version, &profile, err);
	/* What is published is there: else the store is damaged. */
	if (r == -ENOENT)
		r = -EUCLEAN;
	if (r >= 0)
		r = requirements(view, profile, &words, err);
	if (r >= 0 && site)
		r = store_site_left(view->store, site->code, &n_left, err);
	if (r < 0) {
		json_decref(words);
		json_decref(json);
		return r;
	}
	if (site)
		json_object_set_new(json, "judging", judging_json(site->is_queued, n_left));
	json_object_set_new(json, "title", view_text(profile->title));
	json_object_set_new(json, "version", json_string(profile->version));
	json_object_set_new(json, "site", site ? view_named(site->code, site->name) : json_null());
	json_object_set_new(json, "source", source_of(profile));
	json_object_set_new(json, "freshness_hours", freshness_words(&profile->freshness));
	json_object_set_new(json, "certification", certification_words(&profile->rules));
	json_object_set_new(json, "endpoints", endpoints_words(profile));
	json_object_set_new(json, "supplements", supplements_words(profile));
	json_object_set_new(json, "requirements", words);
	json_object_set_new(json, "tables", tables_words(profile));
	*ret_json = json;
	return 0;
}

int view_published_profile(const struct view *view, const char *id, const char *site_code,
			   json_t **ret_json, struct err *err)
{
	_cleanup_(publication_list_done) struct publication_list list = { 0 };
	_cleanup_(site_done) struct site site = { 0 };
	int r = read_publications(view, id, &list, err);

	if (r >= 0 && site_code)
		r = read_site(view, id, site_code, &site, err);
	return r < 0 ? r
		     : make_profile(view, &list.publications[0], site_code ? &site : NULL, ret_json,
				    err);
}

/* --- its versions ------------------------------------------------------------------- */

/* No two versions of a profile are published at the same moment. */
static int find_version(const struct publication_list *list, const char *id, const char *cursor,
			size_t *ret_start, struct err *err)
{
	const char *texts[CURSOR_VERSION_TEXTS];
	json_t *json;
	int64_t at_ms;
	size_t start = 0;
	int r = cursor ? cursor_read(cursor, LIST_VERSIONS, CURSOR_VERSION_TEXTS, texts, &json, err)
		       : 0;

	*ret_start = 0;
	if (r < 0 || !cursor)
		return r;
	at_ms = strtoll(texts[2], NULL, 10);
	while (start < list->n_publications && list->publications[start].published_ms >= at_ms)
		start++;
	if (strcmp(texts[1], id) != 0)
		r = err_set(err, -EINVAL,
			    "This cursor is of the versions of another profile; leave it away to "
			    "begin again.");
	json_decref(json);
	*ret_start = start;
	return r;
}

static int version_row(const struct view *view, const struct publication *publication,
		       bool is_current, json_t **ret_json, struct err *err)
{
	json_t *title;
	int r = title_of(view, publication->version, &title, err);

	if (r < 0)
		return r;
	*ret_json = json_pack("{s:s, s:o, s:o, s:b}", "version", publication->version, "title",
			      title, "published_at", view_time(publication->published_ms),
			      "current", is_current);
	return 0;
}

int view_profile_versions(const struct view *view, const char *id, const struct page *page,
			  json_t **ret_json, struct err *err)
{
	_cleanup_(publication_list_done) struct publication_list list = { 0 };
	_cleanup_free_ char *cursor = NULL;
	json_t *rows;
	size_t i = 0;
	int r = read_publications(view, id, &list, err);

	if (r >= 0)
		r = find_version(&list, id, page->cursor, &i, err);
	if (r < 0)
		return r;
	rows = json_array();
	for (; i < list.n_publications && json_array_size(rows) < page->limit && r >= 0; i++) {
		json_t *row = NULL;

		r = version_row(view, &list.publications[i], i == 0, &row, err);
		if (r >= 0)
			json_array_append_new(rows, row);
	}
	if (r < 0) {
		json_decref(rows);
		return r;
	}
	if (i < list.n_publications) {
		char at[24];

		snprintf(at, sizeof(at), "%" PRId64, list.publications[i - 1].published_ms);
		cursor = cursor_write((const char *[]){ LIST_VERSIONS, id, at },
				      CURSOR_VERSION_TEXTS);
	}
	*ret_json = json_pack("{s:o, s:o, s:s?}", "id", view_text(id), "versions", rows,
			      "next_cursor", cursor);
	return 0;
}
