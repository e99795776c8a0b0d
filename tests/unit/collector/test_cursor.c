/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <sodium.h>
#include <string.h>

#include "collector/http/limits.h"
#include "collector/view/cursor.h"
#include "common/base/mem.h"
#include "tests/unit/unit.h"

static void a_cursor_gives_back_what_was_put_into_it(void **state)
{
	static const char *const texts[] = { "devices", "Röom \"1\"\n\t/\\", "", "0123" };
	_cleanup_free_ char *cursor = cursor_write(texts, 4);
	const char *back[4];
	json_t *json;

	(void)state;
	assert_null(strpbrk(cursor, "+/= \"&?"));
	assert_int_equal(cursor_read(cursor, "devices", 4, back, &json, NULL), 0);
	for (size_t i = 0; i < 4; i++)
		assert_string_equal(back[i], texts[i]);
	json_decref(json);
}

static void a_place_in_time_is_read_back_in_its_list_alone(void **state)
{
	json_t *last = cursor_place_json("waivers", INT64_C(1800273600000), "0123abcd");
	const char *longest = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdefX";
	_cleanup_free_ char *too_long =
		cursor_write((const char *[]){ "waivers", "1", longest }, 3);
	struct cursor_place place = { 7, "before" };

	(void)state;
	assert_int_equal(cursor_place_read(json_string_value(last), "tokens", &place, NULL),
			 -EINVAL);
	assert_int_equal(cursor_place_read(too_long, "waivers", &place, NULL), -EINVAL);
	assert_int_equal(cursor_place_read("waivers", "waivers", &place, NULL), -EINVAL);
	assert_true(place.ms == 7 && strcmp(place.id, "before") == 0);
	assert_int_equal(cursor_place_read(json_string_value(last), "waivers", &place, NULL), 0);
	assert_true(place.ms == INT64_C(1800273600000));
	assert_string_equal(place.id, "0123abcd");
	json_decref(last);
}

/* The longest names that a device can have still make a cursor that is taken back. */
static void the_longest_place_fits_the_limit(void **state)
{
	char name[256];
	_cleanup_free_ char *cursor = NULL;

	(void)state;
	memset(name, '"', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	cursor = cursor_write((const char *[]){ "devices-0123456789abcdef", "7",
						"12345678901234567890123456789012", name, name,
						"0123456789abcdef0123456789abcdef",
						"1800273600000" },
			      7);
	assert_in_range(strlen(cursor), 1, LIMIT_CURSOR_BYTES);
}

/* A cursor whose sum is right, whatever is in it. */
static char *encode(const char *plain)
{
	size_t len = strlen(plain) + 6;
	size_t size = sodium_base64_encoded_len(len, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	unsigned char bytes[256], hash[crypto_generichash_BYTES_MIN];
	char *text = xcalloc(1, size);

	crypto_generichash(hash, sizeof(hash), (const unsigned char *)plain, strlen(plain), NULL,
			   0);
	memcpy(bytes, hash, 6);
	memcpy(bytes + 6, plain, strlen(plain));
	sodium_bin2base64(text, size, bytes, len, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	return text;
}

static void a_cursor_with_one_byte_changed_is_refused(void **state)
{
	static const char *const texts[] = { "devices", "room 1", "lab", "0123" };
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
	_cleanup_free_ char *cursor = cursor_write(texts, 4);
	const char *back[4];
	json_t *json;

	(void)state;
	for (size_t i = 0; cursor[i]; i++) {
		char was = cursor[i];

		for (const char *digit = digits; *digit; digit++) {
			struct err err = { 0 };

			cursor[i] = *digit;
			if (*digit == was)
				continue;
			if (cursor_read(cursor, "devices", 4, back, &json, &err) != -EINVAL)
				fail_msg("%s was taken", cursor);
			assert_non_null(strstr(err.text, "changed on its way"));
		}
		cursor[i] = '\0';
		assert_int_equal(cursor_read(cursor, "devices", 4, back, &json, NULL), -EINVAL);
		cursor[i] = was;
	}
	assert_int_equal(cursor_read(cursor, "devices", 4, back, &json, NULL), 0);
	json_decref(json);
}

static void what_we_did_not_write_is_refused(void **state)
{
	static const char *const plain[] = {
		"",
		"null",
		"\"devices\"",
		"{}",
		"[]",
		"[\"devices\"]",
		"[\"sites\",\"a\"]",
		"[\"devices\",1]",
		"[\"devices\",[\"a\"]]",
		"[\"devices\",\"a\",\"b\"]",
		"[\"devices\",\"a\"",
		"[\"devices\",null]",
	};
	static const char *const raw[] = { "", "=", "!", "W10=", "W10 ", "%5B", "AAAA" };
	const char *back[2];
	json_t *json;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(plain); i++) {
		_cleanup_free_ char *cursor = encode(plain[i]);
		struct err err = { 0 };

		if (cursor_read(cursor, "devices", 2, back, &json, &err) != -EINVAL)
			fail_msg("%s was taken", plain[i]);
		assert_non_null(strstr(err.text, "next_cursor"));
	}
	for (size_t i = 0; i < ARRAY_SIZE(raw); i++)
		assert_int_equal(cursor_read(raw[i], "devices", 2, back, &json, NULL), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_cursor_gives_back_what_was_put_into_it),
		cmocka_unit_test(a_place_in_time_is_read_back_in_its_list_alone),
		cmocka_unit_test(the_longest_place_fits_the_limit),
		cmocka_unit_test(a_cursor_with_one_byte_changed_is_refused),
		cmocka_unit_test(what_we_did_not_write_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
