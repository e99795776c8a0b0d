/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/api/api.h"
#include "collector/view/view_device.h"

static int make_device(const struct view *view, const struct request *req, json_t **ret_json,
		       struct err *err)
{
	return view_device(view, request_param(req, "id"), ret_json, err);
}

static void device_show(struct request *req, struct response *res)
{
	api_answer(req, res, make_device);
}

const struct route api_device_routes[] = {
	{ "GET", "/v1/devices/:id", ACCESS_STAFF, MAY_SEE, NULL, 0, device_show },
	{ 0 },
};
