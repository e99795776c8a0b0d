/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which tokens count, and by which keys.
 */
#include "tests/unit/collector/jwt_samples.h"
#include "tests/unit/unit.h"

#include <errno.h>
#include <string.h>

#include "collector/domain/jwt.h"
#include "common/base/mem.h"

#define KEYS(keys) "{\"keys\":[" keys "]}"
#define BOTH KEYS(SAMPLE_RSA_KEY "," SAMPLE_EC_KEY)

static struct err err;

static struct jwt_keys *read_keys(const char *text)
{
	struct jwt_keys *keys;

	if (jwt_keys_parse(text, strlen(text), &keys, &err) < 0)
		fail_msg("%s", err.text);
	return keys;
}

static int verify(const char *keys_text, const char *token, json_t **ret_claims)
{
	_cleanup_(jwt_keys_freep) struct jwt_keys *keys = read_keys(keys_text);

	return jwt_verify(token, keys, ret_claims, &err);
}

static void what_the_providers_key_signed_is_what_it_claims(void **state)
{
	static const char *const tokens[] = { SAMPLE_BY_RSA, SAMPLE_BY_EC,
					      SAMPLE_BY_RSA_WITHOUT_KID };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(tokens); i++) {
		_cleanup_(json_decrefp) json_t *claims = NULL;

		if (verify(BOTH, tokens[i], &claims) < 0)
			fail_msg("%zu: %s", i, err.text);
		assert_string_equal(json_string_value(json_object_get(claims, "sub")), "u-1");
	}
}

static void what_it_did_not_sign_claims_nothing(void **state)
{
	static const struct {
		const char *token;
		int error;
	} rows[] = {
		{ SAMPLE_BY_ANOTHER, -EKEYREJECTED },
		{ SAMPLE_BY_WEAK, -ENOKEY },
		{ SAMPLE_UNSIGNED, -EPROTONOSUPPORT },
		{ SAMPLE_UNSIGNED_WITH_SIGNATURE, -EPROTONOSUPPORT },
		{ SAMPLE_BY_PUBLIC_KEY, -EPROTONOSUPPORT },
		{ SAMPLE_CRITICAL, -EPROTONOSUPPORT },
		{ SAMPLE_RS512_NAMED, -EPROTONOSUPPORT },
		{ SAMPLE_ES256_NAMED_BY_RSA, -ENOKEY },
		{ SAMPLE_OTHER_KID, -ENOKEY },
		{ SAMPLE_NUMBER_KID, -EINVAL },
		{ SAMPLE_TWICE_CLAIMED, -EINVAL },
		{ "", -EINVAL },
		{ "..", -EINVAL },
		{ "a.b.c", -EINVAL },
		{ "e30.e30.", -EINVAL },
		{ "bnVsbA.e30.AA", -EINVAL },
		{ "WzFd.e30.AA", -EINVAL },
		{ SAMPLE_BY_RSA ".", -EINVAL },
		{ SAMPLE_BY_RSA "=", -EINVAL },
		{ SAMPLE_BY_RSA " ", -EINVAL },
		{ " " SAMPLE_BY_RSA, -EINVAL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		json_t *claims = NULL;
		int r = verify(BOTH, rows[i].token, &claims);

		if (r != rows[i].error)
			fail_msg("%zu: %d %s", i, r, err.text);
		assert_null(claims);
	}
}

static void each_changed_byte_of_a_token_makes_it_nobodys(void **state)
{
	_cleanup_(jwt_keys_freep) struct jwt_keys *keys = read_keys(BOTH);
	_cleanup_free_ char *token = xstrdup(SAMPLE_BY_EC);
	size_t len = strlen(token);

	(void)state;
	/* The last digit has bits that belong to nothing. */
	for (size_t i = 0; i + 1 < len; i++) {
		char was = token[i];
		json_t *claims = NULL;

		token[i] = was == 'A' ? 'B' : 'A';
		if (jwt_verify(token, keys, &claims, NULL) >= 0)
			fail_msg("%zu", i);
		token[i] = was;
	}
}

static void a_token_has_a_limit(void **state)
{
	_cleanup_free_ char *token = xcalloc(JWT_BYTES_MAX + 2, 1);
	json_t *claims;

	(void)state;
	memset(token, 'a', JWT_BYTES_MAX + 1);
	assert_int_equal(verify(BOTH, token, &claims), -E2BIG);
	token[JWT_BYTES_MAX] = '\0';
	assert_int_equal(verify(BOTH, token, &claims), -EINVAL);
}

static void a_token_without_kid_needs_a_set_with_one_key_for_it(void **state)
{
	json_t *claims;

	(void)state;
	assert_int_equal(
		verify(KEYS(SAMPLE_RSA_KEY "," SAMPLE_RSA_KEY), SAMPLE_BY_RSA_WITHOUT_KID, &claims),
		-ENOKEY);
	assert_int_equal(verify(KEYS(SAMPLE_RSA_KEY "," SAMPLE_RSA_KEY), SAMPLE_BY_RSA, &claims),
			 -ENOKEY);
	assert_int_equal(verify(KEYS(SAMPLE_EC_KEY), SAMPLE_BY_RSA_WITHOUT_KID, &claims), -ENOKEY);
}

static void keys_for_something_else_are_left_out(void **state)
{
	static const char *const keys[] = {
		"",
		"7",
		"{}",
		SAMPLE_WEAK_KEY,
		"{\"kty\":\"oct\",\"k\":\"AAAA\"}",
		"{\"kty\":\"RSA\",\"n\":\"\",\"e\":\"\"}",
		"{\"kty\":\"RSA\",\"n\":\"AAAA\",\"e\":\"AQAB\"}",
		"{\"kty\":\"RSA\",\"n\":\"AAA=AAAAA\",\"e\":\"AQAB\"}",
		"{\"kty\":\"RSA\",\"n\":\"AAAAA\",\"e\":\"AQAB\"}",
		"{\"kty\":\"RSA\",\"n\":7,\"e\":\"AQAB\"}",
		"{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AAAA\",\"y\":\"AAAA\"}",
		"{\"kty\":\"EC\",\"crv\":\"P-384\",\"x\":\"AAAA\",\"y\":\"AAAA\"}",
	};
	struct jwt_keys *set;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		_cleanup_free_ char *text = xasprintf(KEYS("%s"), keys[i]);

		if (jwt_keys_parse(text, strlen(text), &set, &err) != -ENOKEY)
			fail_msg("%zu: %s", i, err.text);
	}
}

static void a_set_is_a_list_of_at_most_so_many(void **state)
{
	static const struct {
		const char *text;
		int error;
	} rows[] = {
		{ "", -EINVAL },
		{ "[]", -EINVAL },
		{ "{\"keys\":{}}", -EINVAL },
		{ "{\"keys\":[],\"keys\":[]}", -EINVAL },
		{ KEYS("1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1"),
		  -ENOKEY },
		{ KEYS("1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1"),
		  -E2BIG },
	};
	struct jwt_keys *set;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		assert_int_equal(jwt_keys_parse(rows[i].text, strlen(rows[i].text), &set, &err),
				 rows[i].error);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_the_providers_key_signed_is_what_it_claims),
		cmocka_unit_test(what_it_did_not_sign_claims_nothing),
		cmocka_unit_test(each_changed_byte_of_a_token_makes_it_nobodys),
		cmocka_unit_test(a_token_has_a_limit),
		cmocka_unit_test(a_token_without_kid_needs_a_set_with_one_key_for_it),
		cmocka_unit_test(keys_for_something_else_are_left_out),
		cmocka_unit_test(a_set_is_a_list_of_at_most_so_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
