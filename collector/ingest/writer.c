/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>

#include "collector/act/act_known.h"
#include "collector/act/act_people_forget.h"
#include "collector/act/asked.h"
#include "collector/domain/contact.h"
#include "collector/ingest/judging.h"
#include "collector/ingest/sweeping.h"
#include "collector/ingest/writer.h"
#include "collector/metrics.h"
#include "collector/store/store_history.h"
#include "collector/store/store_site.h"
#include "collector/store/store_waiver.h"
#include "common/base/clock.h"
#include "common/base/log.h"
#include "common/base/mem.h"

#define BATCH_MAX 512
#define DAY_MS ((int64_t)24 * 60 * 60 * 1000)
/* Proposed waivers that were declined or withdrawn: as long as anybody asks why. */
#define PROPOSALS_DAYS 366
#define FORGET_PROPOSALS 100 /* at each sweep */
#define FORGET_DEVICES 500   /* at each sweep: a million devices in a day and a half */

struct writer {
	pthread_t thread;
	struct store *store;
	struct queue *queue;
	struct profile_cache *profiles;
	struct judges judges;
	struct judging judging;
	struct sweeping sweeping;
	int64_t history_days;
	char forgotten_id[ID_SIZE]; /* the last device whose history was looked at; "": none yet */
	atomic_llong n_devices;     /* in the store, when it was last swept */
	atomic_llong swept_ms;      /* all were looked at since, by clock_now_ms(), or the start */
	bool is_store_failing;      /* and it was logged */
};

/* A store that cannot be written is one line in the log, and one when it can be again. */
static void note_store(struct writer *writer, int r, const struct err *err)
{
	if (r < 0)
		metrics_commit_failed();
	if (r < 0 && !writer->is_store_failing)
		log_line(LOG_ERR, "the store cannot be written, devices are told to come back: %s",
			 err->text);
	else if (r >= 0 && writer->is_store_failing)
		log_line(LOG_NOTICE, "the store can be written again");
	writer->is_store_failing = r < 0;
}

static int run_report(struct writer *writer, struct job *job, int64_t now_ms)
{
	const struct delivery delivery = {
		.report = &job->report.report,
		.facts_text = job->report.facts_text,
		.facts_hash = job->report.facts_hash,
		.sent_hash = job->report.sent_hash,
		.key_hash = job->key_hash,
		.contents = job->known.contents,
	};

	return act_report(writer->store, writer->profiles, &delivery, now_ms, &job->contact,
			  &job->err);
}

/* What is not known after all is read as any report; then, since few are. */
static int look_at(struct writer *writer, struct job *job, int64_t now_ms)
{
	int r = 0;

	if (!job->report.json)
		r = accept_report(job->body, job->body_len, &job->report, NULL, &job->err);
	/* It was accepted before, by a collector that asked less: that is no fault of the store. */
	if (r < 0)
		return -EINVAL;
	return run_report(writer, job, now_ms);
}

static int run_known(struct writer *writer, struct job *job, int64_t now_ms)
{
	const struct moment moment = { writer->store, writer->profiles, now_ms };
	const struct known_head *known = &job->known;
	const struct report head = {
		.device_id = known->device_id,
		.boot_id = known->boot_id,
		.sequence = known->sequence,
		.observed_ms = known->observed_ms,
		.age_ms = known->age_ms,
	};
	const struct known_delivery delivery = { &head, known->contents, job->key_hash };
	const struct known_facts facts = { job->facts.json, job->facts.text, job->facts.hash,
					   job->facts.numbers };
	int r = job->facts.json
			? act_known_facts(&writer->judges, &moment, &delivery, &facts,
					  &job->contact, &job->err)
			: act_known(&writer->judges, &moment, &delivery, &job->contact, &job->err);

	if (r == 0)
		r = look_at(writer, job, now_ms);
	return r < 0 ? r : 0;
}

static int run_heartbeat(struct writer *writer, struct job *job, int64_t now_ms)
{
	return act_heartbeat(writer->store, writer->profiles, &job->heartbeat.heartbeat,
			     job->key_hash, now_ms, &job->contact, &job->err);
}

static int run_beat(struct writer *writer, struct job *job, int64_t now_ms)
{
	const struct moment moment = { writer->store, writer->profiles, now_ms };
	const struct heartbeat heartbeat = known_heartbeat(&job->beat);
	int r = act_known_heartbeat(&writer->judges, &moment, &heartbeat, job->key_hash,
				    &job->contact, &job->err);

	if (r == 0)
		r = act_heartbeat(writer->store, writer->profiles, &heartbeat, job->key_hash,
				  now_ms, &job->contact, &job->err);
	return r < 0 ? r : 0;
}

static int run_enroll(struct writer *writer, struct job *job, int64_t now_ms)
{
	return act_enroll(writer->store, &job->enroll.request, now_ms, &job->answer, &job->err);
}

static int run_device_key(struct writer *writer, struct job *job, int64_t now_ms)
{
	return act_device_key(writer->store, job->device_id, job->key_hash, now_ms, job->device_key,
			      &job->err);
}

static int run_conflict(struct writer *writer, struct job *job, int64_t now_ms)
{
	const struct moment moment = { writer->store, writer->profiles, now_ms };
	const struct conflict_wish wish = { job->conflict.id, job->conflict.resolution };

	return asked_conflict_decide(&moment, &job->actor, &wish, &job->err);
}

/* It may have made sites wait to be judged again. */
static int run_change(struct writer *writer, struct job *job, int64_t now_ms)
{
	const struct moment moment = { writer->store, writer->profiles, now_ms };

	judging_wake(&writer->judging);
	return job->change->run(job->change, &moment, &job->err);
}

/* Who shares a transaction, in the order in which they are run. */
enum turn {
	TURN_SHARED,
	TURN_CHECK,
	TURN_ALONE,
	TURN_MAX_,
};

static const struct {
	enum turn turn;
	int (*run)(struct writer *writer, struct job *job, int64_t now_ms);
} kinds[] = {
	[JOB_REPORT] = { TURN_SHARED, run_report },
	[JOB_KNOWN] = { TURN_SHARED, run_known },
	[JOB_HEARTBEAT] = { TURN_SHARED, run_heartbeat },
	[JOB_BEAT] = { TURN_SHARED, run_beat },
	[JOB_ENROLL] = { TURN_ALONE, run_enroll },
	[JOB_DEVICE_KEY] = { TURN_ALONE, run_device_key },
	[JOB_CONFLICT] = { TURN_ALONE, run_conflict },
	[JOB_CHANGE] = { TURN_ALONE, run_change },
	[JOB_CHECK] = { TURN_CHECK, NULL },
};
static_assert(ARRAY_SIZE(kinds) == JOB_KIND_MAX_, "every kind of job has its turn");

/* Forget what a job brought in a transaction that did not last. */
static void job_reset(struct job *job)
{
	free(job->answer.site_code);
	free(job->answer.site_name);
	job->answer = (struct enroll_answer){ 0 };
	job->contact = (struct contact_answer){ 0 };
	job->result = 0;
}

/* What a store that failed with @r and @err means for @job. */
static void fail_job(struct job *job, int r, const struct err *err)
{
	job_reset(job);
	job->result = r;
	job->err = *err;
}

/* Commit what was begun at @begun_us for @n_jobs. */
static int commit_jobs(struct writer *writer, size_t n_jobs, int64_t begun_us, struct err *err)
{
	int r = store_commit(writer->store, err);

	if (r >= 0)
		metrics_commit(n_jobs, metrics_now_us() - begun_us);
	return r;
}

/* What was made before is answered as it was then. */
static int run_once(struct writer *writer, struct job *job, int64_t now_ms)
{
	const struct moment moment = { writer->store, writer->profiles, now_ms };
	struct job_once *once = job->once;
	_cleanup_free_ char *answer = NULL;
	int r = act_made_before(writer->store, &once->request, now_ms, &once->answer, &job->err);

	if (r != 0)
		return r < 0 ? r : 0;
	r = kinds[job->kind].run(writer, job, now_ms);
	if (r >= 0)
		r = once->tell(once, &moment, &answer, &job->err);
	return r < 0 ? r : act_made_note(writer->store, &once->request, answer, now_ms, &job->err);
}

/* What staff ask for is judged by what they may now. */
static int run_asked(struct writer *writer, struct job *job, int64_t now_ms)
{
	int r = act_asker_look(writer->store, &job->asker, now_ms, &job->err);

	if (r < 0)
		return r;
	return job->once ? run_once(writer, job, now_ms)
			 : kinds[job->kind].run(writer, job, now_ms);
}

/* Run @job in a transaction of its own. False: nobody else's would fare better. */
static bool run_alone(struct writer *writer, struct job *job, int64_t now_ms)
{
	int64_t begun_us = metrics_now_us();
	struct err err = { 0 };
	int r = store_begin(writer->store, &err);

	if (r < 0) {
		note_store(writer, r, &err);
		fail_job(job, -EAGAIN, &err);
		return false;
	}
	judges_forget(&writer->judges);
	r = run_asked(writer, job, now_ms);
	judges_forget(&writer->judges);
	if (r < 0) {
		store_rollback(writer->store);
		err = job->err;
		if (!job_is_refused(r))
			note_store(writer, r, &err);
		fail_job(job, r, &err);
		return true;
	}
	r = commit_jobs(writer, 1, begun_us, &err);
	note_store(writer, r, &err);
	if (r < 0) {
		store_rollback(writer->store);
		fail_job(job, -EAGAIN, &err);
	}
	return r >= 0;
}

static void fail_jobs(struct job_list *jobs, int r, const struct err *err)
{
	struct job *job;

	STAILQ_FOREACH (job, jobs, jobs)
		fail_job(job, r, err);
}

/*
 * Run each of @jobs in a transaction of its own. After the first that the store did not take
 * nobody waits for it again: that takes seconds where it is locked.
 */
static void run_each(struct writer *writer, struct job_list *jobs, int64_t now_ms)
{
	const struct job *failed = NULL;
	struct job *job;

	STAILQ_FOREACH (job, jobs, jobs) {
		if (failed)
			fail_job(job, -EAGAIN, &failed->err);
		else if (!run_alone(writer, job, now_ms))
			failed = job;
	}
}

/*
 * Run all @jobs in one transaction; an error if that failed and none of them
 * happened. *@ret_is_store: nobody else's job would fare better.
 */
static int run_together(struct writer *writer, struct job_list *jobs, int64_t now_ms,
			bool *ret_is_store, struct err *err)
{
	int64_t begun_us = metrics_now_us();
	struct job *job;
	size_t n = 0;
	int r = store_begin(writer->store, err);

	*ret_is_store = true;
	if (r < 0)
		return r;
	r = judges_begin(&writer->judges, writer->store, err);
	if (r < 0) {
		store_rollback(writer->store);
		return r;
	}
	STAILQ_FOREACH (job, jobs, jobs) {
		n++;
		r = kinds[job->kind].run(writer, job, now_ms);
		if (r < 0) {
			*ret_is_store = false;
			*err = job->err;
			break;
		}
	}
	if (r >= 0)
		r = commit_jobs(writer, n, begun_us, err);
	if (r < 0) {
		store_rollback(writer->store);
		judges_forget(&writer->judges);
	}
	return r;
}

/* -EAGAIN: the store cannot be written, and nobody needs to try again. */
static int run_reports(struct writer *writer, struct job_list *jobs, int64_t now_ms,
		       struct err *err)
{
	bool is_store;
	int r;

	if (STAILQ_EMPTY(jobs))
		return 0;
	r = run_together(writer, jobs, now_ms, &is_store, err);
	if (r < 0 && !is_store) {
		run_each(writer, jobs, now_ms);
		return 0;
	}
	note_store(writer, r, err);
	if (r < 0)
		fail_jobs(jobs, -EAGAIN, err);
	return r < 0 ? -EAGAIN : 0;
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
 * Reports and heartbeats share a transaction. What is refused as a matter of course
 * has its own: whoever enrols is not known yet, and a wrong key must not make
 * everybody else's transaction roll back.
 */
static void run_batch(struct writer *writer, struct job_list *jobs)
{
	struct job_list lists[TURN_MAX_];
	int64_t now_ms = clock_now_ms();
	struct err err = { 0 };
	struct job *job;
	int r;

	for (size_t i = 0; i < ARRAY_SIZE(lists); i++)
		STAILQ_INIT(&lists[i]);
	while ((job = STAILQ_FIRST(jobs))) {
		STAILQ_REMOVE_HEAD(jobs, jobs);
		STAILQ_INSERT_TAIL(&lists[kinds[job->kind].turn], job, jobs);
	}
	r = run_reports(writer, &lists[TURN_SHARED], now_ms, &err);
	answer_all(&lists[TURN_SHARED]);
	if (r >= 0)
		run_checks(writer, &lists[TURN_CHECK]);
	else
		fail_jobs(&lists[TURN_CHECK], -EAGAIN, &err);
	answer_all(&lists[TURN_CHECK]);
	if (r >= 0)
		run_each(writer, &lists[TURN_ALONE], now_ms);
	else
		fail_jobs(&lists[TURN_ALONE], -EAGAIN, &err);
	answer_all(&lists[TURN_ALONE]);
}

/* What is older than it is kept goes, of a few devices and requests at a time. */
static void forget(struct writer *writer)
{
	struct err err = { 0 };
	int64_t before_ms = clock_now_ms() - writer->history_days * DAY_MS, n = 0;
	int r = store_begin(writer->store, &err);

	if (r >= 0) {
		r = store_history_forget(writer->store, writer->forgotten_id, FORGET_DEVICES,
					 before_ms, &n, &err);
		if (r >= 0)
			r = act_made_forget(writer->store, clock_now_ms(), &n, &err);
		if (r >= 0)
			r = act_people_forget(writer->store, clock_now_ms(), &err);
		if (r >= 0)
			r = store_waiver_forget(writer->store,
						clock_now_ms() - PROPOSALS_DAYS * DAY_MS,
						FORGET_PROPOSALS, &n, &err);
		if (r >= 0)
			r = store_commit(writer->store, &err);
		if (r < 0)
			store_rollback(writer->store);
	}
	note_store(writer, r, &err);
}

/* What is shown is as of a look at all sites that is complete. */
static void sweep(struct writer *writer)
{
	struct err err = { 0 };
	int64_t since_ms = 0, n = 0;
	int r = sweeping_run(&writer->sweeping, writer->store, writer->profiles, &since_ms, &err);

	note_store(writer, r, &err);
	if (r == 0)
		atomic_store(&writer->swept_ms, since_ms);
	if (r == 0 && store_site_devices(writer->store, &n, NULL) >= 0)
		atomic_store(&writer->n_devices, n);
	if (r <= 0)
		forget(writer);
}

int64_t writer_spread_s(const struct writer *writer)
{
	return contact_next(NULL, 0, atomic_load(&writer->n_devices)).spread_s;
}

int64_t writer_as_of_look(int64_t swept_ms, int64_t now_ms)
{
	return now_ms - swept_ms > 2 * SWEEPING_MS ? swept_ms : now_ms;
}

int64_t writer_as_of(const struct writer *writer, int64_t now_ms)
{
	return writer_as_of_look(atomic_load(&writer->swept_ms), now_ms);
}

/* How long jobs may be waited for, at most. */
static int64_t wait_ms(const struct writer *writer)
{
	int64_t sweep_ms = sweeping_wait_ms(&writer->sweeping);
	int64_t judging_ms = judging_wait_ms(&writer->judging);
	int64_t least_ms = judging_ms < sweep_ms ? judging_ms : sweep_ms;

	return least_ms > 0 ? least_ms : 0;
}

static void *writer_main(void *arg)
{
	static const struct err late = { "the collector is being stopped" };
	struct writer *writer = arg;

	for (;;) {
		struct job_list jobs = STAILQ_HEAD_INITIALIZER(jobs);
		int n = queue_take(writer->queue, BATCH_MAX, wait_ms(writer), &jobs);

		if (n == -ESHUTDOWN)
			return NULL;
		if (n > 0 && queue_is_over(writer->queue, clock_boot_ms())) {
			fail_jobs(&jobs, -ESHUTDOWN, &late);
			answer_all(&jobs);
		} else if (n > 0) {
			run_batch(writer, &jobs);
			judging_note_jobs(&writer->judging);
		}
		if (sweeping_wait_ms(&writer->sweeping) <= 0) {
			judges_forget(&writer->judges);
			sweep(writer);
		}
		if (judging_wait_ms(&writer->judging) <= 0) {
			judges_forget(&writer->judges);
			judging_run(&writer->judging, writer->store, writer->profiles);
		}
		if (profile_cache_size(writer->profiles) > PROFILE_CACHE_MAX)
			judges_forget(&writer->judges);
		profile_cache_trim(writer->profiles);
	}
}

int writer_start(struct store *store, struct queue *queue, int64_t history_days,
		 struct writer **ret_writer, struct err *err)
{
	struct writer *writer = xcalloc(1, sizeof(*writer));
	int r;

	writer->store = store;
	writer->queue = queue;
	writer->profiles = profile_cache_new();
	writer->history_days = history_days;
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
	judges_done(&writer->judges);
	sweeping_done(&writer->sweeping);
	profile_cache_free(writer->profiles);
	store_close(writer->store);
}

void writer_free(struct writer *writer)
{
	free(writer);
}
