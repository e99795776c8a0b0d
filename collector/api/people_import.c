/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Roles of many people as a CSV file: a template, what a file would change, and loading it.
 */
#include <assert.h>
#include <errno.h>
#include <string.h>

#include "collector/act/act_import_people.h"
#include "collector/api/api.h"
#include "collector/api/change_once.h"
#include "collector/api/submit.h"
#include "collector/api/upload.h"
#include "collector/http/limits.h"
#include "collector/io/people_csv.h"
#include "common/base/log.h"
#include "common/base/mem.h"

static_assert(LIMIT_PEOPLE_BYTES == PEOPLE_CSV_BYTES_MAX, "one size of files of people");
static_assert(LIMIT_PEOPLE_ROWS == PEOPLE_CSV_ROWS_MAX, "one number of rows");

static void template_get(struct request *req, struct response *res)
{
	(void)req;
	response_static(res, "text/csv; charset=utf-8", people_csv_template,
			strlen(people_csv_template));
}

/* A file on its way to the writer. */
struct import_change {
	struct change change; /* first, so that it is the change */
	const struct request *req;
	struct people_file file;
	struct people_imported imported;
	bool is_only_checked;
};

static void free_import(struct change *change)
{
	struct import_change *import = (struct import_change *)change;

	people_file_done(&import->file);
	json_decref(import->imported.people);
	free(import);
}

/* On a thread that may be kept: a large file takes longer than a transaction may. */
static int prepare(struct change *change, struct err *err)
{
	struct import_change *import = (struct import_change *)change;

	(void)err;
	people_csv_read("people", import->req->body ? import->req->body : "", import->req->body_len,
			&import->file);
	return import->file.problems.n > 0;
}

static void note_wrong(void *arg, const struct person_row *row, const char *why)
{
	people_file_refuse(arg, row, why);
}

/* -EINVAL where nothing is to be kept: the answer says why. */
static int run(struct change *change, const struct moment *moment, struct err *err)
{
	struct import_change *import = (struct import_change *)change;
	const struct actor actor = api_actor(import->req);
	const struct people_import asked = { import->file.rows, import->file.n_rows, note_wrong,
					     &import->file };
	int r = act_import_people(moment->store, &actor, &asked, moment->now_ms, &import->imported,
				  err);

	if (r >= 0 && (import->is_only_checked || import->file.problems.n > 0))
		return err_set(err, -EINVAL, "nothing is to be kept");
	return r;
}

/* A file that was only looked at invites nobody. */
static json_t *people_json(const struct import_change *import)
{
	json_t *people = import->imported.people, *person;
	size_t i;

	if (import->file.problems.n > 0 || !people)
		return json_array();
	json_array_foreach (people, i, person) {
		if (import->is_only_checked)
			json_object_set_new(person, "invitation", json_null());
	}
	return json_incref(people);
}

/* What came of a file that could be read. */
static int make_imported(const struct view *view, const void *arg, json_t **ret_json,
			 struct err *err)
{
	const struct import_change *import = arg;
	bool is_refused = import->file.problems.n > 0;

	(void)view;
	(void)err;
	*ret_json =
		json_pack("{s:b, s:o, s:I, s:o, s:I, s:I, s:I}", "is_loaded",
			  !is_refused && !import->is_only_checked, "problems",
			  upload_problems(&import->file.problems), "n_problems",
			  (json_int_t)import->file.problems.n, "people", people_json(import),
			  "made", (json_int_t)(is_refused ? 0 : import->imported.n_made), "changed",
			  (json_int_t)(is_refused ? 0 : import->imported.n_changed), "unchanged",
			  (json_int_t)(is_refused ? 0 : import->imported.n_unchanged));
	return 0;
}

static const struct change_told told = { make_imported, "invitation", false };

static void done(struct request *req, struct response *res, struct job *job)
{
	const struct import_change *import = (const struct import_change *)job->change;
	const struct problems *wrong = &import->file.problems;
	bool is_refused = wrong->n > 0;
	bool is_loaded = !is_refused && !import->is_only_checked;
	json_t *json = NULL;

	(void)req;
	/* -EINVAL: run() said that nothing is to be kept. */
	if (job->result < 0 && (is_loaded || job->result != -EINVAL)) {
		response_failure(res, job->result, &job->err);
		return;
	}
	if (is_refused && !import->is_only_checked) {
		response_problem(res, PROBLEM_INVALID_BODY,
				 "Line %u, column %u: %s. Nothing was stored; validate=true tells "
				 "all that is wrong (%zu).",
				 wrong->places[0].line, wrong->places[0].column,
				 wrong->texts[0] + wrong->places[0].at, wrong->n);
		return;
	}
	if (is_loaded)
		log_line(LOG_NOTICE, "roles of people were imported: %zu made, %zu changed",
			 import->imported.n_made, import->imported.n_changed);
	(void)!make_imported(NULL, import, &json, NULL);
	response_json(res, 200, json);
	res->cache = "no-store";
}

static void people_import(struct request *req, struct response *res)
{
	const char *validate = request_query(req, "validate");
	struct import_change *import;
	struct job *job;

	if (validate && strcmp(validate, "true") != 0 && strcmp(validate, "false") != 0) {
		response_problem(res, PROBLEM_INVALID_QUERY, "validate is true or false.");
		return;
	}
	import = xcalloc(1, sizeof(*import));
	import->change = (struct change){ prepare, run, free_import };
	import->req = req;
	import->is_only_checked = validate && strcmp(validate, "true") == 0;
	job = job_new(JOB_CHANGE, req->body_len);
	job->change = &import->change;
	change_once(req, res, job, done, &told, import);
}

static const char *const import_query[] = { "validate", NULL };

const struct route api_people_import_routes[] = {
	{ "GET", "/v1/people/template.csv", ACCESS_STAFF, MAY_SEE_PEOPLE, NULL, 0, template_get },
	{ "POST", "/v1/people/import", ACCESS_STAFF, MAY_GIVE_ROLES, import_query,
	  LIMIT_PEOPLE_BYTES, people_import },
	{ 0 },
};
