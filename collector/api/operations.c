/* SPDX-License-Identifier: Apache-2.0 */
/*
 * For whoever runs the collector: is it alive, can it work, what can it do.
 */
#include "collector/api/api.h"
#include "collector/api/submit.h"
#include "collector/app.h"

#define CHECKS_MAX 16

static void answer_ok(struct response *res)
{
	response_json(res, 200, json_pack("{s:s, s:s}", "status", "ok", "version", VERSION));
}

static void health_show(struct request *req, struct response *res)
{
	(void)req;
	answer_ok(res);
}

static void ready_answer(struct request *req, struct response *res, struct job *job)
{
	(void)req;
	/* What is wrong is for the log. */
	if (job->result < 0)
		response_problem(res, PROBLEM_UNAVAILABLE,
				 "The store cannot be written; the collector's log says why.");
	else
		answer_ok(res);
}

/* By the writer, so that it is known that it works, and no HTTP thread waits for a store. */
static void ready_show(struct request *req, struct response *res)
{
	/*
	 * Whoever asks here is not known, and must not take the places of devices. What
	 * was submitted is counted down by submit.c when its request is over.
	 */
	if (atomic_fetch_add(&req->app->n_checks, 1) >= CHECKS_MAX) {
		atomic_fetch_sub(&req->app->n_checks, 1);
		response_problem(res, PROBLEM_UNAVAILABLE, "Too many ask at once; try again.");
		return;
	}
	submit(req, res, job_new(JOB_CHECK, 0), ready_answer);
	if (res->status)
		atomic_fetch_sub(&req->app->n_checks, 1);
}

static void openapi_show(struct request *req, struct response *res)
{
	if (!assets_answer(req->app->assets, "openapi.json", req->headers.accept_encoding, res))
		response_problem(res, PROBLEM_NOT_FOUND,
				 "This collector was started without --web, whose folder has this "
				 "document.");
}

const struct route api_operations_routes[] = {
	{ "GET", "/v1/openapi.json", ACCESS_ANYBODY, MAY_NOTHING_, NULL, 0, openapi_show },
	{ "GET", "/healthz", ACCESS_ANYBODY, MAY_NOTHING_, NULL, 0, health_show },
	{ "GET", "/readyz", ACCESS_ANYBODY, MAY_NOTHING_, NULL, 0, ready_show },
	{ 0 },
};
