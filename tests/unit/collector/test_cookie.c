/* SPDX-License-Identifier: Apache-2.0 */
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "collector/http/cookie.h"
#include "common/base/mem.h"
#include "tests/unit/unit.h"

#define SECRET "trs_abcdefghijklmnopqrstuvwxyz0123456789_-ABCDE"
#define OTHER "trs_bbcdefghijklmnopqrstuvwxyz0123456789_-ABCDE"
#define OURS COOKIE_NAME "=" SECRET

static void the_session_is_found_among_other_cookies_and_only_whole(void **state)
{
	static const struct {
		const char *field;
		bool is_there;
	} rows[] = {
		{ NULL, false },
		{ "", false },
		{ OURS, true },
		{ "a=b; " OURS, true },
		{ OURS "; a=b", true },
		{ OURS ";a=b;", true },
		{ "a=b;" OURS ";c", true },
		{ "x" OURS, false },
		{ "testready=" SECRET, false },
		{ "__host-testready=" SECRET, false },
		{ OURS "x", false },
		{ OURS " ", false },
		{ COOKIE_NAME "=" SECRET "=", false },
		{ COOKIE_NAME "=\"" SECRET "\"", false },
		{ COOKIE_NAME "=trt_abcdefghijklmnopqrstuvwxyz0123456789_-ABCDE", false },
		{ COOKIE_NAME "=", false },
		{ COOKIE_NAME, false },
		{ ";;;", false },
		/* one of two was planted, and nobody knows which */
		{ OURS "; " OURS, false },
		{ OURS "; " COOKIE_NAME "=" OTHER, false },
		{ OURS "; " COOKIE_NAME "=", false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char secret[SECRET_SIZE] = "";
		bool is_there = cookie_session(rows[i].field, secret);

		if (is_there != rows[i].is_there)
			fail_msg("row %zu: %s", i, rows[i].field);
		assert_string_equal(secret, is_there ? SECRET : "");
	}
}

static void what_is_set_is_what_is_read(void **state)
{
	char secret[SECRET_SIZE], found[SECRET_SIZE];
	_cleanup_free_ char *set = NULL;

	(void)state;
	secret_new(SECRET_SESSION, secret);
	set = xasprintf(COOKIE_SET, secret);
	/* What a browser sends is what stands before the first attribute. */
	*strchr(set, ';') = '\0';
	assert_true(cookie_session(set, found));
	assert_string_equal(found, secret);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_session_is_found_among_other_cookies_and_only_whole),
		cmocka_unit_test(what_is_set_is_what_is_read),
	};

	return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
