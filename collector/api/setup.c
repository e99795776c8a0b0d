/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How an account gets its password: the first one with the code that the collector prints, all
 * others with an invitation.
 */
#include <errno.h>
#include <string.h>

#include "collector/act/act_invite.h"
#include "collector/api/api.h"
#include "collector/api/submit.h"
#include "collector/app.h"
#include "collector/domain/login_name.h"
#include "collector/domain/password_rule.h"
#include "collector/http/limits.h"
#include "collector/ingest/accept_person.h"
#include "common/base/log.h"
#include "common/base/mem.h"

struct setup_change {
	struct change change; /* first, so that it is this */
	const struct request *req;
	enum credentials_kind kind;
	struct credentials credentials;
	char *login;         /* of whoever the password is for */
	const char *pointer; /* to what is refused, where it is one member */
	char password[PASSWORD_HASH_SIZE];
};

/* Whether the code is good, before it costs a hash; and whose it is. */
static int look(struct setup_change *setup, struct err *err)
{
	const struct request *req = setup->req;
	char login[LOGIN_NAME_SIZE];
	struct reader *reader;
	int r = app_reader_take(req->app, READER_PAGE, &reader, err);

	if (r < 0)
		return r;
	if (setup->kind == CREDENTIALS_SETUP)
		r = act_setup_look(reader->store, setup->credentials.code, req->now_ms, err);
	else
		r = act_invitation_look(reader->store, setup->credentials.code, req->now_ms,
					&setup->login, err);
	app_reader_give(req->app, reader, r);
	if (r < 0 || setup->login)
		return r;
	setup->pointer = "/login";
	r = login_name_read(setup->credentials.login, login, err);
	if (r >= 0)
		setup->login = xstrdup(login);
	return r;
}

static int prepare_setup(struct change *change, struct err *err)
{
	struct setup_change *setup = (struct setup_change *)change;
	int r = look(setup, err);

	if (r < 0)
		return r;
	setup->pointer = "/password";
	r = password_rule_check(setup->credentials.password, setup->login, err);
	if (r < 0)
		return r;
	setup->pointer = NULL;
	return password_hash(setup->credentials.password, setup->password, err);
}

static int run_setup(struct change *change, const struct moment *moment, struct err *err)
{
	const struct setup_change *setup = (struct setup_change *)change;
	const struct credentials *credentials = &setup->credentials;
	const char *network = setup->req->network;

	if (setup->kind == CREDENTIALS_SETUP)
		return act_setup(moment->store,
				 &(struct setup_request){ credentials->code, credentials->login,
							  credentials->name, setup->password,
							  network },
				 moment->now_ms, err);
	return act_invitation_use(
		moment->store,
		&(struct invitation_answer){ credentials->code, setup->password, network },
		moment->now_ms, err);
}

static void free_setup(struct change *change)
{
	struct setup_change *setup = (struct setup_change *)change;

	credentials_done(&setup->credentials);
	free(setup->login);
	free(setup);
}

static void set_up(struct request *req, struct response *res, struct job *job)
{
	const struct setup_change *setup = (struct setup_change *)job->change;

	(void)req;
	if (job->result == -EINVAL) {
		response_problem_at(res, PROBLEM_INVALID_BODY, setup->pointer, "%s", job->err.text);
	} else if (job->result == -EACCES) {
		response_problem_at(res, PROBLEM_FORBIDDEN, "/code", "%s", job->err.text);
	} else if (job->result < 0) {
		response_failure(res, job->result, &job->err);
	} else {
		response_json(res, 200, json_pack("{s:s}", "login", setup->login));
		res->cache = "no-store";
		log_line(LOG_NOTICE, "%s",
			 setup->kind == CREDENTIALS_SETUP ? "the first account was made"
							  : "an invitation was used");
	}
}

static void begin(struct request *req, struct response *res, enum credentials_kind kind)
{
	struct setup_change *setup = xcalloc(1, sizeof(*setup));
	_cleanup_(job_freep) struct job *job = job_new(JOB_CHANGE, req->body_len);
	_cleanup_free_ char *pointer = NULL;
	struct err err = { 0 };

	setup->change = (struct change){ prepare_setup, run_setup, free_setup };
	setup->req = req;
	setup->kind = kind;
	job->change = &setup->change;
	if (accept_credentials(kind, req->body ? req->body : "", req->body_len, &setup->credentials,
			       &pointer, &err) < 0)
		submit_refuse(res, pointer, &err);
	else
		submit(req, res, TAKE_PTR(job), set_up);
}

static void setup_do(struct request *req, struct response *res)
{
	begin(req, res, CREDENTIALS_SETUP);
}

static void invitation_use(struct request *req, struct response *res)
{
	begin(req, res, CREDENTIALS_INVITATION);
}

const struct route api_setup_routes[] = {
	{ "POST", "/v1/setup", ACCESS_ANYBODY, MAY_NOTHING_, NULL, LIMIT_SIGN_IN_BYTES, setup_do },
	{ "POST", "/v1/invitation", ACCESS_ANYBODY, MAY_NOTHING_, NULL, LIMIT_SIGN_IN_BYTES,
	  invitation_use },
	{ 0 },
};
