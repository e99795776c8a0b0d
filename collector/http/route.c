/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "collector/http/route.h"

const char *const access_words[] = {
	[ACCESS_ANYBODY] = "anybody", [ACCESS_ENROLLMENT] = "enrollment",
	[ACCESS_DEVICE] = "device",   [ACCESS_STAFF] = "staff",
	[ACCESS_MAX_] = NULL,
};

static bool is_path(const char *path, const struct target *target)
{
	if (target->is_folder)
		return false;
	for (size_t i = 0; i < target->n_segments; i++) {
		size_t len;

		if (*path++ != '/')
			return false;
		len = strcspn(path, "/");
		if (*path != ':' && (strlen(target->segments[i]) != len ||
				     strncmp(path, target->segments[i], len) != 0))
			return false;
		path += len;
	}
	return *path == '\0';
}

static bool is_method(const struct route *route, const char *method)
{
	return strcmp(route->method, method) == 0 ||
	       (strcmp(route->method, "GET") == 0 && strcmp(method, "HEAD") == 0);
}

static void allow_add(char allow[static ROUTE_ALLOW_SIZE], const char *method)
{
	size_t n = strlen(allow);

	snprintf(allow + n, ROUTE_ALLOW_SIZE - n, "%s%s", n > 0 ? ", " : "",
		 strcmp(method, "GET") == 0 ? "GET, HEAD" : method);
}

/* The route of one table; the methods of those that only have the path go to @allow. */
static const struct route *find_in(const struct route *table, const char *method,
				   const struct target *target, char allow[static ROUTE_ALLOW_SIZE])
{
	for (const struct route *route = table; route->method; route++) {
		if (!is_path(route->path, target))
			continue;
		if (is_method(route, method))
			return route;
		allow_add(allow, route->method);
	}
	return NULL;
}

int route_find(const struct route *const *tables, const char *method, const struct target *target,
	       const struct route **ret_route, char allow[static ROUTE_ALLOW_SIZE])
{
	const struct route *found = NULL;

	allow[0] = '\0';
	for (; *tables && !found; tables++)
		found = find_in(*tables, method, target, allow);
	if (!found)
		return allow[0] ? -EOPNOTSUPP : -ENOENT;
	*ret_route = found;
	return 0;
}

size_t route_row(const struct route *const *tables, const struct route *route)
{
	size_t row = 0;

	for (; *tables; tables++) {
		for (const struct route *at = *tables; at->method; at++, row++) {
			if (at == route)
				return row;
		}
	}
	return row;
}

const char *route_param(const struct route *route, const struct target *target, const char *name)
{
	const char *path = route->path;

	for (size_t i = 0; *path && i < target->n_segments; i++) {
		size_t len = strcspn(++path, "/");

		if (*path == ':' && strlen(name) == len - 1 &&
		    strncmp(path + 1, name, len - 1) == 0)
			return target->segments[i];
		path += len;
	}
	return NULL;
}

const char *route_body_type(const struct route *route)
{
	/* Here and not in the rows, since it would be the same in nearly all of them. */
	static const struct {
		const char *path, *type;
	} files[] = {
		{ "/v1/people/import", "text/csv" },
		{ "/v1/inventory/imports", "text/csv" },
		{ "/v1/inventory/imports/:id/commit", "text/csv" },
		{ "/v1/sites/imports", "text/csv" },
		{ "/v1/sites/imports/:id/commit", "text/csv" },
		{ "/v1/rooms/imports", "text/csv" },
		{ "/v1/rooms/imports/:id/commit", "text/csv" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		if (strcmp(files[i].path, route->path) == 0)
			return files[i].type;
	}
	return "application/json";
}
