/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/mem.h"
#include "common/model/document.h"
#include "tests/unit/unit.h"

static const struct document_limits limits = { 1024, 4 };

static void expect_refused(const char *text, int code, const char *words)
{
	struct err err = { 0 };
	json_t *json = NULL;

	assert_int_equal(document_parse(text, strlen(text), &limits, &json, &err), code);
	assert_null(json);
	if (!strstr(err.text, words))
		fail_msg("wanted '%s', got '%s'", words, err.text);
}

static void what_is_no_json_is_refused_with_line_and_column(void **state)
{
	(void)state;
	expect_refused("{\n  \"a\": x}", -EINVAL, "2:");
	expect_refused("{\"a\": 1, \"a\": 2}", -EINVAL, "duplicate");
	expect_refused("{\"a\": \"\xff\"}", -EINVAL, "1:");
	expect_refused("{\"a\": 1} x", -EINVAL, "1:");
	expect_refused("", -EINVAL, "1:1");
	expect_refused("1", -EINVAL, "1:");
}

static void depth_and_size_are_bounded_before_parsing(void **state)
{
	char large[2000];
	json_t *json = NULL;

	(void)state;
	expect_refused("[[[[[1]]]]]", -E2BIG, "1:5: nested deeper than 4 levels");
	memset(large, ' ', sizeof(large));
	large[sizeof(large) - 1] = '\0';
	expect_refused(large, -E2BIG, "at most 1024");
	/* Brackets inside a string are no depth. */
	assert_int_equal(document_parse("{\"[[[[[\": \"\\\"[[[[\"}", 19, &limits, &json, NULL), 0);
	json_decref(json);
}

static void an_error_names_file_line_column_and_path(void **state)
{
	static const char text[] = "{\n \"cards\": [\n  {\"bus\": 1},\n  {\"bus\": \"usb\"}]}";
	struct err err = { 0 };
	json_t *json = json_loads(text, 0, NULL);
	struct node root = { .value = json, .key = "", .source = text, .file = "f.json" };
	struct node cards = node_member(&root, "cards");
	struct node card = node_item(&cards, 0);
	struct node bus = node_member(&card, "bus");
	const char *value;
	char *pointer;

	(void)state;
	assert_int_equal(node_text(&bus, 10, &value, &err), -EINVAL);
	assert_string_equal(err.text, "f.json:3:11: cards[0].bus: expected string, got number");
	pointer = node_pointer(&bus);
	assert_string_equal(pointer, "/cards/0/bus");
	free(pointer);
	json_decref(json);
}

static void a_pointer_escapes_what_rfc_6901_says(void **state)
{
	struct node root = { .key = "" };
	struct node member = node_member(&root, "a/b~c");
	_cleanup_free_ char *pointer = node_pointer(&member);

	(void)state;
	assert_string_equal(pointer, "/a~1b~0c");
}

static void equal_documents_have_equal_canonical_bytes(void **state)
{
	json_t *a = json_loads("{\"b\": [1, 2], \"a\": {\"y\": 1, \"x\": 2}}", 0, NULL);
	json_t *b = json_loads("{\"a\":{\"x\":2,\"y\":1},\"b\":[1,2]}", 0, NULL);
	_cleanup_free_ char *text_a = document_canonical(a);
	_cleanup_free_ char *text_b = document_canonical(b);

	(void)state;
	assert_string_equal(text_a, text_b);
	json_decref(a);
	json_decref(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_no_json_is_refused_with_line_and_column),
		cmocka_unit_test(depth_and_size_are_bounded_before_parsing),
		cmocka_unit_test(an_error_names_file_line_column_and_path),
		cmocka_unit_test(a_pointer_escapes_what_rfc_6901_says),
		cmocka_unit_test(equal_documents_have_equal_canonical_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
