/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Inventories: how what sites are to have and what was seen there fit together; of one site with
 * its rows, of many in numbers, and as a file.
 */
#include <errno.h>
#include <stdlib.h>

#include "collector/api/api.h"
#include "collector/api/export.h"
#include "collector/api/reading.h"
#include "collector/view/inventory_sheet.h"
#include "collector/view/view_inventories.h"
#include "collector/view/view_inventory.h"

/* INVENTORY_DAYS where the request does not say. */
static int read_days(const struct request *req, int64_t *ret_days, struct err *err)
{
	const char *text = request_query(req, "days");
	char *end;
	long days;

	*ret_days = INVENTORY_DAYS;
	if (!text)
		return 0;
	days = strtol(text, &end, 10);
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
					 .kind = request_query(req, "kind") };
	struct page page;
	int r = api_page(req, &page, err);

	if (r >= 0)
		r = read_days(req, &asked.days, err);
	return r < 0 ? r : view_inventory(view, &asked, &page, ret_json, err);
}

static void inventory_show(struct request *req, struct response *res)
{
	api_answer(req, res, make_inventory);
}

static int make_inventories(const struct view *view, const struct request *req, json_t **ret_json,
			    struct err *err)
{
	struct inventories_asked asked = { .lea = request_query(req, "lea") };
	struct page page;
	int r = api_page(req, &page, err);

	if (r >= 0)
		r = read_days(req, &asked.days, err);
	return r < 0 ? r : view_inventories(view, &asked, &page, ret_json, err);
}

static void inventories_list(struct request *req, struct response *res)
{
	api_answer(req, res, make_inventories);
}

/* --- files --------------------------------------------------------------------------- */

static int open_file(const struct export_asked *asked, struct sheet **ret_sheet, struct err *err)
{
	struct inventory_sheet_asked wanted = { .site_code = request_param(asked->req, "code"),
						.lea = request_query(asked->req, "lea"),
						.kind = request_query(asked->req, "kind"),
						.form = asked->form };
	int r = read_days(asked->req, &wanted.days, err);

	return r < 0 ? r : inventory_sheet_open(asked->view, &wanted, ret_sheet, err);
}

static void answer_file(struct request *req, struct response *res, api_make *make)
{
	static const struct export_kind inventory = { "inventory", open_file };

	(void)make;
	export_now(req, res, &inventory);
}

static void inventory_export(struct request *req, struct response *res)
{
	if (!reading_is_unchanged(req, res))
		read_later(req, res, answer_file, NULL);
}

/* --- routes -------------------------------------------------------------------------- */

static const char *const inventory_query[] = { "limit", "cursor", "kind", "days", NULL };
static const char *const inventories_query[] = { "limit", "cursor", "lea", "days", NULL };
static const char *const file_query[] = { "kind", "days", NULL };
static const char *const files_query[] = { "lea", "kind", "days", NULL };

const struct route api_inventory_routes[] = {
	{ "GET", "/v1/inventory", ACCESS_STAFF, MAY_SEE, inventories_query, 0, inventories_list },
	{ "GET", "/v1/inventory.csv", ACCESS_STAFF, MAY_SEE, files_query, 0, inventory_export },
	{ "GET", "/v1/sites/:code/inventory", ACCESS_STAFF, MAY_SEE, inventory_query, 0,
	  inventory_show },
	{ "GET", "/v1/sites/:code/inventory.csv", ACCESS_STAFF, MAY_SEE, file_query, 0,
	  inventory_export },
	{ 0 },
};
