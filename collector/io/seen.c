/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>
#include <uthash.h>

#include "collector/io/seen.h"
#include "common/base/mem.h"

struct seen {
	UT_hash_handle hh;
	unsigned line;
	char key[];
};

unsigned seen_add(struct seen **seen, const char *kind, const char *name, unsigned line)
{
	size_t len = strlen(kind) + 1 + strlen(name);
	struct seen *entry = xcalloc(1, sizeof(*entry) + len + 1), *was;

	/* Control characters are refused before this, so a unit separator is in no name. */
	snprintf(entry->key, len + 1, "%s\x1f%s", kind, name);
	HASH_FIND(hh, *seen, entry->key, len, was);
	if (was) {
		free(entry);
		return was->line;
	}
	entry->line = line;
	HASH_ADD_KEYPTR(hh, *seen, entry->key, len, entry);
	return 0;
}

void seen_free(struct seen *seen)
{
	struct seen *entry, *next;

	HASH_ITER(hh, seen, entry, next)
	{
		HASH_DEL(seen, entry);
		free(entry);
	}
}
