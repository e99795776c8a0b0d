/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "collector/api/api.h"
#include "collector/api/reading.h"
#include "collector/app.h"
#include "collector/http/limits.h"

#define ROWS_DEFAULT 100

const char api_stopping[] = "The collector is being stopped; try again in a minute.";

/* In the order of the API's document. */
/* clang-format off */
const struct route *const api_routes[] = {
	api_enroll_routes,
	api_report_routes,
	api_profile_routes,
	api_device_key_routes,
	api_setup_routes,
	api_session_routes,
	api_sign_on_routes,
	api_oidc_routes,
	api_people_import_routes, /* before the ids of people, which its names are not */
	api_people_routes,
	api_overview_routes,
	api_lea_routes,
	api_site_imports_routes, /* before the codes of sites, which its names are not */
	api_site_routes,
	api_inventory_routes,
	api_imports_routes,
	api_devices_routes,
	api_export_routes,
	api_device_routes,
	api_placement_routes,
	api_conflict_routes,
	api_published_profile_routes,
	api_waiver_routes,
	api_token_routes,
	api_enrollment_key_routes,
	api_second_factor_routes,
	api_audit_routes,
	api_operations_routes,
	api_metrics_routes,
	NULL,
};
/* clang-format on */

void api_answer_with(struct request *req, struct response *res, api_make_with *make,
		     const void *arg)
{
	struct err err = { 0 };
	struct reader *reader;
	struct view view;
	json_t *json;
	int r = app_reader_take(req->app, READER_PAGE, &reader, &err);

	if (r >= 0) {
		view = (struct view){ reader->store, reader->profiles, req->now_ms,
				      &req->caller.staff->grants };
		r = store_begin(reader->store, &err);
		if (r >= 0)
			r = make(&view, arg, &json, &err);
		app_reader_give(req->app, reader, r);
	}
	if (r < 0)
		response_failure(res, r, &err);
	else
		response_json_as_of(res, writer_as_of(req->app->writer, req->now_ms), json);
}

struct resource {
	const struct request *req;
	api_make *make;
};

static int make_resource(const struct view *view, const void *arg, json_t **ret_json,
			 struct err *err)
{
	const struct resource *resource = arg;

	return resource->make(view, resource->req, ret_json, err);
}

static void answer(struct request *req, struct response *res, api_make *make)
{
	struct reading_of of;
	bool is_known = reading_look(req, &of, NULL) >= 0;

	api_answer_now(req, res, make);
	if (is_known)
		reading_note(req, &of, res);
}

void api_answer(struct request *req, struct response *res, api_make *make)
{
	if (!reading_is_unchanged(req, res))
		read_later(req, res, answer, make);
}

void api_answer_now(struct request *req, struct response *res, api_make *make)
{
	api_answer_with(req, res, make_resource, &(struct resource){ req, make });
}

void api_answer_timed(struct request *req, struct response *res, api_make *make)
{
	read_later(req, res, api_answer_now, make);
}

struct actor api_actor(const struct request *req)
{
	const struct staff *staff = req->caller.staff;

	return (struct actor){ staff->who, staff->account_id, req->network, &staff->grants };
}

static int read_limit(const char *text, size_t *ret_limit, struct err *err)
{
	size_t len = strlen(text);
	unsigned long n = strtoul(text, NULL, 10);

	if (len == 0 || len > 3 || strspn(text, "0123456789") != len || n < 1 || n > LIMIT_ROWS)
		return err_set(err, -EINVAL, "limit is a number from 1 to %d, not '%.20s'.",
			       LIMIT_ROWS, text);
	*ret_limit = n;
	return 0;
}

int api_page(const struct request *req, struct page *ret_page, struct err *err)
{
	const char *limit = request_query(req, "limit");
	struct page page = { .limit = ROWS_DEFAULT, .cursor = request_query(req, "cursor") };
	int r = limit ? read_limit(limit, &page.limit, err) : 0;

	if (r < 0)
		return r;
	if (page.cursor && strlen(page.cursor) > LIMIT_CURSOR_BYTES)
		return err_set(err, -EINVAL, "A cursor has at most %d bytes.", LIMIT_CURSOR_BYTES);
	*ret_page = page;
	return 0;
}
