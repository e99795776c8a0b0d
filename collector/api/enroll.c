/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>

#include "collector/api/api.h"
#include "collector/api/next.h"
#include "collector/api/submit.h"
#include "collector/app.h"
#include "collector/http/limits.h"
#include "common/base/mem.h"

static void enroll_answer(struct request *req, struct response *res, struct job *job)
{
	const struct enroll_answer *answer = &job->answer;
	json_t *json;

	if (job->result == -EACCES) {
		submit_note_refusal(req, "enrolment", &job->err);
		response_problem(res, PROBLEM_UNAUTHORIZED, "%s", job->err.text);
		return;
	}
	json = json_pack("{s:s, s:s, s:o, s:o, s:s}", "device_id", answer->device_id, "device_key",
			 answer->device_key, "site",
			 view_named(answer->site_code, answer->site_name), "next",
			 next_json(req->app, answer->period_s), "collector_key",
			 req->app->collector_key);
	next_add_move(req->app, json);
	response_json(res, 200, json);
	res->cache = "no-store";
	res->etag[0] = '\0';
}

static void enroll(struct request *req, struct response *res)
{
	_cleanup_(job_freep) struct job *job = job_new(JOB_ENROLL, req->body_len);
	_cleanup_free_ char *pointer = NULL;
	struct err err = { 0 };

	if (accept_enroll(req->body ? req->body : "", req->body_len, &job->enroll, &pointer, &err) <
	    0) {
		submit_note_refusal(req, "enrolment", &err);
		submit_refuse(res, pointer, &err);
		return;
	}
	job->enroll.request.key_hash = req->caller.key_hash;
	submit(req, res, TAKE_PTR(job), enroll_answer);
}

const struct route api_enroll_routes[] = {
	{ "POST", "/v1/enroll", ACCESS_ENROLLMENT, MAY_NOTHING_, NULL, LIMIT_ENROLL_BYTES, enroll },
	{ 0 },
};
