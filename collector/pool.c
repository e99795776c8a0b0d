/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "collector/pool.h"
#include "common/base/mem.h"

struct pool {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	STAILQ_HEAD(, task) tasks;
	struct pool_config config;
	uint64_t *owners;  /* of each place that is taken */
	size_t n_places;   /* taken */
	size_t n_reserved; /* of these, not added yet */
	bool is_closed;
	unsigned n_threads;
	pthread_t threads[];
};

/* The next task; NULL: there will be none. */
static struct task *take(struct pool *pool)
{
	struct task *task;

	pthread_mutex_lock(&pool->lock);
	while (STAILQ_EMPTY(&pool->tasks) && (!pool->is_closed || pool->n_reserved > 0))
		pthread_cond_wait(&pool->changed, &pool->lock);
	task = STAILQ_FIRST(&pool->tasks);
	if (task)
		STAILQ_REMOVE_HEAD(&pool->tasks, tasks);
	if (task && task->has_place) {
		size_t i = 0;

		while (pool->owners[i] != task->owner)
			i++;
		pool->owners[i] = pool->owners[--pool->n_places];
	}
	pthread_mutex_unlock(&pool->lock);
	return task;
}

static void *pool_main(void *arg)
{
	struct pool *pool = arg;
	struct task *task;

	/* Of this thread; where it is not allowed, it is as fast as the others. */
	(void)setpriority(PRIO_PROCESS, (id_t)gettid(), pool->config.nice);
	while ((task = take(pool)))
		task->run(task);
	return NULL;
}

int pool_start(const struct pool_config *config, struct pool **ret_pool, struct err *err)
{
	struct pool *pool = xcalloc(1, sizeof(*pool) + config->threads * sizeof(pool->threads[0]));
	int r = 0;

	pool->config = *config;
	pool->owners = xcalloc(config->places, sizeof(*pool->owners));
	pthread_mutex_init(&pool->lock, NULL);
	pthread_cond_init(&pool->changed, NULL);
	STAILQ_INIT(&pool->tasks);
	while (r == 0 && pool->n_threads < config->threads) {
		r = pthread_create(&pool->threads[pool->n_threads], NULL, pool_main, pool);
		pool->n_threads += r == 0;
	}
	if (r > 0) {
		pool_close(pool);
		pool_join(pool);
		pool_free(pool);
		return err_errno(err, -r, "cannot start a thread that reads the store");
	}
	*ret_pool = pool;
	return 0;
}

static size_t places_of(const struct pool *pool, uint64_t owner)
{
	size_t n = 0;

	for (size_t i = 0; i < pool->n_places; i++)
		n += pool->owners[i] == owner;
	return n;
}

int pool_reserve(struct pool *pool, struct task *task)
{
	int r = 0;

	pthread_mutex_lock(&pool->lock);
	if (pool->is_closed)
		r = -ESHUTDOWN;
	else if (pool->n_places == pool->config.places)
		r = -EAGAIN;
	else if (task->owner && places_of(pool, task->owner) >= pool->config.share)
		r = -EDQUOT;
	if (r >= 0) {
		pool->owners[pool->n_places++] = task->owner;
		pool->n_reserved++;
		task->has_place = true;
	}
	pthread_mutex_unlock(&pool->lock);
	return r;
}

int pool_add(struct pool *pool, struct task *task)
{
	int r = 0;

	pthread_mutex_lock(&pool->lock);
	if (pool->is_closed && !task->has_place) {
		r = -ESHUTDOWN;
	} else {
		pool->n_reserved -= task->has_place;
		STAILQ_INSERT_TAIL(&pool->tasks, task, tasks);
		/* All of them, when the last that others wait for came after the close. */
		if (pool->is_closed)
			pthread_cond_broadcast(&pool->changed);
		else
			pthread_cond_signal(&pool->changed);
	}
	pthread_mutex_unlock(&pool->lock);
	return r;
}

size_t pool_depth(struct pool *pool)
{
	size_t n;

	pthread_mutex_lock(&pool->lock);
	n = pool->n_places;
	pthread_mutex_unlock(&pool->lock);
	return n;
}

void pool_close(struct pool *pool)
{
	pthread_mutex_lock(&pool->lock);
	pool->is_closed = true;
	pthread_cond_broadcast(&pool->changed);
	pthread_mutex_unlock(&pool->lock);
}

void pool_join(struct pool *pool)
{
	for (unsigned i = 0; i < pool->n_threads; i++)
		pthread_join(pool->threads[i], NULL);
	pool->n_threads = 0;
}

void pool_free(struct pool *pool)
{
	if (!pool)
		return;
	assert(STAILQ_EMPTY(&pool->tasks) && pool->n_threads == 0);
	pthread_cond_destroy(&pool->changed);
	pthread_mutex_destroy(&pool->lock);
	free(pool->owners);
	free(pool);
}
