/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an order asks for is found first, in the few columns that decide it; all else is read of
 * the sites that are shown.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/domain/readiness.h"
#include "collector/view/cursor.h"
#include "collector/view/site_summary.h"
#include "collector/view/view_sites.h"
#include "common/base/mem.h"

const char *const site_order_words[] = {
	[SITE_ORDER_CODE] = "code",
	[SITE_ORDER_NAME] = "name",
	[SITE_ORDER_RISK] = "risk",
	[SITE_ORDER_MAX_] = NULL,
};

/* What part of a list is asked for: it begins behind the last site of the part before. */
struct start {
	enum site_order order;
	size_t limit; /* of codes: one more than are shown */
	double risk;
	const char *name;
	const char *code; /* "": at the first */
};

/* A site among all, whose place by code is its own. */
struct ranked {
	const struct site_brief *site;
	double risk;
};

/* --- cursors ------------------------------------------------------------------------ */

enum { TEXT_LIST, TEXT_RISK, TEXT_NAME, TEXT_CODE, N_TEXTS };

/* What @page asks for; the texts are owned by *@ret_json. */
static int read_start(const struct page *page, enum site_order order, struct start *ret_start,
		      json_t **ret_json, struct err *err)
{
	const char *texts[N_TEXTS];
	int r;

	*ret_start =
		(struct start){ .order = order, .limit = page->limit + 1, .name = "", .code = "" };
	*ret_json = NULL;
	if (!page->cursor)
		return 0;
	r = cursor_read(page->cursor, site_order_words[order], N_TEXTS, texts, ret_json, err);
	if (r < 0)
		return r;
	ret_start->risk = strtod(texts[TEXT_RISK], NULL);
	ret_start->name = texts[TEXT_NAME];
	ret_start->code = texts[TEXT_CODE];
	return 0;
}

static json_t *next_cursor(const struct judged_site *last, enum site_order order)
{
	_cleanup_free_ char *cursor = NULL;
	char risk[64];

	/* In hexadecimal, so that it is read as the very same number. */
	snprintf(risk, sizeof(risk), "%a", last->risk);
	cursor = cursor_write((const char *[]){ [TEXT_LIST] = site_order_words[order],
						[TEXT_RISK] = risk,
						[TEXT_NAME] = last->site->name,
						[TEXT_CODE] = last->site->code },
			      N_TEXTS);
	return json_string(cursor);
}

/* --- the order by risk ------------------------------------------------------------- */

static struct window window_of(const struct site_brief *site)
{
	/* No more of it is looked at where no rule is told. */
	return (struct window){ .id = "",
				.programme = "",
				.track = "",
				.profile_id = "",
				.profile_version = site->profile_version,
				.first = site->first,
				.last = site->last };
}

static double risk_of(const struct site_brief *site, int32_t today)
{
	const struct window window = window_of(site);

	return readiness_risk(&site->count, site->has_window ? &window : NULL, today);
}

/* The highest first, then by code: briefs are in that order. */
static int by_risk(const void *a, const void *b)
{
	const struct ranked *left = a, *right = b;

	if (left->risk != right->risk)
		return left->risk > right->risk ? -1 : 1;
	return left->site < right->site ? -1 : left->site > right->site;
}

/* The values of the start decide, not what its site has now. */
static bool is_behind(const struct ranked *ranked, const struct start *start)
{
	if (ranked->risk != start->risk)
		return !(ranked->risk > start->risk);
	return strcmp(ranked->site->code, start->code) > 0;
}

/* The last of @heap's @n is on top. */
static void sink(struct ranked *heap, size_t n, size_t at)
{
	for (;;) {
		size_t last = at;
		struct ranked moved = heap[at];

		for (size_t below = 2 * at + 1; below <= 2 * at + 2 && below < n; below++) {
			if (by_risk(&heap[below], &heap[last]) > 0)
				last = below;
		}
		if (last == at)
			return;
		heap[at] = heap[last];
		heap[last] = moved;
		at = last;
	}
}

/* Move the first @limit of @ranked to its front, in their order: few of many are shown. */
static void sort_first(struct ranked *ranked, size_t n, size_t limit)
{
	if (limit > n)
		limit = n;
	for (size_t i = limit / 2; i-- > 0;)
		sink(ranked, limit, i);
	for (size_t i = limit; i < n; i++) {
		if (by_risk(&ranked[i], &ranked[0]) < 0) {
			ranked[0] = ranked[i];
			sink(ranked, limit, 0);
		}
	}
	qsort(ranked, limit, sizeof(*ranked), by_risk);
}

/* The first codes by risk behind @start. */
static void rank(const struct site_brief_list *all, int32_t today, const struct start *start,
		 struct code_list *ret_list)
{
	_cleanup_free_ struct ranked *ranked = xcalloc(all->n_sites + 1, sizeof(*ranked));
	struct code_list list = { 0 };
	size_t n = 0;

	for (size_t i = 0; i < all->n_sites; i++) {
		ranked[n] = (struct ranked){ &all->sites[i], risk_of(&all->sites[i], today) };
		n += !start->code[0] || is_behind(&ranked[n], start);
	}
	sort_first(ranked, n, start->limit);
	list.codes = xcalloc(start->limit, sizeof(*list.codes));
	while (list.n_codes < start->limit && list.n_codes < n) {
		list.codes[list.n_codes] = xstrdup(ranked[list.n_codes].site->code);
		list.n_codes++;
	}
	*ret_list = list;
}

/* --- sites that are shown ------------------------------------------------------------ */

/* Only what certification asks is read of a profile: each site may have a version of its own. */
static int read_rules(const struct view *view, const char *version,
		      struct certification_rules *rules, bool *ret_has_rules, struct err *err)
{
	int r = version[0] ? profile_cache_rules(view->profiles, view->store, version, rules, err)
			   : -ENOENT;

	/* What cannot be read of one site must not hide all others. */
	if (r < 0 && r != -ENOENT && r != -EUCLEAN)
		return r;
	*ret_has_rules = r >= 0;
	return 0;
}

/* Add the site of @code to @sites. *@ret_cursor, if not NULL: of a list that goes on behind it. */
static int add_site(const struct view *view, const char *code, enum site_order order, json_t *sites,
		    json_t **ret_cursor, struct err *err)
{
	struct certification_rules rules;
	struct judged_site judged;
	struct site site = { 0 };
	bool has_rules;
	int r = store_site_get(view->store, code, &site, err);

	if (r < 0)
		return r;
	r = read_rules(view, site.has_window ? site.window.profile_version : "", &rules, &has_rules,
		       err);
	if (r >= 0) {
		site_judge(&site, has_rules ? &rules : NULL, NULL, view_today(view), &judged);
		json_array_append_new(sites, site_summary(&judged, view_today(view)));
		if (ret_cursor)
			*ret_cursor = next_cursor(&judged, order);
	}
	site_done(&site);
	return r;
}

/* Add "sites" and "next_cursor" to @json: the first @limit of @codes, of which one is more. */
static int add_sites(const struct view *view, enum site_order order, size_t limit,
		     const struct code_list *codes, json_t *json, struct err *err)
{
	size_t n = codes->n_codes < limit ? codes->n_codes : limit;
	json_t *sites = json_array();
	json_t *cursor = json_null();
	int r = 0;

	for (size_t i = 0; r >= 0 && i < n; i++) {
		bool goes_on = i + 1 == n && codes->n_codes > n;

		r = add_site(view, codes->codes[i], order, sites, goes_on ? &cursor : NULL, err);
	}
	json_object_set_new(json, "sites", sites);
	json_object_set_new(json, "next_cursor", cursor);
	return r;
}

/* --- lists --------------------------------------------------------------------------- */

/* The first codes behind @start; @all is only looked at for SITE_ORDER_RISK. */
static int find_codes(const struct view *view, const struct start *start,
		      const struct site_brief_list *all, struct code_list *ret_codes,
		      struct err *err)
{
	_cleanup_(sight_done) struct sight sight;
	const struct site_place place = { &sight, start->name, start->code, start->limit };

	access_sight(view->grants, MAY_SEE, &sight);
	switch (start->order) {
	case SITE_ORDER_CODE:
		return store_site_codes(view->store, &place, ret_codes, err);
	case SITE_ORDER_NAME:
		return store_site_codes_by_name(view->store, &place, ret_codes, err);
	default:
		rank(all, view_today(view), start, ret_codes);
		return 0;
	}
}

static int add_part(const struct view *view, enum site_order order, const struct page *page,
		    const struct site_brief_list *all, json_t *json, struct err *err)
{
	struct code_list codes = { 0 };
	struct start start;
	json_t *cursor;
	int r = read_start(page, order, &start, &cursor, err);

	if (r >= 0)
		r = find_codes(view, &start, all, &codes, err);
	if (r >= 0)
		r = add_sites(view, order, page->limit, &codes, json, err);
	code_list_done(&codes);
	json_decref(cursor);
	return r;
}

/* How many of @all are ready for their window. */
static int count_certifiable(const struct view *view, const struct site_brief_list *all,
			     int64_t *ret_n, struct err *err)
{
	struct certification_rules rules;
	const char *version = NULL;
	bool has_rules = false;
	int64_t n = 0;
	int r;

	for (size_t i = 0; i < all->n_sites; i++) {
		const struct site_brief *site = &all->sites[i];
		const struct window window = window_of(site);
		struct certify_evidence evidence = { .count = &site->count,
						     .window = &window,
						     .is_queued = site->is_queued };

		if (!site->has_window)
			continue;
		if (!version || strcmp(version, site->profile_version) != 0) {
			r = read_rules(view, site->profile_version, &rules, &has_rules, err);
			if (r < 0)
				return r;
			version = site->profile_version;
		}
		evidence.rules = has_rules ? &rules : NULL;
		n += certify_site(&evidence, view_today(view), NULL);
	}
	*ret_n = n;
	return 0;
}

static json_t *totals(const struct site_brief_list *all, int64_t certifiable)
{
	struct site_count count = { 0 };
	int64_t judging = 0;

	for (size_t i = 0; i < all->n_sites; i++) {
		site_count_add(&count, &all->sites[i].count);
		judging += all->sites[i].is_queued;
	}
	return json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:o, s:I}", "sites",
			 (json_int_t)all->n_sites, "certifiable", (json_int_t)certifiable,
			 "expected", (json_int_t)site_count_expected(&count), "ready",
			 (json_int_t)site_count_ready(&count), "fresh",
			 (json_int_t)site_count_fresh(&count), "unexpected",
			 (json_int_t)count.unexpected, "states", view_states(&count), "judging",
			 (json_int_t)judging);
}

static int add_totals(const struct view *view, const struct site_brief_list *all, json_t *json,
		      struct err *err)
{
	char sentence[READINESS_TEXT_SIZE];
	int64_t certifiable;
	int r = count_certifiable(view, all, &certifiable, err);

	if (r < 0)
		return r;
	readiness_overview_sentence((int64_t)all->n_sites, certifiable, sentence);
	json_object_set_new(json, "sentence", json_string(sentence));
	json_object_set_new(json, "totals", totals(all, certifiable));
	return 0;
}

/* A list of sites; with all of them, and their totals, if @has_totals. */
static int make(const struct view *view, enum site_order order, const struct page *page,
		bool has_totals, json_t **ret_json, struct err *err)
{
	_cleanup_(sight_done) struct sight sight;
	static const struct site_brief_list none;
	const struct site_brief_list *all = &none;
	json_t *json = json_object();
	int r = 0;

	access_sight(view->grants, MAY_SEE, &sight);
	if (has_totals || order == SITE_ORDER_RISK)
		r = store_site_briefs(view->store, &sight, &all, err);
	if (r >= 0 && has_totals)
		r = add_totals(view, all, json, err);
	if (r >= 0)
		r = add_part(view, order, page, all, json, err);
	if (r < 0)
		json_decref(json);
	else
		*ret_json = json;
	return r;
}

int view_site_list(const struct view *view, enum site_order order, const struct page *page,
		   json_t **ret_json, struct err *err)
{
	return make(view, order, page, false, ret_json, err);
}

int view_overview(const struct view *view, const struct page *page, json_t **ret_json,
		  struct err *err)
{
	return make(view, SITE_ORDER_RISK, page, true, ret_json, err);
}
