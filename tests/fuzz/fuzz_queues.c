/* SPDX-License-Identifier: Apache-2.0 */
/* What the helper cups says of queues, one JSON object a line: facts, or refused. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "agent/probe/queues.h"
#include "common/model/facts.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The lines of @data that are objects; json_decref() them. */
static json_t *lines_of(const char *data, size_t size)
{
	json_t *lines = json_array();

	while (size > 0) {
		const char *newline = memchr(data, '\n', size);
		size_t len = newline ? (size_t)(newline - data) : size;
		json_t *line = json_loadb(data, len, JSON_REJECT_DUPLICATES, NULL);

		if (json_is_object(line))
			json_array_append(lines, line);
		json_decref(line);
		len += newline ? 1 : 0;
		data += len;
		size -= len;
	}
	return lines;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	json_t *lines = lines_of((const char *)data, size);
	json_t *facts = json_object(), *printer = json_object(), *queues = NULL;
	struct err err;

	if (queues_of(lines, &queues, &err) >= 0) {
		json_object_set_new(printer, "queues", queues);
		json_object_set_new(facts, "printer", printer);
		facts_complete(facts, "not looked at");
		if (facts_check(facts, "", NULL, &err) < 0)
			abort();
	} else {
		json_decref(printer);
		if (!err.text[0])
			abort();
	}
	json_decref(facts);
	json_decref(lines);
	return 0;
}
