/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * The HTTP server, with loop.h and newcomer.h the only user of libmicrohttpd:
 * of their own, and connections that wait without a thread (suspend, resume).
 */

#include "collector/http/dispatch.h"
#include "collector/http/network.h"
#include "collector/http/tls.h"
#include "common/base/base.h"
#include "common/base/err.h"

struct server;

struct server_config {
	struct dispatch dispatch;             /* what it points to outlives the server */
	struct app *app;                      /* given to every request */
	void (*round_begin)(struct app *app); /* around what a thread does at a time */
	void (*round_end)(struct app *app);
	int listen_fd; /* bound and listening; taken by the server on success */
	unsigned threads;
	struct tls *tls;               /* whose certificate is shown; NULL: plain HTTP */
	const struct proxies *proxies; /* whose word counts; NULL: nobody's */
	const char *login_field;       /* in which these name whoever signed in; NULL: in none */
};

/* On success *@ret_server is owned by the caller: server_stop() it. */
int server_start(const struct server_config *config, struct server **ret_server,
		 struct err *err) _must_check_;

/*
 * Cut connections that did not send a whole request, take their answer or ask
 * again in their time. Called every second or so: the library's own timeout
 * starts anew with every byte.
 */
void server_cut_slow(struct server *server);

/* Take no new connection; those that are there are served, and closed after their answer. */
void server_close(struct server *server);

/*
 * Stop and free. Requests that were read get their answer first, for a few seconds
 * at most. Every answer that was put off must have been woken before.
 */
void server_stop(struct server *server);
