/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "collector/store/store_profile.h"
#include "collector/view/view.h"

/* What the devices of a site are judged by. */
struct profile_document {
	char profile_id[PROFILE_ID_MAX + 1];
	char version[HASH_SIZE];
	char *body;
};

/*
 * The document that the site of @device_id is judged by. On success profile_document_done()
 * @ret_document. -ENOENT: the site has no window, or its profile is not published.
 */
int view_profile_document(const struct view *view, const char *device_id,
			  struct profile_document *ret_document, struct err *err) _must_check_;
/* Frees what @document owns; it may be all zero. */
void profile_document_done(struct profile_document *document);
