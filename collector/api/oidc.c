/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Signing in at an identity provider: there, and back. Both are links that a browser follows, so
 * what goes wrong is told as a page.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "collector/act/act_sign_on.h"
#include "collector/api/api.h"
#include "collector/api/sign_in.h"
#include "collector/api/submit.h"
#include "collector/app.h"
#include "collector/http/cookie.h"
#include "common/base/log.h"
#include "common/base/mem.h"

/* --- what goes wrong, for whoever waits at the browser --------------------------------- */

/*
 * The word is for the pages, which say it in their languages: collector/web/strings_sign_on.ts has
 * each. The sentence is for who has only the answer.
 */
struct not_signed_in {
	int status;
	const char *word;
	const char *sentence;
};

/* clang-format off */
static const struct failure {
	int error;
	struct not_signed_in told;
} failures[] = {
	{ -ESTALE, { 400, "begin_again",
	  "This sign-in was not begun in this browser, took too long or was used before. Begin again." } },
	{ -EALREADY, { 400, "used", "This sign-in was used before. Begin again." } },
	{ -EACCES, { 403, "not_let_in",
	  "The identity provider did not let you in. Try again there, or ask whoever runs it." } },
	{ -EKEYREJECTED, { 502, "not_trusted",
	  "What the identity provider answered cannot be trusted, so nobody was signed in. Tell whoever "
	  "runs this collector: its log says what was wrong." } },
	{ -EIO, { 503, "no_answer",
	  "The identity provider cannot be asked at the moment. Try again later, or sign in with your "
	  "password." } },
	/* What else can fail is ours. */
	{ 0, { 500, "fault",
	  "This is a fault of the collector; its log says more. Sign in with your password." } },
};

static const struct not_signed_in outcomes[SIGN_IN_MAX_] = {
	[SIGN_IN_REFUSED] = { 403, "no_account",
	  "The identity provider knows you, but no account here is yours. Ask whoever gives accounts to "
	  "let you sign in this way." },
	[SIGN_IN_NEEDS_CODE] = { 403, "needs_code",
	  "Your account here has a second factor, and the identity provider did not say that it asked "
	  "you for one. Sign in with your password and the code that your phone shows." },
	[SIGN_IN_DISABLED] = { 403, "disabled",
	  "This account is disabled; ask whoever gave it to you." },
	[SIGN_IN_EXPIRED] = { 403, "expired",
	  "Accounts are renewed every 1 July, and this one waits for it; ask whoever gave it to you." },
};
/* clang-format on */

/* Nothing that came from outside stands in the page: word and sentence are ours. */
static void answer_page(const struct request *req, struct response *res,
			const struct not_signed_in *told)
{
	_cleanup_free_ char *main = xasprintf("<main class=\"wide\"><h1>Not signed in</h1><p>%s</p>"
					      "<p><a href=\"/\">Back to Testready</a></p></main>",
					      told->sentence);
	_cleanup_free_ char *word = xasprintf("data-not-signed-in=\"%s\"", told->word);
	char *page = assets_shell(req->app->assets, word, main);

	if (!page)
		page = xasprintf("<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n"
				 "<title>Not signed in</title>\n%s\n</html>\n",
				 main);
	response_owned(res, "text/html; charset=utf-8", page);
	res->status = told->status;
	response_header(res, "Set-Cookie", "%s", COOKIE_SIGN_ON_END);
}

static void answer_failure(const struct request *req, struct response *res, int r,
			   const struct err *err)
{
	static struct log_seldom seldom;
	const struct failure *failure = failures;

	while (failure->error != r && failure->error != 0)
		failure++;
	log_seldom(&seldom, failure->told.status >= 500 ? LOG_WARNING : LOG_NOTICE,
		   "nobody was signed in by the identity provider: %s",
		   secret_is_in(err->text) ? "there is a secret in what was wrong" : err->text);
	answer_page(req, res, &failure->told);
}

/* --- there ----------------------------------------------------------------------------- */

struct trip_change {
	struct change change; /* first, so that it is this */
	const struct request *req;
	const char *next;         /* where to go on; of the way there */
	char cookie[SECRET_SIZE]; /* that the browser keeps meanwhile */
	char *url;                /* of the provider, or where to go on after that */
	int r;                    /* what came of asking the provider */
	struct err err;
	struct oidc_person person;
	struct signed_in signed_in;
};

static void free_trip(struct change *change)
{
	struct trip_change *trip = (struct trip_change *)change;

	oidc_person_done(&trip->person);
	free(trip->url);
	explicit_bzero(trip->cookie, sizeof(trip->cookie));
	explicit_bzero(&trip->signed_in, sizeof(trip->signed_in));
	free(trip);
}

static struct trip_change *trip_new(const struct request *req, struct job **ret_job)
{
	struct trip_change *trip = xcalloc(1, sizeof(*trip));

	trip->change.free = free_trip;
	trip->req = req;
	*ret_job = job_new(JOB_CHANGE, 0);
	(*ret_job)->change = &trip->change;
	(*ret_job)->is_outside = true;
	return trip;
}

/* Where there is no provider there is no such place. */
static bool has_provider(const struct request *req, struct response *res)
{
	if (req->app->sign_on)
		return true;
	response_problem(res, PROBLEM_NOT_FOUND,
			 "No identity provider is set up here; sign in with your password.");
	return false;
}

/* Nothing is written: prepare() is all. */
static int prepare_there(struct change *change, struct err *err)
{
	struct trip_change *trip = (struct trip_change *)change;
	const struct request *req = trip->req;

	(void)err;
	secret_new(SECRET_SIGN_ON, trip->cookie);
	trip->r = sign_on_begin(req->app->sign_on, trip->cookie, trip->next, req->now_ms,
				&trip->url, &trip->err);
	return 1;
}

static void went_there(struct request *req, struct response *res, struct job *job)
{
	struct trip_change *trip = (struct trip_change *)job->change;

	if (job->result < 0) {
		response_failure(res, job->result, &job->err);
	} else if (trip->r < 0) {
		answer_failure(req, res, trip->r, &trip->err);
	} else {
		response_redirect(res, TAKE_PTR(trip->url));
		response_header(res, "Set-Cookie", COOKIE_SIGN_ON_SET, trip->cookie);
	}
}

static void oidc_begin(struct request *req, struct response *res)
{
	const char *next = request_query(req, "next");
	struct trip_change *trip;
	struct job *job;

	if (!has_provider(req, res))
		return;
	if (next && !oidc_next_is_ours(next)) {
		response_problem(res, PROBLEM_INVALID_QUERY,
				 "next is a path of this collector's pages, such as /sites, of at "
				 "most %d bytes.",
				 OIDC_NEXT_MAX);
		return;
	}
	trip = trip_new(req, &job);
	trip->next = next ? next : "/";
	trip->change.prepare = prepare_there;
	submit(req, res, job, went_there);
}

/* --- and back -------------------------------------------------------------------------- */

static int prepare_back(struct change *change, struct err *err)
{
	struct trip_change *trip = (struct trip_change *)change;
	const struct request *req = trip->req;
	const struct sign_on_return back = {
		.cookie = cookie_sign_on(req->headers.cookie, trip->cookie) ? trip->cookie : NULL,
		.state = request_query(req, "state"),
		.code = request_query(req, "code"),
		.issuer = request_query(req, "iss"),
		.error = request_query(req, "error"),
	};

	(void)err;
	trip->r = sign_on_end(req->app->sign_on, &back, req->now_ms, &trip->person, &trip->url,
			      &trip->err);
	return trip->r < 0 ? 1 : 0;
}

static int run_back(struct change *change, const struct moment *moment, struct err *err)
{
	struct trip_change *trip = (struct trip_change *)change;
	const struct request *req = trip->req;
	const char *state = request_query(req, "state");
	const struct sign_on_from from = { req->network, req->headers.user_agent };
	struct sign_on_person person = { .issuer = sign_on_issuer(req->app->sign_on),
					 .subject = trip->person.subject,
					 .names = { trip->person.mail, trip->person.name },
					 .has_two_factors = trip->person.has_two_factors };
	char hash[HASH_SIZE];
	int r;

	hash_hex(state, strlen(state), hash);
	person.state_hash = hash;
	r = act_sign_on_person(moment->store, &from, &person, moment->now_ms, &trip->signed_in,
			       err);
	if (r >= 0 && trip->signed_in.outcome == SIGN_IN_DONE)
		r = sign_in_end_before(moment->store, req, err);
	return r;
}

static void came_back(struct request *req, struct response *res, struct job *job)
{
	struct trip_change *trip = (struct trip_change *)job->change;
	enum sign_in_outcome outcome = trip->signed_in.outcome;

	if (job->result < 0) {
		answer_failure(req, res, job->result, &job->err);
	} else if (trip->r < 0) {
		answer_failure(req, res, trip->r, &trip->err);
	} else if (outcome != SIGN_IN_DONE) {
		answer_page(req, res, &outcomes[outcome]);
	} else {
		log_line(LOG_NOTICE, "somebody signed in by the identity provider account=%s",
			 trip->signed_in.account_id);
		response_redirect(res, TAKE_PTR(trip->url));
		response_header(res, "Set-Cookie", COOKIE_SET, trip->signed_in.session);
		response_header(res, "Set-Cookie", "%s", COOKIE_SIGN_ON_END);
	}
}

static void oidc_end(struct request *req, struct response *res)
{
	struct trip_change *trip;
	struct job *job;

	if (!has_provider(req, res))
		return;
	trip = trip_new(req, &job);
	trip->change.prepare = prepare_back;
	trip->change.run = run_back;
	submit(req, res, job, came_back);
}

static const char *const begin_query[] = { "next", NULL };
/* What providers add is known here and not read, or the way back would end at it. */
static const char *const end_query[] = {
	"code",  "state",    "iss", "error",  "error_description", "error_uri", "session_state",
	"scope", "authuser", "hd",  "prompt", "client_info",       NULL
};

const struct route api_oidc_routes[] = {
	{ "GET", "/v1/session/oidc", ACCESS_ANYBODY, MAY_NOTHING_, begin_query, 0, oidc_begin },
	{ "GET", "/v1/session/oidc/callback", ACCESS_ANYBODY, MAY_NOTHING_, end_query, 0,
	  oidc_end },
	{ 0 },
};
