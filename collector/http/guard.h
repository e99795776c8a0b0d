/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Who may: from the route's row and what the request came with. Of staff it is decided
 * here whether their roles have the route's action anywhere; whether they have it at the place
 * that the request is about, views and acts decide, who know the place.
 */

#include <stdbool.h>

#include "collector/http/bucket.h"
#include "collector/http/request.h"
#include "collector/http/response.h"
#include "common/base/err.h"
#include "common/base/id.h"

struct guard {
	char token_hash[HASH_SIZE]; /* of the admin's token */
	/*
	 * Find the device whose key has the hash that @caller has, and fill in what is of the
	 * device. -ENOENT: none has. From any thread.
	 */
	int (*find_device)(void *arg, struct caller *caller, struct err *err);
	/* The same of an API token: fill in @caller->staff, which is there and empty. */
	int (*find_token)(void *arg, struct caller *caller, struct err *err);
	/* The same of a session, whose cookie has the hash: -ENOENT: it is over. */
	int (*find_session)(void *arg, struct caller *caller, struct err *err);
	void *arg;
	struct buckets *buckets; /* NULL: everybody may ask as often as they like */
};

/*
 * Whether @req may use its route; then caller_done() *@ret_caller. If not, @res says why. An
 * enrolment key is looked up where it is used up, in the transaction that enrols: here it only
 * has to look like one.
 *
 * Staff come with a token or, in a browser, with the cookie of a session; where both are there,
 * the token counts. A browser sends the cookie whoever wrote the page, so a change that comes with
 * it needs the session's X-CSRF-Token, which only our pages can read. An Origin, where there is
 * one, has to be this host.
 */
bool guard_admits(const struct guard *guard, const struct request *req, struct caller *ret_caller,
		  struct response *res);

/* What a change has to come with in a session whose cookie is @secret: an HMAC of it. */
void guard_csrf_token(const char *secret, char ret_token[static HASH_SIZE]);

/*
 * Whether @caller, whom guard_admits() knows, may ask once more at @now_ms, by a clock
 * that only moves forward. By key and never by address: a school is one address.
 */
bool guard_allows(const struct guard *guard, const struct caller *caller, int64_t now_ms,
		  struct response *res);
