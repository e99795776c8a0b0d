/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An error in a composed document is one in the supplement that it was composed with, and
 * is told with its place there: nobody wrote the document.
 */
#include <stdlib.h>
#include <string.h>

#include "collector/domain/supplement.h"
#include "common/base/mem.h"
#include "common/base/text.h"

/* Of a composed document: what it was composed from is at most this deep. */
enum { PLACE_MAX = PROFILE_DEPTH_MAX + 8 };

/* The member of @json whose name @path begins with; NULL: it has none such. */
static const char *first_member(const json_t *json, const char *path)
{
	const char *longest = NULL, *key;
	json_t *value;

	json_object_foreach ((json_t *)json, key, value) {
		size_t len = strlen(key);

		if (text_starts(path, key) && (path[len] == '\0' || strchr(".[", path[len])) &&
		    (!longest || len > strlen(longest)))
			longest = key;
	}
	return longest;
}

/* Refuse with @what at @path, as in "requirements[2].check.fact", of the supplement. */
static int error_at(const struct supplement *supplement, const char *path, const char *what,
		    struct err *err)
{
	struct node nodes[PLACE_MAX] = { supplement_node(supplement) };
	size_t n = 1;

	while (*path && n < PLACE_MAX) {
		const struct node *above = &nodes[n - 1];
		const char *key;
		char *end;

		if (*path == '[') {
			nodes[n++] = node_item(above, strtoul(path + 1, &end, 10));
			path = end + (*end == ']');
			continue;
		}
		path += *path == '.';
		key = first_member(above->value, path);
		/* What is missing is the last that a path names. */
		nodes[n++] = node_member(above, key ? key : path);
		path += key ? strlen(key) : strlen(path);
	}
	return node_error(&nodes[n - 1], err, "%s", what);
}

/* The place in the supplement's requirements of what it says of @id; -1: nothing. */
static int find_said(const struct supplement *supplement, const char *id, bool *ret_tightens)
{
	const json_t *list = json_object_get(supplement->json, "requirements");

	for (size_t i = 0; id && i < json_array_size(list); i++) {
		const json_t *item = json_array_get(list, i);
		const char *own = json_string_value(json_object_get(item, "id"));
		const char *tightens = json_string_value(json_object_get(item, "tightens"));

		*ret_tightens = tightens != NULL;
		if (strcmp(own ? own : tightens ? tightens : "", id) == 0)
			return (int)i;
	}
	return -1;
}

/*
 * The path in the supplement of what has @path in the document, owned by the caller; NULL:
 * it came from elsewhere.
 */
static char *path_in_supplement(const struct supplement *supplement, const json_t *document,
				const char *path)
{
	static const char list[] = "requirements[", added[] = ".check.all_of[";
	const json_t *tables = json_object_get(supplement->json, "tables");
	const json_t *item, *all, *said;
	size_t list_item;
	bool tightens;
	char *rest;
	int index;

	if (text_starts(path, "tables."))
		return first_member(tables, path + strlen("tables.")) ? xstrdup(path) : NULL;
	if (!text_starts(path, list))
		return NULL;
	item = json_array_get(json_object_get(document, "requirements"),
			      strtoul(path + strlen(list), &rest, 10));
	index = find_said(supplement, json_string_value(json_object_get(item, "id")), &tightens);
	if (index < 0 || *rest++ != ']')
		return NULL;
	said = json_array_get(json_object_get(supplement->json, "requirements"), (size_t)index);
	if (!tightens)
		return xasprintf("requirements[%d]%s", index, rest);
	if (!json_object_get(said, "check"))
		return NULL;
	/* What is of the check as a whole is of the part that was added, which stands last in it.
	 */
	if (strcmp(rest, ".check") == 0)
		return xasprintf("requirements[%d].check", index);
	list_item = text_starts(rest, added) ? strtoul(rest + strlen(added), &rest, 10) : 0;
	all = json_object_get(json_object_get(item, "check"), "all_of");
	if (*rest != ']' || list_item + 1 != json_array_size(all))
		return NULL;
	return xasprintf("requirements[%d].check%s", index, rest + 1);
}

bool supplement_tell(const struct supplement *supplement, const json_t *document, const char *said,
		     struct err *err)
{
	const char *text = said + strcspn(said, ":") + 1;
	_cleanup_free_ char *path = NULL, *place = NULL;
	const char *what;

	text += strspn(text, "0123456789: ");
	what = strstr(text, ": ");
	if (!what)
		return false;
	path = xstrndup(text, (size_t)(what - text));
	place = path_in_supplement(supplement, document, path);
	if (!place)
		return false;
	(void)error_at(supplement, place, what + 2, err);
	return true;
}

struct node supplement_node(const struct supplement *supplement)
{
	return (struct node){ .value = supplement->json,
			      .key = "",
			      .source = supplement->text,
			      .file = supplement->file };
}
