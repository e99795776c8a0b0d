/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "collector/api/change_once.h"
#include "collector/http/limits.h"
#include "common/base/mem.h"

static_assert(LIMIT_ANSWERS_SECONDS * INT64_C(1000) == MADE_BEFORE_MS &&
		      LIMIT_ANSWERS == MADE_BEFORE_MAX && LIMIT_ANSWERS_BYTES == MADE_BEFORE_BYTES,
	      "one memory of answers");

/* A job that is run once, and how it is told. */
struct once {
	struct job_once once; /* first, so that it is this */
	const struct request *req;
	const struct change_told *told;
	const void *arg;
};

/* --- what is the same ---------------------------------------------------------------- */

static bool is_key(const char *text)
{
	size_t len = strlen(text);

	for (size_t i = 0; i < len; i++) {
		if (text[i] < '!' || text[i] > '~')
			return false;
	}
	return len >= 1 && len <= LIMIT_IDEMPOTENCY_KEY;
}

static void hash_text(const char *text, char hash[static HASH_SIZE])
{
	hash_hex(text, strlen(text), hash);
}

/* Each text with its length before it, so that no two lists of them read the same. */
static char *join(char *text, const char *more)
{
	char *longer = xasprintf("%s%zu:%s,", text, strlen(more), more);

	free(text);
	return longer;
}

/* All that is asked for: the path, the query and the body. */
static void hash_asked(const struct request *req, char hash[static HASH_SIZE])
{
	const struct target *target = &req->target;
	char *text = xstrdup("");
	char body[HASH_SIZE];

	for (size_t i = 0; i < target->n_segments; i++)
		text = join(text, target->segments[i]);
	for (size_t i = 0; i < target->n_parameters; i++) {
		text = join(text, target->parameters[i].name);
		text = join(text, target->parameters[i].value);
	}
	hash_hex(req->body ? req->body : "", req->body_len, body);
	text = join(text, body);
	hash_text(text, hash);
	free(text);
}

/*
 * A person is the same after they signed in again. A token is somebody of its own, since it may
 * have less than the account that it is of.
 */
static void read_request(const struct request *req, struct made_request *ret_made)
{
	const struct staff *staff = req->caller.staff;
	char *text = join(xstrdup(""), staff->session[0] ? "account" : "token");

	text = join(text, staff->session[0] ? staff->account_id : req->caller.key_hash);
	hash_text(text, ret_made->who);
	text = join(text, req->route->method);
	text = join(text, req->route->path);
	text = join(text, req->headers.idempotency_key);
	hash_text(text, ret_made->key_hash);
	free(text);
	hash_asked(req, ret_made->body_hash);
}

/* --- how it is told ------------------------------------------------------------------ */

/* Take @secret out of the rows of a list; how many had one. */
static size_t hide_in_list(json_t *list, const char *secret)
{
	size_t i, n = 0;
	json_t *row;

	json_array_foreach (list, i, row) {
		if (!json_is_string(json_object_get(row, secret)))
			continue;
		json_object_set_new(row, secret, json_null());
		n++;
	}
	return n;
}

/* The answer without what is shown once, and with a member that says so. */
static void hide(json_t *json, const char *secret)
{
	size_t n = json_object_del(json, secret) == 0;
	const char *name;
	json_t *value;

	json_object_foreach (json, name, value)
		n += hide_in_list(value, secret);
	if (n > 0)
		json_object_set_new(json, "not_repeated", json_string(secret));
}

/* As the first answer was, at the time of the first answer. */
static int tell(struct job_once *job_once, const struct moment *moment, char **ret_answer,
		struct err *err)
{
	struct once *once = (struct once *)job_once;
	const struct view view = { moment->store, moment->cache, moment->now_ms,
				   &once->req->caller.staff->grants };
	json_t *made = NULL, *json;
	int r = once->told->make(&view, once->arg, &made, err);

	if (r < 0)
		return r;
	/* Of its own: the first answer is made of the same, and has the secret. */
	json = json_deep_copy(made);
	json_decref(made);
	if (once->told->secret)
		hide(json, once->told->secret);
	if (once->told->has_as_of)
		json_object_set_new(json, "as_of", view_time(moment->now_ms));
	*ret_answer = json_dumps(json, JSON_COMPACT);
	json_decref(json);
	return 0;
}

void change_once(struct request *req, struct response *res, struct job *job, submit_finish *finish,
		 const struct change_told *told, const void *arg)
{
	const char *key = req->headers.idempotency_key;
	struct once *once;

	if (key && !is_key(key)) {
		response_problem(res, PROBLEM_INVALID_REQUEST,
				 "The field Idempotency-Key is 1 to %d visible ASCII characters, "
				 "such as a random UUID.",
				 LIMIT_IDEMPOTENCY_KEY);
		job_free(job);
		return;
	}
	if (key) {
		once = xcalloc(1, sizeof(*once));
		once->once.tell = tell;
		once->req = req;
		once->told = told;
		once->arg = arg;
		read_request(req, &once->once.request);
		job->once = &once->once;
	}
	submit(req, res, job, finish);
}
