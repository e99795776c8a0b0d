/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "collector/domain/totp.h"
#include "common/base/base.h"
#include "common/base/mem.h"
#include "tests/unit/unit.h"

static const unsigned char secret[TOTP_SECRET_SIZE] = { '1', '2', '3', '4', '5', '6', '7',
							'8', '9', '0', '1', '2', '3', '4',
							'5', '6', '7', '8', '9', '0' };

/* Appendix B of RFC 6238 for SHA-1, of whose eight digits ours are the last six. */
static void the_codes_are_those_of_the_rfc(void **state)
{
	static const struct {
		int64_t seconds;
		uint32_t code;
	} rows[] = {
		{ 59, 94287082 },         { 1111111109, 7081804 },  { 1111111111, 14050471 },
		{ 1234567890, 89005924 }, { 2000000000, 69279037 }, { 20000000000, 65353130 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		assert_int_equal(totp_code(secret, rows[i].seconds * 1000 / TOTP_STEP_MS),
				 rows[i].code % 1000000);
}

/* Appendix D of RFC 4226: the steps from 0 on. */
static const char *const codes[] = { "755224", "287082", "359152", "969429", "338314",
				     "254676", "287922", "162583", "399871", "520489" };

static void a_code_holds_for_its_step_and_one_beside_it(void **state)
{
	(void)state;
	for (int64_t step = 0; step < 10; step++) {
		for (int64_t used = 0; used < 10; used++) {
			bool is_near = used >= step - 1 && used <= step + 1;
			int64_t got = -7;
			int r = totp_check(secret, codes[used], -1,
					   step * TOTP_STEP_MS + TOTP_STEP_MS - 1, &got);

			assert_int_equal(r, is_near ? 0 : -EACCES);
			assert_int_equal(got, is_near ? used : -7);
			assert_int_equal(
				totp_check(secret, codes[used], -1, step * TOTP_STEP_MS, &got), r);
		}
	}
}

static void no_code_works_twice_nor_one_before_it(void **state)
{
	const int64_t now = 5 * TOTP_STEP_MS;
	int64_t step;

	(void)state;
	assert_int_equal(totp_check(secret, codes[5], 4, now, &step), 0);
	assert_int_equal(step, 5);
	assert_int_equal(totp_check(secret, codes[5], 5, now, &step), -EACCES);
	assert_int_equal(totp_check(secret, codes[4], 5, now, &step), -EACCES);
	assert_int_equal(totp_check(secret, codes[6], 5, now, &step), 0);
	assert_int_equal(totp_check(secret, codes[6], 6, now, &step), -EACCES);
}

static void what_people_type_is_read(void **state)
{
	static const struct {
		const char *text;
		int r;
	} rows[] = {
		{ "254676", 0 },        { "254 676", 0 },          { "  254676 ", 0 },
		{ "2 5 4 6 7 6", 0 },   { "254677", -EACCES },     { "", -EINVAL },
		{ " ", -EINVAL },       { "25467", -EINVAL },      { "2546760", -EINVAL },
		{ "0254676", -EINVAL }, { "25467a", -EINVAL },     { "-54676", -EINVAL },
		{ "+254676", -EINVAL }, { "254676\n", -EINVAL },   { "25467\xd9\xa6", -EINVAL },
		{ "0x3e2d4", -EINVAL }, { "4295221972", -EINVAL },
	};
	int64_t step;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		if (totp_check(secret, rows[i].text, -1, 5 * TOTP_STEP_MS, &step) != rows[i].r)
			fail_msg("'%s' is read otherwise", rows[i].text);
	}
}

static void a_phone_gets_the_secret_as_it_wants_it(void **state)
{
	static const unsigned char ends[TOTP_SECRET_SIZE] = { 0xff, [19] = 0x1f };
	_cleanup_free_ char *uri = totp_uri(secret, "a.kim+x@b/\xc3\xa9");
	char text[TOTP_SECRET_TEXT_SIZE];

	(void)state;
	totp_secret_text(secret, text);
	assert_string_equal(text, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
	totp_secret_text(ends, text);
	assert_string_equal(text, "74AAAAAAAAAAAAAAAAAAAAAAAAAAAAA7");
	assert_string_equal(uri, "otpauth://totp/Testready:a.kim%2Bx%40b%2F%C3%A9?secret="
				 "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Testready&algorithm=SHA1"
				 "&digits=6&period=30");
}

static void a_recovery_code_is_read_as_it_was_written_down(void **state)
{
	static const unsigned char bytes[RECOVERY_BYTES] = { 0,    0x44, 0x32, 0x14, 0xc7,
							     0x42, 0x54, 0xb6, 0x35, 0xcf };
	static const struct {
		const char *text;
		bool is_code;
	} rows[] = {
		{ "abcd-efgh-ijkl-mnop", true },
		{ "ABCD EFGH IJKL MNOP", true },
		{ "abcdefghijklmnop", true },
		{ " a-b-c-d-e-f-g-h-i-j-k-l-m-n-o-p ", true },
		{ "abcd-efgh-ijk1-mn0p", true },
		{ "abcd-efgh-ijkl-mno", false },
		{ "abcd-efgh-ijkl-mnopq", false },
		{ "abcd-efgh-ijkl-mno8", false },
		{ "abcd-efgh-ijkl-mno9", false },
		{ "abcd_efgh_ijkl_mnop", false },
		{ "abcd-efgh-ijkl-mno\xc3\xb6", false },
		{ "", false },
		{ "123456", false },
	};
	char text[RECOVERY_TEXT_SIZE];

	(void)state;
	recovery_code_text(bytes, text);
	assert_string_equal(text, "abcd-efgh-ijkl-mnop");
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		int r = recovery_code_read(rows[i].text, text);

		if (r != (rows[i].is_code ? 0 : -EINVAL))
			fail_msg("'%s' is read otherwise", rows[i].text);
		if (r == 0)
			assert_string_equal(text, "abcd-efgh-ijkl-mnop");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_codes_are_those_of_the_rfc),
		cmocka_unit_test(a_code_holds_for_its_step_and_one_beside_it),
		cmocka_unit_test(no_code_works_twice_nor_one_before_it),
		cmocka_unit_test(what_people_type_is_read),
		cmocka_unit_test(a_phone_gets_the_secret_as_it_wants_it),
		cmocka_unit_test(a_recovery_code_is_read_as_it_was_written_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
