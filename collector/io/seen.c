/* SPDX-License-Identifier: Apache-2.0 */
#include <search.h>
#include <stdio.h>
#include <string.h>

#include "collector/io/seen.h"
#include "common/base/mem.h"

struct seen_name {
	unsigned line;
	char key[];
};

static int compare(const void *a, const void *b)
{
	return strcmp(((const struct seen_name *)a)->key, ((const struct seen_name *)b)->key);
}

unsigned seen_add(struct seen *seen, const char *kind, const char *name, unsigned line)
{
	size_t size = strlen(kind) + strlen(name) + 2;
	struct seen_name *entry = xcalloc(1, sizeof(*entry) + size);
	struct seen_name *const *found;

	/* Control characters are refused before this, so a unit separator is in no name. */
	snprintf(entry->key, size, "%s\x1f%s", kind, name);
	entry->line = line;
	found = tsearch(entry, &seen->tree, compare);
	if (!found)
		abort();
	if (*found == entry)
		return 0;
	free(entry);
	return (*found)->line;
}

void seen_done(struct seen *seen)
{
	tdestroy(seen->tree, free);
	seen->tree = NULL;
}
