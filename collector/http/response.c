/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/http/response.h"
#include "common/base/clock.h"
#include "common/base/id.h"
#include "common/base/log.h"
#include "common/base/mem.h"

/* Enough digits for every percent and risk, and 286.92 stays 286.92. */
#define DUMP_FLAGS (JSON_COMPACT | JSON_REAL_PRECISION(10))

#define RETRY_AFTER_SECONDS 10
#define ETAG_DIGITS 32 /* half a SHA-256 tells versions of one answer apart */

static void stream_done(struct response *res)
{
	if (res->stream.done)
		res->stream.done(res->stream.source);
	res->stream = (struct stream){ 0 };
}

void response_done(struct response *res)
{
	free(res->owned_body);
	free(res->location);
	stream_done(res);
	if (res->later.done)
		res->later.done(res->later.work);
	*res = (struct response){ 0 };
}

void response_header(struct response *res, const char *name, const char *fmt, ...)
{
	struct response_header *header;
	va_list ap;

	assert(res->n_headers < RESPONSE_HEADERS_MAX);
	header = &res->headers[res->n_headers++];
	header->name = name;
	va_start(ap, fmt);
	vsnprintf(header->value, sizeof(header->value), fmt, ap);
	va_end(ap);
}

/* Take @body, text in JSON. */
static void fill(struct response *res, int status, const char *type, char *body)
{
	free(res->owned_body);
	res->status = status;
	res->type = type;
	res->body = res->owned_body = body;
	res->len = strlen(body);
	/* Whoever sits at the machine next finds nothing; who keeps copies brings its ETag. */
	res->cache = "no-store";
	res->etag[0] = '\0';
}

static void etag_of(struct response *res, const char *prefix, const char *text)
{
	char hash[HASH_SIZE];

	hash_hex(text, strlen(text), hash);
	snprintf(res->etag, sizeof(res->etag), "%s\"%.*s\"", prefix, ETAG_DIGITS, hash);
}

static char *dump(json_t *json)
{
	char *text = json_dumps(json, DUMP_FLAGS);

	if (!text)
		abort();
	json_decref(json);
	return text;
}

void response_json(struct response *res, int status, json_t *json)
{
	fill(res, status, "application/json", dump(json));
	etag_of(res, "", res->body);
}

void response_json_as_of(struct response *res, int64_t now_ms, json_t *json)
{
	_cleanup_free_ char *text = NULL;
	char time[CLOCK_TEXT_SIZE];

	assert(json_object_size(json) > 0);
	text = dump(json);
	fill(res, 200, "application/json",
	     xasprintf("{\"as_of\":\"%s\",%s", clock_text(now_ms, time), text + 1));
	etag_of(res, "W/", text);
}

void response_text(struct response *res, char *json, const char *version)
{
	fill(res, 200, "application/json", json);
	snprintf(res->etag, sizeof(res->etag), "\"%s\"", version);
}

void response_owned(struct response *res, const char *type, char *text)
{
	fill(res, 200, type, text);
	res->cache = "no-store";
}

void response_redirect(struct response *res, char *url)
{
	res->status = 303;
	res->location = url;
	res->cache = "no-store";
}

void response_static(struct response *res, const char *type, const char *body, size_t len)
{
	res->status = 200;
	res->type = type;
	res->body = body;
	res->len = len;
	res->cache = "no-cache";
}

void response_stream(struct response *res, const char *type, const struct stream *stream)
{
	res->status = 200;
	res->type = type;
	res->stream = *stream;
	res->cache = "no-store";
}

static _printf_(4, 0) void problem(struct response *res, enum problem_id id, const char *pointer,
				   const char *fmt, va_list ap)
{
	char detail[sizeof(((struct err *)0)->text) * 2];
	const struct problem *row = &problems[id];
	_cleanup_free_ char *type = xasprintf("urn:testready:problem:%s", row->name);
	json_t *json;

	vsnprintf(detail, sizeof(detail), fmt, ap);
	/* Answers are copied into tickets and mails, by whoever pasted a key in the wrong place. */
	if (secret_is_in(detail))
		snprintf(detail, sizeof(detail),
			 "There is a key, a token or a code where none belongs, so it is not "
			 "quoted here.");
	json = json_pack("{s:s, s:s, s:i, s:s}", "type", type, "title", row->title, "status",
			 row->status, "detail", detail);
	/* A sentence is cut at a byte, and half a character is not JSON. */
	if (!json)
		json = json_pack("{s:s, s:s, s:i, s:s}", "type", type, "title", row->title,
				 "status", row->status, "detail", row->title);
	if (pointer)
		json_object_set_new(json, "pointer", json_string(pointer));
	res->n_headers = 0;
	fill(res, row->status, "application/problem+json", dump(json));
	res->cache = "no-store";
	res->is_refusal = true;
	res->problem = id;
	if (row->status == 503 || row->status == 429)
		response_header(res, "Retry-After", "%d", RETRY_AFTER_SECONDS);
	if (row->status == 401)
		response_header(res, "WWW-Authenticate", "Bearer realm=\"testready\"");
}

void response_problem(struct response *res, enum problem_id id, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	problem(res, id, NULL, fmt, ap);
	va_end(ap);
}

void response_problem_at(struct response *res, enum problem_id id, const char *pointer,
			 const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	problem(res, id, pointer, fmt, ap);
	va_end(ap);
}

void response_come_back(struct response *res, enum problem_id id, int64_t wait_ms, const char *fmt,
			...)
{
	va_list ap;

	va_start(ap, fmt);
	problem(res, id, NULL, fmt, ap);
	va_end(ap);
	res->n_headers = 0;
	response_header(res, "Retry-After", "%" PRId64, (wait_ms + 999) / 1000);
}

bool failure_is_passing(int r)
{
	static const int passing[] = {
		-ENOSPC, -EDQUOT, -EBUSY, -EAGAIN, -EROFS, -EIO, -EMFILE, -ENFILE, -ESHUTDOWN,
	};

	for (size_t i = 0; i < ARRAY_SIZE(passing); i++) {
		if (passing[i] == r)
			return true;
	}
	return false;
}

void response_failure(struct response *res, int r, const struct err *err)
{
	static struct log_seldom seldom;

	if (r == -ENOENT) {
		response_problem(res, PROBLEM_NOT_FOUND, "%s", err->text);
		return;
	}
	if (r == -EINVAL) {
		response_problem(res, PROBLEM_INVALID_QUERY, "%s", err->text);
		return;
	}
	if (r == -EPERM) {
		response_problem(res, PROBLEM_FORBIDDEN, "%s", err->text);
		return;
	}
	if (r == -EALREADY) {
		response_problem(res, PROBLEM_CONFLICT, "%s", err->text);
		return;
	}
	log_seldom(&seldom, LOG_ERR, "a request failed: %s", err->text);
	if (failure_is_passing(r))
		response_problem(res, PROBLEM_UNAVAILABLE,
				 "The store cannot be used at the moment; try again in %d seconds.",
				 RETRY_AFTER_SECONDS);
	else
		response_problem(res, PROBLEM_INTERNAL,
				 "This is a fault of the collector; its log says more.");
}

void response_later(struct response *res, const struct later *later)
{
	res->later = *later;
}

void response_check_match(struct response *res, const char *if_none_match)
{
	const char *tag = strchr(res->etag, '"');

	/* Weak comparison (RFC 9110, 8.8.3.2): only what is between the quotes counts. */
	if (res->status != 200 || !tag || !if_none_match)
		return;
	if (strcmp(if_none_match, "*") != 0 && !strstr(if_none_match, tag))
		return;
	res->status = 304;
	stream_done(res);
	res->type = NULL;
	res->body = NULL;
	res->len = 0;
}
