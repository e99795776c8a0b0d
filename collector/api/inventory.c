/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Inventories: how what a site is to have and what was seen there fit together.
 */
#include <errno.h>
#include <stdlib.h>

#include "collector/api/api.h"
#include "collector/view/view_inventory.h"

static int read_days(const char *text, int64_t *ret_days, struct err *err)
{
	char *end;
	long days = strtol(text, &end, 10);

	if (end == text || *end || days < 1 || days > INVENTORY_DAYS_MAX)
		return err_set(err, -EINVAL, "days is a whole number of 1 to %d, not '%.20s'.",
			       INVENTORY_DAYS_MAX, text);
	*ret_days = days;
	return 0;
}

static int make_inventory(const struct view *view, const struct request *req, json_t **ret_json,
			  struct err *err)
{
	struct inventory_asked asked = { .site_code = request_param(req, "code"),
					 .kind = request_query(req, "kind"),
					 .days = INVENTORY_DAYS };
	const char *days = request_query(req, "days");
	struct page page;
	int r = api_page(req, &page, err);

	if (r >= 0 && days)
		r = read_days(days, &asked.days, err);
	return r < 0 ? r : view_inventory(view, &asked, &page, ret_json, err);
}

static void inventory_show(struct request *req, struct response *res)
{
	api_answer(req, res, make_inventory);
}

static const char *const inventory_query[] = { "limit", "cursor", "kind", "days", NULL };

const struct route api_inventory_routes[] = {
	{ "GET", "/v1/sites/:code/inventory", ACCESS_STAFF, MAY_SEE, inventory_query, 0,
	  inventory_show },
	{ 0 },
};
