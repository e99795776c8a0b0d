/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * One request, as handlers see it. Everything in it lives until its answer was sent.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/domain/access.h"
#include "collector/http/header.h"
#include "collector/http/network.h"
#include "collector/http/route.h"
#include "collector/http/target.h"
#include "common/base/id.h"

/* A person who is signed in, or an API token; owned by the caller. */
struct staff {
	char who[ACCESS_WHO_SIZE];  /* for people: "Ada Kim (akim)" */
	char account_id[ID_SIZE];   /* "": of the admin's token */
	char session[HASH_SIZE];    /* hash of the cookie; "": it came with a token */
	char token_id[ID_SIZE];     /* of an API token; "": it is the admin's, or a session */
	char csrf_token[HASH_SIZE]; /* of the session: what a change has to come with */
	struct grants grants;
};

/* Who asks, as the guard found out. caller_done() it. */
struct caller {
	enum access access;
	char key_hash[HASH_SIZE]; /* of the key or token; "" for anybody */
	uint64_t key_number; /* whose limits are counted: the account's, else the key's; never 0 */
	int64_t now_ms;      /* when it asks */
	/* Of ACCESS_DEVICE: */
	char device_id[ID_SIZE];
	char contents[HASH_SIZE]; /* digest of what it last reported; "": not known */
	/* Of ACCESS_STAFF: */
	struct staff *staff; /* else NULL; owned */
};
void caller_done(struct caller *caller);

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
	char network[NETWORK_SIZE]; /* where from, see network.h; "": that is not known */
	bool is_secure;             /* over TLS, to us or to a trusted proxy */
	const char *proxy_login;    /* whom a trusted proxy says it is; NULL: it does not */
	int64_t now_ms;             /* when it came */
	int64_t now_us;             /* the same by metrics_now_us() */
};

/* A segment of the path that the route calls :@name. */
const char *request_param(const struct request *req, const char *name);
/* A parameter of the query; NULL: it is not there. */
const char *request_query(const struct request *req, const char *name);
bool request_is_read(const struct request *req); /* GET or HEAD */

/* Answer a request whose answer was put off with response_later(). From any thread, once. */
void request_wake(struct request *req);
