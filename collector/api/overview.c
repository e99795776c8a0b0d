/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/api/api.h"
#include "collector/view/view_sites.h"

static int make_overview(const struct view *view, const struct request *req, json_t **ret_json,
			 struct err *err)
{
	struct page page;
	int r = api_page(req, &page, err);

	return r < 0 ? r : view_overview(view, &page, ret_json, err);
}

static void overview_show(struct request *req, struct response *res)
{
	api_answer(req, res, make_overview);
}

static const char *const overview_query[] = { "limit", "cursor", NULL };

const struct route api_overview_routes[] = {
	{ "GET", "/v1/overview", ACCESS_STAFF, MAY_SEE, overview_query, 0, overview_show },
	{ 0 },
};
