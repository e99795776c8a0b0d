/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The target of a request: path, query, route, cursor. What is taken has no part
 * that could be read as another path.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "collector/api/api.h"
#include "collector/view/cursor.h"
#include "common/base/mem.h"
#include "common/base/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_text(const char *text)
{
	if (!text_is_utf8(text, strlen(text)))
		abort();
	for (const char *c = text; *c; c++) {
		if ((unsigned char)*c < 0x20 || *c == 0x7f)
			abort();
	}
}

static void check_target(const struct target *target)
{
	for (size_t i = 0; i < target->n_segments; i++) {
		const char *segment = target->segments[i];

		check_text(segment);
		if (!segment[0] || strchr(segment, '/') || strcmp(segment, ".") == 0 ||
		    strcmp(segment, "..") == 0)
			abort();
	}
	for (size_t i = 0; i < target->n_parameters; i++) {
		const struct parameter *parameter = &target->parameters[i];

		check_text(parameter->name);
		check_text(parameter->value);
		if (target_parameter(target, parameter->name) != parameter->value)
			abort();
	}
}

static void check_route(const struct target *target)
{
	const struct route *route = NULL;
	char allow[ROUTE_ALLOW_SIZE];

	if (route_find(api_routes, "GET", target, &route, allow) < 0)
		return;
	if (strstr(route->path, ":code") && !route_param(route, target, "code"))
		abort();
}

static void check_cursor(const char *cursor)
{
	const char *texts[3];
	struct err err = { 0 };
	json_t *json;

	if (!cursor)
		return;
	if (cursor_read(cursor, "risk", 3, texts, &json, &err) < 0) {
		if (!err.text[0])
			abort();
		return;
	}
	/* What we read we would write, so that it can be read again. */
	free(cursor_write(texts, 3));
	json_decref(json);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_free_ char *text = xstrndup((const char *)data, size);
	struct err err = { 0 };
	struct target target;

	if (target_parse(text, &target, &err) < 0) {
		if (!err.text[0])
			abort();
		return 0;
	}
	check_target(&target);
	check_route(&target);
	check_cursor(target_parameter(&target, "cursor"));
	target_done(&target);
	return 0;
}
