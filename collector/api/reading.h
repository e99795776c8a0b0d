/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Answers that are read from the store for people. They are made by threads of their own
 * (decision 0022), so that no device waits for a page, and its connection sleeps meanwhile.
 */

#include "collector/api/api.h"
#include "collector/app.h"
#include "collector/http/request.h"
#include "collector/http/response.h"

/*
 * Fill the answer, by @make where it is not NULL. From a thread of the pool, which it may keep
 * for as long as it needs.
 */
typedef void read_handle(struct request *req, struct response *res, api_make *make);

/* Let @req wait for what @handle answers; 503 or 429 where too many wait already. */
void read_later(struct request *req, struct response *res, read_handle *handle, api_make *make);

/*
 * What the answer to @req is made of besides the store, and the version of that: to be asked for
 * before anything is read, so that what is read is at least as new.
 */
struct reading_of {
	char asked[HASH_SIZE];
	char version[APP_VERSION_SIZE];
};
/* -EIO: it is not known. */
int reading_look(const struct request *req, struct reading_of *ret_of,
		 struct err *err) _must_check_;

/*
 * Whether @req names the ETag of what it would get, and that is known without reading it; then
 * @res is filled.
 */
bool reading_is_unchanged(const struct request *req, struct response *res);
/* Remember the ETag of @res, which was read after reading_look(). */
void reading_note(const struct request *req, const struct reading_of *of,
		  const struct response *res);
