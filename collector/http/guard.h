/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Who may: the one place that decides, from the route's row and the request's
 * Authorization field. Roles and scopes of people will be checked here too.
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
	void *arg;
	struct buckets *buckets; /* NULL: everybody may ask as often as they like */
};

/*
 * Whether a request with @authorization (may be NULL) may use a route that needs
 * @needs. If not, @res says why. An enrolment key is looked up where it is used up,
 * in the transaction that enrols: here it only has to look like one.
 */
bool guard_admits(const struct guard *guard, enum access needs, const char *authorization,
		  struct caller *ret_caller, struct response *res);

/*
 * Whether @caller, whom guard_admits() knows, may ask once more at @now_ms, by a clock
 * that only moves forward. By key and never by address: a school is one address.
 */
bool guard_allows(const struct guard *guard, const struct caller *caller, int64_t now_ms,
		  struct response *res);
