/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Requests that make something and may come twice: whoever sends one with the field
 * Idempotency-Key, and did not get its answer, sends it again and gets the same answer,
 * without anything being made a second time. See act_made_before.h for how long that is so.
 */

#include "collector/api/api.h"
#include "collector/api/submit.h"

/* How what a route makes is told. */
struct change_told {
	api_make_with *make; /* what came of the job; in the transaction that makes it */
	/* The member that is told once only, also where a list of the answer has it; NULL: none. */
	const char *secret;
	bool has_as_of; /* whether the answer has "as_of" */
};

/*
 * submit() @job, which it takes, once for each Idempotency-Key. @told is static, @arg is for its
 * make() and lives as long as @job. Answers 400 where the key is none, 422 where something else
 * was asked for with it, and 413 where the answer is too long to be remembered.
 */
void change_once(struct request *req, struct response *res, struct job *job, submit_finish *finish,
		 const struct change_told *told, const void *arg);
