/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Signing in and out, and what one's own session may.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "collector/act/act_account.h"
#include "collector/act/act_lockout.h"
#include "collector/act/act_session.h"
#include "collector/act/act_sign_in.h"
#include "collector/api/api.h"
#include "collector/api/sign_in.h"
#include "collector/api/submit.h"
#include "collector/app.h"
#include "collector/domain/password_rule.h"
#include "collector/http/cookie.h"
#include "collector/http/limits.h"
#include "collector/ingest/accept_person.h"
#include "collector/view/view_people.h"
#include "common/base/log.h"
#include "common/base/mem.h"

/* --- who it is ----------------------------------------------------------------------- */

/* What the caller may somewhere: what the pages show at all. */
static json_t *actions_json(const struct grants *grants)
{
	json_t *json = json_array();

	for (unsigned action = MAY_NOTHING_ + 1; action < ACTION_MAX_; action++) {
		if (access_allows_somewhere(grants, (enum action)action))
			json_array_append_new(json, json_string(action_words[action]));
	}
	return json;
}

static int make_session(const struct view *view, const struct request *req, json_t **ret_json,
			struct err *err)
{
	const struct staff *staff = req->caller.staff;
	json_t *json = NULL;
	int r = view_self(view, staff->account_id, staff->session, &json, err);

	if (r < 0)
		return r;
	json_object_set_new(json, "who", view_text(staff->who));
	json_object_set_new(json, "grants", view_grants(&staff->grants));
	json_object_set_new(json, "may", actions_json(&staff->grants));
	json_object_set_new(json, "csrf_token",
			    staff->session[0] ? json_string(staff->csrf_token) : json_null());
	*ret_json = json;
	return 0;
}

static void session_show(struct request *req, struct response *res)
{
	api_answer_timed(req, res, make_session);
}

/* --- signing in ---------------------------------------------------------------------- */

struct sign_in_change {
	struct change change; /* first, so that it is this */
	const struct request *req;
	struct credentials credentials;
	struct sign_in_begun begun;
	bool is_right;
	struct signed_in signed_in;
};

/* Which hash the password is compared with, from a snapshot of its own. */
static int begin(struct sign_in_change *sign_in, struct err *err)
{
	const struct request *req = sign_in->req;
	struct reader *reader;
	int r = app_reader_take(req->app, READER_PAGE, &reader, err);

	if (r < 0)
		return r;
	r = act_sign_in_begin(reader->store, sign_in->credentials.login, req->network, req->now_ms,
			      &sign_in->begun, err);
	app_reader_give(req->app, reader, r);
	return r;
}

static int prepare_sign_in(struct change *change, struct err *err)
{
	struct sign_in_change *sign_in = (struct sign_in_change *)change;
	int r = begin(sign_in, err);

	if (r < 0)
		return r;
	if (sign_in->begun.outcome != SIGN_IN_DONE) {
		sign_in->signed_in.outcome = sign_in->begun.outcome;
		sign_in->signed_in.wait_ms = sign_in->begun.wait_ms;
		return 1;
	}
	return password_compare(sign_in->begun.password, sign_in->credentials.password,
				&sign_in->is_right, err);
}

int sign_in_end_before(struct store *store, const struct request *req, struct err *err)
{
	char cookie[SECRET_SIZE], hash[HASH_SIZE];
	int64_t n;

	if (!cookie_session(req->headers.cookie, cookie))
		return 0;
	hash_hex(cookie, strlen(cookie), hash);
	return act_session_end(store, hash, &n, err);
}

static int run_sign_in(struct change *change, const struct moment *moment, struct err *err)
{
	struct sign_in_change *sign_in = (struct sign_in_change *)change;
	const struct request *req = sign_in->req;
	const struct sign_in asked = {
		.login = sign_in->credentials.login,
		.code = sign_in->credentials.code,
		.network = req->network,
		.browser = req->headers.user_agent,
		.password = sign_in->begun.password,
		.is_right = sign_in->is_right,
	};
	int r = act_sign_in(moment->store, &asked, moment->now_ms, &sign_in->signed_in, err);

	if (r >= 0 && sign_in->signed_in.outcome == SIGN_IN_DONE)
		r = sign_in_end_before(moment->store, req, err);
	return r;
}

static void free_sign_in(struct change *change)
{
	struct sign_in_change *sign_in = (struct sign_in_change *)change;

	credentials_done(&sign_in->credentials);
	explicit_bzero(&sign_in->signed_in, sizeof(sign_in->signed_in));
	free(sign_in);
}

static const struct {
	enum problem_id problem;
	const char *sentence;
} refusals[SIGN_IN_MAX_] = {
	/* Of passwords; where somebody else vouches, it says who that is. */
	[SIGN_IN_REFUSED] = { PROBLEM_SIGN_IN_REFUSED, "The login or the password is wrong. "
						       "Whoever gave you the account can "
						       "send another invitation." },
	[SIGN_IN_LOCKED] = { PROBLEM_TOO_MANY, "Too many tries to sign in; try again after the "
					       "time that the field Retry-After gives." },
	[SIGN_IN_NEEDS_CODE] = { PROBLEM_SECOND_FACTOR,
				 "Enter the code that your phone shows, or a recovery code." },
	[SIGN_IN_WRONG_CODE] = { PROBLEM_SECOND_FACTOR,
				 "This is not the code, or it was used before; enter the one that "
				 "your phone shows now, or a recovery code." },
	[SIGN_IN_NO_KEY] = { PROBLEM_SECOND_FACTOR,
			     "The collector cannot check codes of phones at the moment. Sign in "
			     "with one of your recovery codes, and tell whoever runs it: its log "
			     "says more." },
	[SIGN_IN_DISABLED] = { PROBLEM_FORBIDDEN,
			       "This account is disabled; ask whoever gave it to you." },
	[SIGN_IN_EXPIRED] = { PROBLEM_FORBIDDEN,
			      "Accounts are renewed every 1 July, and this one waits for it; ask "
			      "whoever gave it to you." },
};

static void answer_signed_in(const struct signed_in *signed_in, struct response *res)
{
	char token[HASH_SIZE];

	guard_csrf_token(signed_in->session, token);
	response_json(res, 200, json_pack("{s:s}", "csrf_token", token));
	res->cache = "no-store";
	response_header(res, "Set-Cookie", COOKIE_SET, signed_in->session);
	log_line(LOG_NOTICE, "somebody signed in account=%s", signed_in->account_id);
}

void sign_in_answer(struct response *res, const struct signed_in *signed_in)
{
	static struct log_seldom seldom;
	enum sign_in_outcome outcome = signed_in->outcome;

	if (outcome == SIGN_IN_NO_KEY)
		log_seldom(&seldom, LOG_ERR, "the code of a second factor could not be checked: %s",
			   "\"testready-collector person second-factor\" says why");
	if (outcome == SIGN_IN_DONE)
		answer_signed_in(signed_in, res);
	else if (outcome == SIGN_IN_LOCKED)
		response_come_back(res, PROBLEM_TOO_MANY, signed_in->wait_ms, "%s",
				   refusals[outcome].sentence);
	else
		response_problem(res, refusals[outcome].problem, "%s", refusals[outcome].sentence);
}

static void signed_in(struct request *req, struct response *res, struct job *job)
{
	const struct sign_in_change *sign_in = (struct sign_in_change *)job->change;

	(void)req;
	if (job->result < 0)
		response_failure(res, job->result, &job->err);
	else
		sign_in_answer(res, &sign_in->signed_in);
}

static void session_begin(struct request *req, struct response *res)
{
	struct sign_in_change *sign_in = xcalloc(1, sizeof(*sign_in));
	_cleanup_(job_freep) struct job *job = job_new(JOB_CHANGE, req->body_len);
	_cleanup_free_ char *pointer = NULL;
	struct err err = { 0 };

	sign_in->change = (struct change){ prepare_sign_in, run_sign_in, free_sign_in };
	sign_in->req = req;
	job->change = &sign_in->change;
	if (accept_credentials(CREDENTIALS_SIGN_IN, req->body ? req->body : "", req->body_len,
			       &sign_in->credentials, &pointer, &err) < 0)
		submit_refuse(res, pointer, &err);
	else
		submit(req, res, TAKE_PTR(job), signed_in);
}

/* --- signing out --------------------------------------------------------------------- */

struct end_change {
	struct change change;
	const struct request *req;
	bool is_everywhere;
	int64_t n;
};

static int run_end(struct change *change, const struct moment *moment, struct err *err)
{
	struct end_change *end = (struct end_change *)change;
	const struct actor actor = api_actor(end->req);

	if (!end->is_everywhere)
		return act_session_end(moment->store, end->req->caller.staff->session, &end->n,
				       err);
	return act_session_end_all(moment->store, &actor, moment->now_ms, &end->n, err);
}

static void free_end(struct change *change)
{
	free(change);
}

static void ended(struct request *req, struct response *res, struct job *job)
{
	const struct end_change *end = (struct end_change *)job->change;

	if (job->result < 0) {
		response_failure(res, job->result, &job->err);
		return;
	}
	response_json(res, 200, json_pack("{s:I}", "ended", (json_int_t)end->n));
	res->cache = "no-store";
	if (req->caller.staff->session[0])
		response_header(res, "Set-Cookie", "%s", COOKIE_END);
}

static void end_session(struct request *req, struct response *res, bool is_everywhere)
{
	struct end_change *end;
	struct job *job;

	if (is_everywhere && !req->caller.staff->account_id[0]) {
		response_problem(res, PROBLEM_CONFLICT,
				 "This token is of no account, so it has no "
				 "sessions.");
		return;
	}
	end = xcalloc(1, sizeof(*end));
	job = job_new(JOB_CHANGE, 0);
	end->change = (struct change){ NULL, run_end, free_end };
	end->req = req;
	end->is_everywhere = is_everywhere;
	job->change = &end->change;
	submit(req, res, job, ended);
}

static void session_end(struct request *req, struct response *res)
{
	end_session(req, res, false);
}

static void sessions_end(struct request *req, struct response *res)
{
	end_session(req, res, true);
}

/* --- another password ---------------------------------------------------------------- */

struct new_password_change {
	struct change change;
	const struct request *req;
	struct credentials credentials;
	struct sign_in_begun begun; /* the old one's hash */
	char *login;
	bool is_right;
	char password[PASSWORD_HASH_SIZE]; /* the new one's */
};

/* Who guesses at the old password has to wait like one who signs in. */
static int look_up(struct new_password_change *new, struct err *err)
{
	const struct request *req = new->req;
	struct reader *reader;
	int r = app_reader_take(req->app, READER_PAGE, &reader, err);

	if (r < 0)
		return r;
	r = act_account_login(reader->store, req->caller.staff->account_id, &new->login, err);
	if (r >= 0)
		r = act_sign_in_begin(reader->store, new->login, req->network, req->now_ms,
				      &new->begun, err);
	app_reader_give(req->app, reader, r);
	return r;
}

static int prepare_password(struct change *change, struct err *err)
{
	struct new_password_change *new = (struct new_password_change *)change;
	int r = look_up(new, err);

	if (r < 0 || new->begun.outcome != SIGN_IN_DONE)
		return r < 0 ? r : 1;
	r = password_rule_check(new->credentials.new_password, new->login, err);
	if (r >= 0)
		r = password_compare(new->begun.password, new->credentials.password, &new->is_right,
				     err);
	if (r >= 0 && new->is_right)
		r = password_hash(new->credentials.new_password, new->password, err);
	return r;
}

static int run_password(struct change *change, const struct moment *moment, struct err *err)
{
	struct new_password_change *new = (struct new_password_change *)change;
	const struct actor actor = api_actor(new->req);
	const struct password_change asked = { new->begun.password, new->password,
					       new->req->caller.staff->session };
	int r;

	if (new->is_right)
		return act_password_change(moment->store, &actor, &asked, moment->now_ms, err);
	r = act_lockout_failed(moment->store, new->login, new->req->network, moment->now_ms, err);
	return r < 0 ? r : 0;
}

static void free_password(struct change *change)
{
	struct new_password_change *new = (struct new_password_change *)change;

	credentials_done(&new->credentials);
	free(new->login);
	free(new);
}

static void password_changed(struct request *req, struct response *res, struct job *job)
{
	const struct new_password_change *new = (struct new_password_change *)job->change;

	if (job->result == -EINVAL)
		response_problem_at(res, PROBLEM_INVALID_BODY, "/new", "%s", job->err.text);
	else if (job->result == -ESTALE)
		response_problem(res, PROBLEM_CONFLICT, "%s", job->err.text);
	else if (job->result < 0)
		response_failure(res, job->result, &job->err);
	else if (new->begun.outcome == SIGN_IN_LOCKED)
		response_come_back(res, PROBLEM_TOO_MANY, new->begun.wait_ms, "%s",
				   refusals[SIGN_IN_LOCKED].sentence);
	else if (!new->is_right)
		response_problem_at(res, PROBLEM_FORBIDDEN, "/old",
				    "The old password is not right; nothing was changed.");
	else
		api_answer_now(req, res, make_session);
}

static void password_set(struct request *req, struct response *res)
{
	struct new_password_change *new;
	_cleanup_(job_freep) struct job *job = NULL;
	_cleanup_free_ char *pointer = NULL;
	struct err err = { 0 };

	if (!req->caller.staff->session[0]) {
		response_problem(res, PROBLEM_FORBIDDEN,
				 "A password is changed in a session, not with a token.");
		return;
	}
	new = xcalloc(1, sizeof(*new));
	job = job_new(JOB_CHANGE, req->body_len);
	new->change = (struct change){ prepare_password, run_password, free_password };
	new->req = req;
	job->change = &new->change;
	if (accept_credentials(CREDENTIALS_PASSWORD, req->body ? req->body : "", req->body_len,
			       &new->credentials, &pointer, &err) < 0)
		submit_refuse(res, pointer, &err);
	else
		submit(req, res, TAKE_PTR(job), password_changed);
}

const struct route api_session_routes[] = {
	{ "POST", "/v1/session", ACCESS_ANYBODY, MAY_NOTHING_, NULL, LIMIT_SIGN_IN_BYTES,
	  session_begin },
	{ "GET", "/v1/session", ACCESS_STAFF, MAY_MEND_SELF, NULL, 0, session_show },
	{ "DELETE", "/v1/session", ACCESS_STAFF, MAY_MEND_SELF, NULL, 0, session_end },
	{ "DELETE", "/v1/sessions", ACCESS_STAFF, MAY_MEND_SELF, NULL, 0, sessions_end },
	{ "PUT", "/v1/session/password", ACCESS_STAFF, MAY_MEND_SELF, NULL, LIMIT_SIGN_IN_BYTES,
	  password_set },
	{ 0 },
};
