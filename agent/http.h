/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * HTTP: the one place that knows libcurl. It posts or gets JSON and hands back the
 * answer as it came, bounded in size and time. TLS is always verified,
 * redirects are never followed, and plain http is for this machine only.
 */

#include <stddef.h>
#include <stdint.h>

#include "common/base/base.h"
#include "common/base/err.h"

#define HTTP_ANSWER_MAX ((size_t)256 * 1024) /* PROFILE_BYTES_MAX: the largest answer there is */

/*
 * Check the address @text of a collector and bring it into one shape: scheme,
 * host, port and path, without a slash at the end. *@ret_url is owned by the
 * caller.
 *
 * -EINVAL: not an address, or one with a user name, a query or a fragment.
 * -EPROTONOSUPPORT: plain http to another machine, which would send the
 * device's key for anyone to read.
 */
int http_url(const char *text, char **ret_url, struct err *err) _must_check_;

/*
 * Check that @pin is the hash of a server's public key: "sha256//" and 44
 * characters of base64. Several are joined by ";". -EINVAL.
 */
int http_pin_check(const char *pin, struct err *err) _must_check_;

struct http;

struct http_settings {
	const char *ca_pem; /* the only authorities to trust; NULL: those of the system */
	const char *pins;   /* one of these keys must be the server's, besides; NULL: any may be */
	long timeout_ms;    /* for one request as a whole; connecting may take half of it */
};

/*
 * Borrows what is in @settings until http_close(). Requests that follow each
 * other use one connection. Proxies come from the usual variables.
 */
int http_open(const struct http_settings *settings, struct http **ret_http,
	      struct err *err) _must_check_;
void http_close(struct http *http);
DEFINE_CLEANUP(struct http *, http_close);

struct http_request {
	const char *url;    /* of the collector, as http_url() gave it */
	const char *path;   /* "/v1/reports" */
	const char *bearer; /* the key; never in an error */
	const char *body;   /* of http_post() */
	const char *etag;   /* of what we have already, so that 304 comes; NULL */
};

#define HTTP_FIELD_SIZE 128

struct http_answer {
	long status;
	char *body; /* ends in a NUL that @len does not count */
	size_t len;
	int64_t retry_after_s; /* what the Retry-After field asks for; 0: nothing */
	/* Fields as they came, an ETag with its quotes; "": none, or a longer one. */
	char etag[HTTP_FIELD_SIZE];
	char signature[HTTP_FIELD_SIZE]; /* Testready-Signature, still to be checked */
};

/*
 * Send @request. Success means that an answer came, whatever its status:
 * http_answer_done() it. Else @err says why none came, in words that end a
 * sentence like "No answer from URL: ...".
 *
 * -ECONNREFUSED, -ETIMEDOUT, -EMSGSIZE (over HTTP_ANSWER_MAX), -EPROTO, -EIO …
 * -EKEYREJECTED: the server's certificate is not trusted; @err names its issuer.
 */
int http_post(struct http *http, const struct http_request *request, struct http_answer *ret_answer,
	      struct err *err) _must_check_;
int http_get(struct http *http, const struct http_request *request, struct http_answer *ret_answer,
	     struct err *err) _must_check_;
void http_answer_done(struct http_answer *answer);
