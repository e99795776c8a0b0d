/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "collector/api/change_once.h"
#include "collector/api/submit.h"
#include "collector/api/upload.h"
#include "common/base/log.h"
#include "common/base/mem.h"

static void free_upload(struct change *change)
{
	struct upload *upload = (struct upload *)change;

	if (upload->kind->done)
		upload->kind->done(upload);
	problems_done(&upload->problems);
	problems_done(&upload->warnings);
	preview_done(&upload->preview);
	free(upload);
}

/* 1: something is wrong, and nothing else is looked at. */
static int prepare(struct change *change, struct err *err)
{
	struct upload *upload = (struct upload *)change;
	FILE *in = fmemopen(upload->req->body, upload->req->body_len, "r");
	int r;

	if (!in)
		return err_errno(err, -errno, "upload");
	r = upload->kind->read(upload, in, err);
	fclose(in);
	return r < 0 ? r : upload->problems.n > 0;
}

/* -EINVAL where nothing is to be kept: the answer says why. -ESTALE: it changes something else. */
static int run(struct change *change, const struct moment *moment, struct err *err)
{
	struct upload *upload = (struct upload *)change;
	const struct actor actor = api_actor(upload->req);
	int r = upload->kind->take_in(upload, moment, &actor, err);

	if (r < 0)
		return r;
	if (!upload->expected_id || upload->problems.n > 0)
		return err_set(err, -EINVAL, "nothing is to be kept");
	if (strcmp(upload->expected_id, upload->preview.digest) != 0)
		return err_set(
			err, -ESTALE,
			"The file would not change any more what the preview showed, or it is "
			"another file. Nothing was stored; make a preview again.");
	upload->is_loaded = true;
	return 0;
}

/* --- the answer -------------------------------------------------------------------------- */

json_t *upload_problems(const struct problems *found)
{
	json_t *json = json_array();

	for (size_t i = 0; i < found->n && i < PROBLEMS_SHOWN_MAX; i++)
		json_array_append_new(json,
				      json_pack("{s:I, s:I, s:o}", "line",
						(json_int_t)found->places[i].line, "column",
						(json_int_t)found->places[i].column, "text",
						view_text(found->texts[i] + found->places[i].at)));
	return json;
}

/* What came of a file that could be read. */
static int make_answer(const struct view *view, const void *arg, json_t **ret_json, struct err *err)
{
	const struct upload *upload = arg;
	bool is_wrong = upload->problems.n > 0;

	(void)view;
	(void)err;
	*ret_json = json_pack(
		"{s:b, s:o, s:o, s:I, s:o, s:o, s:I, s:O}", "is_loaded", upload->is_loaded, "id",
		is_wrong ? json_null() : json_string(upload->preview.digest), "problems",
		upload_problems(&upload->problems), "n_problems", (json_int_t)upload->problems.n,
		"changes", upload->kind->changes(upload), "sites", preview_sites(&upload->preview),
		"n_sites", (json_int_t)json_object_size(upload->preview.sites), "rows",
		upload->preview.rows);
	if (upload->kind->warns)
		json_object_set_new(*ret_json, "warnings", upload_problems(&upload->warnings));
	return 0;
}

static const struct change_told told = { make_answer, NULL, false };

static void answer(struct response *res, const struct upload *upload)
{
	json_t *json = NULL;

	(void)!make_answer(NULL, upload, &json, NULL);
	response_json(res, 200, json);
	res->cache = "no-store";
}

/* What @job failed with, where that is not what is wrong with the file. */
static void answer_failure(struct response *res, const struct job *job)
{
	if (job->result == -E2BIG)
		response_problem(res, PROBLEM_INVALID_BODY, "%s", job->err.text);
	else if (job->result == -ESTALE)
		response_problem(res, PROBLEM_CONFLICT, "%s", job->err.text);
	else
		response_failure(res, job->result, &job->err);
}

static void previewed(struct request *req, struct response *res, struct job *job)
{
	(void)req;
	if (job->result == -EINVAL || job->result == 0)
		answer(res, (const struct upload *)job->change);
	else
		answer_failure(res, job);
}

static void committed(struct request *req, struct response *res, struct job *job)
{
	const struct upload *upload = (const struct upload *)job->change;
	const struct problems *wrong = &upload->problems;

	(void)req;
	if ((job->result == 0 || job->result == -EINVAL) && wrong->n > 0) {
		response_problem(res, PROBLEM_INVALID_BODY,
				 "Line %u, column %u: %s. Nothing was stored; a preview tells all "
				 "that is wrong (%zu).",
				 wrong->places[0].line, wrong->places[0].column,
				 wrong->texts[0] + wrong->places[0].at, wrong->n);
	} else if (job->result == 0) {
		json_t *changes = upload->kind->changes(upload);

		log_line(LOG_NOTICE,
			 "%s: %" JSON_INTEGER_FORMAT " new, %" JSON_INTEGER_FORMAT " changed",
			 upload->kind->what, json_integer_value(json_object_get(changes, "new")),
			 json_integer_value(json_object_get(changes, "changed")));
		json_decref(changes);
		answer(res, upload);
	} else {
		answer_failure(res, job);
	}
}

/* --- sending ----------------------------------------------------------------------------- */

static void send(struct request *req, struct response *res, const struct upload_kind *kind,
		 const char *expected_id)
{
	struct upload *upload;
	struct job *job;

	if (req->body_len == 0) {
		response_problem(res, PROBLEM_INVALID_BODY, "There is no file in the body.");
		return;
	}
	upload = xcalloc(1, kind->size);
	upload->change = (struct change){ kind->read ? prepare : NULL, run, free_upload };
	upload->kind = kind;
	upload->req = req;
	upload->expected_id = expected_id;
	preview_init(&upload->preview, kind->words, req->body, req->body_len);
	job = job_new(JOB_CHANGE, req->body_len);
	job->change = &upload->change;
	if (expected_id)
		change_once(req, res, job, committed, &told, upload);
	else
		submit(req, res, job, previewed);
}

void upload_preview(struct request *req, struct response *res, const struct upload_kind *kind)
{
	send(req, res, kind, NULL);
}

void upload_commit(struct request *req, struct response *res, const struct upload_kind *kind)
{
	const char *id = request_param(req, "id");

	if (strlen(id) != HASH_SIZE - 1 || strspn(id, "0123456789abcdef") != HASH_SIZE - 1)
		response_problem(res, PROBLEM_NOT_FOUND, "No preview has the id '%.80s'.", id);
	else
		send(req, res, kind, id);
}
