/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bodies in gzip, damaged and not, and headers as the HTTP library leaves them: nothing
 * comes out of a body beyond its limits, and a header that is well-formed is made of lines.
 */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "collector/http/header.h"
#include "collector/http/inflate.h"
#include "collector/http/limits.h"
#include "common/base/mem.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_inflated(const char *body, size_t len)
{
	_cleanup_free_ char *text = NULL;
	struct err err = { 0 };
	size_t text_len;
	int r = inflate_body(body, len, &text, &text_len, &err);

	if (r < 0) {
		if ((r != -EINVAL && r != -E2BIG) || !err.text[0])
			abort();
		return;
	}
	if (text_len > len * LIMIT_INFLATION || text_len > LIMIT_INFLATED_BYTES || text[text_len])
		abort();
}

/* The same as what it compresses to, which has to come out again. */
static void check_round_trip(const uint8_t *data, size_t size)
{
	uLong bound = compressBound(size) + 64;
	_cleanup_free_ char *body = xcalloc(bound, 1);
	_cleanup_free_ char *text = NULL;
	z_stream stream = { .next_in = (unsigned char *)data,
			    .avail_in = (unsigned)size,
			    .next_out = (unsigned char *)body,
			    .avail_out = (unsigned)bound };
	size_t len;

	if (deflateInit2(&stream, 1, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK ||
	    deflate(&stream, Z_FINISH) != Z_STREAM_END)
		abort();
	deflateEnd(&stream);
	if (inflate_body(body, stream.total_out, &text, &len, NULL) < 0) {
		if (size <= stream.total_out * LIMIT_INFLATION && size <= LIMIT_INFLATED_BYTES)
			abort();
	} else if (len != size || memcmp(text, data, size) != 0) {
		abort();
	}
}

/* Words of the input, as names and values that lie where the ends of lines leave them. */
static void check_header(const char *text, size_t len)
{
	_cleanup_free_ char *buffer = xcalloc(len + 3, 1);
	struct headers headers = { 0 };
	struct header_reader reader = { .login_field = "X-Remote-User" };
	struct request_line line;
	char *words[64];
	size_t n = 0;

	memcpy(buffer, text, len);
	for (size_t i = 0; i < len && n < ARRAY_SIZE(words); i += strlen(buffer + i) + 1)
		words[n++] = buffer + i;
	if (n < 3)
		return;
	line = (struct request_line){ words[0], words[1], words[1] + strlen(words[1]), words[2] };
	header_begin(&reader, &headers, &line);
	for (size_t i = 3; i + 1 < n; i += 2)
		header_field(&reader, words[i], words[i + 1]);
	header_end(&reader, len);
	if (headers.bytes > 2 * len + 4 * ARRAY_SIZE(words))
		abort();
	if (!headers.is_malformed && headers.host && strpbrk(headers.host, " /@\r\n"))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size > LIMIT_BODY_BYTES)
		return 0;
	check_inflated((const char *)data, size);
	check_round_trip(data, size);
	check_header((const char *)data, size);
	return 0;
}
