/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "collector/pool.h"
#include "common/base/mem.h"
#include "tests/unit/unit.h"

#define MANY 2000

/* A task that says when it begins and then waits to be let through. */
struct gate {
	struct task task;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	bool is_begun, is_open;
};

static void gate_run(struct task *task)
{
	struct gate *gate = (struct gate *)task;

	pthread_mutex_lock(&gate->lock);
	gate->is_begun = true;
	pthread_cond_broadcast(&gate->changed);
	while (!gate->is_open)
		pthread_cond_wait(&gate->changed, &gate->lock);
	pthread_mutex_unlock(&gate->lock);
}

static void gate_init(struct gate *gate)
{
	*gate = (struct gate){ .task = { .run = gate_run },
			       .lock = PTHREAD_MUTEX_INITIALIZER,
			       .changed = PTHREAD_COND_INITIALIZER };
}

static void gate_open(struct gate *gate)
{
	pthread_mutex_lock(&gate->lock);
	gate->is_open = true;
	pthread_cond_broadcast(&gate->changed);
	pthread_mutex_unlock(&gate->lock);
}

static void gate_wait(struct gate *gate)
{
	pthread_mutex_lock(&gate->lock);
	while (!gate->is_begun)
		pthread_cond_wait(&gate->changed, &gate->lock);
	pthread_mutex_unlock(&gate->lock);
}

struct count {
	struct task task;
	int *at;
	int place; /* the at-th that was run */
};

static void count_run(struct task *task)
{
	struct count *count = (struct count *)task;

	count->place = (*count->at)++;
}

static struct pool *start(unsigned threads, size_t places, size_t share)
{
	const struct pool_config config = { threads, places, share, 0 };
	struct pool *pool;

	assert_int_equal(pool_start(&config, &pool, NULL), 0);
	return pool;
}

static void stop(struct pool *pool)
{
	pool_close(pool);
	pool_join(pool);
	pool_free(pool);
}

/* With one thread that is busy, so that all others wait. */
static struct pool *start_busy(struct gate *gate, size_t places, size_t share)
{
	struct pool *pool = start(1, places, share);

	gate_init(gate);
	assert_int_equal(pool_reserve(pool, &gate->task), 0);
	assert_int_equal(pool_add(pool, &gate->task), 0);
	gate_wait(gate);
	return pool;
}

static int add(struct pool *pool, struct count *count, uint64_t owner, int *at)
{
	int r;

	*count = (struct count){ .task = { .owner = owner, .run = count_run }, .at = at };
	r = pool_reserve(pool, &count->task);
	if (r >= 0)
		assert_int_equal(pool_add(pool, &count->task), 0);
	return r;
}

static void tasks_are_run_in_the_order_in_which_they_came(void **state)
{
	struct count counts[10];
	struct gate gate;
	struct pool *pool = start_busy(&gate, 10, 10);
	int at = 0;

	(void)state;
	for (int i = 0; i < 10; i++)
		assert_int_equal(add(pool, &counts[i], 1, &at), 0);
	assert_int_equal(pool_depth(pool), 10);
	gate_open(&gate);
	stop(pool);
	assert_int_equal(at, 10);
	for (int i = 0; i < 10; i++)
		assert_int_equal(counts[i].place, i);
}

static void a_full_line_takes_no_more_and_what_is_run_has_left_it(void **state)
{
	struct count counts[3];
	struct gate gate;
	struct pool *pool = start_busy(&gate, 2, 2);
	int at = 0;

	(void)state;
	assert_int_equal(add(pool, &counts[0], 1, &at), 0);
	assert_int_equal(add(pool, &counts[1], 2, &at), 0);
	assert_int_equal(add(pool, &counts[2], 3, &at), -EAGAIN);
	gate_open(&gate);
	stop(pool);
	assert_int_equal(at, 2);
}

static void nobody_has_more_than_a_share_and_others_have_theirs(void **state)
{
	struct count counts[6];
	struct gate gate;
	struct pool *pool = start_busy(&gate, 6, 2);
	int at = 0;

	(void)state;
	assert_int_equal(add(pool, &counts[0], 7, &at), 0);
	assert_int_equal(add(pool, &counts[1], 7, &at), 0);
	assert_int_equal(add(pool, &counts[2], 7, &at), -EDQUOT);
	assert_int_equal(add(pool, &counts[2], 8, &at), 0);
	/* Whom nobody knows is nobody's share. */
	assert_int_equal(add(pool, &counts[3], 0, &at), 0);
	assert_int_equal(add(pool, &counts[4], 0, &at), 0);
	assert_int_equal(add(pool, &counts[5], 0, &at), 0);
	gate_open(&gate);
	stop(pool);
	assert_int_equal(at, 6);
}

static void a_share_is_given_back_when_its_task_is_run(void **state)
{
	struct gate first, second;
	struct pool *pool = start_busy(&first, 8, 1);
	struct count count;
	int at = 0;

	(void)state;
	gate_init(&second);
	second.task.owner = 7;
	assert_int_equal(pool_reserve(pool, &second.task), 0);
	assert_int_equal(pool_add(pool, &second.task), 0);
	assert_int_equal(add(pool, &count, 7, &at), -EDQUOT);
	gate_open(&first);
	gate_wait(&second);
	assert_int_equal(pool_depth(pool), 0);
	assert_int_equal(add(pool, &count, 7, &at), 0);
	gate_open(&second);
	stop(pool);
	assert_int_equal(at, 1);
}

static void one_slow_task_does_not_keep_the_other_threads(void **state)
{
	struct gate slow, quick;
	struct pool *pool = start(2, 8, 8);

	(void)state;
	gate_init(&slow);
	gate_init(&quick);
	assert_int_equal(pool_add(pool, &slow.task), 0);
	gate_wait(&slow);
	assert_int_equal(pool_add(pool, &quick.task), 0);
	gate_wait(&quick);
	gate_open(&quick);
	gate_open(&slow);
	stop(pool);
}

static void what_has_a_place_is_run_even_if_it_comes_after_the_end(void **state)
{
	struct count counts[3] = { { .task = { .run = count_run } },
				   { .task = { .run = count_run } },
				   { .task = { .run = count_run } } };
	struct pool *pool = start(2, 8, 8);
	int at = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(counts); i++)
		counts[i].at = &at;
	assert_int_equal(pool_reserve(pool, &counts[0].task), 0);
	pool_close(pool);
	assert_int_equal(pool_reserve(pool, &counts[1].task), -ESHUTDOWN);
	assert_int_equal(pool_add(pool, &counts[2].task), -ESHUTDOWN);
	assert_int_equal(pool_add(pool, &counts[0].task), 0);
	pool_join(pool);
	assert_int_equal(at, 1);
	pool_free(pool);
}

/* --- from many threads ------------------------------------------------------------- */

struct many {
	struct pool *pool;
	atomic_int n_run, n_added;
};

struct one {
	struct task task;
	struct many *many;
};

static void one_run(struct task *task)
{
	struct one *one = (struct one *)task;

	atomic_fetch_add(&one->many->n_run, 1);
	free(one);
}

static void *add_many(void *arg)
{
	struct many *many = arg;

	for (int i = 0; i < MANY; i++) {
		struct one *one = xcalloc(1, sizeof(*one));

		one->many = many;
		one->task.run = one_run;
		one->task.owner = (uint64_t)i % 5;
		if (pool_reserve(many->pool, &one->task) < 0) {
			free(one);
			continue;
		}
		atomic_fetch_add(&many->n_added, 1);
		assert_int_equal(pool_add(many->pool, &one->task), 0);
	}
	return NULL;
}

static void all_that_was_added_from_many_threads_is_run_once(void **state)
{
	struct many many = { .pool = start(3, 16, 4) };
	pthread_t threads[4];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(threads); i++)
		assert_int_equal(pthread_create(&threads[i], NULL, add_many, &many), 0);
	for (size_t i = 0; i < ARRAY_SIZE(threads); i++)
		pthread_join(threads[i], NULL);
	stop(many.pool);
	assert_true(many.n_added > 0);
	assert_int_equal(many.n_run, many.n_added);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tasks_are_run_in_the_order_in_which_they_came),
		cmocka_unit_test(a_full_line_takes_no_more_and_what_is_run_has_left_it),
		cmocka_unit_test(nobody_has_more_than_a_share_and_others_have_theirs),
		cmocka_unit_test(a_share_is_given_back_when_its_task_is_run),
		cmocka_unit_test(one_slow_task_does_not_keep_the_other_threads),
		cmocka_unit_test(what_has_a_place_is_run_even_if_it_comes_after_the_end),
		cmocka_unit_test(all_that_was_added_from_many_threads_is_run_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
