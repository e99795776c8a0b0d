/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "collector/http/dispatch.h"
#include "collector/http/inflate.h"

static void read_target(const char *text, struct request *req, struct response *res)
{
	struct err err = { 0 };
	int r = target_parse(text, &req->target, &err);

	if (r == -E2BIG)
		response_problem(res, PROBLEM_TARGET_TOO_LONG, "%s", err.text);
	else if (r < 0)
		response_problem(res, PROBLEM_INVALID_REQUEST, "%s", err.text);
}

/* Whether it is beyond doubt where the body ends. */
static bool has_certain_end(const struct headers *headers)
{
	if (headers->is_malformed || headers->is_ambiguous)
		return false;
	return !headers->transfer_encoding ||
	       (!headers->content_length && strcasecmp(headers->transfer_encoding, "chunked") == 0);
}

static void check_headers(const struct headers *headers, struct response *res)
{
	if (headers->bytes > LIMIT_HEADER_BYTES) {
		response_problem(res, PROBLEM_HEADER_TOO_LARGE,
				 "The header has %zu bytes, at most %d are read; send fewer fields "
				 "and cookies.",
				 headers->bytes, LIMIT_HEADER_BYTES);
	} else if (headers->is_malformed) {
		response_problem(res, PROBLEM_INVALID_REQUEST,
				 "The header is not as HTTP/1.1 wants it: each field on a line of "
				 "its own that ends in CR and LF, no space before the colon, no "
				 "control characters.");
	} else if (headers->is_ambiguous ||
		   (headers->content_length && headers->transfer_encoding)) {
		response_problem(res, PROBLEM_INVALID_REQUEST,
				 "The header says in two ways who sends it or how long the body "
				 "is; send each field once.");
	} else if (headers->transfer_encoding) {
		/* Chunks can be written in more ways than two programs agree on. */
		response_problem(res, PROBLEM_LENGTH_REQUIRED,
				 "Send the body with Content-Length, without Transfer-Encoding.");
	}
}

/* The API and the probes of a service manager; everything else is for the browser. */
static bool is_api(const struct target *target)
{
	static const char *const roots[] = { "v1", "healthz", "readyz", "metrics" };

	for (size_t i = 0; target->n_segments > 0 && i < ARRAY_SIZE(roots); i++) {
		if (strcmp(target->segments[0], roots[i]) == 0)
			return true;
	}
	return false;
}

static void find_route(const struct dispatch *dispatch, struct request *req, struct response *res)
{
	char allow[ROUTE_ALLOW_SIZE];
	int r = route_find(dispatch->routes, req->method, &req->target, &req->route, allow);

	if (r >= 0)
		return;
	if (r == -ENOENT && is_api(&req->target)) {
		response_problem(res, PROBLEM_NOT_FOUND,
				 "The API has no such address; /v1/openapi.json lists all.");
		return;
	}
	if (r == -ENOENT && request_is_read(req))
		return;
	response_problem(res, PROBLEM_METHOD_NOT_ALLOWED,
			 "%.20s is not possible here; the field Allow names what is.", req->method);
	response_header(res, "Allow", "%s", r == -ENOENT ? "GET, HEAD" : allow);
}

static void check_query(const struct request *req, struct response *res)
{
	static const char *const none[] = { NULL };
	const char *const *known = req->route->query ? req->route->query : none;

	for (size_t i = 0; i < req->target.n_parameters; i++) {
		const char *name = req->target.parameters[i].name;
		const char *const *at = known;

		while (*at && strcmp(*at, name) != 0)
			at++;
		if (!*at) {
			response_problem(res, PROBLEM_INVALID_QUERY,
					 "There is no parameter '%.60s' here; "
					 "/v1/openapi.json lists them.",
					 name);
			return;
		}
	}
}

/* Whether @type is @wanted, whatever its parameters are. */
static bool is_type(const char *type, const char *wanted)
{
	size_t len = strlen(wanted);

	return type && strncasecmp(type, wanted, len) == 0 && strchr("; \t", type[len]);
}

static bool is_gzip(const struct headers *headers)
{
	return headers->content_encoding && strcasecmp(headers->content_encoding, "gzip") == 0;
}

static void check_body(const struct request *req, struct response *res)
{
	const struct headers *headers = &req->headers;
	const char *type;

	if (req->route->body_bytes == 0)
		return;
	type = route_body_type(req->route);
	if (!is_type(headers->content_type, type)) {
		response_problem(res, PROBLEM_UNSUPPORTED_TYPE,
				 "Send %s, with the field Content-Type: %s.",
				 strcmp(type, "application/json") == 0 ? "JSON" : "a file", type);
		return;
	}
	if (headers->content_encoding && !is_gzip(headers) &&
	    strcasecmp(headers->content_encoding, "identity") != 0) {
		response_problem(res, PROBLEM_UNSUPPORTED_TYPE,
				 "Send the body as it is, or with Content-Encoding: gzip.");
		response_header(res, "Accept-Encoding", "gzip");
		return;
	}
	if (headers->content_length &&
	    strtoumax(headers->content_length, NULL, 10) > req->route->body_bytes)
		dispatch_refuse_body(req, res);
}

void dispatch_begin(const struct dispatch *dispatch, const char *target, struct request *req,
		    struct response *res)
{
	read_target(target, req, res);
	if (!res->status)
		check_headers(&req->headers, res);
	if (res->status) {
		/* What a proxy may read otherwise than we do: what follows may be no request. */
		res->closes = true;
		res->is_at_once = !has_certain_end(&req->headers);
		return;
	}
	find_route(dispatch, req, res);
	if (res->status || !req->route)
		return;
	if (!guard_admits(dispatch->guard, req, &req->caller, res) ||
	    !guard_allows(dispatch->guard, &req->caller, req->now_us / 1000, res))
		return;
	check_query(req, res);
	if (!res->status)
		check_body(req, res);
}

size_t dispatch_body_bytes(const struct request *req)
{
	return req->route ? req->route->body_bytes : 0;
}

void dispatch_refuse_body(const struct request *req, struct response *res)
{
	size_t max = dispatch_body_bytes(req);

	if (max == 0)
		response_problem(res, PROBLEM_BODY_TOO_LARGE, "Send this request without a body.");
	else
		response_problem(res, PROBLEM_BODY_TOO_LARGE,
				 "The body has more than %zu bytes; nothing of it was stored.",
				 max);
}

/* A body that was compressed, as it was before. */
static void inflate_request(struct request *req, struct response *res)
{
	struct err err = { 0 };
	size_t len = 0;
	char *text;
	int r = inflate_body(req->body ? req->body : "", req->body_len, &text, &len, &err);

	if (r < 0) {
		response_problem(res, r == -E2BIG ? PROBLEM_BODY_TOO_LARGE : PROBLEM_INVALID_BODY,
				 "%s", err.text);
		return;
	}
	free(req->body);
	req->body = text;
	req->body_len = len;
	if (len > dispatch_body_bytes(req))
		dispatch_refuse_body(req, res);
}

void dispatch_end(const struct dispatch *dispatch, struct request *req, struct response *res)
{
	if (req->route && req->route->body_bytes > 0 && is_gzip(&req->headers))
		inflate_request(req, res);
	if (res->status)
		return;
	if (req->route)
		req->route->handle(req, res);
	else
		assets_answer_page(dispatch->assets, &req->target, req->headers.accept_encoding,
				   res);
}
