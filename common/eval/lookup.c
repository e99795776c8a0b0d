/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "common/base/mem.h"
#include "common/eval/lookup.h"
#include "common/model/facts.h"
#include "common/model/profile.h"

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

static json_t *find_endpoint(const json_t *list, const char *endpoint)
{
	json_t *item;
	size_t i;

	json_array_foreach ((json_t *)list, i, item) {
		const char *host = json_string_value(lookup(item, "host", NULL));

		if (host && strcmp(host, endpoint) == 0)
			return item;
	}
	return NULL;
}

static json_t *untried_endpoint(const struct fact *list, const char *endpoint)
{
	_cleanup_free_ char *why = xasprintf("the device has not tried %s yet", endpoint);
	json_t *item = json_object();

	for (const struct fact *f = list->members; f->name; f++)
		json_object_set_new(item, f->name, fact_unknown(why));
	json_object_set_new(item, "host", json_string(endpoint));
	return item;
}

json_t *lookup_items(const struct check *check, const json_t *list)
{
	json_t *items;

	if (!check->endpoints)
		return json_incref((json_t *)list);
	items = json_array();
	for (const char *const *endpoint = check->endpoints; *endpoint; endpoint++) {
		json_t *item = find_endpoint(list, *endpoint);

		if (item)
			json_array_append(items, item);
		else
			json_array_append_new(items, untried_endpoint(check->fact, *endpoint));
	}
	return items;
}
