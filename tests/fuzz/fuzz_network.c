/* SPDX-License-Identifier: Apache-2.0 */
/* What a helper may say of servers, a JSON object a line, makes facts that the collector takes. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "agent/probe/network_endpoint.h"
#include "common/model/endpoint.h"
#include "common/model/facts.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static json_t *read_lines(const char *text, size_t size)
{
	json_t *lines = json_array();

	for (const char *end = text + size; text < end;) {
		const char *newline = memchr(text, '\n', (size_t)(end - text));
		const char *stop = newline ? newline : end;

		json_array_append_new(lines, json_loadb(text, (size_t)(stop - text),
							JSON_REJECT_DUPLICATES, NULL));
		text = stop + 1;
	}
	return lines;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const endpoints[] = { "a.example", "b.example:8443", NULL };
	json_t *lines = read_lines((const char *)data, size);
	json_t *facts = json_pack("{s:{}}", "network");
	struct endpoint endpoint;
	char text[64] = "";

	json_object_set_new(json_object_get(facts, "network"), "endpoints",
			    endpoints_read(endpoints, lines));
	facts_complete(facts, "not looked at");
	if (facts_check(facts, "", NULL, NULL) < 0)
		abort();

	if (size > 0)
		memcpy(text, data, size < sizeof(text) ? size : sizeof(text) - 1);
	if (endpoint_parse(text, &endpoint, NULL) >= 0 && (!endpoint.host[0] || !endpoint.port))
		abort();
	json_decref(facts);
	json_decref(lines);
	return 0;
}
