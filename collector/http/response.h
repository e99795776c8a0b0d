/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * The answer to a request. A handler fills it once, with one of the functions
 * here; the server sends it with the fields that every answer has.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <jansson.h>

#include "collector/http/problem.h"
#include "common/base/base.h"
#include "common/base/err.h"

struct request;
struct response;

/* An answer that comes later, from another thread. */
struct later {
	/* Hand @work on; called when the connection waits, so that request_wake() finds it. */
	void (*start)(struct request *req, void *work);
	/* Fill the answer; called after request_wake(). */
	void (*finish)(struct request *req, struct response *res, void *work);
	void (*done)(void *work); /* free @work, with the request */
	void *work;
};

/* An answer that is made while it is sent: its length is not known, nor is it ever in memory. */
struct stream {
	/*
	 * Write up to @max bytes to @buffer; from the thread that serves the connection, so it
	 * must take no time. How many; -EAGAIN: none are at hand; -ENODATA: that was all; another
	 * error: the connection is cut, so that nobody takes half for the whole.
	 */
	ssize_t (*read)(void *source, char *buffer, size_t max);
	/*
	 * Have more made, elsewhere, and then call request_wake() for @req, whose connection
	 * sleeps since read() gave -EAGAIN. It may be woken before this returns.
	 */
	void (*more)(void *source, struct request *req);
	void (*done)(void *source); /* free @source, with the request */
	void *source;
};

enum { RESPONSE_HEADERS_MAX = 6 };
#define RESPONSE_HEADER_SIZE 160
#define RESPONSE_ETAG_SIZE 72

struct response_header {
	const char *name; /* static */
	char value[RESPONSE_HEADER_SIZE];
};

struct response {
	int status;       /* 0: not answered yet */
	const char *type; /* static; NULL: no body */
	const char *body;
	size_t len;
	char *owned_body;              /* what @body points to, or NULL where it outlives us */
	const char *cache;             /* Cache-Control; static */
	char etag[RESPONSE_ETAG_SIZE]; /* with its quotes; "": none */
	struct response_header headers[RESPONSE_HEADERS_MAX];
	size_t n_headers;
	char *location;  /* where to go instead; owned; NULL: nowhere */
	bool is_refusal; /* of a problem, which is … */
	enum problem_id problem;
	bool closes;     /* the connection with it: what follows on it may be no request */
	bool is_at_once; /* and does not wait for the body, whose end is not known */
	struct later later;
	struct stream stream; /* instead of a body where it has read() */
};

void response_done(struct response *res);

/* Add a field; @name is static. */
void response_header(struct response *res, const char *name, const char *fmt, ...) _printf_(3, 4);

/* Answer with @json, which it takes. */
void response_json(struct response *res, int status, json_t *json);

/*
 * The same for an object that says how things are at @now_ms: "as_of" becomes its
 * first member. The ETag is that of everything else, and weak for it, so that what
 * did not change is not sent again although the time did.
 */
void response_json_as_of(struct response *res, int64_t now_ms, json_t *json);

/* Answer with @json, text that it takes, whose ETag is @version. */
void response_text(struct response *res, char *json, const char *version);

/* Answer with @text of @type (static), which it takes and which nobody is to keep. */
void response_owned(struct response *res, const char *type, char *text);

/* Send the browser to @url, which it takes, with GET. */
void response_redirect(struct response *res, char *url);

/* Answer with @len bytes that outlive the answer. */
void response_static(struct response *res, const char *type, const char *body, size_t len);

/*
 * Answer with what @stream, which it takes, gives. The connection is cut after
 * LIMIT_EXPORT_SECONDS, whether it was all or not.
 */
void response_stream(struct response *res, const char *type, const struct stream *stream);

/* Refuse: @fmt is a sentence that says what was wrong and what to do. */
void response_problem(struct response *res, enum problem_id id, const char *fmt, ...)
	_printf_(3, 4);
/* The same, with the JSON pointer of the place in the body. */
void response_problem_at(struct response *res, enum problem_id id, const char *pointer,
			 const char *fmt, ...) _printf_(4, 5);

/* Refuse, and tell to come back in @wait_ms (more than 0). */
void response_come_back(struct response *res, enum problem_id id, int64_t wait_ms, const char *fmt,
			...) _printf_(4, 5);

/*
 * What came of a function that failed with @r: -ENOENT there is no such thing,
 * -EINVAL the query is wrong, -EALREADY it is so already, a store that cannot be used now 503, else
 * 500; what is ours to repair is logged and not told.
 */
void response_failure(struct response *res, int r, const struct err *err);
/* Whether @r says that a store cannot be used for now and will be again. */
bool failure_is_passing(int r);

/* Answer later. */
void response_later(struct response *res, const struct later *later);

/* Make the answer 304 if @if_none_match (may be NULL) names its ETag. */
void response_check_match(struct response *res, const char *if_none_match);
