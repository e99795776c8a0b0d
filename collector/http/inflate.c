/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdlib.h>
#include <zlib.h>

#include "collector/http/inflate.h"
#include "collector/http/limits.h"
#include "common/base/mem.h"

#define GZIP_ONLY 16 /* see inflateInit2() */

/* What came of inflating with @status, all of the room or of the input being used up. */
static int check(const z_stream *stream, int status, size_t max, struct err *err)
{
	if (status == Z_MEM_ERROR)
		abort();
	if (stream->avail_out == 0 &&
	    (status == Z_STREAM_END || status == Z_OK || status == Z_BUF_ERROR))
		return err_set(err, -E2BIG,
			       "The body inflates to more than %zu bytes, which is as much as is "
			       "taken of so few; send it without Content-Encoding, or less.",
			       max);
	if (status == Z_STREAM_END && stream->avail_in == 0)
		return 0;
	if (status == Z_STREAM_END)
		return err_set(err, -EINVAL,
			       "The body has %u bytes behind its end as gzip; send one member, "
			       "and nothing else.",
			       stream->avail_in);
	if (status == Z_OK || status == Z_BUF_ERROR)
		return err_set(err, -EINVAL, "The body ends before its end as gzip.");
	return err_set(err, -EINVAL, "The body is not gzip, as its Content-Encoding says: %s.",
		       stream->msg ? stream->msg : "it is damaged");
}

int inflate_body(const char *body, size_t len, char **ret_text, size_t *ret_len, struct err *err)
{
	size_t max = len > LIMIT_INFLATED_BYTES / LIMIT_INFLATION ? LIMIT_INFLATED_BYTES
								  : len * LIMIT_INFLATION;
	_cleanup_free_ char *text = xreallocarray(NULL, max + 2, 1);
	z_stream stream = { .next_in = (unsigned char *)body, .avail_in = (unsigned)len };
	int r;

	/* One byte more than is allowed: whoever fills it has more than that. */
	stream.next_out = (unsigned char *)text;
	stream.avail_out = (unsigned)max + 1;
	if (inflateInit2(&stream, MAX_WBITS + GZIP_ONLY) != Z_OK)
		abort();
	r = check(&stream, inflate(&stream, Z_FINISH), max, err);
	inflateEnd(&stream);
	if (r < 0)
		return r;
	text = xreallocarray(text, stream.total_out + 1, 1);
	text[stream.total_out] = '\0';
	*ret_len = stream.total_out;
	*ret_text = TAKE_PTR(text);
	return 0;
}
