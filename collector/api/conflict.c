/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Conflicts: what they are, and what people decide about them.
 */
#include <errno.h>
#include <string.h>

#include "collector/api/api.h"
#include "collector/api/submit.h"
#include "collector/http/limits.h"
#include "collector/view/view_conflicts.h"
#include "common/base/log.h"
#include "common/base/mem.h"

static int make_list(const struct view *view, const struct request *req, json_t **ret_json,
		     struct err *err)
{
	const char *state = request_query(req, "state");
	struct page page;
	int r = api_page(req, &page, err);

	return r < 0 ? r : view_conflicts(view, state ? state : "open", &page, ret_json, err);
}

static void conflict_list(struct request *req, struct response *res)
{
	api_answer(req, res, make_list);
}

static int make_conflict(const struct view *view, const struct request *req, json_t **ret_json,
			 struct err *err)
{
	return view_conflict(view, request_param(req, "id"), ret_json, err);
}

static void conflict_show(struct request *req, struct response *res)
{
	api_answer(req, res, make_conflict);
}

/* As it is now that this was done. */
static void settled(struct request *req, struct response *res, struct job *job)
{
	if (job->result < 0) {
		response_failure(res, job->result, &job->err);
		return;
	}
	log_line(LOG_NOTICE, "a conflict was decided: %s id=%s account=%s",
		 job->conflict.resolution ? conflict_resolution_words[job->conflict.resolution]
					  : "undo",
		 job->conflict.id, job->actor.account_id);
	api_answer_now(req, res, make_conflict);
}

/* An id that is none would be cut to fit, and might then be one. */
static void settle(struct request *req, struct response *res, enum conflict_resolution resolution)
{
	const char *id = request_param(req, "id");
	struct job *job;

	if (!id_is_valid(id)) {
		response_problem(res, PROBLEM_NOT_FOUND, "No conflict has the id '%.40s'.", id);
		return;
	}
	job = job_new(JOB_CONFLICT, req->body_len);
	memcpy(job->conflict.id, id, ID_SIZE);
	job->conflict.resolution = resolution;
	job->actor = api_actor(req);
	submit(req, res, job, settled);
}

static void conflict_resolve(struct request *req, struct response *res)
{
	_cleanup_free_ char *pointer = NULL;
	enum conflict_resolution resolution;
	struct err err = { 0 };

	if (accept_resolution(req->body ? req->body : "", req->body_len, &resolution, &pointer,
			      &err) < 0)
		submit_refuse(res, pointer, &err);
	else
		settle(req, res, resolution);
}

static void conflict_undo(struct request *req, struct response *res)
{
	settle(req, res, RESOLUTION_NONE);
}

static const char *const list_query[] = { "limit", "cursor", "state", NULL };

const struct route api_conflict_routes[] = {
	{ "GET", "/v1/conflicts", ACCESS_STAFF, MAY_SEE, list_query, 0, conflict_list },
	{ "GET", "/v1/conflicts/:id", ACCESS_STAFF, MAY_SEE, NULL, 0, conflict_show },
	{ "POST", "/v1/conflicts/:id/resolution", ACCESS_STAFF, MAY_MEND_DEVICES, NULL,
	  LIMIT_RESOLUTION_BYTES, conflict_resolve },
	{ "DELETE", "/v1/conflicts/:id/resolution", ACCESS_STAFF, MAY_MEND_DEVICES, NULL, 0,
	  conflict_undo },
	{ 0 },
};
