/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * When the writer looks which devices became stale: once a minute at all sites, in parts that
 * a report can wait for, each a transaction; reports are taken in between.
 */

#include <stdint.h>

#include "collector/store/profile_cache.h"
#include "collector/store/store.h"

/* From the begin of one look to that of the next. */
#define SWEEPING_MS ((int64_t)60 * 1000)

/* Of the writer's thread. All zero at the start, when a look is due. */
struct sweeping {
	char *after;      /* sites up to it are done; NULL: no look goes on */
	int64_t begun_ms; /* of the one that goes on, by clock_now_ms() */
	int64_t next_ms;  /* when the next one begins, by clock_boot_ms() */
};
void sweeping_done(struct sweeping *sweeping);

/* In how many ms sweeping_run() is due; 0: now. */
int64_t sweeping_wait_ms(const struct sweeping *sweeping);
/*
 * Do the next part. 1: there are more; 0: all sites were looked at since *@ret_since_ms or
 * later, by clock_now_ms(). On failure the next look is due in a minute.
 */
int sweeping_run(struct sweeping *sweeping, struct store *store, struct profile_cache *profiles,
		 int64_t *ret_since_ms, struct err *err) _must_check_;
