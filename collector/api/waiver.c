/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Waivers: what is accepted although it fails, and who answers for it.
 */
#include <errno.h>
#include <string.h>

#include "collector/api/api.h"
#include "collector/api/change_once.h"
#include "collector/api/submit.h"
#include "collector/app.h"
#include "collector/http/limits.h"
#include "collector/ingest/accept_waiver.h"
#include "collector/view/view_waivers.h"
#include "common/base/log.h"
#include "common/base/mem.h"

static int make_list(const struct view *view, const struct request *req, json_t **ret_json,
		     struct err *err)
{
	const char *state = request_query(req, "state");
	const struct waiver_filter filter = { .profile_id = request_query(req, "profile"),
					      .state = state ? state : "active" };
	struct page page;
	int r = api_page(req, &page, err);

	return r < 0 ? r : view_waivers(view, &filter, &page, ret_json, err);
}

static void waiver_list(struct request *req, struct response *res)
{
	api_answer(req, res, make_list);
}

/* What the waiver is now that this was done, and what that reaches. */
static int make_change(const struct view *view, const void *arg, json_t **ret_json, struct err *err)
{
	const struct job *job = arg;
	int r = view_waiver(view, job->waiver.id, ret_json, err);

	if (r < 0)
		return r;
	json_object_set_new(*ret_json, "reach",
			    json_pack("{s:I, s:I, s:I}", "sites", (json_int_t)job->reach.n_sites,
				      "devices", (json_int_t)job->reach.n_devices, "too_short",
				      (json_int_t)job->reach.n_too_short));
	return 0;
}

static void changed(struct request *req, struct response *res, struct job *job)
{
	/* What the body names is not there, or does not fit. */
	if (job->kind == JOB_WAIVE &&
	    (job->result == -EINVAL || job->result == -ENOENT || job->result == -E2BIG)) {
		response_problem(res, PROBLEM_INVALID_BODY, "%s", job->err.text);
		return;
	}
	if (job->result < 0) {
		response_failure(res, job->result, &job->err);
		return;
	}
	log_line(LOG_NOTICE, "a waiver was %s id=%s who=\"%s\"",
		 job->kind == JOB_WAIVE ? "given" : "revoked", job->waiver.id, job->actor.who);
	api_answer_with(req, res, make_change, job);
}

static const struct change_told told = { make_change, NULL, true };

static void waiver_add(struct request *req, struct response *res)
{
	_cleanup_(job_freep) struct job *job = job_new(JOB_WAIVE, req->body_len);
	struct job *asked = job;
	_cleanup_free_ char *pointer = NULL;
	struct err err = { 0 };

	job->actor = api_actor(req);
	if (accept_waiver(req->body ? req->body : "", req->body_len, &job->waiver, &pointer, &err) <
	    0)
		submit_refuse(res, pointer, &err);
	else
		change_once(req, res, TAKE_PTR(job), changed, &told, asked);
}

/* An id that is none would be cut to fit, and might then be one. */
static void waiver_revoke(struct request *req, struct response *res)
{
	const char *id = request_param(req, "id");
	struct job *job;

	if (!id_is_valid(id)) {
		response_problem(res, PROBLEM_NOT_FOUND, "No waiver has the id '%.40s'.", id);
		return;
	}
	job = job_new(JOB_WAIVER_REVOKE, 0);
	memcpy(job->waiver.id, id, ID_SIZE);
	job->actor = api_actor(req);
	submit(req, res, job, changed);
}

static const char *const list_query[] = { "limit", "cursor", "profile", "state", NULL };

const struct route api_waiver_routes[] = {
	{ "GET", "/v1/waivers", ACCESS_STAFF, MAY_SEE, list_query, 0, waiver_list },
	{ "POST", "/v1/waivers", ACCESS_STAFF, MAY_WAIVE, NULL, LIMIT_WAIVER_BYTES, waiver_add },
	{ "DELETE", "/v1/waivers/:id", ACCESS_STAFF, MAY_WAIVE, NULL, 0, waiver_revoke },
	{ 0 },
};
