/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>

#include "collector/ingest/writer.h"
#include "common/base/clock.h"
#include "common/base/log.h"
#include "common/base/mem.h"

#define BATCH_MAX 512
#define SWEEP_MS ((int64_t)60 * 1000)

struct writer {
	pthread_t thread;
	struct store *store;
	struct queue *queue;
	struct profile_cache *profiles;
	int64_t sweep_ms;      /* when to sweep next, by clock_boot_ms() */
	atomic_llong swept_ms; /* when it last succeeded, by clock_now_ms(), or the start */
	bool is_store_failing; /* and it was logged */
};

/* Whether @r concerns the job alone: no valid key to enrol with, or no such device any more. */
static bool is_refusal(const struct job *job, int r)
{
	return r == -ENOENT || (job->kind == JOB_ENROLL && r == -EACCES);
}

/* A store that cannot be written is one line in the log, and one when it can be again. */
static void note_store(struct writer *writer, int r, const struct err *err)
{
	if (r < 0 && !writer->is_store_failing)
		log_line(LOG_ERR, "the store cannot be written, devices are told to come back: %s",
			 err->text);
	else if (r >= 0 && writer->is_store_failing)
		log_line(LOG_NOTICE, "the store can be written again");
	writer->is_store_failing = r < 0;
}

static int run_job(struct writer *writer, struct job *job, int64_t now_ms)
{
	if (job->kind == JOB_ENROLL)
		return act_enroll(writer->store, &job->enroll.request, now_ms, &job->answer,
				  &job->err);
	return act_report(writer->store, writer->profiles, &job->report.report,
			  job->report.facts_text, now_ms, &job->state, &job->err);
}

/* Forget what a job brought in a transaction that did not last. */
static void job_reset(struct job *job)
{
	free(job->answer.site_code);
	free(job->answer.site_name);
	job->answer = (struct enroll_answer){ 0 };
	job->result = 0;
}

/* What a store that failed with @r and @err means for @job. */
static void fail_job(struct job *job, int r, const struct err *err)
{
	job_reset(job);
	job->result = r;
	job->err = *err;
}

/* Run @job in a transaction of its own. */
static void run_alone(struct writer *writer, struct job *job, int64_t now_ms)
{
	struct err err = { 0 };
	int r = store_begin(writer->store, &err);

	if (r < 0) {
		note_store(writer, r, &err);
		fail_job(job, -EAGAIN, &err);
		return;
	}
	r = run_job(writer, job, now_ms);
	if (r < 0) {
		store_rollback(writer->store);
		err = job->err;
		if (!is_refusal(job, r))
			note_store(writer, r, &err);
		fail_job(job, r, &err);
		return;
	}
	r = store_commit(writer->store, &err);
	note_store(writer, r, &err);
	if (r < 0) {
		store_rollback(writer->store);
		fail_job(job, -EAGAIN, &err);
	}
}

/*
 * Run all @jobs in one transaction; an error if that failed and none of them
 * happened. *@ret_is_store: nobody else's job would fare better.
 */
static int run_together(struct writer *writer, struct job_list *jobs, int64_t now_ms,
			bool *ret_is_store, struct err *err)
{
	struct job *job;
	int r = store_begin(writer->store, err);

	*ret_is_store = true;
	if (r < 0)
		return r;
	STAILQ_FOREACH (job, jobs, jobs) {
		r = run_job(writer, job, now_ms);
		if (r < 0) {
			*ret_is_store = false;
			*err = job->err;
			break;
		}
	}
	if (r >= 0)
		r = store_commit(writer->store, err);
	if (r < 0)
		store_rollback(writer->store);
	return r;
}

static void run_reports(struct writer *writer, struct job_list *jobs, int64_t now_ms)
{
	struct err err = { 0 };
	bool is_store;
	struct job *job;
	int r;

	if (STAILQ_EMPTY(jobs))
		return;
	r = run_together(writer, jobs, now_ms, &is_store, &err);
	if (r >= 0) {
		note_store(writer, 0, NULL);
		return;
	}
	if (is_store)
		note_store(writer, r, &err);
	STAILQ_FOREACH (job, jobs, jobs) {
		if (is_store)
			fail_job(job, -EAGAIN, &err);
		else
			run_alone(writer, job, now_ms);
	}
}

static void answer_all(struct job_list *jobs)
{
	while (!STAILQ_EMPTY(jobs)) {
		struct job *job = STAILQ_FIRST(jobs);

		STAILQ_REMOVE_HEAD(jobs, jobs);
		job->done(job);
	}
}

/* One look at the store answers everybody who asked. */
static void run_checks(struct writer *writer, struct job_list *jobs)
{
	struct err err = { 0 };
	struct job *job;
	int r;

	if (STAILQ_EMPTY(jobs))
		return;
	r = store_check_writable(writer->store, &err);
	note_store(writer, r, &err);
	STAILQ_FOREACH (job, jobs, jobs) {
		job->result = r;
		job->err = err;
	}
}

/*
 * Reports share a transaction. Each enrolment has its own: whoever enrols is not
 * known yet, and a wrong key must not make everybody else's transaction roll back.
 */
static void run_batch(struct writer *writer, struct job_list *jobs)
{
	struct job_list lists[JOB_KIND_MAX_];
	int64_t now_ms = clock_now_ms();
	struct job *job;

	for (size_t i = 0; i < ARRAY_SIZE(lists); i++)
		STAILQ_INIT(&lists[i]);
	while ((job = STAILQ_FIRST(jobs))) {
		STAILQ_REMOVE_HEAD(jobs, jobs);
		STAILQ_INSERT_TAIL(&lists[job->kind], job, jobs);
	}
	run_reports(writer, &lists[JOB_REPORT], now_ms);
	answer_all(&lists[JOB_REPORT]);
	run_checks(writer, &lists[JOB_CHECK]);
	answer_all(&lists[JOB_CHECK]);
	STAILQ_FOREACH (job, &lists[JOB_ENROLL], jobs)
		run_alone(writer, job, now_ms);
	answer_all(&lists[JOB_ENROLL]);
}

static void sweep(struct writer *writer)
{
	struct err err = { 0 };
	int64_t now_ms = clock_now_ms(), n;
	int r = store_begin(writer->store, &err);

	if (r >= 0) {
		r = act_sweep(writer->store, writer->profiles, now_ms, &n, &err);
		if (r >= 0)
			r = store_commit(writer->store, &err);
		if (r < 0)
			store_rollback(writer->store);
	}
	if (r >= 0)
		atomic_store(&writer->swept_ms, now_ms);
	note_store(writer, r, &err);
}

int64_t writer_as_of_look(int64_t swept_ms, int64_t now_ms)
{
	return now_ms - swept_ms > 2 * SWEEP_MS ? swept_ms : now_ms;
}

int64_t writer_as_of(const struct writer *writer, int64_t now_ms)
{
	return writer_as_of_look(atomic_load(&writer->swept_ms), now_ms);
}

static void *writer_main(void *arg)
{
	struct writer *writer = arg;

	for (;;) {
		struct job_list jobs = STAILQ_HEAD_INITIALIZER(jobs);
		int64_t wait_ms = writer->sweep_ms - clock_boot_ms();
		int n = queue_take(writer->queue, BATCH_MAX, wait_ms > 0 ? wait_ms : 0, &jobs);

		if (n == -ESHUTDOWN)
			return NULL;
		if (n > 0)
			run_batch(writer, &jobs);
		if (clock_boot_ms() >= writer->sweep_ms) {
			sweep(writer);
			writer->sweep_ms = clock_boot_ms() + SWEEP_MS;
		}
	}
}

int writer_start(struct store *store, struct queue *queue, struct writer **ret_writer,
		 struct err *err)
{
	struct writer *writer = xcalloc(1, sizeof(*writer));
	int r;

	writer->store = store;
	writer->queue = queue;
	writer->profiles = profile_cache_new();
	atomic_init(&writer->swept_ms, clock_now_ms());
	r = pthread_create(&writer->thread, NULL, writer_main, writer);
	if (r != 0) {
		profile_cache_free(writer->profiles);
		free(writer);
		return err_errno(err, -r, "the writer's thread");
	}
	*ret_writer = writer;
	return 0;
}

void writer_join(struct writer *writer)
{
	if (!writer)
		return;
	pthread_join(writer->thread, NULL);
	profile_cache_free(writer->profiles);
	store_close(writer->store);
	free(writer);
}
