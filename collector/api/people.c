/* SPDX-License-Identifier: Apache-2.0 */
/*
 * People who have an account: who they are, what they may, and how they get in.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "collector/act/act_account.h"
#include "collector/act/act_invite.h"
#include "collector/api/api.h"
#include "collector/api/change_once.h"
#include "collector/api/export.h"
#include "collector/api/reading.h"
#include "collector/api/submit.h"
#include "collector/http/limits.h"
#include "collector/ingest/accept_person.h"
#include "collector/view/people_sheet.h"
#include "collector/view/view_people.h"
#include "common/base/clock.h"
#include "common/base/log.h"
#include "common/base/mem.h"

#define DAY_MS INT64_C(86400000)

/* --- reading ------------------------------------------------------------------------- */

static struct people_filter filter_of(const struct request *req)
{
	return (struct people_filter){ .role = request_query(req, "role"),
				       .scope = request_query(req, "scope"),
				       .code = request_query(req, "code"),
				       .state = request_query(req, "state") };
}

static int make_list(const struct view *view, const struct request *req, json_t **ret_json,
		     struct err *err)
{
	const struct people_filter filter = filter_of(req);
	struct page page;
	int r = api_page(req, &page, err);

	return r < 0 ? r : view_people(view, &filter, &page, ret_json, err);
}

static void person_list(struct request *req, struct response *res)
{
	api_answer_timed(req, res, make_list);
}

static int make_review(const struct view *view, const struct request *req, json_t **ret_json,
		       struct err *err)
{
	const struct people_filter filter = { .is_review = true,
					      .reason = request_query(req, "reason") };
	struct page page;
	int r = api_page(req, &page, err);

	return r < 0 ? r : view_people(view, &filter, &page, ret_json, err);
}

static void person_review(struct request *req, struct response *res)
{
	api_answer_timed(req, res, make_review);
}

static int open_file(const struct export_asked *asked, struct sheet **ret_sheet, struct err *err)
{
	const struct people_filter filter = filter_of(asked->req);

	return people_sheet_open(asked->view, &filter, &asked->form, ret_sheet, err);
}

static void answer_file(struct request *req, struct response *res, api_make *make)
{
	static const struct export_kind people = { "people", open_file };

	(void)make;
	export_now(req, res, &people);
}

static void people_export(struct request *req, struct response *res)
{
	if (!reading_is_unchanged(req, res))
		read_later(req, res, answer_file, NULL);
}

static int make_person(const struct view *view, const struct request *req, json_t **ret_json,
		       struct err *err)
{
	return view_person(view, request_param(req, "id"), ret_json, err);
}

static void person_show(struct request *req, struct response *res)
{
	api_answer_timed(req, res, make_person);
}

/* --- changing ------------------------------------------------------------------------ */

struct people_change {
	struct change change; /* first, so that it is this */
	const struct request *req;
	const char *done; /* of the log: "was made" */
	int (*act)(struct people_change *people, const struct moment *moment,
		   const struct actor *actor, struct err *err);
	struct accepted_person person;
	char version[ACCOUNT_VERSION_SIZE];
	struct account_made
		made; /* whose account it is; the invitation is "" where none was made */
};

static int act_add(struct people_change *people, const struct moment *moment,
		   const struct actor *actor, struct err *err)
{
	const struct account_request request = { people->person.login, people->person.name,
						 &people->person.grants };

	return act_account_add(moment->store, actor, &request, moment->now_ms, &people->made, err);
}

static int act_change(struct people_change *people, const struct moment *moment,
		      const struct actor *actor, struct err *err)
{
	const struct accepted_person *person = &people->person;
	const struct account_change change = {
		.id = people->made.id,
		.version = people->version,
		.name = person->name,
		.grants = person->has_grants ? &person->grants : NULL,
		.is_disabled = person->is_disabled,
	};

	return act_account_change(moment->store, actor, &change, moment->now_ms, err);
}

static int act_invite_again(struct people_change *people, const struct moment *moment,
			    const struct actor *actor, struct err *err)
{
	return act_invite(moment->store, actor, people->made.id, moment->now_ms,
			  people->made.invitation, err);
}

static int act_renew(struct people_change *people, const struct moment *moment,
		     const struct actor *actor, struct err *err)
{
	return act_account_renew(moment->store, actor, people->made.id, moment->now_ms, err);
}

static int run_people(struct change *change, const struct moment *moment, struct err *err)
{
	struct people_change *people = (struct people_change *)change;
	const struct actor actor = api_actor(people->req);

	return people->act(people, moment, &actor, err);
}

static void free_people(struct change *change)
{
	struct people_change *people = (struct people_change *)change;

	accepted_person_done(&people->person);
	explicit_bzero(&people->made, sizeof(people->made));
	free(people);
}

/* The account as it is now, with its invitation, which is shown this once. */
static int make_changed(const struct view *view, const void *arg, json_t **ret_json,
			struct err *err)
{
	const struct people_change *people = arg;
	const char *invitation = people->made.invitation;
	int64_t until_ms = people->req->now_ms + INVITATION_DAYS * DAY_MS;
	struct view all = *view;
	int r = view_person(view, people->made.id, ret_json, err);

	/* Whoever gave the last role away that was theirs to know of changed it nevertheless. */
	all.grants = &access_everything;
	if (r == -ENOENT)
		r = view_person(&all, people->made.id, ret_json, err);
	if (r >= 0 && invitation[0])
		json_object_set_new(*ret_json, "invitation",
				    json_pack("{s:s, s:s+, s:o}", "code", invitation, "path",
					      "/invitation#", invitation, "expires_at",
					      view_time(until_ms)));
	return r;
}

static void changed(struct request *req, struct response *res, struct job *job)
{
	const struct people_change *people = (struct people_change *)job->change;

	if (job->result == -EINVAL || job->result == -E2BIG) {
		response_problem(res, PROBLEM_INVALID_BODY, "%s", job->err.text);
	} else if (job->result == -ESTALE) {
		response_problem(res, PROBLEM_CHANGED, "%s", job->err.text);
	} else if (job->result < 0) {
		response_failure(res, job->result, &job->err);
	} else {
		log_line(LOG_NOTICE, "an account %s account=%s", people->done, people->made.id);
		api_answer_with(req, res, make_changed, people);
		res->cache = "no-store";
	}
}

static const struct change_told told = { make_changed, "invitation", true };

static struct people_change *people_new(const struct request *req, const char *done,
					int (*act)(struct people_change *people,
						   const struct moment *moment,
						   const struct actor *actor, struct err *err),
					struct job **ret_job)
{
	struct people_change *people = xcalloc(1, sizeof(*people));

	people->change = (struct change){ NULL, run_people, free_people };
	people->req = req;
	people->done = done;
	people->act = act;
	*ret_job = job_new(JOB_CHANGE, req->body_len);
	(*ret_job)->change = &people->change;
	return people;
}

/* The body, where there is one; false: @res says what is wrong with it. */
static bool read_body(const struct request *req, struct response *res, bool is_change,
		      struct people_change *people)
{
	_cleanup_free_ char *pointer = NULL;
	struct err err = { 0 };

	if (accept_person(is_change, req->body ? req->body : "", req->body_len, &people->person,
			  &pointer, &err) >= 0)
		return true;
	submit_refuse(res, pointer, &err);
	return false;
}

static void person_add(struct request *req, struct response *res)
{
	_cleanup_(job_freep) struct job *job = NULL;
	struct people_change *people = people_new(req, "was made", act_add, &job);

	if (read_body(req, res, false, people))
		change_once(req, res, TAKE_PTR(job), changed, &told, people);
}

/* The account that the path names; an id that is none would be cut to fit, and might be one. */
static bool read_id(const struct request *req, struct response *res, struct people_change *people)
{
	const char *id = request_param(req, "id");

	if (!id_is_valid(id)) {
		response_problem(res, PROBLEM_NOT_FOUND, "There is no account '%.40s'.", id);
		return false;
	}
	memcpy(people->made.id, id, ID_SIZE);
	return true;
}

static void person_change(struct request *req, struct response *res)
{
	_cleanup_(job_freep) struct job *job = NULL;
	struct people_change *people = people_new(req, "was changed", act_change, &job);

	if (read_id(req, res, people) &&
	    submit_match(req, res, "account", people->version, sizeof(people->version)) &&
	    read_body(req, res, true, people))
		submit(req, res, TAKE_PTR(job), changed);
}

static void person_invite(struct request *req, struct response *res)
{
	_cleanup_(job_freep) struct job *job = NULL;
	struct people_change *people = people_new(req, "was invited", act_invite_again, &job);

	if (read_id(req, res, people))
		change_once(req, res, TAKE_PTR(job), changed, &told, people);
}

static void person_renew(struct request *req, struct response *res)
{
	_cleanup_(job_freep) struct job *job = NULL;
	struct people_change *people = people_new(req, "was renewed", act_renew, &job);

	if (read_id(req, res, people))
		submit(req, res, TAKE_PTR(job), changed);
}

/* --- renewing many ------------------------------------------------------------------- */

struct renewal_change {
	struct change change; /* first, so that it is this */
	const struct request *req;
	char lea_code[ACCESS_CODE_SIZE];
	int64_t n_renewed;
};

static int run_renewal(struct change *change, const struct moment *moment, struct err *err)
{
	struct renewal_change *renewal = (struct renewal_change *)change;
	const struct actor actor = api_actor(renewal->req);

	return act_account_renew_lea(moment->store, &actor, renewal->lea_code, moment->now_ms,
				     &renewal->n_renewed, err);
}

static void free_renewal(struct change *change)
{
	free(change);
}

/* What is nowhere and what is elsewhere is said alike. */
static void renewed(struct request *req, struct response *res, struct job *job)
{
	const struct renewal_change *renewal = (const struct renewal_change *)job->change;

	(void)req;
	if (job->result == -ENOENT || job->result == -EINVAL || job->result == -EPERM) {
		response_problem_at(res, PROBLEM_INVALID_BODY, "/lea",
				    "There is no LEA with the code '%s' whose people you could "
				    "renew.",
				    renewal->lea_code);
		return;
	}
	if (job->result < 0) {
		response_failure(res, job->result, &job->err);
		return;
	}
	log_line(LOG_NOTICE, "%" PRId64 " accounts of an LEA were renewed", renewal->n_renewed);
	response_json(res, 200,
		      json_pack("{s:s, s:I}", "lea", renewal->lea_code, "renewed",
				(json_int_t)renewal->n_renewed));
	res->cache = "no-store";
}

static void people_renew(struct request *req, struct response *res)
{
	struct renewal_change *renewal = xcalloc(1, sizeof(*renewal));
	_cleanup_(job_freep) struct job *job = job_new(JOB_CHANGE, req->body_len);
	_cleanup_free_ char *pointer = NULL;
	struct err err = { 0 };

	renewal->change = (struct change){ .run = run_renewal, .free = free_renewal };
	renewal->req = req;
	job->change = &renewal->change;
	if (accept_renewal(req->body ? req->body : "", req->body_len, renewal->lea_code, &pointer,
			   &err) < 0)
		submit_refuse(res, pointer, &err);
	else
		submit(req, res, TAKE_PTR(job), renewed);
}

static const char *const list_query[] = {
	"limit", "cursor", "role", "scope", "code", "state", NULL
};
static const char *const file_query[] = { "role", "scope", "code", "state", NULL };
static const char *const review_query[] = { "limit", "cursor", "reason", NULL };

/* "review" and "renewal" are no ids, so they come before what would take it for one. */
const struct route api_people_routes[] = {
	{ "GET", "/v1/people", ACCESS_STAFF, MAY_SEE_PEOPLE, list_query, 0, person_list },
	{ "GET", "/v1/people.csv", ACCESS_STAFF, MAY_SEE_PEOPLE, file_query, 0, people_export },
	{ "POST", "/v1/people", ACCESS_STAFF, MAY_GIVE_ROLES, NULL, LIMIT_PERSON_BYTES,
	  person_add },
	{ "GET", "/v1/people/review", ACCESS_STAFF, MAY_SEE_PEOPLE, review_query, 0,
	  person_review },
	{ "POST", "/v1/people/renewal", ACCESS_STAFF, MAY_GIVE_ROLES, NULL, LIMIT_PERSON_BYTES,
	  people_renew },
	{ "GET", "/v1/people/:id", ACCESS_STAFF, MAY_SEE_PEOPLE, NULL, 0, person_show },
	{ "PATCH", "/v1/people/:id", ACCESS_STAFF, MAY_GIVE_ROLES, NULL, LIMIT_PERSON_BYTES,
	  person_change },
	{ "POST", "/v1/people/:id/invitation", ACCESS_STAFF, MAY_GIVE_ROLES, NULL, 0,
	  person_invite },
	{ "POST", "/v1/people/:id/renewal", ACCESS_STAFF, MAY_GIVE_ROLES, NULL, 0, person_renew },
	{ 0 },
};
