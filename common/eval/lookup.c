/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "common/eval/lookup.h"
#include "common/model/facts.h"

const json_t *lookup(const json_t *within, const char *path, const char **ret_why)
{
	const char *why = NULL;
	const json_t *value = within;

	if (strcmp(path, ".") == 0)
		path = "";
	while (*path && !(why = fact_unknown_reason(value))) {
		size_t len = strcspn(path, ".");

		value = json_object_getn(value, path, len);
		if (!value) {
			why = "this version of the agent does not report it";
			break;
		}
		path += len + (path[len] == '.');
	}
	if (!why)
		why = fact_unknown_reason(value);
	if (ret_why)
		*ret_why = why;
	return why ? NULL : value;
}
