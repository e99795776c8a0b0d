/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The second factor of one's own account, and taking away another's.
 */
#include <errno.h>
#include <string.h>

#include "collector/act/act_account.h"
#include "collector/act/act_lockout.h"
#include "collector/act/act_second_factor.h"
#include "collector/act/act_sign_in.h"
#include "collector/api/api.h"
#include "collector/api/submit.h"
#include "collector/app.h"
#include "collector/http/limits.h"
#include "collector/ingest/accept_person.h"
#include "common/base/log.h"
#include "common/base/mem.h"

/* What is asked of a second factor, on its way to the writer. */
struct factor_change {
	struct change change; /* first, so that it is the change */
	const struct request *req;
	struct credentials credentials;   /* of PUT the code, else the password */
	struct second_factor_begun begun; /* by POST */
	struct recovery_codes codes;      /* of PUT */
	char *login;                      /* of POST and DELETE, as all below */
	struct sign_in_begun compared;    /* what the password is compared with */
	bool is_right;
};

static void free_factor(struct change *change)
{
	struct factor_change *factor = (struct factor_change *)change;

	credentials_done(&factor->credentials);
	second_factor_begun_done(&factor->begun);
	explicit_bzero(&factor->codes, sizeof(factor->codes));
	free(factor->login);
	free(factor);
}

static struct job *job_of(struct request *req,
			  int (*run)(struct change *, const struct moment *, struct err *))
{
	struct factor_change *factor = xcalloc(1, sizeof(*factor));
	struct job *job = job_new(JOB_CHANGE, req->body_len);

	factor->change = (struct change){ .run = run, .free = free_factor };
	factor->req = req;
	job->change = &factor->change;
	return job;
}

/* A program with a token could else lock its owner out. */
static bool is_session(const struct request *req, struct response *res)
{
	if (req->caller.staff->session[0])
		return true;
	response_problem(res, PROBLEM_FORBIDDEN,
			 "A second factor is set up in a session, not with a token.");
	return false;
}

/* Read the body as @kind and submit; or say what is wrong with it. */
static void submit_with(struct request *req, struct response *res, struct job *job,
			enum credentials_kind kind, submit_finish *finish)
{
	_cleanup_(job_freep) struct job *own = job;
	struct factor_change *factor = (struct factor_change *)job->change;
	_cleanup_free_ char *pointer = NULL;
	struct err err = { 0 };

	if (accept_credentials(kind, req->body ? req->body : "", req->body_len,
			       &factor->credentials, &pointer, &err) < 0)
		submit_refuse(res, pointer, &err);
	else
		submit(req, res, TAKE_PTR(own), finish);
}

static void answer_secret(struct response *res, json_t *json)
{
	response_json(res, 200, json);
	res->cache = "no-store";
}

/* --- the password, which is asked for again ------------------------------------------- */

/* Who guesses at the password has to wait like one who signs in. */
static int look_up(struct factor_change *factor, struct err *err)
{
	const struct request *req = factor->req;
	struct reader *reader;
	int r = app_reader_take(req->app, READER_PAGE, &reader, err);

	if (r < 0)
		return r;
	r = act_account_login(reader->store, req->caller.staff->account_id, &factor->login, err);
	if (r >= 0)
		r = act_sign_in_begin(reader->store, factor->login, req->network, req->now_ms,
				      &factor->compared, err);
	app_reader_give(req->app, reader, r);
	return r;
}

static int prepare_password(struct change *change, struct err *err)
{
	struct factor_change *factor = (struct factor_change *)change;
	int r = look_up(factor, err);

	if (r < 0 || factor->compared.outcome != SIGN_IN_DONE)
		return r < 0 ? r : 1;
	return password_compare(factor->compared.password, factor->credentials.password,
				&factor->is_right, err);
}

/* What the writer does where the password was the right one; @act is told what it was compared
 * with. */
static int run_with_password(struct factor_change *factor, const struct moment *moment,
			     int (*act)(struct factor_change *factor, const struct moment *moment,
					const struct actor *actor, struct err *err),
			     struct err *err)
{
	const struct actor actor = api_actor(factor->req);
	int r;

	if (factor->is_right)
		return act(factor, moment, &actor, err);
	r = act_lockout_failed(moment->store, factor->login, factor->req->network, moment->now_ms,
			       err);
	return r < 0 ? r : 0;
}

/* Answer where nothing was done; false: it was. */
static bool is_refused(const struct factor_change *factor, const struct job *job,
		       struct response *res)
{
	static struct log_seldom seldom;

	if (job->result == -ESTALE) {
		response_problem(res, PROBLEM_CONFLICT, "%s", job->err.text);
	} else if (job->result == -EKEYREJECTED) {
		log_seldom(&seldom, LOG_ERR, "no second factor can be set up: %s", job->err.text);
		response_problem(res, PROBLEM_CONFLICT,
				 "The collector cannot set up second factors at the moment; tell "
				 "whoever runs it: its log says more.");
	} else if (job->result < 0) {
		response_failure(res, job->result, &job->err);
	} else if (factor->compared.outcome == SIGN_IN_LOCKED) {
		response_come_back(res, PROBLEM_TOO_MANY, factor->compared.wait_ms,
				   "Too many passwords were wrong; try again after the time that "
				   "the field Retry-After gives.");
	} else if (!factor->is_right) {
		response_problem_at(res, PROBLEM_FORBIDDEN, "/password",
				    "The password is not right; nothing was changed.");
	} else {
		return false;
	}
	return true;
}

/* Of one's own account, once the password in the body was found right. */
static void submit_with_password(struct request *req, struct response *res, struct job *job,
				 submit_finish *finish)
{
	job->change->prepare = prepare_password;
	submit_with(req, res, job, CREDENTIALS_OWN_PASSWORD, finish);
}

/* --- beginning ----------------------------------------------------------------------- */

static int act_begin(struct factor_change *factor, const struct moment *moment,
		     const struct actor *actor, struct err *err)
{
	return act_second_factor_begin(moment->store, actor, factor->compared.password,
				       moment->now_ms, &factor->begun, err);
}

static int run_begin(struct change *change, const struct moment *moment, struct err *err)
{
	return run_with_password((struct factor_change *)change, moment, act_begin, err);
}

static void begun(struct request *req, struct response *res, struct job *job)
{
	const struct factor_change *factor = (struct factor_change *)job->change;

	(void)req;
	if (!is_refused(factor, job, res))
		answer_secret(res, json_pack("{s:s, s:s}", "secret", factor->begun.secret, "uri",
					     factor->begun.uri));
}

static void factor_begin(struct request *req, struct response *res)
{
	if (is_session(req, res))
		submit_with_password(req, res, job_of(req, run_begin), begun);
}

/* --- turning on ---------------------------------------------------------------------- */

static int run_set(struct change *change, const struct moment *moment, struct err *err)
{
	struct factor_change *factor = (struct factor_change *)change;
	const struct actor actor = api_actor(factor->req);

	return act_second_factor_set(moment->store, &actor, factor->credentials.code,
				     moment->now_ms, &factor->codes, err);
}

static void is_set(struct request *req, struct response *res, struct job *job)
{
	const struct factor_change *factor = (struct factor_change *)job->change;
	json_t *codes;

	(void)req;
	if (job->result == -EINVAL) {
		response_problem_at(res, PROBLEM_INVALID_BODY, "/code", "%s", job->err.text);
		return;
	}
	if (job->result < 0) {
		response_failure(res, job->result, &job->err);
		return;
	}
	codes = json_array();
	for (size_t i = 0; i < RECOVERY_CODES; i++)
		json_array_append_new(codes, json_string(factor->codes.texts[i]));
	answer_secret(res, json_pack("{s:o}", "recovery_codes", codes));
}

static void factor_set(struct request *req, struct response *res)
{
	if (is_session(req, res))
		submit_with(req, res, job_of(req, run_set), CREDENTIALS_CODE, is_set);
}

/* --- taking away --------------------------------------------------------------------- */

static int act_end(struct factor_change *factor, const struct moment *moment,
		   const struct actor *actor, struct err *err)
{
	return act_second_factor_end(moment->store, actor, factor->compared.password,
				     moment->now_ms, err);
}

static int run_end(struct change *change, const struct moment *moment, struct err *err)
{
	return run_with_password((struct factor_change *)change, moment, act_end, err);
}

static void answer_none(struct response *res)
{
	answer_secret(res, json_pack("{s:b}", "has_second_factor", false));
}

static void ended(struct request *req, struct response *res, struct job *job)
{
	(void)req;
	if (!is_refused((const struct factor_change *)job->change, job, res))
		answer_none(res);
}

static void factor_end(struct request *req, struct response *res)
{
	if (is_session(req, res))
		submit_with_password(req, res, job_of(req, run_end), ended);
}

static int run_remove(struct change *change, const struct moment *moment, struct err *err)
{
	struct factor_change *factor = (struct factor_change *)change;
	const struct actor actor = api_actor(factor->req);

	return act_second_factor_remove(moment->store, &actor, request_param(factor->req, "id"),
					moment->now_ms, err);
}

static void removed(struct request *req, struct response *res, struct job *job)
{
	(void)req;
	if (job->result < 0)
		response_failure(res, job->result, &job->err);
	else
		answer_none(res);
}

static void factor_remove(struct request *req, struct response *res)
{
	submit(req, res, job_of(req, run_remove), removed);
}

const struct route api_second_factor_routes[] = {
	{ "POST", "/v1/session/second-factor", ACCESS_STAFF, MAY_MEND_SELF, NULL,
	  LIMIT_SIGN_IN_BYTES, factor_begin },
	{ "PUT", "/v1/session/second-factor", ACCESS_STAFF, MAY_MEND_SELF, NULL,
	  LIMIT_SIGN_IN_BYTES, factor_set },
	{ "DELETE", "/v1/session/second-factor", ACCESS_STAFF, MAY_MEND_SELF, NULL,
	  LIMIT_SIGN_IN_BYTES, factor_end },
	{ "DELETE", "/v1/people/:id/second-factor", ACCESS_STAFF, MAY_GIVE_ROLES, NULL, 0,
	  factor_remove },
	{ 0 },
};
