/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
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

/* All sites, judged and in order. */
struct ranking {
	struct site_list list;
	struct judged_site *sites;
};

static void ranking_done(struct ranking *ranking)
{
	free(ranking->sites);
	site_list_done(&ranking->list);
}

static int by_code(const void *a, const void *b)
{
	return strcmp(((const struct judged_site *)a)->site->code,
		      ((const struct judged_site *)b)->site->code);
}

static int by_name(const void *a, const void *b)
{
	int order = strcmp(((const struct judged_site *)a)->site->name,
			   ((const struct judged_site *)b)->site->name);

	return order ? order : by_code(a, b);
}

static int by_risk(const void *a, const void *b)
{
	double left = ((const struct judged_site *)a)->risk;
	double right = ((const struct judged_site *)b)->risk;

	if (left != right)
		return left > right ? -1 : 1;
	return by_code(a, b);
}

static int (*const orders[])(const void *a, const void *b) = {
	[SITE_ORDER_CODE] = by_code,
	[SITE_ORDER_NAME] = by_name,
	[SITE_ORDER_RISK] = by_risk,
};
static_assert(ARRAY_SIZE(orders) == SITE_ORDER_MAX_, "every order has a comparison");

/* Only what certification asks is read of a profile: each site may have a version of its own. */
static int judge(const struct view *view, const struct site *site, struct judged_site *judged,
		 struct err *err)
{
	const char *version = site->has_window ? site->window.profile_version : "";
	struct certification_rules rules;
	int r = version[0] ? profile_cache_rules(view->profiles, view->store, version, &rules, err)
			   : 0;

	/* What cannot be read of one site must not hide all others. */
	if (r < 0 && r != -ENOENT && r != -EUCLEAN)
		return r;
	site_judge(site, version[0] && r >= 0 ? &rules : NULL, NULL, view_today(view), judged);
	return 0;
}

/* Judge all sites and put them in order. */
static int rank(const struct view *view, enum site_order order, struct ranking *ret_ranking,
		struct err *err)
{
	struct ranking ranking = { 0 };
	int r = store_site_all(view->store, &ranking.list, err);

	if (r < 0)
		return r;
	ranking.sites = xcalloc(ranking.list.n_sites + 1, sizeof(ranking.sites[0]));
	for (size_t i = 0; r >= 0 && i < ranking.list.n_sites; i++)
		r = judge(view, &ranking.list.sites[i], &ranking.sites[i], err);
	if (r < 0) {
		ranking_done(&ranking);
		return r;
	}
	qsort(ranking.sites, ranking.list.n_sites, sizeof(ranking.sites[0]), orders[order]);
	*ret_ranking = ranking;
	return 0;
}

enum { TEXT_LIST, TEXT_RISK, TEXT_NAME, TEXT_CODE, N_TEXTS };

/* The first site after the cursor's place: the values there decide, not what its site has now. */
static int find_start(const struct ranking *ranking, enum site_order order, const char *cursor,
		      size_t *ret_start, struct err *err)
{
	struct site site = { 0 };
	struct judged_site place = { .site = &site };
	const char *texts[N_TEXTS];
	json_t *json;
	size_t start = 0;
	int r;

	*ret_start = 0;
	if (!cursor)
		return 0;
	r = cursor_read(cursor, site_order_words[order], N_TEXTS, texts, &json, err);
	if (r < 0)
		return r;
	place.risk = strtod(texts[TEXT_RISK], NULL);
	site.code = (char *)texts[TEXT_CODE];
	site.name = (char *)texts[TEXT_NAME];
	while (start < ranking->list.n_sites && orders[order](&ranking->sites[start], &place) <= 0)
		start++;
	json_decref(json);
	*ret_start = start;
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

/* Add "sites" and "next_cursor" to @json. */
static int add_part(const struct view *view, const struct ranking *ranking, enum site_order order,
		    const struct page *page, json_t *json, struct err *err)
{
	json_t *sites;
	size_t start, end;
	int r = find_start(ranking, order, page->cursor, &start, err);

	if (r < 0)
		return r;
	end = ranking->list.n_sites - start > page->limit ? start + page->limit
							  : ranking->list.n_sites;
	sites = json_array();
	for (size_t i = start; i < end; i++)
		json_array_append_new(sites, site_summary(&ranking->sites[i], view_today(view)));
	json_object_set_new(json, "sites", sites);
	json_object_set_new(json, "next_cursor",
			    end > start && end < ranking->list.n_sites
				    ? next_cursor(&ranking->sites[end - 1], order)
				    : json_null());
	return 0;
}

static json_t *totals(const struct ranking *ranking, int64_t *ret_certifiable)
{
	struct site_count count = { 0 };
	int64_t certifiable = 0, judging = 0;

	for (size_t i = 0; i < ranking->list.n_sites; i++) {
		site_count_add(&count, &ranking->sites[i].site->count);
		certifiable += ranking->sites[i].is_certifiable;
		judging += ranking->sites[i].site->is_queued;
	}
	*ret_certifiable = certifiable;
	return json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:o, s:I}", "sites",
			 (json_int_t)ranking->list.n_sites, "certifiable", (json_int_t)certifiable,
			 "expected", (json_int_t)site_count_expected(&count), "ready",
			 (json_int_t)site_count_ready(&count), "fresh",
			 (json_int_t)site_count_fresh(&count), "unexpected",
			 (json_int_t)count.unexpected, "states", view_states(&count), "judging",
			 (json_int_t)judging);
}

int view_site_list(const struct view *view, enum site_order order, const struct page *page,
		   json_t **ret_json, struct err *err)
{
	struct ranking ranking;
	json_t *json;
	int r = rank(view, order, &ranking, err);

	if (r < 0)
		return r;
	json = json_object();
	r = add_part(view, &ranking, order, page, json, err);
	ranking_done(&ranking);
	if (r < 0)
		json_decref(json);
	else
		*ret_json = json;
	return r;
}

int view_overview(const struct view *view, const struct page *page, json_t **ret_json,
		  struct err *err)
{
	char sentence[READINESS_TEXT_SIZE];
	struct ranking ranking;
	int64_t certifiable;
	json_t *json, *sums;
	int r = rank(view, SITE_ORDER_RISK, &ranking, err);

	if (r < 0)
		return r;
	sums = totals(&ranking, &certifiable);
	readiness_overview_sentence((int64_t)ranking.list.n_sites, certifiable, sentence);
	json = json_pack("{s:s, s:o}", "sentence", sentence, "totals", sums);
	r = add_part(view, &ranking, SITE_ORDER_RISK, page, json, err);
	ranking_done(&ranking);
	if (r < 0)
		json_decref(json);
	else
		*ret_json = json;
	return r;
}
