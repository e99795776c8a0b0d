/* SPDX-License-Identifier: Apache-2.0 */
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "collector/http/header.h"
#include "common/base/base.h"

#define LINE_END 2 /* CR and LF */

/* What a name may have in it (RFC 9110, 5.6.2), besides letters and digits. */
static const char token[] = "!#$%&'*+-.^_`|~";
/* The same for a host and its port (RFC 3986, 3.2.2), of what hosts are called in earnest. */
static const char host[] = "-._:[]%";

static bool is_alphanumeric(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* Whether all of @text, which has something in it, is letters, digits and @others. */
static bool is_made_of(const char *text, const char *others)
{
	if (!*text)
		return false;
	for (; *text; text++) {
		if (!is_alphanumeric((unsigned char)*text) && !strchr(others, *text))
			return false;
	}
	return true;
}

static bool has_control(const char *value)
{
	for (; *value; value++) {
		if (((unsigned char)*value < 0x20 && *value != '\t') || *value == 0x7f)
			return true;
	}
	return false;
}

void header_begin(struct header_reader *reader, struct headers *headers,
		  const struct request_line *line)
{
	reader->headers = headers;
	reader->start = line->method;
	reader->next = line->version + strlen(line->version) + LINE_END;
	/* One NUL between them is the space; another one was sent. */
	if (line->method + strlen(line->method) + 1 != line->target ||
	    line->target_end + 1 != line->version)
		headers->is_malformed = true;
}

static void keep(struct headers *headers, const char *name, size_t len, const char *value)
{
#define FIELD(text, member, is_added_to)                                              \
	{                                                                             \
		text, sizeof(text) - 1, offsetof(struct headers, member), is_added_to \
	}
	static const struct {
		const char *name;
		size_t len;
		size_t offset;
		bool is_added_to; /* proxies add another at the end: that is the one that counts */
	} known[] = {
		FIELD("Host", host, false),
		FIELD("Authorization", authorization, false),
		FIELD("Content-Type", content_type, false),
		FIELD("Content-Encoding", content_encoding, false),
		FIELD("Content-Length", content_length, false),
		FIELD("Transfer-Encoding", transfer_encoding, false),
		FIELD("If-None-Match", if_none_match, false),
		FIELD("If-Match", if_match, false),
		FIELD("Idempotency-Key", idempotency_key, false),
		FIELD("Cookie", cookie, false),
		FIELD("Origin", origin, false),
		FIELD("X-CSRF-Token", csrf_token, false),
		FIELD("User-Agent", user_agent, false),
		FIELD("Accept-Encoding", accept_encoding, false),
		FIELD("Expect", expect, false),
		FIELD("X-Forwarded-For", forwarded_for, true),
		FIELD("X-Forwarded-Proto", forwarded_proto, true),
	};
#undef FIELD

	for (size_t i = 0; i < ARRAY_SIZE(known); i++) {
		const char **at = (const char **)((char *)headers + known[i].offset);

		if (known[i].len != len || strcasecmp(known[i].name, name) != 0)
			continue;
		if (*at && !known[i].is_added_to)
			headers->is_ambiguous = true;
		*at = value;
		return;
	}
}

/* Two say nothing: one of them may be the client's own, which the proxy let through. */
static void keep_login(struct headers *headers, const char *value)
{
	if (headers->login)
		headers->is_ambiguous = true;
	headers->login = value;
}

void header_field(struct header_reader *reader, const char *name, const char *value)
{
	struct headers *headers = reader->headers;
	size_t name_len = strlen(name);
	size_t value_len;

	if (!value) {
		headers->is_malformed = true;
		return;
	}
	value_len = strlen(value);
	headers->bytes += name_len + value_len + strlen(": \r\n");
	if (name != reader->next || !is_made_of(name, token) || has_control(value))
		headers->is_malformed = true;
	reader->next = value + value_len + LINE_END;
	if (reader->login_field && strcasecmp(name, reader->login_field) == 0)
		keep_login(headers, value);
	keep(headers, name, name_len, value);
}

void header_end(struct header_reader *reader, size_t len)
{
	struct headers *headers = reader->headers;
	uintptr_t end = (uintptr_t)reader->next + LINE_END;

	if (end - (uintptr_t)reader->start != len ||
	    (headers->host && !is_made_of(headers->host, host)))
		headers->is_malformed = true;
}
