/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sites.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "collector/act/act_site.h"
#include "collector/api/api.h"
#include "collector/api/submit.h"
#include "collector/http/limits.h"
#include "collector/ingest/accept_site.h"
#include "collector/view/view_site.h"
#include "collector/view/view_sites.h"
#include "common/base/log.h"
#include "common/base/mem.h"

static int read_order(const char *text, enum site_order *ret_order, struct err *err)
{
	for (unsigned i = 0; site_order_words[i]; i++) {
		if (strcmp(site_order_words[i], text) == 0) {
			*ret_order = (enum site_order)i;
			return 0;
		}
	}
	return err_set(err, -EINVAL, "sort is code, name or risk, not '%.20s'.", text);
}

static int make_list(const struct view *view, const struct request *req, json_t **ret_json,
		     struct err *err)
{
	const char *sort = request_query(req, "sort");
	enum site_order order = SITE_ORDER_CODE;
	struct page page;
	int r = api_page(req, &page, err);

	if (r >= 0 && sort)
		r = read_order(sort, &order, err);
	return r < 0 ? r : view_site_list(view, order, &page, ret_json, err);
}

static void site_list(struct request *req, struct response *res)
{
	api_answer(req, res, make_list);
}

static int make_site(const struct view *view, const struct request *req, json_t **ret_json,
		     struct err *err)
{
	return view_site(view, request_param(req, "code"), ret_json, err);
}

static void site_show(struct request *req, struct response *res)
{
	api_answer(req, res, make_site);
}

/* --- changing ------------------------------------------------------------------------ */

struct site_patch {
	struct change change; /* first, so that it is this */
	const struct request *req;
	struct accepted_site site;
	char version[SITE_VERSION_SIZE];
};

static int run_patch(struct change *change, const struct moment *moment, struct err *err)
{
	struct site_patch *patch = (struct site_patch *)change;
	const struct actor actor = api_actor(patch->req);

	return act_site_change(moment->store, &actor, &patch->site.change, moment->now_ms, err);
}

static void free_patch(struct change *change)
{
	struct site_patch *patch = (struct site_patch *)change;

	accepted_site_done(&patch->site);
	free(patch);
}

/* The site as it is now. */
static int make_changed(const struct view *view, const void *arg, json_t **ret_json,
			struct err *err)
{
	const struct site_patch *patch = arg;

	return view_site(view, request_param(patch->req, "code"), ret_json, err);
}

static void changed(struct request *req, struct response *res, struct job *job)
{
	const struct site_patch *patch = (struct site_patch *)job->change;

	if (job->result == -EINVAL) {
		response_problem(res, PROBLEM_INVALID_BODY, "%s", job->err.text);
	} else if (job->result == -ESTALE) {
		response_problem(res, PROBLEM_CHANGED, "%s", job->err.text);
	} else if (job->result < 0) {
		response_failure(res, job->result, &job->err);
	} else {
		log_line(LOG_NOTICE, "a site was changed site=%s", request_param(req, "code"));
		api_answer_with(req, res, make_changed, patch);
		res->cache = "no-store";
	}
}

static void site_patch(struct request *req, struct response *res)
{
	struct site_patch *patch = xcalloc(1, sizeof(*patch));
	_cleanup_(job_freep) struct job *job = job_new(JOB_CHANGE, req->body_len);
	_cleanup_free_ char *pointer = NULL;
	struct err err = { 0 };

	patch->change = (struct change){ NULL, run_patch, free_patch };
	patch->req = req;
	job->change = &patch->change;
	if (!submit_match(req, res, "site", patch->version, sizeof(patch->version)))
		return;
	if (accept_site(req->body ? req->body : "", req->body_len, &patch->site, &pointer, &err) <
	    0) {
		submit_refuse(res, pointer, &err);
		return;
	}
	patch->site.change.code = request_param(req, "code");
	patch->site.change.version = patch->version;
	submit(req, res, TAKE_PTR(job), changed);
}

static const char *const list_query[] = { "limit", "cursor", "sort", NULL };

const struct route api_site_routes[] = {
	{ "GET", "/v1/sites", ACCESS_STAFF, MAY_SEE, list_query, 0, site_list },
	{ "GET", "/v1/sites/:code", ACCESS_STAFF, MAY_SEE, NULL, 0, site_show },
	{ "PATCH", "/v1/sites/:code", ACCESS_STAFF, MAY_MEND_INVENTORY, NULL, LIMIT_SITE_BYTES,
	  site_patch },
	{ 0 },
};
