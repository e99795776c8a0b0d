/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/api/api.h"
#include "collector/api/submit.h"
#include "collector/app.h"
#include "collector/domain/lockout.h"
#include "collector/http/limits.h"
#include "common/base/log.h"
#include "common/base/mem.h"

struct submission {
	struct task task; /* first, so that it is the submission */
	struct request *req;
	struct job *job;
	submit_finish *finish;
};

static void job_done(struct job *job)
{
	request_wake(job->arg);
}

static void start(struct request *req, void *work)
{
	struct submission *submission = work;

	queue_add(req->app->queue, submission->job);
}

/* --- what is prepared before it is written ------------------------------------------- */

/* From a thread of the pool. It takes nobody's share of the queue: the pool bounded it. */
static void prepare(struct task *task)
{
	struct submission *submission = (struct submission *)task;
	struct queue *queue = submission->req->app->queue;
	struct job *job = submission->job;
	int r = 0;

	/* It would find no place, however long it took. */
	if (queue_is_closed(queue))
		r = err_set(&job->err, -ESHUTDOWN, "the collector is being stopped");
	if (r == 0)
		r = job->change->prepare(job->change, &job->err);
	if (r == 0) {
		r = queue_reserve(queue, job);
		if (r == 0) {
			queue_add(queue, job);
			return;
		}
		(void)err_set(&job->err, r, "the queue is full or closed");
	}
	job->result = r < 0 ? r : 0;
	request_wake(submission->req);
}

/* Where @job is prepared: nobody who waits for another machine keeps a page waiting. */
static struct pool *pool_of(const struct app *app, const struct job *job)
{
	return job->is_outside ? app->outside : app->pool;
}

static void start_preparing(struct request *req, void *work)
{
	struct submission *submission = work;
	int r = pool_add(pool_of(req->app, submission->job), &submission->task);

	assert(r >= 0); /* it has a place */
	(void)r;
}

/*
 * Whose share of the pool: the account's; of who is not known yet, that of where it is, as those
 * who guess are counted: of IPv6 one machine has as many addresses as it likes.
 */
static uint64_t owner_of(const struct request *req)
{
	char network[LOCKOUT_NETWORK_SIZE], hash[HASH_SIZE], digits[17];

	if (req->caller.key_number)
		return req->caller.key_number;
	lockout_network(req->network, network);
	hash_hex(network, strlen(network), hash);
	snprintf(digits, sizeof(digits), "%.16s", hash);
	return strtoull(digits, NULL, 16) | 1;
}

static bool reserve_thread(struct request *req, struct response *res, struct submission *submission,
			   const struct job *job)
{
	static const struct err full = { "too many wait already" };
	int r;

	submission->task.owner = owner_of(req);
	submission->task.run = prepare;
	r = pool_reserve(pool_of(req->app, job), &submission->task);
	if (r >= 0)
		return true;
	if (r == -ESHUTDOWN) {
		response_problem(res, PROBLEM_UNAVAILABLE, "%s", api_stopping);
		return false;
	}
	submit_note_refusal(req, "a sign-in", &full);
	response_problem(
		res, r == -EDQUOT ? PROBLEM_TOO_MANY : PROBLEM_UNAVAILABLE,
		"Too many people ask for something at this moment; try again in a few seconds.");
	return false;
}

static void finish_failed(struct response *res, const struct job *job)
{
	static struct log_seldom seldom;

	if (job->result == -ESHUTDOWN) {
		response_problem(res, PROBLEM_UNAVAILABLE, "Nothing was stored. %s", api_stopping);
		return;
	}
	if (failure_is_passing(job->result)) {
		response_problem(res, PROBLEM_UNAVAILABLE,
				 "The store cannot be written at the moment. Nothing was stored; "
				 "send it again later.");
		return;
	}
	log_seldom(&seldom, LOG_ERR, "what was sent could not be stored: %s", job->err.text);
	response_problem(
		res, PROBLEM_INTERNAL,
		"This is a fault of the collector; nothing was stored. Its log says more.");
}

/* What is no fault of the collector is for the route to say. */
static bool is_own_answer(const struct job *job)
{
	/* clang-format off */
	static const struct {
		enum job_kind kind;
		int result;
	} rows[] = {
		{ JOB_CONFLICT, -ENOENT },
	};
	/* clang-format on */

	if (job->kind == JOB_CHANGE)
		return job_is_refused(job->result);
	if (job->kind == JOB_CHECK || job->result == -EACCES || job->result == -EPERM ||
	    job->result == -EALREADY)
		return true;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		if (rows[i].kind == job->kind && rows[i].result == job->result)
			return true;
	}
	return false;
}

/* What the writer refuses whatever is asked for. */
static bool refuse_any(struct response *res, const struct job *job)
{
	static const struct {
		int result;
		enum problem_id problem;
	} rows[] = {
		{ -EKEYREVOKED, PROBLEM_UNAUTHORIZED },
		{ -ENOTUNIQ, PROBLEM_IDEMPOTENCY },
		{ -EFBIG, PROBLEM_BODY_TOO_LARGE },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		if (rows[i].result != job->result)
			continue;
		response_problem(res, rows[i].problem, "%s", job->err.text);
		return true;
	}
	return false;
}

static void finish(struct request *req, struct response *res, void *work)
{
	struct submission *submission = work;
	struct job *job = submission->job;

	if (refuse_any(res, job))
		return;
	if (job->once && job->once->answer)
		response_owned(res, "application/json", TAKE_PTR(job->once->answer));
	else if (job->kind == JOB_KNOWN && job->result == -EINVAL)
		submit_refuse(res, NULL, &job->err);
	else if (job->result < 0 && !is_own_answer(job))
		finish_failed(res, job);
	else
		submission->finish(req, res, job);
}

static void submission_free(void *work)
{
	struct submission *submission = work;

	/* Here and not in finish(), which is not called where the client went meanwhile. */
	if (submission->job->kind == JOB_CHECK)
		atomic_fetch_sub(&submission->req->app->n_checks, 1);
	job_free(submission->job);
	free(submission);
}

/* Who may have how many places of the queue, by what they came with. */
static const struct share {
	size_t places;
	bool is_joint; /* of all who come with such a key, and not each */
	enum problem_id problem;
	const char *sentence;
} shares[ACCESS_MAX_] = {
	/* The key is looked at when it is the turn of the job: until then anybody may be anybody.
	 */
	[ACCESS_ENROLLMENT] = { LIMIT_QUEUE_ENROLLMENTS, true, PROBLEM_UNAVAILABLE,
				"Many devices enrol at this moment. Nothing was stored; send it "
				"again later." },
	[ACCESS_DEVICE] = { LIMIT_QUEUE_DEVICE, false, PROBLEM_TOO_MANY,
			    "Too much of this device is waiting to be written. Nothing was "
			    "stored; send one after the other." },
	[ACCESS_STAFF] = { LIMIT_QUEUE_STAFF, false, PROBLEM_TOO_MANY,
			   "Too many changes of this account wait to be written. Nothing was "
			   "changed; send one after the other." },
};

/* The admin's token has everything, whatever the store says. */
static struct asker asker_of(const struct request *req)
{
	struct staff *staff = req->caller.staff;
	bool has_token;

	if (!staff)
		return (struct asker){ 0 };
	has_token =
		!staff->session[0] && strcmp(req->caller.key_hash, req->app->guard.token_hash) != 0;
	return (struct asker){ .session = staff->session[0] ? staff->session : NULL,
			       .token = has_token ? req->caller.key_hash : NULL,
			       .may = req->route->may,
			       .grants = &staff->grants };
}

/* Keep a place for @job; false: @res says why there is none. */
static bool reserve(struct request *req, struct response *res, struct job *job)
{
	static const struct err full = { "as many wait as one owner may have" };
	const struct share *share = &shares[req->caller.access];
	int r;

	if (share->places > 0) {
		job->owner = share->is_joint ? 1 : req->caller.key_number;
		job->share = share->places;
	}
	r = queue_reserve(req->app->queue, job);
	if (r == -EDQUOT) {
		submit_note_refusal(req, "a place in the queue", &full);
		response_problem(res, share->problem, "%s", share->sentence);
	} else if (r == -ESHUTDOWN) {
		response_problem(res, PROBLEM_UNAVAILABLE, "%s", api_stopping);
	} else if (r < 0) {
		response_problem(res, PROBLEM_UNAVAILABLE,
				 "Too much is waiting to be written. Nothing was stored; send it "
				 "again later.");
	}
	return r >= 0;
}

void submit(struct request *req, struct response *res, struct job *job, submit_finish *how)
{
	struct submission *submission = xcalloc(1, sizeof(*submission));
	bool is_prepared = job->kind == JOB_CHANGE && job->change->prepare;

	if (is_prepared ? !reserve_thread(req, res, submission, job) : !reserve(req, res, job)) {
		free(submission);
		job_free(job);
		return;
	}
	submission->req = req;
	submission->job = job;
	submission->finish = how;
	job->asker = asker_of(req);
	job->done = job_done;
	job->arg = req;
	response_later(res, &(struct later){ .start = is_prepared ? start_preparing : start,
					     .finish = finish,
					     .done = submission_free,
					     .work = submission });
}

void submit_note_refusal(const struct request *req, const char *what, const struct err *err)
{
	static struct log_seldom seldom;
	const char *why = secret_is_in(err->text) ? "there is a secret in it" : err->text;
	const char *device = req->caller.device_id;

	log_seldom(&seldom, LOG_NOTICE, "%s refused: %s%s%s", what, why,
		   device[0] ? " device=" : "", device);
}

void submit_refuse(struct response *res, const char *pointer, const struct err *err)
{
	if (pointer)
		response_problem_at(res, PROBLEM_INVALID_BODY, pointer, "%s", err->text);
	else
		response_problem(res, PROBLEM_INVALID_BODY, "%s", err->text);
}

bool submit_match(const struct request *req, struct response *res, const char *what,
		  char *ret_version, size_t size)
{
	const char *match = req->headers.if_match;
	size_t len = match ? strlen(match) : 0;

	if (match && len == size + 1 && match[0] == '"' && match[len - 1] == '"') {
		memcpy(ret_version, match + 1, size - 1);
		ret_version[size - 1] = '\0';
		return true;
	}
	response_problem(res, PROBLEM_MATCH_REQUIRED,
			 "Send the field If-Match with the %s's version, in quotes, as GET gives "
			 "it: so nobody's change is lost.",
			 what);
	return false;
}
