/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Inventories as CSV files: a template, what a file would change, and loading exactly that.
 *
 * Nothing is kept between the two. The id of a preview is a digest of the file and of all that it
 * changes; the file comes again with it, is taken in again, and is kept if the digest is the same.
 */
#include <assert.h>
#include <errno.h>
#include <string.h>

#include "collector/act/asked.h"
#include "collector/act/inventory_preview.h"
#include "collector/api/api.h"
#include "collector/api/change_once.h"
#include "collector/api/submit.h"
#include "collector/http/limits.h"
#include "collector/io/inventory_csv.h"
#include "common/base/log.h"
#include "common/base/mem.h"

static void template_get(struct request *req, struct response *res)
{
	(void)req;
	response_static(res, "text/csv; charset=utf-8", inventory_csv_template,
			strlen(inventory_csv_template));
}

/* A file on its way to the writer. */
struct upload {
	struct change change; /* first, so that it is the change */
	const struct request *req;
	const char *expected_id; /* of the preview that is to be loaded; NULL: make one */
	size_t n_rows;
	bool is_loaded;
	struct problems problems;
	struct inventory_preview preview;
	struct inventory_count count;
};

static void free_upload(struct change *change)
{
	struct upload *upload = (struct upload *)change;

	problems_done(&upload->problems);
	inventory_preview_done(&upload->preview);
	free(upload);
}

struct taking {
	struct inventory_import *import;
	struct upload *upload;
};

/* What waits behind a file waits for as long as it takes, so it is short. */
static int take_row(const struct inventory_row *row, bool is_only_checked, void *arg,
		    struct err *err)
{
	struct taking *taking = arg;

	if (++taking->upload->n_rows > LIMIT_IMPORT_ROWS)
		return err_set(err, -E2BIG,
			       "More than %d rows; split the file by site, or load it with "
			       "testready-collector site import.",
			       LIMIT_IMPORT_ROWS);
	return is_only_checked ? inventory_import_check(taking->import, row, err)
			       : inventory_import_take(taking->import, row, err);
}

static int read_file(struct taking *taking, struct err *err)
{
	struct upload *upload = taking->upload;
	FILE *in = fmemopen(upload->req->body, upload->req->body_len, "r");
	int r;

	if (!in)
		return err_errno(err, -errno, "upload");
	r = inventory_csv_read(in, "file", &upload->problems, take_row, taking, err);
	fclose(in);
	return r;
}

static int take_in(struct taking *taking, const struct moment *moment, const struct actor *actor,
		   struct err *err)
{
	const struct import_watch watch = inventory_preview_watch(&taking->upload->preview);
	int r;

	inventory_import_limit(taking->import, actor->grants);
	inventory_import_watch(taking->import, &watch);
	r = read_file(taking, err);
	if (r < 0 || taking->upload->problems.n > 0)
		return r;
	r = inventory_import_finish(taking->import, &taking->upload->count, err);
	return r < 0 ? r
		     : asked_inventory_imported(
			       moment->store, actor,
			       &(struct inventory_imported){ taking->import, "an uploaded file",
							     taking->upload->count },
			       moment->now_ms, err);
}

/* -EINVAL where nothing is to be kept: the answer says why. -ESTALE: it changes something else. */
static int run(struct change *change, const struct moment *moment, struct err *err)
{
	struct upload *upload = (struct upload *)change;
	_cleanup_(inventory_import_freep) struct inventory_import *import = NULL;
	const struct actor actor = api_actor(upload->req);
	struct taking taking = { .upload = upload };
	int r = inventory_import_begin(moment->store, moment->cache, moment->now_ms, &import, err);

	if (r < 0)
		return r;
	taking.import = import;
	r = take_in(&taking, moment, &actor, err);
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

static json_t *problems_json(const struct problems *found)
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

static json_t *changes_json(const struct inventory_count *count)
{
	return json_pack("{s:I, s:I, s:I, s:I, s:I, s:I}", "new", (json_int_t)count->added,
			 "changed", (json_int_t)count->changed, "unchanged",
			 (json_int_t)count->unchanged, "removed", (json_int_t)count->removed,
			 "unexpected", (json_int_t)count->unexpected, "moved",
			 (json_int_t)count->moved);
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
		problems_json(&upload->problems), "n_problems", (json_int_t)upload->problems.n,
		"changes", changes_json(&upload->count), "sites",
		inventory_preview_sites(&upload->preview), "n_sites",
		(json_int_t)json_object_size(upload->preview.sites), "rows", upload->preview.rows);
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

static void previewed(struct request *req, struct response *res, struct job *job)
{
	const struct upload *upload = (const struct upload *)job->change;

	(void)req;
	if (job->result == -EINVAL)
		answer(res, upload);
	else if (job->result == -E2BIG)
		response_problem(res, PROBLEM_INVALID_BODY, "%s", job->err.text);
	else
		response_failure(res, job->result, &job->err);
}

static void committed(struct request *req, struct response *res, struct job *job)
{
	const struct upload *upload = (const struct upload *)job->change;

	(void)req;
	if (job->result == 0) {
		log_line(LOG_NOTICE, "an inventory was imported: %lld new, %lld changed",
			 (long long)upload->count.added, (long long)upload->count.changed);
		answer(res, upload);
	} else if (job->result == -ESTALE) {
		response_problem(res, PROBLEM_CONFLICT, "%s", job->err.text);
	} else if (job->result == -EINVAL) {
		response_problem(res, PROBLEM_INVALID_BODY,
				 "Line %u, column %u: %s. Nothing was stored; a preview tells all "
				 "that is wrong (%zu).",
				 upload->problems.places[0].line, upload->problems.places[0].column,
				 upload->problems.texts[0] + upload->problems.places[0].at,
				 upload->problems.n);
	} else if (job->result == -E2BIG) {
		response_problem(res, PROBLEM_INVALID_BODY, "%s", job->err.text);
	} else {
		response_failure(res, job->result, &job->err);
	}
}

/* --- routes ------------------------------------------------------------------------------ */

static void send(struct request *req, struct response *res, const char *expected_id,
		 submit_finish *finish)
{
	struct upload *upload;
	struct job *job;

	if (req->body_len == 0) {
		response_problem(res, PROBLEM_INVALID_BODY, "There is no file in the body.");
		return;
	}
	upload = xcalloc(1, sizeof(*upload));
	upload->change = (struct change){ .run = run, .free = free_upload };
	upload->req = req;
	upload->expected_id = expected_id;
	inventory_preview_init(&upload->preview, req->body, req->body_len);
	job = job_new(JOB_CHANGE, req->body_len);
	job->change = &upload->change;
	if (expected_id)
		change_once(req, res, job, finish, &told, upload);
	else
		submit(req, res, job, finish);
}

static void import_preview(struct request *req, struct response *res)
{
	send(req, res, NULL, previewed);
}

static void import_commit(struct request *req, struct response *res)
{
	const char *id = request_param(req, "id");

	if (strlen(id) != HASH_SIZE - 1 || strspn(id, "0123456789abcdef") != HASH_SIZE - 1)
		response_problem(res, PROBLEM_NOT_FOUND, "No preview has the id '%.80s'.", id);
	else
		send(req, res, id, committed);
}

const struct route api_imports_routes[] = {
	{ "GET", "/v1/inventory/template.csv", ACCESS_STAFF, MAY_SEE, NULL, 0, template_get },
	{ "POST", "/v1/inventory/imports", ACCESS_STAFF, MAY_MEND_INVENTORY, NULL,
	  LIMIT_IMPORT_BYTES, import_preview },
	{ "POST", "/v1/inventory/imports/:id/commit", ACCESS_STAFF, MAY_MEND_INVENTORY, NULL,
	  LIMIT_IMPORT_BYTES, import_commit },
	{ 0 },
};
