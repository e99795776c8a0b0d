/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Single sign-on: which ways to sign in there are, that by a proxy in front, and who may.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "collector/act/act_sign_on.h"
#include "collector/api/api.h"
#include "collector/api/sign_in.h"
#include "collector/api/submit.h"
#include "collector/app.h"
#include "collector/http/limits.h"
#include "common/base/log.h"
#include "common/base/mem.h"
#include "common/model/document.h"

/* Of whoever asks: a proxy's word is there or not, request by request. */
static void ways_show(struct request *req, struct response *res)
{
	response_json(res, 200,
		      json_pack("{s:b, s:b, s:b}", "password", true, "oidc",
				req->app->sign_on != NULL, "proxy", req->proxy_login != NULL));
	res->cache = "no-store";
}

/* --- a proxy --------------------------------------------------------------------------- */

struct sign_on_change {
	struct change change; /* first, so that it is this */
	const struct request *req;
	struct signed_in signed_in;
};

static int run_proxy(struct change *change, const struct moment *moment, struct err *err)
{
	struct sign_on_change *sign_on = (struct sign_on_change *)change;
	const struct request *req = sign_on->req;
	const struct sign_on_from from = { req->network, req->headers.user_agent };
	int r = act_sign_on_login(moment->store, &from, req->proxy_login, moment->now_ms,
				  &sign_on->signed_in, err);

	if (r >= 0 && sign_on->signed_in.outcome == SIGN_IN_DONE)
		r = sign_in_end_before(moment->store, req, err);
	return r;
}

static void free_sign_on(struct change *change)
{
	struct sign_on_change *sign_on = (struct sign_on_change *)change;

	explicit_bzero(&sign_on->signed_in, sizeof(sign_on->signed_in));
	free(sign_on);
}

static void signed_on(struct request *req, struct response *res, struct job *job)
{
	const struct sign_on_change *sign_on = (struct sign_on_change *)job->change;

	if (job->result < 0)
		response_failure(res, job->result, &job->err);
	else if (sign_on->signed_in.outcome == SIGN_IN_REFUSED)
		response_problem(res, PROBLEM_FORBIDDEN,
				 "You are signed in as '%.64s' at the proxy, and no account here "
				 "has that login; ask whoever gives accounts for one.",
				 req->proxy_login);
	else
		sign_in_answer(res, &sign_on->signed_in);
}

static void proxy_sign_in(struct request *req, struct response *res)
{
	struct sign_on_change *sign_on;
	struct job *job;

	if (!req->proxy_login) {
		response_problem(res, PROBLEM_UNAUTHORIZED,
				 "No proxy says who you are; sign in with your password.");
		return;
	}
	sign_on = xcalloc(1, sizeof(*sign_on));
	job = job_new(JOB_CHANGE, 0);
	sign_on->change = (struct change){ NULL, run_proxy, free_sign_on };
	sign_on->req = req;
	job->change = &sign_on->change;
	submit(req, res, job, signed_on);
}

/* --- who at the identity provider an account is ---------------------------------------- */

struct allow_change {
	struct change change; /* first, so that it is this */
	const struct request *req;
	char *name; /* "": nobody */
};

static int run_allow(struct change *change, const struct moment *moment, struct err *err)
{
	struct allow_change *allow = (struct allow_change *)change;
	const struct actor actor = api_actor(allow->req);

	return act_sign_on_allow(moment->store, &actor, request_param(allow->req, "id"),
				 allow->name, moment->now_ms, err);
}

static void free_allow(struct change *change)
{
	struct allow_change *allow = (struct allow_change *)change;

	free(allow->name);
	free(allow);
}

static void allowed(struct request *req, struct response *res, struct job *job)
{
	const struct allow_change *allow = (struct allow_change *)job->change;

	if (job->result == -EINVAL) {
		response_problem_at(res, PROBLEM_INVALID_BODY, "/name", "%s", job->err.text);
	} else if (job->result < 0) {
		response_failure(res, job->result, &job->err);
	} else {
		log_line(LOG_NOTICE, "an account awaits another name account=%s",
			 request_param(req, "id"));
		response_json(res, 200,
			      json_pack("{s:s?}", "name", allow->name[0] ? allow->name : NULL));
		res->cache = "no-store";
	}
}

/* {"name": NAME} or {"name": null}; the name is owned by the caller. */
static int read_allow(const struct request *req, char **ret_name, char **ret_pointer,
		      struct err *err)
{
	static const struct document_limits body_limits = { LIMIT_KEY_BYTES, 2 };
	static const char *const names[] = { "name", NULL };
	_cleanup_(json_decrefp) json_t *json = NULL;
	struct node root = { .key = "" }, member;
	const char *name = "";
	int r = document_parse(req->body ? req->body : "", req->body_len, &body_limits, &json, err);

	if (r < 0)
		return r;
	root.value = json;
	r = node_object(&root, names, err);
	if (r < 0)
		return r;
	member = node_member(&root, "name");
	if (!json_is_null(member.value))
		r = node_text(&member, SIGN_ON_NAME_MAX, &name, err);
	if (r >= 0 && member.value && !json_is_null(member.value) && !name[0])
		r = node_error(&member, err, "give null where it is to be nobody");
	if (r < 0)
		*ret_pointer = node_pointer(&member);
	else
		*ret_name = xstrdup(name);
	return r;
}

static void person_allow(struct request *req, struct response *res)
{
	struct allow_change *allow = xcalloc(1, sizeof(*allow));
	_cleanup_(job_freep) struct job *job = job_new(JOB_CHANGE, req->body_len);
	_cleanup_free_ char *pointer = NULL;
	struct err err = { 0 };

	allow->change = (struct change){ NULL, run_allow, free_allow };
	allow->req = req;
	job->change = &allow->change;
	if (read_allow(req, &allow->name, &pointer, &err) < 0)
		submit_refuse(res, pointer, &err);
	else
		submit(req, res, TAKE_PTR(job), allowed);
}

const struct route api_sign_on_routes[] = {
	{ "GET", "/v1/session/ways", ACCESS_ANYBODY, MAY_NOTHING_, NULL, 0, ways_show },
	{ "POST", "/v1/session/proxy", ACCESS_ANYBODY, MAY_NOTHING_, NULL, 0, proxy_sign_in },
	{ "PUT", "/v1/people/:id/sign-on", ACCESS_STAFF, MAY_GIVE_ROLES, NULL, LIMIT_KEY_BYTES,
	  person_allow },
	{ 0 },
};
