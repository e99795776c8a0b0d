/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lists of sites beside the plain way to make them: read all of all sites, judge each and sort.
 */
#include "tests/property/rows.h"

#include "collector/domain/certify.h"
#include "collector/view/site_summary.h"
#include "collector/view/view_sites.h"

struct plain {
	struct site_list list;
	struct judged_site sites[SITES];
};

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

static void judge(const struct view *view, struct school *school, struct plain *plain)
{
	must(school, store_site_all(view->store, &plain->list, &school->err));
	for (size_t i = 0; i < plain->list.n_sites; i++) {
		const struct site *site = &plain->list.sites[i];
		const struct profile *profile;

		must(school,
		     view_profile(view, site->window.profile_version, &profile, &school->err));
		site_judge(site, profile ? &profile->rules : NULL, NULL, view_today(view),
			   &plain->sites[i]);
	}
}

/* What a page shows of a site is what the plain way gives, word for word. */
static void compare_site(const struct view *view, const struct judged_site *judged,
			 const json_t *shown, const char *order)
{
	json_t *plain = site_summary(judged, view_today(view));

	if (!json_equal(plain, shown))
		fail_msg("by %s, %s is shown otherwise than it is", order, judged->site->code);
	json_decref(plain);
}

/* All pages of @order with @limit sites each. */
static void compare_list(const struct view *view, struct school *school, const struct plain *plain,
			 enum site_order order, size_t limit)
{
	struct page page = { limit, NULL };
	char *cursor = NULL;
	size_t n = 0;

	do {
		json_t *json, *site;
		size_t i;

		page.cursor = cursor;
		must(school, view_site_list(view, order, &page, &json, &school->err));
		json_array_foreach (json_object_get(json, "sites"), i, site) {
			if (n == plain->list.n_sites)
				fail_msg("by %s, there are more sites than there are",
					 site_order_words[order]);
			compare_site(view, &plain->sites[n++], site, site_order_words[order]);
		}
		free(cursor);
		cursor = json_is_string(json_object_get(json, "next_cursor"))
				 ? xstrdup(json_string_value(json_object_get(json, "next_cursor")))
				 : NULL;
		json_decref(json);
	} while (cursor);
	compare("sites", site_order_words[order], (int64_t)n, (int64_t)plain->list.n_sites);
}

static void compare_overview(const struct view *view, struct school *school,
			     const struct plain *plain)
{
	const struct page page = { 1, NULL };
	int64_t n = 0, shown;
	json_t *json;

	for (size_t i = 0; i < plain->list.n_sites; i++)
		n += plain->sites[i].is_certifiable;
	must(school, view_overview(view, &page, &json, &school->err));
	must(school, json_unpack(json, "{s:{s:I}}", "totals", "certifiable", &shown));
	compare("certifiable sites", "the overview", shown, n);
	json_decref(json);
}

void check_order(const struct view *view, struct school *school)
{
	struct plain plain = { 0 };

	judge(view, school, &plain);
	compare_overview(view, school, &plain);
	for (unsigned i = 0; i < SITE_ORDER_MAX_; i++) {
		qsort(plain.sites, plain.list.n_sites, sizeof(plain.sites[0]), orders[i]);
		for (size_t limit = 1; limit <= 3; limit++)
			compare_list(view, school, &plain, (enum site_order)i, limit);
	}
	site_list_done(&plain.list);
}
