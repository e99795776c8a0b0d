/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <zstd.h>

#include "collector/store/facts_text.h"
#include "common/base/file.h"
#include "common/base/mem.h"
#include "tests/unit/unit.h"

static const char facts[] = "{\"cpu\":{\"cores\":8,\"mhz\":3400,\"model\":\"Example\"},"
			    "\"disk\":{\"free_bytes\":180388626432,\"total_bytes\":256060514304},"
			    "\"memory\":{\"total_mib\":8192}}";

struct packed {
	unsigned char *bytes;
	size_t size;
};

static void packed_done(struct packed *packed)
{
	free(packed->bytes);
}

static void pack(const char *text, struct packed *ret_packed)
{
	void *bytes;

	assert_int_equal(facts_text_pack(text, &bytes, &ret_packed->size, NULL), 0);
	ret_packed->bytes = bytes;
}

/* As facts_text_pack() does it, with what is otherwise. */
static void pack_otherwise(const char *text, size_t length, struct packed *ret_packed)
{
	size_t room = ZSTD_compressBound(length);

	ret_packed->bytes = xcalloc(1, room);
	ret_packed->size = ZSTD_compress(ret_packed->bytes, room, text, length, 1);
}

static void what_is_packed_comes_out_as_it_was(void **state)
{
	_cleanup_free_ char *longest = xcalloc(1, FACTS_STORED_MAX + 1);
	const char *const texts[] = { "", "{}", facts, "{\"os\":{\"name\":\"Zoë's Linux\"}}",
				      longest };

	(void)state;
	/* Nothing in it is like anything else, so that it is packed into more than it was. */
	for (size_t i = 0; i < FACTS_STORED_MAX; i++)
		longest[i] = (char)(1 + i * i * 7919 % 251);
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		_cleanup_(packed_done) struct packed packed = { 0 };
		_cleanup_free_ char *text = NULL;

		pack(texts[i], &packed);
		assert_int_equal(facts_text_unpack(packed.bytes, packed.size, &text, NULL), 0);
		assert_string_equal(text, texts[i]);
	}
}

/* The first dictionary has these in it; without one they would take a thousand bytes. */
static void what_machines_say_is_much_smaller(void **state)
{
	_cleanup_free_ char *samples = NULL;
	char *rest, *line;
	int n = 0;

	(void)state;
	assert_int_equal(file_read_at(AT_FDCWD, "collector/data/facts-1.samples",
				      (size_t)1024 * 1024, &samples, NULL, NULL),
			 0);
	for (line = strtok_r(samples, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		_cleanup_(packed_done) struct packed packed = { 0 };

		pack(line, &packed);
		assert_true(packed.size < 100);
		n++;
	}
	assert_true(n > 5);
}

/* One bit of a number more, and a device would have the memory that it has not. */
static void no_damaged_bit_gives_other_facts(void **state)
{
	_cleanup_(packed_done) struct packed packed = { 0 };

	(void)state;
	pack(facts, &packed);
	for (size_t bit = 0; bit < packed.size * 8; bit++) {
		_cleanup_free_ char *text = NULL;
		struct err err = { 0 };
		int r;

		packed.bytes[bit / 8] ^= (unsigned char)(1U << bit % 8);
		r = facts_text_unpack(packed.bytes, packed.size, &text, &err);
		packed.bytes[bit / 8] ^= (unsigned char)(1U << bit % 8);
		/* A frame's head has a bit that means nothing. */
		if (r == 0) {
			assert_string_equal(text, facts);
		} else {
			assert_int_equal(r, -EBADMSG);
			assert_true(err.text[0]);
		}
	}
}

static void neither_a_part_nor_more_is_taken(void **state)
{
	_cleanup_(packed_done) struct packed packed = { 0 };
	char *text = NULL;

	(void)state;
	pack(facts, &packed);
	for (size_t size = 0; size < packed.size; size++)
		assert_int_equal(facts_text_unpack(packed.bytes, size, &text, NULL), -EBADMSG);
	packed.bytes = xreallocarray(packed.bytes, packed.size + 1, 1);
	packed.bytes[packed.size] = 0;
	assert_int_equal(facts_text_unpack(packed.bytes, packed.size + 1, &text, NULL), -EBADMSG);
	assert_null(text);
}

static void what_is_too_long_is_refused_both_ways(void **state)
{
	_cleanup_(packed_done) struct packed bomb = { 0 };
	_cleanup_free_ char *longer = xcalloc(1, FACTS_STORED_MAX + 2);
	struct err err = { 0 };
	void *bytes = NULL;
	char *text = NULL;
	size_t size;

	(void)state;
	memset(longer, '1', FACTS_STORED_MAX + 1);
	assert_int_equal(facts_text_pack(longer, &bytes, &size, &err), -EMSGSIZE);
	assert_non_null(strstr(err.text, "262145"));
	pack_otherwise(longer, FACTS_STORED_MAX + 1, &bomb);
	assert_int_equal(facts_text_unpack(bomb.bytes, bomb.size, &text, &err), -EBADMSG);
	assert_null(text);
	assert_non_null(strstr(err.text, "no packed facts"));
}

static void another_dictionary_is_named(void **state)
{
	_cleanup_(packed_done) struct packed packed = { 0 };
	struct err err = { 0 };
	char *text = NULL;

	(void)state;
	pack_otherwise(facts, strlen(facts), &packed);
	assert_int_equal(facts_text_unpack(packed.bytes, packed.size, &text, &err), -EBADMSG);
	assert_non_null(strstr(err.text, "dictionary 0"));
	packed_done(&packed);
	pack(facts, &packed);
	/* The id, in the low byte first, is behind the magic number and a byte. */
	packed.bytes[5]++;
	assert_int_equal(facts_text_unpack(packed.bytes, packed.size, &text, &err), -EBADMSG);
	assert_non_null(strstr(err.text, "dictionary 40002"));
}

/* What is stored today is read with the dictionary of today for ever. */
static void the_first_dictionary_stays_what_it_is(void **state)
{
	static const unsigned char bytes[] = { 0x28, 0xb5, 0x2f, 0xfd, 0x26, 0x41, 0x9c, 0x8a,
					       0xc5, 0x00, 0x00, 0x40, 0x7b, 0x38, 0x38, 0x31,
					       0x39, 0x32, 0x7d, 0x7d, 0x04, 0xfc, 0xc3, 0x49,
					       0x20, 0x5a, 0x92, 0xad, 0xfe, 0x6f, 0x74, 0x4b,
					       0x6a, 0x2d, 0x68, 0xc2, 0x02, 0xdf, 0xc2 };
	_cleanup_free_ char *text = NULL;

	(void)state;
	assert_int_equal(facts_text_unpack(bytes, sizeof(bytes), &text, NULL), 0);
	assert_string_equal(text, facts);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_packed_comes_out_as_it_was),
		cmocka_unit_test(what_machines_say_is_much_smaller),
		cmocka_unit_test(no_damaged_bit_gives_other_facts),
		cmocka_unit_test(neither_a_part_nor_more_is_taken),
		cmocka_unit_test(what_is_too_long_is_refused_both_ways),
		cmocka_unit_test(another_dictionary_is_named),
		cmocka_unit_test(the_first_dictionary_stays_what_it_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
