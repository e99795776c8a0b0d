/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * A few threads that do what is handed to them, in the order in which it came. The line is
 * bounded and nobody may have more than a share of its places: one account that asks for a
 * thousand pages makes itself wait.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sys/queue.h>

#include "common/base/base.h"
#include "common/base/err.h"

struct pool;

/* Something to do; it must be zeroed but for what is set here. */
struct task {
	STAILQ_ENTRY(task) tasks;
	uint64_t owner; /* whose share its place is of; 0: nobody's */
	bool has_place; /* set by pool_reserve() */
	/* From a thread of the pool. The task may be gone when it returns. */
	void (*run)(struct task *task);
};

struct pool_config {
	unsigned threads;
	size_t places;
	size_t share; /* places of one owner */
	int nice;     /* by how much the threads stand back behind others, 0 to 19 */
};

/* On success *@ret_pool is owned by the caller: pool_close(), pool_join(), then pool_free() it. */
int pool_start(const struct pool_config *config, struct pool **ret_pool,
	       struct err *err) _must_check_;

/*
 * Keep a place for @task until it is being run. In two steps, so that a full line is known
 * before a connection is put to sleep: pool_add() must follow.
 * -EAGAIN: full. -EDQUOT: its owner's share is full. -ESHUTDOWN: closed.
 */
int pool_reserve(struct pool *pool, struct task *task) _must_check_;
/*
 * Let @task be run. Without pool_reserve() only where something else bounds how many there are.
 * -ESHUTDOWN: closed, so it will not be; never for one that has a place.
 */
int pool_add(struct pool *pool, struct task *task) _must_check_;

/* How many have a place that are not being run yet. */
size_t pool_depth(struct pool *pool);

/* Take no more; what was added is still done. */
void pool_close(struct pool *pool);
/* Wait until all is done; after pool_close(). */
void pool_join(struct pool *pool);
/* After pool_join(), when nobody adds to it any more. */
void pool_free(struct pool *pool);
