/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdlib.h>

#include "collector/api/submit.h"
#include "collector/app.h"
#include "collector/http/limits.h"
#include "common/base/log.h"
#include "common/base/mem.h"

struct submission {
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

static void finish_failed(struct response *res, const struct job *job)
{
	static struct log_seldom seldom;

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
		{ JOB_WAIVE, -ENOENT }, { JOB_WAIVE, -EINVAL }, { JOB_WAIVE, -E2BIG },
		{ JOB_WAIVER_REVOKE, -ENOENT },
	};
	/* clang-format on */

	if (job->kind == JOB_CHANGE)
		return job_is_refused(job->result);
	if (job->kind == JOB_CHECK || job->result == -EACCES || job->result == -EALREADY)
		return true;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		if (rows[i].kind == job->kind && rows[i].result == job->result)
			return true;
	}
	return false;
}

static void finish(struct request *req, struct response *res, void *work)
{
	struct submission *submission = work;
	struct job *job = submission->job;

	if (job->result < 0 && !is_own_answer(job))
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
	} else if (r < 0) {
		response_problem(res, PROBLEM_UNAVAILABLE,
				 "Too much is waiting to be written. Nothing was stored; send it "
				 "again later.");
	}
	return r >= 0;
}

void submit(struct request *req, struct response *res, struct job *job, submit_finish *how)
{
	struct submission *submission;

	if (!reserve(req, res, job)) {
		job_free(job);
		return;
	}
	submission = xcalloc(1, sizeof(*submission));
	submission->req = req;
	submission->job = job;
	submission->finish = how;
	job->done = job_done;
	job->arg = req;
	response_later(res, &(struct later){ .start = start,
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
