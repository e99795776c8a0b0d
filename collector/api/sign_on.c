/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Single sign-on: which ways to sign in there are, and that by a proxy in front.
 */
#include <stdlib.h>
#include <string.h>

#include "collector/act/act_sign_on.h"
#include "collector/api/api.h"
#include "collector/api/sign_in.h"
#include "collector/api/submit.h"
#include "collector/app.h"
#include "common/base/mem.h"

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

const struct route api_sign_on_routes[] = {
	{ "GET", "/v1/session/ways", ACCESS_ANYBODY, MAY_NOTHING_, NULL, 0, ways_show },
	{ "POST", "/v1/session/proxy", ACCESS_ANYBODY, MAY_NOTHING_, NULL, 0, proxy_sign_in },
	{ 0 },
};
