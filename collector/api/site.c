/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sites and their devices.
 */
#include <errno.h>
#include <string.h>

#include "collector/api/api.h"
#include "collector/view/view_devices.h"
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

/* "ready,ready_with_warnings" */
static int read_states(const char *text, unsigned *ret_states, struct err *err)
{
	unsigned states = 0;

	while (*text) {
		size_t len = strcspn(text, ",");
		unsigned i = 0;

		while (device_state_words[i] && (strlen(device_state_words[i]) != len ||
						 strncmp(device_state_words[i], text, len) != 0))
			i++;
		if (!device_state_words[i])
			return err_set(err, -EINVAL,
				       "'%.*s' is not a state of a device; /v1/openapi.json lists "
				       "them.",
				       (int)(len < 30 ? len : 30), text);
		states |= 1U << i;
		text += len;
		if (*text == ',' && *++text == '\0')
			return err_set(err, -EINVAL, "state ends in a comma; name one more state.");
	}
	if (!states)
		return err_set(err, -EINVAL, "state is empty; name a state, or leave it away.");
	*ret_states = states;
	return 0;
}

/* -1 where it is not there. */
static int read_flag(const struct request *req, const char *name, int *ret_flag, struct err *err)
{
	const char *text = request_query(req, name);

	*ret_flag = -1;
	if (text && strcmp(text, "true") != 0 && strcmp(text, "false") != 0)
		return err_set(err, -EINVAL, "%s is true or false, not '%.20s'.", name, text);
	if (text)
		*ret_flag = strcmp(text, "true") == 0;
	return 0;
}

static int read_filter(const struct request *req, struct device_filter *ret_filter, struct err *err)
{
	const char *state = request_query(req, "state");
	struct device_filter filter = { .fix = request_query(req, "fix"),
					.requirement = request_query(req, "requirement"),
					.passes = request_query(req, "passes"),
					.room = request_query(req, "room"),
					.waives = request_query(req, "waives") };
	int r = state ? read_states(state, &filter.states, err) : 0;

	if (r >= 0)
		r = read_flag(req, "expected", &filter.is_expected, err);
	if (r >= 0)
		r = read_flag(req, "waived", &filter.is_waived, err);
	if (r >= 0)
		*ret_filter = filter;
	return r;
}

static int make_devices(const struct view *view, const struct request *req, json_t **ret_json,
			struct err *err)
{
	struct device_filter filter;
	struct page page;
	int r = api_page(req, &page, err);

	if (r >= 0)
		r = read_filter(req, &filter, err);
	return r < 0 ? r
		     : view_devices(view, request_param(req, "code"), &filter, &page, ret_json,
				    err);
}

static void site_devices(struct request *req, struct response *res)
{
	api_answer(req, res, make_devices);
}

static const char *const list_query[] = { "limit", "cursor", "sort", NULL };
static const char *const devices_query[] = {
	"limit", "cursor",   "state",  "fix",    "requirement", "passes",
	"room",  "expected", "waived", "waives", NULL,
};

const struct route api_site_routes[] = {
	{ "GET", "/v1/sites", ACCESS_STAFF, list_query, 0, site_list },
	{ "GET", "/v1/sites/:code", ACCESS_STAFF, NULL, 0, site_show },
	{ "GET", "/v1/sites/:code/devices", ACCESS_STAFF, devices_query, 0, site_devices },
	{ 0 },
};
