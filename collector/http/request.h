/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * One request, as handlers see it. Everything in it lives until its answer was sent.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/http/route.h"
#include "collector/http/target.h"
#include "common/base/id.h"

/* Who asks, as the guard found out. */
struct caller {
	enum access access;
	char key_hash[HASH_SIZE]; /* of the key or token; "" for anybody */
	/* Of ACCESS_DEVICE: */
	char device_id[ID_SIZE];
	char contents[HASH_SIZE]; /* digest of what it last reported; "": not known */
};

/* The header fields that mean something here; NULL where they are not there. */
struct headers {
	const char *authorization;
	const char *content_type;
	const char *content_encoding;
	const char *content_length;
	const char *transfer_encoding;
	const char *if_none_match;
	const char *accept_encoding;
	const char *expect;
	size_t bytes;      /* of all fields */
	bool is_ambiguous; /* one of those above came twice */
};

struct app;

struct request {
	struct app *app; /* what the handlers share; nothing in collector/http looks inside */
	const char *method;
	struct target target;
	struct headers headers;
	const struct route *route; /* NULL: a page or file of the browser app */
	struct caller caller;
	char *body; /* NUL-terminated; owned by the request */
	size_t body_len;
	int64_t now_ms; /* when it came */
};

/* A segment of the path that the route calls :@name. */
const char *request_param(const struct request *req, const char *name);
/* A parameter of the query; NULL: it is not there. */
const char *request_query(const struct request *req, const char *name);
bool request_is_read(const struct request *req); /* GET or HEAD */

/* Answer a request whose answer was put off with response_later(). From any thread, once. */
void request_wake(struct request *req);
