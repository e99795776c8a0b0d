/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <pthread.h>

#include "collector/http/limits.h"
#include "collector/ingest/queue.h"
#include "tests/unit/unit.h"

static void drop_all(struct job_list *jobs)
{
	while (!STAILQ_EMPTY(jobs)) {
		struct job *job = STAILQ_FIRST(jobs);

		STAILQ_REMOVE_HEAD(jobs, jobs);
		job_free(job);
	}
}

static int try_add(struct queue *queue, size_t bytes, uint64_t owner, size_t share)
{
	_cleanup_(job_freep) struct job *job = job_new(JOB_REPORT, bytes);
	int r;

	job->owner = owner;
	job->share = share;
	r = queue_reserve(queue, job);
	if (r >= 0)
		queue_add(queue, TAKE_PTR(job));
	return r;
}

static void add(struct queue *queue, size_t bytes)
{
	assert_int_equal(try_add(queue, bytes, 0, 0), 0);
}

static int reserve(struct queue *queue, size_t bytes)
{
	return queue_reserve(queue, &(struct job){ .bytes = bytes });
}

static void jobs_come_out_in_the_order_in_which_they_went_in(void **state)
{
	_cleanup_(queue_freep) struct queue *queue = queue_new(8, 1000);
	struct job_list jobs = STAILQ_HEAD_INITIALIZER(jobs);
	size_t want = 1;
	struct job *job;

	(void)state;
	add(queue, 1);
	add(queue, 2);
	add(queue, 3);
	assert_int_equal(queue_take(queue, 2, 0, &jobs), 2);
	assert_int_equal(queue_take(queue, 2, 0, &jobs), 1);
	STAILQ_FOREACH (job, &jobs, jobs)
		assert_int_equal(job->bytes, want++);
	assert_int_equal(want, 4);
	drop_all(&jobs);
}

static void a_full_queue_takes_again_once_there_is_room(void **state)
{
	_cleanup_(queue_freep) struct queue *queue = queue_new(2, 100);
	struct job_list jobs = STAILQ_HEAD_INITIALIZER(jobs);

	(void)state;
	assert_int_equal(reserve(queue, 101), -EAGAIN);
	add(queue, 60);
	assert_int_equal(reserve(queue, 41), -EAGAIN);
	assert_int_equal(reserve(queue, 40), 0);
	/* The place that is kept counts, though nothing is in it yet. */
	assert_int_equal(reserve(queue, 0), -EAGAIN);
	queue_add(queue, job_new(JOB_REPORT, 40));
	assert_int_equal(queue_take(queue, 9, 0, &jobs), 2);
	add(queue, 100);
	assert_int_equal(queue_take(queue, 9, 0, &jobs), 1);
	drop_all(&jobs);
}

/* One request each, of 3 KB that were parsed. */
static void a_thousand_devices_have_a_place_each(void **state)
{
	_cleanup_(queue_freep) struct queue *queue = queue_new(LIMIT_QUEUE_JOBS, LIMIT_QUEUE_BYTES);
	struct job_list jobs = STAILQ_HEAD_INITIALIZER(jobs);
	enum { DEVICES = 1000, REPORT_BYTES = 3 * 1024 * LIMIT_QUEUE_TREE };

	(void)state;
	for (uint64_t i = 1; i <= DEVICES; i++)
		assert_int_equal(try_add(queue, REPORT_BYTES, i, LIMIT_QUEUE_DEVICE), 0);
	/* And so have as many others until all are taken, and all bytes. */
	for (uint64_t i = DEVICES + 1; i <= LIMIT_QUEUE_JOBS; i++)
		assert_int_equal(try_add(queue, 1, i, LIMIT_QUEUE_DEVICE), 0);
	assert_int_equal(try_add(queue, 0, 1, LIMIT_QUEUE_DEVICE), -EAGAIN);
	assert_int_equal(queue_take(queue, LIMIT_QUEUE_JOBS, 0, &jobs), LIMIT_QUEUE_JOBS);
	drop_all(&jobs);
	add(queue, LIMIT_QUEUE_BYTES - 1);
	assert_int_equal(reserve(queue, 2), -EAGAIN);
	assert_int_equal(reserve(queue, 1), 0);
	assert_int_equal(reserve(queue, 1), -EAGAIN);
	queue_add(queue, job_new(JOB_REPORT, 1));
	assert_int_equal(queue_take(queue, 9, 0, &jobs), 2);
	drop_all(&jobs);
}

static void nothing_to_take_ends_with_the_time(void **state)
{
	_cleanup_(queue_freep) struct queue *queue = queue_new(2, 100);
	struct job_list jobs = STAILQ_HEAD_INITIALIZER(jobs);

	(void)state;
	assert_int_equal(queue_take(queue, 9, 0, &jobs), 0);
	assert_int_equal(queue_take(queue, 9, 1, &jobs), 0);
	assert_true(STAILQ_EMPTY(&jobs));
}

static void a_closed_queue_hands_out_what_it_promised_to_take(void **state)
{
	_cleanup_(queue_freep) struct queue *queue = queue_new(4, 100);
	struct job_list jobs = STAILQ_HEAD_INITIALIZER(jobs);

	(void)state;
	add(queue, 1);
	assert_int_equal(reserve(queue, 2), 0);
	queue_close(queue, INT64_MAX);
	assert_int_equal(reserve(queue, 1), -ESHUTDOWN);
	assert_int_equal(queue_take(queue, 9, 0, &jobs), 1);
	/* One place is kept: its job may still come, so this is not the end. */
	assert_int_equal(queue_take(queue, 9, 0, &jobs), 0);
	queue_add(queue, job_new(JOB_REPORT, 2));
	assert_int_equal(queue_take(queue, 9, 0, &jobs), 1);
	assert_int_equal(queue_take(queue, 9, 1000, &jobs), -ESHUTDOWN);
	drop_all(&jobs);
}

static void what_waits_is_refused_once_the_end_takes_too_long(void **state)
{
	_cleanup_(queue_freep) struct queue *queue = queue_new(4, 100);

	(void)state;
	assert_false(queue_is_closed(queue));
	assert_false(queue_is_over(queue, INT64_MAX));
	queue_close(queue, 1000);
	assert_true(queue_is_closed(queue));
	assert_false(queue_is_over(queue, 999));
	assert_true(queue_is_over(queue, 1000));
}

static void what_people_change_is_handed_out_one_at_a_time(void **state)
{
	static const struct {
		enum job_kind kind;
		size_t bytes; /* tells them apart */
	} jobs[] = {
		{ JOB_REPORT, 1 }, { JOB_CHANGE, 2 }, { JOB_CHANGE, 3 },
		{ JOB_ENROLL, 4 }, { JOB_CHANGE, 5 }, { JOB_REPORT, 6 },
	};
	static const size_t batches[][4] = { { 1, 2, 4, 6 }, { 3 }, { 5 } };
	_cleanup_(queue_freep) struct queue *queue = queue_new(8, 100);
	size_t n_left = ARRAY_SIZE(jobs), n_jobs, n_bytes;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(jobs); i++) {
		struct job *job = job_new(JOB_REPORT, jobs[i].bytes);

		job->kind = jobs[i].kind;
		job->owner = 7;
		job->share = ARRAY_SIZE(jobs);
		assert_int_equal(queue_reserve(queue, job), 0);
		queue_add(queue, job);
	}
	for (size_t i = 0; i < ARRAY_SIZE(batches); i++) {
		struct job_list taken = STAILQ_HEAD_INITIALIZER(taken);
		int n = queue_take(queue, 9, 0, &taken);

		for (int k = 0; k < n; k++) {
			struct job *job = STAILQ_FIRST(&taken);

			assert_int_equal(job->bytes, batches[i][k]);
			STAILQ_REMOVE_HEAD(&taken, jobs);
			job->kind = JOB_REPORT; /* there is no change to free */
			job_free(job);
		}
		n_left -= (size_t)n;
		queue_depth(queue, &n_jobs, &n_bytes);
		assert_int_equal(n_jobs, n_left);
	}
	assert_int_equal(n_left + n_bytes, 0);
}

static void an_owner_has_a_share_and_leaves_the_rest_to_others(void **state)
{
	_cleanup_(queue_freep) struct queue *queue = queue_new(8, 1000);
	struct job_list jobs = STAILQ_HEAD_INITIALIZER(jobs);

	(void)state;
	for (int i = 0; i < 3; i++)
		assert_int_equal(try_add(queue, 1, 7, 3), 0);
	assert_int_equal(try_add(queue, 1, 7, 3), -EDQUOT);
	assert_int_equal(try_add(queue, 1, 8, 3), 0);
	assert_int_equal(try_add(queue, 1, 0, 0), 0);
	/* What was taken is no longer waiting. */
	assert_int_equal(queue_take(queue, 1, 0, &jobs), 1);
	assert_int_equal(try_add(queue, 1, 7, 3), 0);
	assert_int_equal(try_add(queue, 1, 7, 3), -EDQUOT);
	assert_int_equal(queue_take(queue, 9, 0, &jobs), 5);
	drop_all(&jobs);
}

/* Owners that share their place in the table, in every order of coming and going. */
static void owners_are_kept_apart_however_they_fall_together(void **state)
{
	_cleanup_(queue_freep) struct queue *queue = queue_new(8, 1000);
	static const uint64_t owners[] = { 15, 31, 16, 47, 32, 14 };
	size_t n[ARRAY_SIZE(owners)] = { 0 };
	struct job_list jobs = STAILQ_HEAD_INITIALIZER(jobs);
	unsigned random = 1;

	(void)state;
	for (int step = 0; step < 20000; step++) {
		random = random * 1103515245 + 12345;
		size_t i = random / 65536 % ARRAY_SIZE(owners);
		size_t depth, bytes, total = 0;

		for (size_t k = 0; k < ARRAY_SIZE(owners); k++)
			total += n[k];
		queue_depth(queue, &depth, &bytes);
		assert_int_equal(depth, total);
		assert_int_equal(bytes, total);
		if (random / 512 % 2) {
			int want = total == 8 ? -EAGAIN : n[i] == 2 ? -EDQUOT : 0;

			assert_int_equal(try_add(queue, 1, owners[i], 2), want);
			n[i] += want == 0;
		} else if (queue_take(queue, 1, 0, &jobs) == 1) {
			for (size_t k = 0; k < ARRAY_SIZE(owners); k++)
				n[k] -= owners[k] == STAILQ_FIRST(&jobs)->owner;
			drop_all(&jobs);
		}
	}
	while (queue_take(queue, 9, 0, &jobs) > 0)
		drop_all(&jobs);
}

static void *take_until_closed(void *arg)
{
	struct job_list jobs = STAILQ_HEAD_INITIALIZER(jobs);
	intptr_t total = 0;
	int n;

	while ((n = queue_take(arg, 7, 1000, &jobs)) >= 0) {
		total += n;
		drop_all(&jobs);
	}
	return (void *)total;
}

static void *put_many(void *arg)
{
	for (int i = 0; i < 2000;) {
		if (try_add(arg, 1, (uint64_t)i % 5 + 1, 3) >= 0)
			i++;
	}
	return NULL;
}

static void nothing_is_lost_between_threads(void **state)
{
	_cleanup_(queue_freep) struct queue *queue = queue_new(16, 1000);
	pthread_t taker, putters[3];
	void *total;

	(void)state;
	assert_int_equal(pthread_create(&taker, NULL, take_until_closed, queue), 0);
	for (size_t i = 0; i < ARRAY_SIZE(putters); i++)
		assert_int_equal(pthread_create(&putters[i], NULL, put_many, queue), 0);
	for (size_t i = 0; i < ARRAY_SIZE(putters); i++)
		pthread_join(putters[i], NULL);
	queue_close(queue, INT64_MAX);
	pthread_join(taker, &total);
	assert_int_equal((intptr_t)total, 6000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(jobs_come_out_in_the_order_in_which_they_went_in),
		cmocka_unit_test(a_full_queue_takes_again_once_there_is_room),
		cmocka_unit_test(a_thousand_devices_have_a_place_each),
		cmocka_unit_test(nothing_to_take_ends_with_the_time),
		cmocka_unit_test(a_closed_queue_hands_out_what_it_promised_to_take),
		cmocka_unit_test(what_waits_is_refused_once_the_end_takes_too_long),
		cmocka_unit_test(what_people_change_is_handed_out_one_at_a_time),
		cmocka_unit_test(an_owner_has_a_share_and_leaves_the_rest_to_others),
		cmocka_unit_test(owners_are_kept_apart_however_they_fall_together),
		cmocka_unit_test(nothing_is_lost_between_threads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
