/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Random checks and random facts that they look at, for what must hold of all of them. The
 * profile around them has a table os and the server a.example.
 */

#include <stdint.h>
#include <string.h>

#include <jansson.h>

#include "common/base/mem.h"

/* xorshift64 (Marsaglia 2003): the same numbers everywhere. */
static uint64_t random_state = 88172645463325252U;
static inline size_t random_below(size_t n)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return (size_t)(random_state % n);
}

#define PICK(list) ((list)[random_below(ARRAY_SIZE(list))])

/* A check with at most @depth joints above each other; owned by the caller. */
static inline char *random_check(size_t depth)
{
	static const char *const leaves[] = {
		"{\"fact\": \"memory.total_mib\", \"at_least\": 2}",
		"{\"fact\": \"memory.total_mib\", \"at_least\": 3}",
		"{\"fact\": \"memory.total_mib\", \"at_most\": 2}",
		"{\"fact\": \"memory.total_mib\", \"is_one_of\": [2, 3]}",
		"{\"fact\": \"audio.headphones\", \"is\": \"absent\"}",
		"{\"fact\": \"audio.muted\", \"is\": true}",
		"{\"fact\": \"os.version_id\", \"version_in\": \"20..22, except 21\"}",
		"{\"fact\": \"os.version_id\", \"version_in\": \"20..22\"}",
		"{\"fact\": \"os.version_id\", \"version_at_least\": \"21.3\"}",
		"{\"fact\": \"os.version_id\", \"is\": \"22.04\"}",
		"{\"fact\": \"os.version_id\", \"like\": \"2*\"}",
		"{\"any\": \"display.screens\", \"where\": {\"fact\": \"width_px\", \"at_least\": "
		"2}}",
		"{\"any\": \"display.screens\", \"where\": {\"fact\": \"width_px\", \"at_least\": "
		"1}}",
		"{\"every\": \"display.screens\", \"where\": {\"fact\": \"width_px\", "
		"\"at_least\": 2}}",
		"{\"count\": \"display.screens\", \"at_least\": 1}",
		"{\"count\": \"display.screens\", \"at_most\": 1}",
		"{\"any\": \"network.endpoints\", \"where\": {\"fact\": \"reachable\", \"is\": "
		"true}}",
		"{\"fact\": \"os\", \"in_table\": \"os\"}",
	};
	static const char *const joints[] = { "all_of", "any_of", "none_of" };
	_cleanup_free_ char *a = NULL, *b = NULL;

	/* The first four are of one fact: what contradicts is found oftener so. */
	if (depth == 0 || random_below(3) == 0)
		return xstrdup(random_below(2) ? PICK(leaves) : leaves[random_below(4)]);
	a = random_check(depth - 1);
	b = random_check(depth - 1);
	return xasprintf("{\"%s\": [%s, %s]}", PICK(joints), a, b);
}

/* json_decref() them. */
static inline json_t *random_facts(void)
{
	static const char unknown[] = "{\"unknown\": \"?\"}";
	const char *const memory[] = { "1", "2", "3", "4", unknown };
	const char *const headphones[] = { "\"present\"", "\"absent\"", unknown };
	const char *const flags[] = { "true", "false", unknown };
	const char *const versions[] = { "\"19\"",   "\"20.1\"",    "\"21\"",      "\"21.3\"",
					 "\"22.4\"", "\"22.04\"",   "\"22.04-a\"", "\"22.04.1\"",
					 "\"23\"",   "\"rolling\"", unknown };
	const char *const screens[] = { "[]",
					"[{\"width_px\": 1}]",
					"[{\"width_px\": 2}]",
					"[{\"width_px\": 1}, {\"width_px\": 2}]",
					"[{}]",
					unknown };
	_cleanup_free_ char *text = xasprintf(
		"{\"memory\": {\"total_mib\": %s}, \"audio\": {\"headphones\": %s, \"muted\": %s}, "
		"\"os\": {\"id\": \"ubuntu\", \"version_id\": %s, \"arch\": \"x86_64\"}, "
		"\"display\": {\"screens\": %s}, \"network\": {\"endpoints\": "
		"[{\"host\": \"a.example\", \"reachable\": %s}]}}",
		PICK(memory), PICK(headphones), PICK(flags), PICK(versions), PICK(screens),
		PICK(flags));

	return json_loads(text, 0, NULL);
}
