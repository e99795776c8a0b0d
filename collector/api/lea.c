/* SPDX-License-Identifier: Apache-2.0 */
/*
 * LEAs.
 */
#include "collector/api/api.h"
#include "collector/api/export.h"
#include "collector/api/reading.h"
#include "collector/view/view_leas.h"

static struct lea_filter filter_of(const struct request *req)
{
	return (struct lea_filter){ request_query(req, "name"), request_query(req, "code") };
}

static int make_list(const struct view *view, const struct request *req, json_t **ret_json,
		     struct err *err)
{
	const struct lea_filter filter = filter_of(req);
	struct page page;
	int r = api_page(req, &page, err);

	return r < 0 ? r : view_leas(view, &filter, &page, ret_json, err);
}

static void lea_list(struct request *req, struct response *res)
{
	api_answer(req, res, make_list);
}

static int make_lea(const struct view *view, const struct request *req, json_t **ret_json,
		    struct err *err)
{
	return view_lea(view, request_param(req, "code"), ret_json, err);
}

static void lea_show(struct request *req, struct response *res)
{
	api_answer(req, res, make_lea);
}

/* --- as a file ----------------------------------------------------------------------- */

static int open_file(const struct export_asked *asked, struct sheet **ret_sheet, struct err *err)
{
	const struct lea_filter filter = filter_of(asked->req);

	return lea_sheet_open(asked->view, &filter, &asked->form, ret_sheet, err);
}

static void answer(struct request *req, struct response *res, api_make *make)
{
	static const struct export_kind leas = { "leas", open_file };

	(void)make;
	export_now(req, res, &leas);
}

static void lea_export(struct request *req, struct response *res)
{
	if (!reading_is_unchanged(req, res))
		read_later(req, res, answer, NULL);
}

#define LEA_QUERY "name", "code"
static const char *const list_query[] = { "limit", "cursor", LEA_QUERY, NULL };
static const char *const file_query[] = { LEA_QUERY, NULL };

const struct route api_lea_routes[] = {
	{ "GET", "/v1/leas", ACCESS_STAFF, MAY_SEE, list_query, 0, lea_list },
	{ "GET", "/v1/leas.csv", ACCESS_STAFF, MAY_SEE, file_query, 0, lea_export },
	{ "GET", "/v1/leas/:code", ACCESS_STAFF, MAY_SEE, NULL, 0, lea_show },
	{ 0 },
};
