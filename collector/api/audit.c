/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The audit log: who changed what.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "collector/act/act_audit.h"
#include "collector/api/export.h"
#include "collector/api/reading.h"
#include "collector/view/view_audit.h"
#include "common/base/civil.h"

#define DAY_MS (INT64_C(24) * 60 * 60 * 1000)

/* The first moment of the day that the parameter @name has, @n_days later; 0: it is not there. */
static int read_day(const struct request *req, const char *name, int n_days, int64_t *ret_ms,
		    struct err *err)
{
	const char *text = request_query(req, name);
	int32_t day = 0;
	int r = text ? civil_parse(text, &day, err) : 0;

	*ret_ms = text ? (day + n_days) * DAY_MS : 0;
	return r < 0 ? err_prefix(err, r, "%s", name) : r;
}

static int read_filter(const struct request *req, struct audit_filter *ret_filter, struct err *err)
{
	struct audit_filter filter = { .act = request_query(req, "act"),
				       .object = request_query(req, "object"),
				       .account_id = request_query(req, "account") };
	bool is_act = !filter.act;
	int r = read_day(req, "since", 0, &filter.from_ms, err);

	if (r >= 0)
		r = read_day(req, "until", 1, &filter.until_ms, err);
	for (unsigned i = 0; !is_act && audit_act_words[i]; i++)
		is_act = strcmp(audit_act_words[i], filter.act) == 0;
	if (r >= 0 && !is_act)
		r = err_set(err, -EINVAL,
			    "'%.40s' is not a kind of change; /v1/openapi.json lists them.",
			    filter.act);
	if (r >= 0)
		*ret_filter = filter;
	return r;
}

static int make_list(const struct view *view, const struct request *req, json_t **ret_json,
		     struct err *err)
{
	struct audit_filter filter;
	struct page page;
	int r = api_page(req, &page, err);

	if (r >= 0)
		r = read_filter(req, &filter, err);
	return r < 0 ? r : view_audit(view, &filter, &page, ret_json, err);
}

static void audit_list(struct request *req, struct response *res)
{
	api_answer(req, res, make_list);
}

static int open_file(const struct export_asked *asked, struct sheet **ret_sheet, struct err *err)
{
	struct audit_filter filter;
	int r = read_filter(asked->req, &filter, err);

	return r < 0 ? r : audit_sheet_open(asked->view, &filter, &asked->form, ret_sheet, err);
}

static void answer(struct request *req, struct response *res, api_make *make)
{
	static const struct export_kind audit = { "audit", open_file };

	(void)make;
	export_now(req, res, &audit);
}

static void audit_export(struct request *req, struct response *res)
{
	if (!reading_is_unchanged(req, res))
		read_later(req, res, answer, NULL);
}

#define AUDIT_QUERY "act", "object", "account", "since", "until"
static const char *const list_query[] = { "limit", "cursor", AUDIT_QUERY, NULL };
static const char *const file_query[] = { AUDIT_QUERY, NULL };

const struct route api_audit_routes[] = {
	{ "GET", "/v1/audit", ACCESS_STAFF, MAY_SEE_AUDIT, list_query, 0, audit_list },
	{ "GET", "/v1/audit.csv", ACCESS_STAFF, MAY_SEE_AUDIT, file_query, 0, audit_export },
	{ 0 },
};
