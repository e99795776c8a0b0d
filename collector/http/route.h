/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Routes are tables: what can be asked for, by whom, and who answers. Finding
 * one is PURE.
 */

#include <stddef.h>

#include "collector/domain/access.h"
#include "collector/http/target.h"

struct request;
struct response;

/* Whose key or token a route needs; of ACCESS_STAFF, what its role has to allow besides. */
enum access {
	ACCESS_ANYBODY,
	ACCESS_ENROLLMENT, /* whoever has an enrolment key */
	ACCESS_DEVICE,
	ACCESS_STAFF,
	ACCESS_MAX_,
};
extern const char *const access_words[]; /* ended by NULL */

struct route {
	const char *method;       /* GET answers HEAD as well */
	const char *path;         /* a segment :name takes one segment, see request_param() */
	enum access needs;        /* checked before anything else of the request is read */
	enum action may;          /* of staff: what; MAY_NOTHING_ for all others */
	const char *const *query; /* the parameters it knows, ended by NULL; NULL: none */
	size_t body_bytes;        /* at most; 0: it takes no body */
	void (*handle)(struct request *req, struct response *res);
};

#define ROUTE_ALLOW_SIZE 64

/*
 * The route in @tables (ended by NULL; each ended by a row without a method) for
 * @method and the path of @target.
 *
 * -ENOENT: there is none. -EOPNOTSUPP: there is one for other methods, which
 * @allow then names as the Allow field does.
 */
int route_find(const struct route *const *tables, const char *method, const struct target *target,
	       const struct route **ret_route, char allow[static ROUTE_ALLOW_SIZE]) _must_check_;

/* The place of @route among all rows of @tables, from 0; the number of rows if it is in none. */
size_t route_row(const struct route *const *tables, const struct route *route);

/* The type that a body for @route has: application/json, but of a few that take files. Static. */
const char *route_body_type(const struct route *route);

/* What the segment :@name of the route's path is in @target; NULL: it has no such segment. */
const char *route_param(const struct route *route, const struct target *target, const char *name);
