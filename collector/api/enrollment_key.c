/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Enrolment keys: what devices of a site enrol with, shown once when they are made.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "collector/act/act_key.h"
#include "collector/api/api.h"
#include "collector/api/change_once.h"
#include "collector/api/submit.h"
#include "collector/http/limits.h"
#include "collector/ingest/accept_key.h"
#include "collector/view/view_keys.h"
#include "common/base/log.h"
#include "common/base/mem.h"

static int make_list(const struct view *view, const struct request *req, json_t **ret_json,
		     struct err *err)
{
	const char *state = request_query(req, "state");
	const struct key_filter filter = { request_query(req, "site"), state ? state : "good" };
	struct page page;
	int r = api_page(req, &page, err);

	return r < 0 ? r : view_keys(view, &filter, &page, ret_json, err);
}

static void key_list(struct request *req, struct response *res)
{
	api_answer_timed(req, res, make_list);
}

/* --- making and revoking ------------------------------------------------------------- */

/* A key that is to be made or revoked, on its way to the writer. */
struct key_change {
	struct change change; /* first, so that it is the change */
	struct actor actor;
	struct accepted_key asked; /* of one to make */
	char key[SECRET_SIZE];
	char id[KEY_DIGITS + 1];
};

static void free_key(struct change *change)
{
	struct key_change *key = (struct key_change *)change;

	explicit_bzero(key->key, sizeof(key->key));
	free(key);
}

static int run_give(struct change *change, const struct moment *moment, struct err *err)
{
	struct key_change *key = (struct key_change *)change;
	const struct enrollment_grant grant = { key->asked.site_code, key->asked.days,
						key->asked.uses };
	char hash[HASH_SIZE];
	int r = act_key_give(moment->store, &key->actor, &grant, moment->now_ms, key->key, err);

	if (r < 0)
		return r;
	hash_hex(key->key, strlen(key->key), hash);
	snprintf(key->id, sizeof(key->id), "%.*s", KEY_DIGITS, hash);
	return 0;
}

static int run_revoke(struct change *change, const struct moment *moment, struct err *err)
{
	struct key_change *key = (struct key_change *)change;

	return act_key_revoke(moment->store, &key->actor, key->id, moment->now_ms, err);
}

static struct job *job_of(struct request *req,
			  int (*run)(struct change *, const struct moment *, struct err *))
{
	struct key_change *key = xcalloc(1, sizeof(*key));
	struct job *job = job_new(JOB_CHANGE, req->body_len);

	key->change = (struct change){ .run = run, .free = free_key };
	key->actor = api_actor(req);
	job->change = &key->change;
	return job;
}

static int make_key(const struct view *view, const void *arg, json_t **ret_json, struct err *err)
{
	const struct key_change *key = arg;
	int r = view_key(view, key->id, ret_json, err);

	if (r >= 0 && key->key[0])
		json_object_set_new(*ret_json, "key", json_string(key->key));
	return r;
}

/* What is elsewhere and what is nowhere is said alike. */
static void refuse(struct response *res, const struct key_change *key, const struct job *job)
{
	if (job->result != -ENOENT)
		response_failure(res, job->result, &job->err);
	else if (key->change.run == run_give)
		response_problem_at(res, PROBLEM_INVALID_BODY, "/site",
				    "There is no site with the code '%s' that you could know of.",
				    key->asked.site_code);
	else
		response_problem(res, PROBLEM_NOT_FOUND, "No enrolment key has the id '%s'.",
				 key->id);
}

static void changed(struct request *req, struct response *res, struct job *job)
{
	const struct key_change *key = (const struct key_change *)job->change;

	if (job->result < 0) {
		refuse(res, key, job);
		return;
	}
	log_line(LOG_NOTICE, "an enrolment key was %s id=%s",
		 key->change.run == run_give ? "made" : "revoked", key->id);
	api_answer_with(req, res, make_key, key);
}

static const struct change_told told = { make_key, "key", true };

static void key_give(struct request *req, struct response *res)
{
	_cleanup_free_ char *pointer = NULL;
	struct accepted_key asked;
	struct err err = { 0 };
	struct job *job;

	if (accept_key(req->body ? req->body : "", req->body_len, &asked, &pointer, &err) < 0) {
		submit_refuse(res, pointer, &err);
		return;
	}
	job = job_of(req, run_give);
	((struct key_change *)job->change)->asked = asked;
	change_once(req, res, job, changed, &told, job->change);
}

static void key_revoke(struct request *req, struct response *res)
{
	const char *id = request_param(req, "id");
	struct job *job;

	/* As long as we name them: the beginning of one could be that of several. */
	if (strlen(id) != KEY_DIGITS || strspn(id, "0123456789abcdef") != KEY_DIGITS) {
		response_problem(res, PROBLEM_NOT_FOUND, "No enrolment key has the id '%.40s'.",
				 id);
		return;
	}
	job = job_of(req, run_revoke);
	memcpy(((struct key_change *)job->change)->id, id, KEY_DIGITS);
	submit(req, res, job, changed);
}

static const char *const list_query[] = { "limit", "cursor", "site", "state", NULL };

const struct route api_enrollment_key_routes[] = {
	{ "GET", "/v1/enrollment-keys", ACCESS_STAFF, MAY_SEE_KEYS, list_query, 0, key_list },
	{ "POST", "/v1/enrollment-keys", ACCESS_STAFF, MAY_GIVE_KEYS, NULL, LIMIT_KEY_BYTES,
	  key_give },
	{ "DELETE", "/v1/enrollment-keys/:id", ACCESS_STAFF, MAY_GIVE_KEYS, NULL, 0, key_revoke },
	{ 0 },
};
