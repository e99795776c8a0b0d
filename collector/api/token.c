/* SPDX-License-Identifier: Apache-2.0 */
/*
 * API tokens: what programs come with, shown once when they are made.
 */
#include <errno.h>
#include <string.h>

#include "collector/act/act_token.h"
#include "collector/api/api.h"
#include "collector/api/change_once.h"
#include "collector/api/submit.h"
#include "collector/app.h"
#include "collector/http/limits.h"
#include "collector/ingest/accept_token.h"
#include "collector/view/view_tokens.h"
#include "common/base/log.h"
#include "common/base/mem.h"

static int make_list(const struct view *view, const struct request *req, json_t **ret_json,
		     struct err *err)
{
	const char *state = request_query(req, "state");
	struct page page;
	int r = api_page(req, &page, err);

	return r < 0 ? r : view_tokens(view, state ? state : "good", &page, ret_json, err);
}

static void token_list(struct request *req, struct response *res)
{
	api_answer_timed(req, res, make_list);
}

/* --- making and revoking ------------------------------------------------------------- */

/* A token that is to be made or revoked, on its way to the writer. */
struct token_change {
	struct change change; /* first, so that it is the change */
	struct actor actor;
	struct accepted_token token; /* of one to make */
	struct token_made made;      /* of one to revoke its id */
};

static void free_change(struct change *change)
{
	struct token_change *token = (struct token_change *)change;

	accepted_token_done(&token->token);
	explicit_bzero(&token->made, sizeof(token->made));
	free(token);
}

static int run_add(struct change *change, const struct moment *moment, struct err *err)
{
	struct token_change *token = (struct token_change *)change;
	const struct token_request request = { token->token.name, token->token.grant,
					       token->token.days };

	return act_token_add(moment->store, &token->actor, &request, moment->now_ms, &token->made,
			     err);
}

static int run_revoke(struct change *change, const struct moment *moment, struct err *err)
{
	struct token_change *token = (struct token_change *)change;

	return act_token_revoke(moment->store, &token->actor, token->made.id, moment->now_ms, err);
}

static struct job *job_of(struct request *req,
			  int (*run)(struct change *, const struct moment *, struct err *))
{
	struct token_change *token = xcalloc(1, sizeof(*token));
	struct job *job = job_new(JOB_CHANGE, req->body_len);

	token->change = (struct change){ .run = run, .free = free_change };
	token->actor = api_actor(req);
	job->change = &token->change;
	return job;
}

static int make_token(const struct view *view, const void *arg, json_t **ret_json, struct err *err)
{
	const struct token_change *token = arg;
	int r = view_token(view, token->made.id, ret_json, err);

	if (r >= 0 && token->made.token[0])
		json_object_set_new(*ret_json, "token", json_string(token->made.token));
	return r;
}

static void changed(struct request *req, struct response *res, struct job *job)
{
	const struct token_change *token = (const struct token_change *)job->change;
	bool is_new = token->change.run == run_add;

	/* What the body names is not there, or there are too many. */
	if (is_new && (job->result == -EINVAL || job->result == -E2BIG)) {
		response_problem(res, PROBLEM_INVALID_BODY, "%s", job->err.text);
		return;
	}
	if (job->result < 0) {
		response_failure(res, job->result, &job->err);
		return;
	}
	log_line(LOG_NOTICE, "an API token was %s id=%s", is_new ? "made" : "revoked",
		 token->made.id);
	api_answer_with(req, res, make_token, token);
}

static const struct change_told told = { make_token, "token", true };

/* A program that got hold of a token could else make itself another one, for longer. */
static bool is_person(const struct request *req, struct response *res)
{
	if (!req->caller.staff->token_id[0])
		return true;
	response_problem(res, PROBLEM_FORBIDDEN,
			 "A token makes no tokens; sign in with a login to make one.");
	return false;
}

static void token_add(struct request *req, struct response *res)
{
	_cleanup_(accepted_token_done) struct accepted_token token = { 0 };
	_cleanup_free_ char *pointer = NULL;
	struct err err = { 0 };
	struct job *job;

	if (!is_person(req, res))
		return;
	if (accept_token(req->body ? req->body : "", req->body_len, &token, &pointer, &err) < 0) {
		submit_refuse(res, pointer, &err);
		return;
	}
	job = job_of(req, run_add);
	((struct token_change *)job->change)->token = token;
	token = (struct accepted_token){ 0 };
	change_once(req, res, job, changed, &told, job->change);
}

static void token_revoke(struct request *req, struct response *res)
{
	const char *id = request_param(req, "id");
	struct job *job;

	if (!id_is_valid(id)) {
		response_problem(res, PROBLEM_NOT_FOUND, "No token has the id '%.40s'.", id);
		return;
	}
	job = job_of(req, run_revoke);
	memcpy(((struct token_change *)job->change)->made.id, id, ID_SIZE);
	submit(req, res, job, changed);
}

static const char *const list_query[] = { "limit", "cursor", "state", NULL };

const struct route api_token_routes[] = {
	{ "GET", "/v1/tokens", ACCESS_STAFF, MAY_SEE_PEOPLE, list_query, 0, token_list },
	{ "POST", "/v1/tokens", ACCESS_STAFF, MAY_GIVE_ROLES, NULL, LIMIT_TOKEN_BYTES, token_add },
	{ "DELETE", "/v1/tokens/:id", ACCESS_STAFF, MAY_GIVE_ROLES, NULL, 0, token_revoke },
	{ 0 },
};
