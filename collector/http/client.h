/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Asking another server, the only user of libcurl here: an identity provider. Every request has a
 * deadline and every answer a limit; TLS is always verified, redirects are never followed. It takes
 * as long as the other server likes, up to the deadline: never from a thread that serves HTTP.
 */

#include <stdatomic.h>
#include <stddef.h>

#include "common/base/base.h"
#include "common/base/err.h"

struct client_config {
	const char *ca_file; /* the only authorities to trust, PEM; NULL: those of the system */
	long timeout_ms;     /* of one request as a whole; connecting may take half of it */
	size_t answer_max;   /* bytes of an answer's body */
	const atomic_bool *is_over; /* set: whoever waits gives up, within about a second */
};

struct client_request {
	const char *url;
	const char *form; /* what is posted, as application/x-www-form-urlencoded; NULL: GET */
	const char *user; /* of the Basic scheme; NULL: none */
	const char *password;
	const char *bearer; /* of the Bearer scheme, of characters that a field can carry; NULL */
};

struct client_answer {
	long status;
	char *body; /* ends in a NUL that @len does not count */
	size_t len;
};
void client_answer_done(struct client_answer *answer);

/* Once, before any thread starts. */
int client_prepare(struct err *err) _must_check_;

/*
 * Send @request. Success means that an answer came, whatever its status: client_answer_done()
 * *@ret_answer. Else @err says why none came, without the request's secrets.
 * -ETIMEDOUT, -EMSGSIZE: over answer_max. -EKEYREJECTED: its certificate is not trusted.
 * -ECANCELED: is_over. -EIO: anything else.
 */
int client_ask(const struct client_config *config, const struct client_request *request,
	       struct client_answer *ret_answer, struct err *err) _must_check_;
