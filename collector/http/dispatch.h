/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * From a request to its answer, in the order in which a request is refused: its
 * address, its header, its route, its caller, its query, its body; then its
 * handler. Knows no HTTP library.
 */

#include <stddef.h>

#include "collector/http/assets.h"
#include "collector/http/guard.h"
#include "collector/http/request.h"
#include "collector/http/response.h"
#include "collector/http/route.h"

struct dispatch {
	const struct route *const *routes; /* ended by NULL */
	const struct guard *guard;
	const struct assets *assets; /* NULL: no pages */
};

/*
 * The header of @req is there: its method, headers, and @target as it was sent.
 * Refuses by filling @res; else the body may come.
 */
void dispatch_begin(const struct dispatch *dispatch, const char *target, struct request *req,
		    struct response *res);

/* How many bytes of body @req may have. */
size_t dispatch_body_bytes(const struct request *req);
/* Refuse @req for a body of more bytes. */
void dispatch_refuse_body(const struct request *req, struct response *res);

/* The body is there. Fills @res or puts the answer off. */
void dispatch_end(const struct dispatch *dispatch, struct request *req, struct response *res);
