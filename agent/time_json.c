/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/time_json.h"
#include "common/base/clock.h"

json_t *time_json(int64_t ms)
{
	char text[CLOCK_TEXT_SIZE];

	return ms ? json_string(clock_text(ms, text)) : json_null();
}

int time_json_read(const struct node *root, const char *key, int64_t *ret_ms, struct err *err)
{
	struct node node = node_member(root, key);
	const char *text;
	int r;

	if (json_is_null(node.value)) {
		*ret_ms = 0;
		return 0;
	}
	r = node_text(&node, CLOCK_TEXT_SIZE, &text, err);
	return r < 0 ? r : clock_parse(text, ret_ms, err);
}
