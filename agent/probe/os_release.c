/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "agent/probe/os_release.h"
#include "common/base/mem.h"

/* What a shell would make of @len bytes after KEY=; owned by the caller. */
static char *unquote(const char *from, size_t len)
{
	const char *end = from + len;
	char *value = xstrndup(from, len);
	char *to = value;
	char quote = '\0';

	for (; from < end; from++) {
		if (!quote && (*from == '"' || *from == '\'')) {
			quote = *from;
		} else if (quote && *from == quote) {
			quote = '\0';
		} else if (!quote && (*from == ' ' || *from == '\t' || *from == '\r')) {
			break;
		} else {
			if (*from == '\\' && quote != '\'' && from + 1 < end)
				from++;
			*to++ = *from;
		}
	}
	*to = '\0';
	return value;
}

char *os_release_value(const char *text, const char *key)
{
	size_t key_len = strlen(key);
	char *value = NULL;

	for (const char *line = text; *line;) {
		size_t len = strcspn(line, "\n");

		if (len > key_len && strncmp(line, key, key_len) == 0 && line[key_len] == '=') {
			free(value);
			value = unquote(line + key_len + 1, len - key_len - 1);
		}
		line += len;
		line += *line == '\n';
	}
	return value;
}
