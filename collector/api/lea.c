/* SPDX-License-Identifier: Apache-2.0 */
/*
 * LEAs.
 */
#include <errno.h>
#include <stdlib.h>

#include "collector/act/act_lea.h"
#include "collector/api/api.h"
#include "collector/api/export.h"
#include "collector/api/reading.h"
#include "collector/api/submit.h"
#include "collector/http/limits.h"
#include "collector/ingest/accept_site.h"
#include "collector/view/view_leas.h"
#include "common/base/log.h"
#include "common/base/mem.h"

static struct lea_filter filter_of(const struct request *req)
{
	return (struct lea_filter){ request_query(req, "name"), request_query(req, "code") };
}

static int make_list(const struct view *view, const struct request *req, json_t **ret_json,
		     struct err *err)
{
	const struct lea_filter filter = filter_of(req);
	struct page page;
	int r = api_page(req, &page, err);

	return r < 0 ? r : view_leas(view, &filter, &page, ret_json, err);
}

static void lea_list(struct request *req, struct response *res)
{
	api_answer(req, res, make_list);
}

static int make_lea(const struct view *view, const struct request *req, json_t **ret_json,
		    struct err *err)
{
	return view_lea(view, request_param(req, "code"), ret_json, err);
}

static void lea_show(struct request *req, struct response *res)
{
	api_answer(req, res, make_lea);
}

/* --- changing ------------------------------------------------------------------------ */

struct lea_patch {
	struct change change; /* first, so that it is this */
	const struct request *req;
	struct accepted_lea lea;
	char version[LEA_VERSION_SIZE];
	int64_t n_sites;
};

static int run_patch(struct change *change, const struct moment *moment, struct err *err)
{
	struct lea_patch *patch = (struct lea_patch *)change;
	const struct actor actor = api_actor(patch->req);

	return act_lea_change(moment->store, &actor, &patch->lea.change, moment->now_ms,
			      &patch->n_sites, err);
}

static void free_patch(struct change *change)
{
	struct lea_patch *patch = (struct lea_patch *)change;

	accepted_lea_done(&patch->lea);
	free(patch);
}

/* The LEA as it is now. */
static int make_changed(const struct view *view, const void *arg, json_t **ret_json,
			struct err *err)
{
	const struct lea_patch *patch = arg;

	return view_lea(view, request_param(patch->req, "code"), ret_json, err);
}

static void changed(struct request *req, struct response *res, struct job *job)
{
	const struct lea_patch *patch = (struct lea_patch *)job->change;

	if (job->result == -ESTALE) {
		response_problem(res, PROBLEM_CHANGED, "%s", job->err.text);
	} else if (job->result < 0) {
		response_failure(res, job->result, &job->err);
	} else {
		log_line(LOG_NOTICE, "an LEA was changed lea=%s", request_param(req, "code"));
		api_answer_with(req, res, make_changed, patch);
		res->cache = "no-store";
	}
}

static void lea_patch(struct request *req, struct response *res)
{
	struct lea_patch *patch = xcalloc(1, sizeof(*patch));
	_cleanup_(job_freep) struct job *job = job_new(JOB_CHANGE, req->body_len);
	_cleanup_free_ char *pointer = NULL;
	struct err err = { 0 };

	patch->change = (struct change){ NULL, run_patch, free_patch };
	patch->req = req;
	job->change = &patch->change;
	if (!submit_match(req, res, "LEA", patch->version, sizeof(patch->version)))
		return;
	if (accept_lea(req->body ? req->body : "", req->body_len, &patch->lea, &pointer, &err) <
	    0) {
		submit_refuse(res, pointer, &err);
		return;
	}
	patch->lea.change.code = request_param(req, "code");
	patch->lea.change.version = patch->version;
	submit(req, res, TAKE_PTR(job), changed);
}

/* --- as a file ----------------------------------------------------------------------- */

static int open_file(const struct export_asked *asked, struct sheet **ret_sheet, struct err *err)
{
	const struct lea_filter filter = filter_of(asked->req);

	return lea_sheet_open(asked->view, &filter, &asked->form, ret_sheet, err);
}

static void answer(struct request *req, struct response *res, api_make *make)
{
	static const struct export_kind leas = { "leas", open_file };

	(void)make;
	export_now(req, res, &leas);
}

static void lea_export(struct request *req, struct response *res)
{
	if (!reading_is_unchanged(req, res))
		read_later(req, res, answer, NULL);
}

#define LEA_QUERY "name", "code"
static const char *const list_query[] = { "limit", "cursor", LEA_QUERY, NULL };
static const char *const file_query[] = { LEA_QUERY, NULL };

const struct route api_lea_routes[] = {
	{ "GET", "/v1/leas", ACCESS_STAFF, MAY_SEE, list_query, 0, lea_list },
	{ "GET", "/v1/leas.csv", ACCESS_STAFF, MAY_SEE, file_query, 0, lea_export },
	{ "GET", "/v1/leas/:code", ACCESS_STAFF, MAY_SEE, NULL, 0, lea_show },
	{ "PATCH", "/v1/leas/:code", ACCESS_STAFF, MAY_MEND_INVENTORY, NULL, LIMIT_SITE_BYTES,
	  lea_patch },
	{ 0 },
};
