/* SPDX-License-Identifier: Apache-2.0 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "agent/probe/ieee1284.h"
#include "common/base/mem.h"

#define SPACES " \t\r\n"

const char *const ieee1284_maker[] = { "MFG", "MANUFACTURER", NULL };
const char *const ieee1284_model[] = { "MDL", "MODEL", "DES", "DESCRIPTION", NULL };

static char *find_key(const char *id, const char *key)
{
	size_t key_len = strlen(key);

	while (*id) {
		size_t len;

		id += strspn(id, SPACES ";");
		len = strcspn(id, ";");
		if (len > key_len && strncasecmp(id, key, key_len) == 0 && id[key_len] == ':') {
			const char *value = id + key_len + 1;
			const char *end = id + len;

			value += strspn(value, SPACES);
			while (end > value && strchr(SPACES, end[-1]))
				end--;
			return end > value ? xstrndup(value, (size_t)(end - value)) : NULL;
		}
		id += len;
	}
	return NULL;
}

char *ieee1284_value(const char *id, const char *const *keys)
{
	for (; *keys; keys++) {
		char *value = find_key(id, *keys);

		if (value)
			return value;
	}
	return NULL;
}

/* "HP LaserJet" names Hewlett-Packard already. */
static bool begins_with_initials(const char *model, const char *maker)
{
	size_t n = 0;

	for (size_t i = 0; maker[i]; i++) {
		if (i > 0 && maker[i - 1] != ' ' && maker[i - 1] != '-')
			continue;
		if (model[n++] != maker[i])
			return false;
	}
	return n > 1 && model[n] == ' ';
}

char *ieee1284_make_model(const char *id)
{
	_cleanup_free_ char *maker = ieee1284_value(id, ieee1284_maker);
	_cleanup_free_ char *model = ieee1284_value(id, ieee1284_model);

	if (!model)
		return NULL;
	if (!maker || strncasecmp(model, maker, strlen(maker)) == 0 ||
	    begins_with_initials(model, maker))
		return TAKE_PTR(model);
	return xasprintf("%s %s", maker, model);
}
