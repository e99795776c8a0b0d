/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/api/reading.h"
#include "collector/http/limits.h"
#include "collector/pool.h"
#include "common/base/civil.h"
#include "common/base/clock.h"
#include "common/base/log.h"
#include "common/base/mem.h"

struct reading {
	struct task task; /* first, so that it is the reading */
	struct request *req;
	read_handle *handle;
	api_make *make;
	struct response response; /* the pool's until the request is woken */
};

static void refuse(const struct request *req, struct response *res, int r)
{
	static struct log_seldom seldom;

	if (r == -ESHUTDOWN) {
		response_problem(res, PROBLEM_UNAVAILABLE, "%s", api_stopping);
		return;
	}
	log_seldom(&seldom, LOG_NOTICE, "a page was refused: %s",
		   r == -EDQUOT ? "one account asks for too many at once"
				: "too many are asked for at once");
	if (r == -EDQUOT && req->caller.access == ACCESS_STAFF)
		response_problem(res, PROBLEM_TOO_MANY,
				 "Too many pages of this account are being made; ask for fewer at "
				 "once.");
	else
		response_problem(res, PROBLEM_UNAVAILABLE,
				 "Too many pages are being made; try again later.");
}

static void run(struct task *task)
{
	struct reading *reading = (struct reading *)task;

	if (queue_is_over(reading->req->app->queue, clock_boot_ms()))
		refuse(reading->req, &reading->response, -ESHUTDOWN);
	else
		reading->handle(reading->req, &reading->response, reading->make);
	request_wake(reading->req);
}

static void start(struct request *req, void *work)
{
	struct reading *reading = work;
	int r = pool_add(req->app->pool, &reading->task);

	assert(r >= 0); /* it has a place */
	(void)r;
}

static void finish(struct request *req, struct response *res, void *work)
{
	struct reading *reading = work;
	struct later later = res->later;

	(void)req;
	*res = reading->response;
	res->later = later;
	reading->response = (struct response){ 0 };
}

static void reading_free(void *work)
{
	struct reading *reading = work;

	response_done(&reading->response);
	free(reading);
}

void read_later(struct request *req, struct response *res, read_handle *handle, api_make *make)
{
	struct reading *reading = xcalloc(1, sizeof(*reading));
	int r;

	reading->task.owner = req->caller.key_number;
	reading->task.run = run;
	reading->req = req;
	reading->handle = handle;
	reading->make = make;
	r = pool_reserve(req->app->pool, &reading->task);
	if (r < 0) {
		refuse(req, res, r);
		free(reading);
		return;
	}
	response_later(res, &(struct later){ .start = start,
					     .finish = finish,
					     .done = reading_free,
					     .work = reading });
}

static void put_text(FILE *out, const char *text)
{
	fprintf(out, "%zu:%s", strlen(text), text);
}

/*
 * All that an answer depends on but the store: who asks for what, and the day, which is all that
 * views want to know of the time, but for those of api_answer_timed(). "as_of" is no part of an
 * ETag.
 */
static void hash_asked(const struct request *req, char ret_asked[static HASH_SIZE])
{
	const struct target *target = &req->target;
	_cleanup_free_ char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		abort();
	fprintf(out, "%" PRId32 " %s ", civil_of_ms(req->now_ms), req->caller.key_hash);
	for (size_t i = 0; i < target->n_segments; i++)
		put_text(out, target->segments[i]);
	fputc('?', out);
	for (size_t i = 0; i < target->n_parameters; i++) {
		put_text(out, target->parameters[i].name);
		put_text(out, target->parameters[i].value);
	}
	fclose(out);
	hash_hex(text, size, ret_asked);
}

int reading_look(const struct request *req, struct reading_of *ret_of, struct err *err)
{
	hash_asked(req, ret_of->asked);
	return app_version(req->app, ret_of->version, err);
}

bool reading_is_unchanged(const struct request *req, struct response *res)
{
	struct response known = { .status = 200, .cache = "no-store" };
	struct reading_of of;

	if (!req->headers.if_none_match || reading_look(req, &of, NULL) < 0 ||
	    !tags_find(req->app->tags, of.asked, of.version, known.etag))
		return false;
	response_check_match(&known, req->headers.if_none_match);
	if (known.status != 304)
		return false;
	*res = known;
	return true;
}

void reading_note(const struct request *req, const struct reading_of *of,
		  const struct response *res)
{
	if (res->status == 200 && res->etag[0])
		tags_note(req->app->tags, of->asked, of->version, res->etag);
}
