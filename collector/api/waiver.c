/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Waivers: what is accepted although it fails, who proposed it and who answers for it.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "collector/act/asked.h"
#include "collector/act/prepare.h"
#include "collector/api/api.h"
#include "collector/api/change_once.h"
#include "collector/api/submit.h"
#include "collector/app.h"
#include "collector/http/limits.h"
#include "collector/ingest/accept_waiver.h"
#include "collector/view/view_waivers.h"
#include "common/base/clock.h"
#include "common/base/log.h"
#include "common/base/mem.h"

static int make_list(const struct view *view, const struct request *req, json_t **ret_json,
		     struct err *err)
{
	const char *state = request_query(req, "state");
	const struct waiver_filter filter = { .profile_id = request_query(req, "profile"),
					      .state = state ? state : "active",
					      .account_id = req->caller.staff->account_id };
	struct page page;
	int r = api_page(req, &page, err);

	return r < 0 ? r : view_waivers(view, &filter, &page, ret_json, err);
}

static void waiver_list(struct request *req, struct response *res)
{
	api_answer(req, res, make_list);
}

/* --- changing ------------------------------------------------------------------------- */

enum change_kind {
	CHANGE_ADD,
	CHANGE_DECIDE,
	CHANGE_REVOKE,
};

/* What is asked for, on its way to the writer. */
struct waiver_change {
	struct change change; /* first, so that it is the change */
	enum change_kind kind;
	struct app *app;
	struct actor actor;
	struct prepared
		prepared; /* what is judged by then, composed before it is the writer's turn */
	char id[ID_SIZE]; /* of what is there, or was made */
	struct accepted_waiver accepted; /* of one to make */
	struct accepted_verdict verdict; /* of one to decide */
	struct reach reach;
	const char *done; /* static: what was done, for the log */
};

static void free_change(struct change *change)
{
	struct waiver_change *waiver = (struct waiver_change *)change;

	accepted_waiver_done(&waiver->accepted);
	accepted_verdict_done(&waiver->verdict);
	prepared_done(&waiver->prepared);
	free(waiver);
}

/* Only what is asked for by who may give somewhere can change what is judged by. */
static int look(struct waiver_change *waiver, struct store *reader, int64_t now_ms, struct err *err)
{
	const struct waiver_act act = { waiver->id, &waiver->verdict.verdict, waiver->actor.who };

	switch (waiver->kind) {
	case CHANGE_ADD:
		if (waiver->accepted.as == WAIVE_AS_PROPOSAL)
			return 0;
		return act_waive_prepare(reader, &waiver->accepted.waiver, now_ms,
					 &waiver->prepared, err);
	case CHANGE_DECIDE:
		return act_waiver_decide_prepare(reader, &act, now_ms, &waiver->prepared, err);
	default:
		return act_waiver_revoke_prepare(reader, waiver->id, &waiver->prepared, err);
	}
}

/* On a thread of pages. What goes wrong here does so again in run(), which tells. */
static int prepare(struct change *change, struct err *err)
{
	struct waiver_change *waiver = (struct waiver_change *)change;
	struct reader *reader;
	int r;

	if (!access_allows_somewhere(waiver->actor.grants, MAY_WAIVE))
		return 0;
	r = app_reader_take(waiver->app, READER_PAGE, &reader, err);
	if (r < 0)
		return 0;
	r = store_begin(reader->store, err);
	if (r >= 0)
		r = look(waiver, reader->store, clock_now_ms(), err);
	app_reader_give(waiver->app, reader, job_is_refused(r) ? 0 : r);
	*err = (struct err){ 0 };
	return 0;
}

/* Of what will be refused, or is only proposed, there is nothing. */
static int put_prepared(const struct waiver_change *waiver, const struct moment *moment,
			struct err *err)
{
	_cleanup_(waiver_done) struct waiver there = { 0 };
	const char *profile_id = waiver->accepted.waiver.profile_id;
	int r = 0;

	if (waiver->prepared.n_documents == 0)
		return 0;
	if (!profile_id) {
		r = store_waiver_get(moment->store, waiver->id, &there, err);
		profile_id = there.profile_id;
	}
	return r < 0 ? r
		     : act_prepared_put(moment->store, profile_id, &waiver->prepared,
					moment->now_ms, err);
}

static int run_add(struct change *change, const struct moment *moment, struct err *err)
{
	struct waiver_change *waiver = (struct waiver_change *)change;
	const struct waive_wish wish = { &waiver->accepted.waiver, waiver->accepted.as };
	int r = put_prepared(waiver, moment, err);

	if (r >= 0)
		r = asked_waive(moment->store, &waiver->actor, &wish, moment->now_ms,
				&waiver->reach, err);
	if (r < 0)
		return r;
	memcpy(waiver->id, wish.waiver->id, ID_SIZE);
	waiver->done = wish.waiver->status == WAIVER_STATUS_GIVEN ? "given" : "proposed";
	return 0;
}

static int run_decide(struct change *change, const struct moment *moment, struct err *err)
{
	struct waiver_change *waiver = (struct waiver_change *)change;
	const struct waiver_wish wish = { waiver->id, &waiver->verdict.verdict };

	int r = put_prepared(waiver, moment, err);

	waiver->done = waiver_decision_words[wish.verdict->decision];
	return r < 0 ? r
		     : asked_waiver_decide(moment->store, &waiver->actor, &wish, moment->now_ms,
					   &waiver->reach, err);
}

static int run_revoke(struct change *change, const struct moment *moment, struct err *err)
{
	struct waiver_change *waiver = (struct waiver_change *)change;
	const struct waiver_end end = { .id = waiver->id };

	int r = put_prepared(waiver, moment, err);

	waiver->done = "revoked";
	return r < 0 ? r
		     : asked_waiver_revoke(moment->store, &waiver->actor, &end, moment->now_ms,
					   &waiver->reach, err);
}

static struct job *job_of(struct request *req, enum change_kind kind)
{
	static int (*const runs[])(struct change *, const struct moment *, struct err *) = {
		[CHANGE_ADD] = run_add,
		[CHANGE_DECIDE] = run_decide,
		[CHANGE_REVOKE] = run_revoke,
	};
	struct waiver_change *waiver = xcalloc(1, sizeof(*waiver));
	struct job *job = job_new(JOB_CHANGE, req->body_len);

	waiver->change = (struct change){ prepare, runs[kind], free_change };
	waiver->kind = kind;
	waiver->app = req->app;
	waiver->actor = api_actor(req);
	job->change = &waiver->change;
	return job;
}

/* What the waiver is now that this was done, and what that reaches. */
static int make_change(const struct view *view, const void *arg, json_t **ret_json, struct err *err)
{
	const struct waiver_change *waiver = arg;
	int r = view_waiver(view, waiver->id, waiver->actor.account_id, ret_json, err);

	if (r < 0)
		return r;
	json_object_set_new(*ret_json, "reach",
			    json_pack("{s:I, s:I, s:I}", "sites", (json_int_t)waiver->reach.n_sites,
				      "devices", (json_int_t)waiver->reach.n_devices, "too_short",
				      (json_int_t)waiver->reach.n_too_short));
	return 0;
}

static void changed(struct request *req, struct response *res, struct job *job)
{
	const struct waiver_change *waiver = (const struct waiver_change *)job->change;
	bool has_body = waiver->kind != CHANGE_REVOKE;

	/* What the body says does not fit; of a new one also what it names is not there. */
	if (has_body && (job->result == -EINVAL || job->result == -E2BIG ||
			 (job->result == -ENOENT && waiver->kind == CHANGE_ADD))) {
		response_problem(res, PROBLEM_INVALID_BODY, "%s", job->err.text);
		return;
	}
	if (job->result < 0) {
		response_failure(res, job->result, &job->err);
		return;
	}
	log_line(LOG_NOTICE, "a waiver: %s id=%s account=%s", waiver->done, waiver->id,
		 waiver->actor.account_id);
	api_answer_with(req, res, make_change, waiver);
}

static const struct change_told told = { make_change, NULL, true };

static void waiver_add(struct request *req, struct response *res)
{
	_cleanup_free_ char *pointer = NULL;
	struct accepted_waiver accepted;
	struct err err = { 0 };
	struct job *job;

	if (accept_waiver(req->body ? req->body : "", req->body_len, &accepted, &pointer, &err) <
	    0) {
		submit_refuse(res, pointer, &err);
		return;
	}
	job = job_of(req, CHANGE_ADD);
	((struct waiver_change *)job->change)->accepted = accepted;
	change_once(req, res, job, changed, &told, job->change);
}

/* An id that is none would be cut to fit, and might then be one. NULL: @res says so. */
static const char *read_id(const struct request *req, struct response *res)
{
	const char *id = request_param(req, "id");

	if (id_is_valid(id))
		return id;
	response_problem(res, PROBLEM_NOT_FOUND, "No waiver has the id '%.40s'.", id);
	return NULL;
}

static void waiver_decide(struct request *req, struct response *res)
{
	const char *id = read_id(req, res);
	_cleanup_free_ char *pointer = NULL;
	struct accepted_verdict accepted;
	struct err err = { 0 };
	struct job *job;

	if (!id)
		return;
	if (accept_waiver_verdict(req->body ? req->body : "", req->body_len, &accepted, &pointer,
				  &err) < 0) {
		submit_refuse(res, pointer, &err);
		return;
	}
	job = job_of(req, CHANGE_DECIDE);
	memcpy(((struct waiver_change *)job->change)->id, id, ID_SIZE);
	((struct waiver_change *)job->change)->verdict = accepted;
	submit(req, res, job, changed);
}

static void waiver_revoke(struct request *req, struct response *res)
{
	const char *id = read_id(req, res);
	struct job *job;

	if (!id)
		return;
	job = job_of(req, CHANGE_REVOKE);
	memcpy(((struct waiver_change *)job->change)->id, id, ID_SIZE);
	submit(req, res, job, changed);
}

static const char *const list_query[] = { "limit", "cursor", "profile", "state", NULL };

const struct route api_waiver_routes[] = {
	{ "GET", "/v1/waivers", ACCESS_STAFF, MAY_SEE, list_query, 0, waiver_list },
	{ "POST", "/v1/waivers", ACCESS_STAFF, MAY_PROPOSE_WAIVER, NULL, LIMIT_WAIVER_BYTES,
	  waiver_add },
	{ "POST", "/v1/waivers/:id/decision", ACCESS_STAFF, MAY_PROPOSE_WAIVER, NULL,
	  LIMIT_WAIVER_BYTES, waiver_decide },
	{ "DELETE", "/v1/waivers/:id", ACCESS_STAFF, MAY_WAIVE, NULL, 0, waiver_revoke },
	{ 0 },
};
