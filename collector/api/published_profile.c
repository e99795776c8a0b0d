/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is published: requirements for people to read.
 */
#include "collector/api/api.h"
#include "collector/view/view_profiles.h"

static int make_list(const struct view *view, const struct request *req, json_t **ret_json,
		     struct err *err)
{
	struct page page;
	int r = api_page(req, &page, err);

	return r < 0 ? r : view_profiles(view, &page, ret_json, err);
}

static void profile_list(struct request *req, struct response *res)
{
	api_answer(req, res, make_list);
}

static int make_profile(const struct view *view, const struct request *req, json_t **ret_json,
			struct err *err)
{
	return view_published_profile(view, request_param(req, "id"), request_query(req, "site"),
				      ret_json, err);
}

static void profile_show(struct request *req, struct response *res)
{
	api_answer(req, res, make_profile);
}

static int make_versions(const struct view *view, const struct request *req, json_t **ret_json,
			 struct err *err)
{
	struct page page;
	int r = api_page(req, &page, err);

	return r < 0 ? r
		     : view_profile_versions(view, request_param(req, "id"), &page, ret_json, err);
}

static void profile_versions(struct request *req, struct response *res)
{
	api_answer(req, res, make_versions);
}

static const char *const list_query[] = { "limit", "cursor", NULL };
static const char *const profile_query[] = { "site", NULL };

const struct route api_published_profile_routes[] = {
	{ "GET", "/v1/profiles", ACCESS_STAFF, MAY_SEE, list_query, 0, profile_list },
	{ "GET", "/v1/profiles/:id", ACCESS_STAFF, MAY_SEE, profile_query, 0, profile_show },
	{ "GET", "/v1/profiles/:id/versions", ACCESS_STAFF, MAY_SEE, list_query, 0,
	  profile_versions },
	{ 0 },
};
