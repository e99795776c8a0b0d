/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Looking at a device
 *
 * Probes run in a child process, one after the other, and each has a deadline.
 * What they read comes from whoever plugs something in: a probe that hangs on
 * a dead network mount, or crashes, makes its own facts unknown, and a new
 * child goes on with the next.
 */

#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include "agent/probe.h"

/* What one probe may say, as JSON: all of them together fit a report (REPORT_BYTES_MAX). */
#define LOOK_PROBE_BYTES_MAX ((size_t)16 * 1024)

/* What a probe cost, its helpers included. */
struct look_cost {
	int64_t wall_us, cpu_us;
	size_t bytes; /* of its facts, as JSON */
};

/*
 * Run the @n probes @wanted on @env. The result, owned by the caller, has one
 * member for each and every member of that which facts_table knows: what could
 * not be observed is {"unknown": why}.
 *
 * @ret_costs, if not NULL, is an array of @n that is filled in; a probe that
 * did not end by itself has no costs but the time that was waited for it.
 */
json_t *look_with(const struct env *env, const struct probe *const *wanted, size_t n,
		  struct look_cost *ret_costs) _must_check_;
