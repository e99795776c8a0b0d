/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <string.h>
#include <zlib.h>

#include "collector/http/inflate.h"
#include "collector/http/limits.h"
#include "common/base/mem.h"
#include "tests/unit/unit.h"

#define GZIP 16

/* Bytes of which as many as one likes compress to about as many. */
static char *noise(size_t len)
{
	char *text = xcalloc(len + 1, 1);
	unsigned random = 1;

	for (size_t i = 0; i < len; i++) {
		random = random * 1103515245 + 12345;
		text[i] = (char)('!' + random / 65536 % 90);
	}
	return text;
}

static char *deflate_text(const char *text, size_t len, int format, size_t *ret_len)
{
	size_t size = len + len / 1000 + 100;
	char *out = xcalloc(size, 1);
	z_stream stream = { .next_in = (unsigned char *)text,
			    .avail_in = (unsigned)len,
			    .next_out = (unsigned char *)out,
			    .avail_out = (unsigned)size };

	assert_int_equal(
		deflateInit2(&stream, 9, Z_DEFLATED, MAX_WBITS + format, 8, Z_DEFAULT_STRATEGY),
		Z_OK);
	assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
	*ret_len = stream.total_out;
	deflateEnd(&stream);
	return out;
}

static int inflated(const char *body, size_t len, struct err *err)
{
	char *text;
	size_t text_len;
	int r = inflate_body(body, len, &text, &text_len, err);

	if (r >= 0) {
		assert_int_equal(strlen(text), text_len);
		free(text);
	}
	return r;
}

static void a_body_comes_out_as_it_went_in(void **state)
{
	_cleanup_free_ char *text = noise(5000);
	_cleanup_free_ char *out = NULL;
	size_t len, out_len;
	_cleanup_free_ char *body = deflate_text(text, 5000, GZIP, &len);

	(void)state;
	assert_int_equal(inflate_body(body, len, &out, &out_len, NULL), 0);
	assert_int_equal(out_len, 5000);
	assert_string_equal(out, text);
}

static void more_than_the_limit_is_not_inflated(void **state)
{
	static const struct {
		size_t len;
		int want;
	} rows[] = {
		{ LIMIT_INFLATED_BYTES - 1, 0 },
		{ LIMIT_INFLATED_BYTES, 0 },
		{ LIMIT_INFLATED_BYTES + 1, -E2BIG },
		{ LIMIT_INFLATED_BYTES * 2, -E2BIG },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		_cleanup_free_ char *text = noise(rows[i].len);
		size_t len;
		_cleanup_free_ char *body = deflate_text(text, rows[i].len, GZIP, &len);

		assert_int_equal(inflated(body, len, NULL), rows[i].want);
	}
}

/* The largest text of one letter that is taken, and one with a byte more. */
static void what_compresses_too_well_is_a_bomb(void **state)
{
	_cleanup_free_ char *text = xcalloc(1, 100001);
	size_t last_good = 0, first_bad = 0;

	(void)state;
	memset(text, ' ', 100000);
	for (size_t n = 100; n < 2000 && !first_bad; n++) {
		size_t len;
		_cleanup_free_ char *body = deflate_text(text, n, GZIP, &len);
		int r = inflated(body, len, NULL);

		assert_int_equal(r, n <= len * LIMIT_INFLATION ? 0 : -E2BIG);
		if (r >= 0)
			last_good = n;
		else
			first_bad = n;
	}
	assert_int_equal(first_bad, last_good + 1);
}

static void what_is_no_gzip_is_refused_in_words(void **state)
{
	static const char text[] = "{\"report\":1,\"device_id\":\"0123456789abcdef\"}";
	struct err err = { 0 };
	size_t len, zlib_len;
	_cleanup_free_ char *body = deflate_text(text, strlen(text), GZIP, &len);
	_cleanup_free_ char *zlib = deflate_text(text, strlen(text), 0, &zlib_len);
	_cleanup_free_ char *twice = xcalloc(2, len);

	(void)state;
	for (size_t part = 0; part < len; part++)
		assert_int_equal(inflated(body, part, &err), -EINVAL);
	assert_non_null(strstr(err.text, "ends before"));
	assert_int_equal(inflated(body, len + 1, &err), -EINVAL);
	assert_non_null(strstr(err.text, "1 bytes behind its end"));
	memcpy(twice, body, len);
	memcpy(twice + len, body, len);
	assert_int_equal(inflated(twice, 2 * len, &err), -EINVAL);
	assert_int_equal(inflated(zlib, zlib_len, &err), -EINVAL);
	assert_non_null(strstr(err.text, "not gzip"));
	assert_int_equal(inflated(text, strlen(text), &err), -EINVAL);
	for (size_t i = 0; i < len; i++) {
		body[i] ^= 0x55;
		/* The time, the system and flags of the header say nothing of the text. */
		if (inflated(body, len, &err) >= 0)
			assert_in_range(i, 3, 9);
		body[i] ^= 0x55;
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_body_comes_out_as_it_went_in),
		cmocka_unit_test(more_than_the_limit_is_not_inflated),
		cmocka_unit_test(what_compresses_too_well_is_a_bomb),
		cmocka_unit_test(what_is_no_gzip_is_refused_in_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
