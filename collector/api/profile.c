/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The profile that a device is judged by, so that it can say itself what it needs.
 */
#include <errno.h>

#include "collector/api/api.h"
#include "collector/app.h"
#include "collector/view/view_profile.h"

static void profile_show(struct request *req, struct response *res)
{
	char version[HASH_SIZE];
	struct err err = { 0 };
	struct reader *reader;
	struct view view;
	char *body;
	int r = app_reader_take(req->app, &reader, &err);

	if (r >= 0) {
		view = (struct view){ reader->store, reader->profiles, req->now_ms };
		r = store_begin(reader->store, &err);
		if (r >= 0)
			r = view_profile_body(&view, req->caller.device_id, &body, version, &err);
		app_reader_give(req->app, reader, r);
	}
	if (r < 0)
		response_failure(res, r, &err);
	else
		response_text(res, body, version);
}

const struct route api_profile_routes[] = {
	{ "GET", "/v1/profile", ACCESS_DEVICE, NULL, 0, profile_show },
	{ 0 },
};
