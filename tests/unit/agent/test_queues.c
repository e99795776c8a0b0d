/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <string.h>

#include "agent/probe/fact.h"
#include "agent/probe/queues.h"
#include "common/base/mem.h"
#include "common/model/facts.h"
#include "tests/unit/unit.h"

/* The one queue that the line @text tells of; json_decref() it. */
static json_t *queue_of(const char *text)
{
	json_t *lines = json_array(), *queues = NULL, *queue;
	json_t *line = json_loads(text, 0, NULL);

	assert_non_null(line);
	json_array_append_new(lines, line);
	assert_int_equal(queues_of(lines, &queues, NULL), 0);
	assert_int_equal(json_array_size(queues), 1);
	queue = json_incref(json_array_get(queues, 0));
	json_decref(queues);
	json_decref(lines);
	return queue;
}

static void assert_word(json_t *queue, const char *name, const char *expected)
{
	const json_t *value = json_object_get(queue, name);

	if (!expected) {
		assert_non_null(fact_unknown_reason(value));
		return;
	}
	assert_non_null(json_string_value(value));
	assert_string_equal(json_string_value(value), expected);
}

static void a_queue_is_reached_as_its_scheme_says(void **state)
{
	static const struct {
		const char *line, *connection;
	} cases[] = {
		{ "'scheme':'usb'", "usb" },
		{ "'scheme':'hp','via':'usb'", "usb" },
		{ "'scheme':'hp','via':'net'", "network" },
		{ "'scheme':'hp','via':'par'", "parallel" },
		{ "'scheme':'hp','via':'new'", NULL },
		{ "'scheme':'hp'", NULL },
		{ "'scheme':'ipp'", "network" },
		{ "'scheme':'ipps','via':'usb'", "usb" },
		{ "'scheme':'ipp','via':'localhost','port':60000", "usb" },
		{ "'scheme':'ipp','via':'localhost','port':59999", NULL },
		{ "'scheme':'ipp','via':'localhost'", NULL },
		{ "'scheme':'socket','via':'localhost','port':60000", NULL },
		{ "'scheme':'lpd'", "network" },
		{ "'scheme':'smb'", "network" },
		{ "'scheme':'parallel'", "parallel" },
		{ "'scheme':'serial'", "serial" },
		{ "'scheme':'cups-brf'", "virtual" },
		{ "'scheme':'file'", "virtual" },
		{ "'scheme':'class'", NULL },
		{ "'scheme':'never-heard-of'", NULL },
		{ "'scheme':''", NULL },
		{ "'scheme':5", NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		_cleanup_free_ char *text = xasprintf("{'name':'q',%s}", cases[i].line);
		json_t *queue;

		for (char *c = text; *c; c++)
			*c = *c == '\'' ? '"' : *c;
		queue = queue_of(text);
		assert_word(queue, "connection", cases[i].connection);
		json_decref(queue);
	}
}

static void an_embosser_is_told_by_its_driver_or_by_what_it_calls_itself(void **state)
{
	json_t *queue = queue_of("{\"name\":\"q\",\"make_model\":\"Index Basic-D V4/V5, 1.0\","
				 "\"scheme\":\"socket\"}");

	(void)state;
	assert_word(queue, "kind", "embosser");
	json_decref(queue);
	queue = queue_of("{\"name\":\"q\",\"make_model\":\"Local Raw Printer\",\"scheme\":\"usb\","
			 "\"usb_maker\":\"Index\",\"usb_product\":\"Everest-D\"}");
	assert_word(queue, "kind", "embosser");
	json_decref(queue);
	queue = queue_of("{\"name\":\"q\",\"make_model\":\"Generic Braille embosser, 1.0\","
			 "\"scheme\":\"cups-brf\"}");
	assert_word(queue, "kind", "printer");
	json_decref(queue);
	queue = queue_of("{\"name\":\"q\",\"make_model\":\"Generic UBRL generator, 1.0\","
			 "\"scheme\":\"usb\"}");
	assert_word(queue, "kind", "printer");
	json_decref(queue);
}

static void a_state_that_is_not_said_is_unknown(void **state)
{
	static const struct {
		const char *line, *state;
	} cases[] = {
		{ "{\"name\":\"q\",\"state\":3}", "idle" },
		{ "{\"name\":\"q\",\"state\":4}", "printing" },
		{ "{\"name\":\"q\",\"state\":5}", "stopped" },
		{ "{\"name\":\"q\",\"state\":2}", NULL },
		{ "{\"name\":\"q\",\"state\":6}", NULL },
		{ "{\"name\":\"q\",\"state\":-1}", NULL },
		{ "{\"name\":\"q\",\"state\":9223372036854775807}", NULL },
		{ "{\"name\":\"q\",\"state\":\"idle\"}", NULL },
		{ "{\"name\":\"q\"}", NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		json_t *queue = queue_of(cases[i].line);

		assert_word(queue, "state", cases[i].state);
		/* Nor is anything else that CUPS does not say. */
		assert_word(queue, "reasons", NULL);
		assert_word(queue, "accepting", NULL);
		assert_word(queue, "make_model", NULL);
		json_decref(queue);
	}
}

static void a_stopped_queue_keeps_its_reasons(void **state)
{
	json_t *queue = queue_of("{\"name\":\"q\",\"state\":5,\"accepting\":false,"
				 "\"reasons\":[\"none\",\"paused\",\"\",7,\"media-empty-error\"]}");
	json_t *expected = json_pack("[s,s]", "paused", "media-empty-error");

	(void)state;
	assert_true(json_equal(json_object_get(queue, "reasons"), expected));
	assert_true(json_is_false(json_object_get(queue, "accepting")));
	json_decref(expected);
	json_decref(queue);
	queue = queue_of("{\"name\":\"q\",\"reasons\":[\"none\"]}");
	assert_int_equal(json_array_size(json_object_get(queue, "reasons")), 0);
	assert_null(fact_unknown_reason(json_object_get(queue, "reasons")));
	json_decref(queue);
}

/* @n queues whose names are @len letters long. */
static int many(int n, size_t len, json_t **ret_queues)
{
	json_t *lines = json_array();
	char name[1025] = "";
	int r;

	memset(name, 'n', len);
	for (int i = 0; i < n; i++)
		json_array_append_new(lines, json_pack("{s:s}", "name", name));
	r = queues_of(lines, ret_queues, NULL);
	json_decref(lines);
	return r;
}

static void a_list_is_whole_or_none(void **state)
{
	json_t *queues = NULL, *nameless = json_pack("[{s:s}]", "scheme", "usb");

	(void)state;
	assert_int_equal(many(FACT_ITEMS_MAX + 1, 1, &queues), -E2BIG);
	assert_int_equal(many(FACT_ITEMS_MAX, 1024, &queues), -E2BIG);
	assert_int_equal(queues_of(nameless, &queues, NULL), -EPROTO);
	assert_null(queues);
	assert_int_equal(many(20, 20, &queues), 0);
	assert_int_equal(json_array_size(queues), 20);
	json_decref(queues);
	json_decref(nameless);
}

static void a_queue_that_was_made_for_a_moment_is_left_out(void **state)
{
	json_t *lines = json_pack("[{s:s, s:b}, {s:s, s:b}]", "name", "gone", "temporary", 1,
				  "name", "stays", "temporary", 0);
	json_t *queues = NULL;

	(void)state;
	assert_int_equal(queues_of(lines, &queues, NULL), 0);
	assert_int_equal(json_array_size(queues), 1);
	assert_word(json_array_get(queues, 0), "name", "stays");
	json_decref(queues);
	json_decref(lines);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_queue_is_reached_as_its_scheme_says),
		cmocka_unit_test(an_embosser_is_told_by_its_driver_or_by_what_it_calls_itself),
		cmocka_unit_test(a_state_that_is_not_said_is_unknown),
		cmocka_unit_test(a_stopped_queue_keeps_its_reasons),
		cmocka_unit_test(a_list_is_whole_or_none),
		cmocka_unit_test(a_queue_that_was_made_for_a_moment_is_left_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
