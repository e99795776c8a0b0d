/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Handing what a device sent to the writer, and its answer back. */

#include "collector/http/request.h"
#include "collector/http/response.h"
#include "collector/ingest/job.h"

/* Fill the answer from a job that was done. */
typedef void submit_finish(struct request *req, struct response *res, struct job *job);

/*
 * Put @job, which it takes, on the queue and let @req wait for @finish; or answer
 * 503 where the queue is full. A job that failed is answered here, except where its
 * sender asked for what cannot be (-EACCES, -EPERM, -EALREADY, and the rows of a table in submit.c)
 * and for JOB_CHECK, which are @finish's as success is.
 */
void submit(struct request *req, struct response *res, struct job *job, submit_finish *finish);

/* Refuse a body that accept did not, with @pointer (may be NULL) and why. */
/*
 * Say in the log that @what (static, as in "report") of the caller was refused and why, so
 * seldom that nobody can fill it, and without a secret that stood in the wrong place.
 */
void submit_note_refusal(const struct request *req, const char *what, const struct err *err);

void submit_refuse(struct response *res, const char *pointer, const struct err *err);

/*
 * The version that the field If-Match names, "VERSION" in quotes, of @size - 1 characters and NUL:
 * what the one who changes something has seen. False: @res asks for it, of @what.
 */
bool submit_match(const struct request *req, struct response *res, const char *what,
		  char *ret_version, size_t size);
