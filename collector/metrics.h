/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * What the collector counts about itself since it started, and how that is written for
 * Prometheus (text format 0.0.4). Counters are adds to atomics, from any thread, and
 * never wait. Nothing here names a school, a device or a key.
 */

#include <stddef.h>
#include <stdint.h>

#include "collector/http/problem.h"
#include "collector/http/route.h"

/* More rows than there are routes; what is beyond is counted as no route. */
#define METRICS_ROUTES_MAX 96
#define METRICS_NO_ROUTE METRICS_ROUTES_MAX

/* The clock of every duration here: microseconds since some time. */
int64_t metrics_now_us(void);

/*
 * A request was answered with @status after @us. @row is its place among all routes, see
 * route_row(). @problem says why it was refused, PROBLEM_MAX_ where it was not.
 */
void metrics_request(size_t row, int status, enum problem_id problem, int64_t us);
/* A connection ended, or was cut, before its request had an answer. */
void metrics_cut(void);
/* A transaction with @n_jobs is on disk, @us after it began. */
void metrics_commit(size_t n_jobs, int64_t us);
/* A transaction failed because the store could not be written. */
void metrics_commit_failed(void);

/* What is asked when somebody looks, and not counted. */
struct metrics_gauge {
	const char *name;
	const char *help;  /* NULL: as the one before, which has the same name */
	const char *label; /* as in state="ready", or NULL */
	int64_t value;
};

/*
 * All of it as text, with @gauges behind; routes are named by @routes (ended by NULL).
 * Owned by the caller.
 */
char *metrics_text(const struct route *const *routes, const struct metrics_gauge *gauges,
		   size_t n_gauges) _must_check_;
