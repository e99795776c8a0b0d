/* SPDX-License-Identifier: Apache-2.0 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "agent/probe/settings.h"
#include "common/base/mem.h"

static const char blank[] = " \t\r";

/* What is left of @len bytes of @at without white space at both ends. */
static const char *trim(const char *at, size_t *len)
{
	size_t begin = strspn(at, blank);

	begin = begin < *len ? begin : *len;
	at += begin;
	*len -= begin;
	while (*len > 0 && strchr(blank, at[*len - 1]))
		(*len)--;
	return at;
}

static bool is_word(const char *at, size_t len, const char *word)
{
	return strlen(word) == len && strncmp(at, word, len) == 0;
}

char *settings_value(const char *text, const char *group, const char *key)
{
	bool is_inside = false;
	char *value = NULL;

	for (const char *next = text; *next;) {
		size_t len = strcspn(next, "\n"), key_len, value_len;
		const char *line = next, *equals;

		next += len;
		next += *next == '\n';
		line = trim(line, &len);
		if (len > 1 && line[0] == '[' && line[len - 1] == ']')
			is_inside = is_word(line + 1, len - 2, group);
		/* A comment is a key that begins with #, for which nobody asks. */
		equals = is_inside ? memchr(line, '=', len) : NULL;
		if (!equals)
			continue;
		key_len = (size_t)(equals - line);
		value_len = len - key_len - 1;
		line = trim(line, &key_len);
		equals = trim(equals + 1, &value_len);
		if (is_word(line, key_len, key)) {
			free(value);
			value = xstrndup(equals, value_len);
		}
	}
	return value;
}
