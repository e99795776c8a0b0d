/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * The header fields of a request: those that mean something here, and whether all
 * of them stood there as RFC 9112 wants them. PURE.
 *
 * A proxy in front and a server that read the same bytes otherwise can be made to see
 * two requests where the other sees one. The HTTP library is lenient: it takes a bare
 * line feed for the end of a line, joins folded lines, and allows a space before the
 * colon. It leaves names and values where they were received, though, with the ends of
 * lines overwritten; so where each begins says what stood between them, and how long
 * the header was says what stood behind the last. A library that kept them elsewhere
 * would make every request malformed, and none well-formed that is not.
 *
 * What this cannot see is a line that ends in NUL and a bare line feed.
 */

#include <stdbool.h>
#include <stddef.h>

/* The header fields that mean something here; NULL where they are not there. */
struct headers {
	const char *host;
	const char *authorization;
	const char *content_type;
	const char *content_encoding;
	const char *content_length;
	const char *transfer_encoding;
	const char *if_none_match;
	const char *if_match;
	const char *idempotency_key;
	const char *cookie;
	const char *origin;
	const char *csrf_token;
	const char *user_agent;
	const char *accept_encoding;
	const char *expect;
	const char *forwarded_for; /* X-Forwarded-For, X-Forwarded-Proto: of a proxy */
	const char *forwarded_proto;
	const char *login; /* of the field that a proxy names a login in, see header_reader */
	size_t bytes;      /* of all fields */
	bool is_malformed; /* not as it has to be */
	bool is_ambiguous; /* one of those above came twice */
};

struct header_reader {
	struct headers *headers;
	const char *start; /* of the request */
	const char *next;  /* where the next field has to begin */
	/* The field that names whoever signed in at a proxy; NULL: none does. Set by the caller. */
	const char *login_field;
};

/* The three words of a request line, where they were received; each has a NUL behind it. */
struct request_line {
	const char *method;
	const char *target;
	const char *target_end; /* where its NUL is: the library overwrites a part of it */
	const char *version;
};

/* Begin with the request line. Sets all but login_field. */
void header_begin(struct header_reader *reader, struct headers *headers,
		  const struct request_line *line);
/* The next field, in the order in which they came. */
void header_field(struct header_reader *reader, const char *name, const char *value);
/* That was the last, of a header of @len bytes with its request line and its empty line. */
void header_end(struct header_reader *reader, size_t len);
