/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <time.h>

#include "collector/ingest/queue.h"
#include "common/base/mem.h"

/* How many places an owner has; those without any are not there. */
struct share {
	uint64_t owner;
	size_t n;
};

struct queue {
	pthread_mutex_t lock;
	pthread_cond_t changed; /* by CLOCK_MONOTONIC */
	struct job_list jobs;
	size_t n_jobs;     /* in the list */
	size_t n_reserved; /* places kept, not yet filled */
	size_t bytes;      /* of both */
	size_t max_jobs;
	size_t max_bytes;
	bool is_closed;
	int64_t until_ms;     /* once it is closed */
	struct share *shares; /* open addressing; at most half of it is ever used */
	size_t n_shares;      /* a power of two */
};

/* --- shares ---------------------------------------------------------------------- */

/* Where @owner is, or would be. */
static size_t share_find(const struct queue *queue, uint64_t owner)
{
	size_t i = owner & (queue->n_shares - 1);

	while (queue->shares[i].n > 0 && queue->shares[i].owner != owner)
		i = (i + 1) & (queue->n_shares - 1);
	return i;
}

static void share_take(struct queue *queue, uint64_t owner)
{
	struct share *share = &queue->shares[share_find(queue, owner)];

	share->owner = owner;
	share->n++;
}

/* What follows an owner who has nothing left moves up, or it would not be found. */
static void share_give(struct queue *queue, uint64_t owner)
{
	size_t mask = queue->n_shares - 1;
	size_t hole = share_find(queue, owner);

	assert(queue->shares[hole].n > 0);
	if (--queue->shares[hole].n > 0)
		return;
	for (size_t i = (hole + 1) & mask; queue->shares[i].n > 0; i = (i + 1) & mask) {
		size_t home = queue->shares[i].owner & mask;

		if (((i - home) & mask) < ((i - hole) & mask))
			continue;
		queue->shares[hole] = queue->shares[i];
		queue->shares[i].n = 0;
		hole = i;
	}
}

/* --- places ---------------------------------------------------------------------- */

struct queue *queue_new(size_t max_jobs, size_t max_bytes)
{
	struct queue *queue = xcalloc(1, sizeof(*queue));
	pthread_condattr_t attr;

	pthread_mutex_init(&queue->lock, NULL);
	pthread_condattr_init(&attr);
	/* Setting the clock must not hold the writer for an hour. */
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&queue->changed, &attr);
	pthread_condattr_destroy(&attr);
	STAILQ_INIT(&queue->jobs);
	queue->max_jobs = max_jobs;
	queue->max_bytes = max_bytes;
	queue->n_shares = 2;
	while (queue->n_shares < 2 * max_jobs)
		queue->n_shares *= 2;
	queue->shares = xcalloc(queue->n_shares, sizeof(*queue->shares));
	return queue;
}

void queue_free(struct queue *queue)
{
	if (!queue)
		return;
	assert(queue->n_jobs == 0);
	pthread_cond_destroy(&queue->changed);
	pthread_mutex_destroy(&queue->lock);
	free(queue->shares);
	free(queue);
}

int queue_reserve(struct queue *queue, const struct job *job)
{
	int r = 0;

	pthread_mutex_lock(&queue->lock);
	if (queue->is_closed) {
		r = -ESHUTDOWN;
	} else if (queue->n_jobs + queue->n_reserved >= queue->max_jobs ||
		   job->bytes > queue->max_bytes - queue->bytes) {
		r = -EAGAIN;
	} else if (job->owner && queue->shares[share_find(queue, job->owner)].n >= job->share) {
		r = -EDQUOT;
	} else {
		queue->n_reserved++;
		queue->bytes += job->bytes;
		if (job->owner)
			share_take(queue, job->owner);
	}
	pthread_mutex_unlock(&queue->lock);
	return r;
}

void queue_add(struct queue *queue, struct job *job)
{
	pthread_mutex_lock(&queue->lock);
	assert(queue->n_reserved > 0);
	queue->n_reserved--;
	queue->n_jobs++;
	STAILQ_INSERT_TAIL(&queue->jobs, job, jobs);
	pthread_cond_signal(&queue->changed);
	pthread_mutex_unlock(&queue->lock);
}

static struct timespec deadline_in(int64_t timeout_ms)
{
	struct timespec at;

	clock_gettime(CLOCK_MONOTONIC, &at);
	at.tv_sec += timeout_ms / 1000;
	at.tv_nsec += timeout_ms % 1000 * 1000000;
	if (at.tv_nsec >= 1000000000) {
		at.tv_sec++;
		at.tv_nsec -= 1000000000;
	}
	return at;
}

/* Hand out @job, which is in no list. */
static void hand_out(struct queue *queue, struct job *job, struct job_list *ret_jobs)
{
	STAILQ_INSERT_TAIL(ret_jobs, job, jobs);
	queue->n_jobs--;
	queue->bytes -= job->bytes;
	if (job->owner)
		share_give(queue, job->owner);
}

/* NULL: none is there. */
static struct job *pull(struct queue *queue)
{
	struct job *job = STAILQ_FIRST(&queue->jobs);

	if (job)
		STAILQ_REMOVE_HEAD(&queue->jobs, jobs);
	return job;
}

static void append(struct job_list *jobs, struct job *job)
{
	STAILQ_INSERT_TAIL(jobs, job, jobs);
}

/* Before all others, as they were. */
/* NOLINTNEXTLINE(readability-function-size): the nesting is that of the macros */
static void put_back(struct queue *queue, struct job_list *jobs)
{
	STAILQ_CONCAT(jobs, &queue->jobs);
	STAILQ_CONCAT(&queue->jobs, jobs);
}

/* How many; those that stay keep their places. */
static int take(struct queue *queue, size_t max, struct job_list *ret_jobs)
{
	struct job_list left = STAILQ_HEAD_INITIALIZER(left);
	bool has_change = false;
	struct job *job;
	size_t n = 0;

	while (n < max && (job = pull(queue))) {
		bool is_change = job->kind == JOB_CHANGE;

		if (is_change && has_change) {
			append(&left, job);
			continue;
		}
		has_change |= is_change;
		hand_out(queue, job, ret_jobs);
		n++;
	}
	put_back(queue, &left);
	return (int)n;
}

int queue_take(struct queue *queue, size_t max, int64_t timeout_ms, struct job_list *ret_jobs)
{
	struct timespec deadline = deadline_in(timeout_ms);
	int n = 0;

	pthread_mutex_lock(&queue->lock);
	while (queue->n_jobs == 0 && (!queue->is_closed || queue->n_reserved > 0)) {
		if (pthread_cond_timedwait(&queue->changed, &queue->lock, &deadline) == ETIMEDOUT)
			break;
	}
	if (queue->n_jobs == 0 && queue->is_closed && queue->n_reserved == 0)
		n = -ESHUTDOWN;
	if (n == 0)
		n = take(queue, max, ret_jobs);
	pthread_mutex_unlock(&queue->lock);
	return n;
}

void queue_depth(struct queue *queue, size_t *ret_jobs, size_t *ret_bytes)
{
	pthread_mutex_lock(&queue->lock);
	*ret_jobs = queue->n_jobs + queue->n_reserved;
	*ret_bytes = queue->bytes;
	pthread_mutex_unlock(&queue->lock);
}

bool queue_is_closed(struct queue *queue)
{
	bool is_closed;

	pthread_mutex_lock(&queue->lock);
	is_closed = queue->is_closed;
	pthread_mutex_unlock(&queue->lock);
	return is_closed;
}

bool queue_is_over(struct queue *queue, int64_t now_ms)
{
	bool is_over;

	pthread_mutex_lock(&queue->lock);
	is_over = queue->is_closed && now_ms >= queue->until_ms;
	pthread_mutex_unlock(&queue->lock);
	return is_over;
}

void queue_close(struct queue *queue, int64_t until_ms)
{
	pthread_mutex_lock(&queue->lock);
	queue->is_closed = true;
	queue->until_ms = until_ms;
	pthread_cond_signal(&queue->changed);
	pthread_mutex_unlock(&queue->lock);
}
