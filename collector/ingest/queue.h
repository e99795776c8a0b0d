/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * The bounded queue between the HTTP threads and the one writer. It is taken in the order in which
 * it came, but for what people change, such as files of ten thousand schools, which take a second
 * each: one of those at a time, so that devices wait for one and not for all. And nobody may have
 * more than a share of its places: one device that floods makes itself wait, and not a school.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/ingest/job.h"
#include "common/base/base.h"

struct queue;

struct queue *queue_new(size_t max_jobs, size_t max_bytes) _must_check_;
/* It must be empty. */
void queue_free(struct queue *queue);
DEFINE_CLEANUP(struct queue *, queue_free);

/*
 * Keep a place for @job, of its bytes and in the share of its owner, which must stay
 * as they are. In two steps, so that a full queue is known before a connection is put
 * to sleep.
 * -EAGAIN: full. -EDQUOT: its owner's share is full. -ESHUTDOWN: closed.
 */
int queue_reserve(struct queue *queue, const struct job *job) _must_check_;
/* Put @job into the place kept for it; the queue has it until queue_take(). */
void queue_add(struct queue *queue, struct job *job);

/*
 * Move what is there, at most @max jobs and one JOB_CHANGE, to the end of @ret_jobs, waiting at
 * most @timeout_ms for the first. Returns how many; 0: none came in time.
 * -ESHUTDOWN: closed, empty, and no place is kept.
 */
int queue_take(struct queue *queue, size_t max, int64_t timeout_ms, struct job_list *ret_jobs);

/* How much waits: jobs that are there or have their place, and bytes of their bodies. */
void queue_depth(struct queue *queue, size_t *ret_jobs, size_t *ret_bytes);

/*
 * Take no more; what was accepted is still handed out. @until_ms, by clock_boot_ms(): from then on
 * it is refused, so that an end is bounded.
 */
void queue_close(struct queue *queue, int64_t until_ms);
bool queue_is_closed(struct queue *queue);
/* Whether what still waits is to be refused with -ESHUTDOWN, and not run. */
bool queue_is_over(struct queue *queue, int64_t now_ms);
