/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The profile that a device is judged by, so that it can say itself what it needs. It is
 * signed: a device keeps no other than its own collector's.
 */
#include <errno.h>
#include <stdio.h>

#include "collector/api/api.h"
#include "collector/app.h"
#include "collector/view/view_profile.h"
#include "common/base/mem.h"

static int read_document(struct reader *reader, const struct request *req,
			 struct profile_document *document, char signature[static SIGNATURE_SIZE],
			 struct err *err)
{
	struct view view = { reader->store, reader->profiles, req->now_ms, NULL };
	struct profile_text text;
	const char *made;
	int r = store_begin(reader->store, err);

	if (r >= 0)
		r = view_profile_document(&view, req->caller.device_id, document, err);
	if (r < 0)
		return r;
	text = (struct profile_text){ document->profile_id, document->version, document->body };
	r = act_profile_sign(reader->store, &reader->signatures, &text, &made, err);
	/* Without a key it is not the profile that is not there. */
	if (r == -ENOENT)
		return -EUCLEAN;
	if (r >= 0)
		snprintf(signature, SIGNATURE_SIZE, "%s", made);
	return r;
}

static void profile_show(struct request *req, struct response *res)
{
	_cleanup_(profile_document_done) struct profile_document document = { 0 };
	char signature[SIGNATURE_SIZE];
	struct err err = { 0 };
	struct reader *reader;
	int r = app_reader_take(req->app, READER_DEVICE, &reader, &err);

	if (r >= 0) {
		r = read_document(reader, req, &document, signature, &err);
		app_reader_give(req->app, reader, r);
	}
	if (r < 0) {
		response_failure(res, r, &err);
		return;
	}
	response_text(res, TAKE_PTR(document.body), document.version);
	response_header(res, "Testready-Signature", "%s", signature);
}

const struct route api_profile_routes[] = {
	{ "GET", "/v1/profile", ACCESS_DEVICE, MAY_NOTHING_, NULL, 0, profile_show },
	{ 0 },
};
