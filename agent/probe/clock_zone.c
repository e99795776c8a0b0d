/* SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <stddef.h>
#include <string.h>

#include "agent/probe/clock_zone.h"
#include "common/base/mem.h"
#include "common/base/text.h"

bool clock_zone_is_valid(const char *name)
{
	size_t len = strlen(name);

	if (len == 0 || len > CLOCK_ZONE_MAX || name[len - 1] == '/')
		return false;
	for (size_t i = 0; i < len; i++) {
		if (name[i] == '/' ? i == 0 || name[i - 1] == '/'
				   : !isalnum((unsigned char)name[i]) && !strchr("_+-", name[i]))
			return false;
	}
	return isalpha((unsigned char)name[0]);
}

char *clock_zone_of_path(const char *path)
{
	static const char folder[] = "/zoneinfo/";
	static const char *const variants[] = { "posix/", "right/" };
	const char *name = strstr(path, folder);

	if (!name)
		return NULL;
	name += strlen(folder);
	for (size_t i = 0; i < ARRAY_SIZE(variants); i++) {
		if (text_starts(name, variants[i])) {
			name += strlen(variants[i]);
			break;
		}
	}
	return clock_zone_is_valid(name) ? xstrdup(name) : NULL;
}
