/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/store/store_judged.h"
#include "collector/store/store_site.h"
#include "collector/view/cursor.h"
#include "collector/view/requirement_title.h"
#include "collector/view/view_waivers.h"
#include "common/base/mem.h"

#define LIST "waivers"
#define CHUNK 500 /* waivers read at a time where not every one is wanted */
enum { CURSOR_TEXTS = 3 };

/*
 * Documents that are parsed to count what waivers do. A site with a waiver of its own has a
 * document of its own: past this the number is left out, and the page stays quick.
 */
#define VERSIONS_MAX 256

const char *const waiver_state_words[] = {
	[WAIVER_ACTIVE] = "active",
	[WAIVER_OVER] = "over",
	[WAIVER_REVOKED] = "revoked",
	[WAIVER_STATE_MAX_] = NULL,
};

enum waiver_state waiver_state_of(const struct waiver *waiver, int32_t today)
{
	if (waiver->revoked_ms)
		return WAIVER_REVOKED;
	return waiver->until < today ? WAIVER_OVER : WAIVER_ACTIVE;
}

/* --- what they do --------------------------------------------------------------- */

/* How many devices each waiver of a part of the list makes count. */
struct effects {
	const struct waiver_list *list;
	int64_t *n_devices; /* as many as there are waivers */
	bool is_counted;
};

static void add_effect(struct effects *effects, const char *waiver_id, int64_t n)
{
	for (size_t i = 0; i < effects->list->n_waivers; i++) {
		if (strcmp(effects->list->waivers[i].id, waiver_id) == 0)
			effects->n_devices[i] += n;
	}
}

static void add_pattern(struct effects *effects, const struct profile *profile,
			const struct waived_pattern *pattern)
{
	if (strlen(pattern->results) != profile->n_requirements)
		return;
	for (size_t i = 0; i < profile->n_requirements; i++) {
		const struct profile_waiver *waiver = profile->requirements[i].waiver;

		if (waiver && pattern->results[i] == result_letter(RESULT_WAIVED))
			add_effect(effects, waiver->id, pattern->n);
	}
}

static size_t count_versions(const struct waived_list *patterns)
{
	size_t n = 0;

	for (size_t i = 0; i < patterns->n_patterns; i++)
		n += i == 0 ||
		     strcmp(patterns->patterns[i].version, patterns->patterns[i - 1].version) != 0;
	return n;
}

static int count_effects(const struct view *view, const char *profile_id, struct effects *effects,
			 struct err *err)
{
	_cleanup_(waived_list_done) struct waived_list patterns = { 0 };
	_cleanup_(sight_done) struct sight sight;
	int r;

	access_sight(view->grants, MAY_SEE, &sight);
	r = store_waived_list(view->store, &sight, profile_id, &patterns, err);
	effects->is_counted = count_versions(&patterns) <= VERSIONS_MAX;
	for (size_t i = 0; r >= 0 && effects->is_counted && i < patterns.n_patterns; i++) {
		const struct profile *profile;

		r = view_profile(view, patterns.patterns[i].version, &profile, err);
		if (r >= 0 && profile)
			add_pattern(effects, profile, &patterns.patterns[i]);
	}
	return r < 0 ? r : 0;
}

/* --- one of them ------------------------------------------------------------------ */

/* Whom a waiver is for. */
struct those {
	struct site site;
	char *lea_name;
};

static void those_done(struct those *those)
{
	site_done(&those->site);
	free(those->lea_name);
}

/* They may be gone. */
static int read_those(const struct view *view, const struct waiver *waiver, struct those *those,
		      struct err *err)
{
	int r = 0;

	if (waiver->scope == SCOPE_SITE)
		r = store_site_get(view->store, waiver->scope_code, &those->site, err);
	else if (waiver->scope == SCOPE_LEA)
		r = store_lea_name(view->store, waiver->scope_code, &those->lea_name, err);
	return r == -ENOENT ? 0 : r;
}

/* What holds for all is for everybody to see; what is of nobody any more for who sees all. */
static bool is_seen(const struct view *view, const struct waiver *waiver, const struct site *site)
{
	if (waiver->scope == SCOPE_STATE)
		return view->grants && access_allows_somewhere(view->grants, MAY_SEE);
	if (waiver->scope == SCOPE_LEA)
		return view_knows_lea(view, waiver->scope_code);
	return view_sees(view, site->lea_code, waiver->scope_code);
}

int view_knows_waiver(const struct view *view, const struct waiver *waiver, struct err *err)
{
	_cleanup_(those_done) struct those those = { 0 };
	int r;

	if (view->grants && access_allows_everywhere(view->grants, MAY_SEE))
		return 1;
	r = read_those(view, waiver, &those, err);
	return r < 0 ? r : is_seen(view, waiver, &those.site);
}

/* null where nobody is called so any more. */
static json_t *scope_name(const struct those *those)
{
	const char *name = those->site.name ? those->site.name : those->lea_name;

	return name ? view_text(name) : json_null();
}

static int make_row(const struct view *view, const struct effects *effects, size_t index,
		    json_t **ret_json, struct err *err)
{
	const struct waiver *waiver = &effects->list->waivers[index];
	bool is_revoked = waiver->revoked_ms != 0;
	_cleanup_(those_done) struct those those = { 0 };
	json_t *title = NULL;
	int r = read_those(view, waiver, &those, err);

	if (r >= 0 && !is_seen(view, waiver, &those.site))
		r = err_set(err, -ENOENT, "no waiver has the id '%.40s'", waiver->id);
	if (r >= 0)
		r = requirement_title(view, waiver,
				      waiver->scope == SCOPE_LEA ? waiver->scope_code
								 : those.site.lea_code,
				      &title, err);
	if (r < 0)
		return r;
	*ret_json = json_pack(
		"{s:s, s:o, s:o, s:o, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:s, s:o, s:o, s:o}", "id",
		waiver->id, "profile", view_text(waiver->profile_id), "requirement",
		view_text(waiver->requirement), "title", title, "scope", scope_words[waiver->scope],
		"code", waiver->scope_code[0] ? view_text(waiver->scope_code) : json_null(), "name",
		scope_name(&those), "reason", view_text(waiver->reason), "who",
		view_text(waiver->who), "until", view_day(waiver->until), "created_at",
		view_time(waiver->created_ms), "state",
		waiver_state_words[waiver_state_of(waiver, view_today(view))], "revoked_at",
		view_time(waiver->revoked_ms), "revoked_by",
		is_revoked ? view_text(waiver->revoked_by) : json_null(), "devices",
		effects->is_counted ? json_integer(effects->n_devices[index]) : json_null());
	return 0;
}

/* The first @n of @list; *@ret_json is a list. */
static int make_rows(const struct view *view, const struct waiver_list *list, size_t n,
		     const char *profile_id, json_t **ret_json, struct err *err)
{
	_cleanup_free_ int64_t *n_devices = xcalloc(list->n_waivers + 1, sizeof(*n_devices));
	struct effects effects = { .list = list, .n_devices = n_devices };
	json_t *rows = json_array();
	int r = n > 0 ? count_effects(view, profile_id, &effects, err) : 0;

	for (size_t i = 0; i < n && r >= 0; i++) {
		json_t *row = NULL;

		r = make_row(view, &effects, i, &row, err);
		if (r >= 0)
			json_array_append_new(rows, row);
	}
	if (r < 0)
		json_decref(rows);
	else
		*ret_json = rows;
	return r;
}

int view_waiver(const struct view *view, const char *id, json_t **ret_json, struct err *err)
{
	struct waiver waiver = { 0 };
	const struct waiver_list list = { &waiver, 1 };
	json_t *rows = NULL;
	int r = store_waiver_get(view->store, id, &waiver, err);

	if (r >= 0)
		r = make_rows(view, &list, 1, waiver.profile_id, &rows, err);
	if (r >= 0)
		*ret_json = json_incref(json_array_get(rows, 0));
	json_decref(rows);
	waiver_done(&waiver);
	return r;
}

int view_applied_waiver(const struct view *view, const struct profile_waiver *waiver,
			json_t **ret_json, struct err *err)
{
	_cleanup_(waiver_done) struct waiver given = { 0 };
	int r;

	if (!waiver) {
		*ret_json = json_null();
		return 0;
	}
	r = store_waiver_get(view->store, waiver->id, &given, err);
	if (r < 0 && r != -ENOENT)
		return r;
	*ret_json = json_pack("{s:o, s:o, s:o, s:o}", "id", view_text(waiver->id), "reason",
			      view_text(waiver->reason), "until", view_day(waiver->until), "who",
			      given.who ? view_text(given.who) : json_null());
	return 0;
}

/* --- the list ------------------------------------------------------------------ */

/* The states that are wanted, as bits. */
static int read_states(const char *word, unsigned *ret_states, struct err *err)
{
	if (strcmp(word, "all") == 0) {
		*ret_states = (1U << WAIVER_STATE_MAX_) - 1;
		return 0;
	}
	for (unsigned i = 0; waiver_state_words[i]; i++) {
		if (strcmp(waiver_state_words[i], word) == 0) {
			*ret_states = 1U << i;
			return 0;
		}
	}
	return err_set(err, -EINVAL, "state is active, over, revoked or all, not '%.20s'.", word);
}

/* Move those of @chunk that are wanted to @list, up to @limit. */
static void take_wanted(struct waiver_list *chunk, unsigned states, int32_t today, size_t limit,
			struct waiver_list *list)
{
	for (size_t i = 0; i < chunk->n_waivers && list->n_waivers < limit; i++) {
		if (!(states >> waiver_state_of(&chunk->waivers[i], today) & 1))
			continue;
		list->waivers =
			xreallocarray(list->waivers, list->n_waivers + 1, sizeof(*list->waivers));
		list->waivers[list->n_waivers++] = chunk->waivers[i];
		chunk->waivers[i] = (struct waiver){ 0 };
	}
}

/* Take out of @chunk what whoever asks may not see. */
static int drop_unseen(const struct view *view, struct waiver_list *chunk, struct err *err)
{
	size_t n = 0;

	for (size_t i = 0; i < chunk->n_waivers; i++) {
		_cleanup_(those_done) struct those those = { 0 };
		struct waiver waiver = chunk->waivers[i];
		int r = read_those(view, &waiver, &those, err);

		if (r < 0)
			return r;
		if (is_seen(view, &waiver, &those.site)) {
			chunk->waivers[i] = chunk->waivers[n];
			chunk->waivers[n++] = waiver;
		}
	}
	while (chunk->n_waivers > n)
		waiver_done(&chunk->waivers[--chunk->n_waivers]);
	return 0;
}

/* Which part of the waivers is wanted. */
struct wanted {
	const char *profile_id; /* NULL: of any */
	unsigned states;
	size_t limit;
	int64_t after_ms; /* the place before it; moves on as it is read */
	char after_id[ID_SIZE];
};

static int read_wanted(const struct view *view, struct wanted *wanted, struct waiver_list *list,
		       struct err *err)
{
	bool is_all = view->grants && access_allows_everywhere(view->grants, MAY_SEE);
	struct waiver_query query = { .profile_id = wanted->profile_id,
				      .with_revoked = wanted->states >> WAIVER_REVOKED & 1,
				      .limit = CHUNK };
	bool is_more = true;
	int r = 0;

	while (r >= 0 && is_more && list->n_waivers < wanted->limit) {
		_cleanup_(waiver_list_done) struct waiver_list chunk = { 0 };

		query.after_ms = wanted->after_ms;
		query.after_id = wanted->after_id[0] ? wanted->after_id : NULL;
		r = store_waiver_list(view->store, &query, &chunk, err);
		if (r < 0)
			return r;
		is_more = chunk.n_waivers == CHUNK;
		if (is_more) {
			wanted->after_ms = chunk.waivers[CHUNK - 1].created_ms;
			memcpy(wanted->after_id, chunk.waivers[CHUNK - 1].id, ID_SIZE);
		}
		if (!is_all)
			r = drop_unseen(view, &chunk, err);
		take_wanted(&chunk, wanted->states, view_today(view), wanted->limit, list);
	}
	return r;
}

static json_t *cursor_after(const struct waiver *last)
{
	char at[24];
	const char *const texts[CURSOR_TEXTS] = { LIST, at, last->id };
	_cleanup_free_ char *cursor = NULL;

	snprintf(at, sizeof(at), "%" PRId64, last->created_ms);
	cursor = cursor_write(texts, CURSOR_TEXTS);
	return json_string(cursor);
}

static int read_page(const struct view *view, const struct waiver_filter *filter,
		     const struct page *page, struct waiver_list *list, struct err *err)
{
	struct wanted wanted = { .profile_id = filter->profile_id, .limit = page->limit + 1 };
	const char *texts[CURSOR_TEXTS];
	json_t *cursor = NULL;
	int r = read_states(filter->state, &wanted.states, err);

	if (r >= 0 && page->cursor) {
		r = cursor_read(page->cursor, LIST, CURSOR_TEXTS, texts, &cursor, err);
		if (r >= 0) {
			wanted.after_ms = strtoll(texts[1], NULL, 10);
			snprintf(wanted.after_id, ID_SIZE, "%s", texts[2]);
		}
	}
	if (r >= 0)
		r = read_wanted(view, &wanted, list, err);
	json_decref(cursor);
	return r;
}

int view_waivers(const struct view *view, const struct waiver_filter *filter,
		 const struct page *page, json_t **ret_json, struct err *err)
{
	_cleanup_(waiver_list_done) struct waiver_list list = { 0 };
	json_t *rows, *next;
	size_t n;
	int r = read_page(view, filter, page, &list, err);

	if (r < 0)
		return r;
	n = list.n_waivers < page->limit ? list.n_waivers : page->limit;
	r = make_rows(view, &list, n, filter->profile_id, &rows, err);
	if (r < 0)
		return r;
	next = list.n_waivers > n ? cursor_after(&list.waivers[n - 1]) : json_null();
	*ret_json = json_pack("{s:o, s:o}", "waivers", rows, "next_cursor", next);
	return 0;
}
