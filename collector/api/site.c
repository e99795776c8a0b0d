/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sites.
 */
#include <errno.h>
#include <string.h>

#include "collector/api/api.h"
#include "collector/view/view_site.h"
#include "collector/view/view_sites.h"

static int read_order(const char *text, enum site_order *ret_order, struct err *err)
{
	for (unsigned i = 0; site_order_words[i]; i++) {
		if (strcmp(site_order_words[i], text) == 0) {
			*ret_order = (enum site_order)i;
			return 0;
		}
	}
	return err_set(err, -EINVAL, "sort is code, name or risk, not '%.20s'.", text);
}

static int make_list(const struct view *view, const struct request *req, json_t **ret_json,
		     struct err *err)
{
	const char *sort = request_query(req, "sort");
	enum site_order order = SITE_ORDER_CODE;
	struct page page;
	int r = api_page(req, &page, err);

	if (r >= 0 && sort)
		r = read_order(sort, &order, err);
	return r < 0 ? r : view_site_list(view, order, &page, ret_json, err);
}

static void site_list(struct request *req, struct response *res)
{
	api_answer(req, res, make_list);
}

static int make_site(const struct view *view, const struct request *req, json_t **ret_json,
		     struct err *err)
{
	return view_site(view, request_param(req, "code"), ret_json, err);
}

static void site_show(struct request *req, struct response *res)
{
	api_answer(req, res, make_site);
}

static const char *const list_query[] = { "limit", "cursor", "sort", NULL };

const struct route api_site_routes[] = {
	{ "GET", "/v1/sites", ACCESS_STAFF, MAY_SEE, list_query, 0, site_list },
	{ "GET", "/v1/sites/:code", ACCESS_STAFF, MAY_SEE, NULL, 0, site_show },
	{ 0 },
};
