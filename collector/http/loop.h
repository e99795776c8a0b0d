/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * A thread of the HTTP server with connections of its own, for which it waits by epoll: those on
 * which nothing happens cost nothing, however many they are.
 *
 * libmicrohttpd's own thread for that stalls, in 0.9.75: after a round of exactly as many events
 * as it asks for it waits for more before it looks at these. So this one waits, and tells the
 * library to look at what is there, which it does without waiting.
 */

#include <stdbool.h>

#include <sys/queue.h>

#include "common/base/base.h"
#include "common/base/err.h"

struct MHD_Connection;
struct MHD_Daemon;
struct app;
struct loop;
struct newcomer;

/* A connection that is suspended, in what outlives that. */
struct sleeper {
	STAILQ_ENTRY(sleeper) sleepers;
	struct loop *loop;
	struct MHD_Connection *connection;
};

/* What is called in the loop's thread before and after each look at what is there. */
struct loop_hooks {
	void (*begin)(struct app *app);
	void (*end)(struct app *app);
	struct app *app;
};

/*
 * Run @daemon, which was started for epoll and without a thread. On success it belongs to the
 * loop, which is owned by the caller: loop_close(), then loop_end() it. *@ret_loop is set before
 * the thread runs.
 */
int loop_start(struct MHD_Daemon *daemon, const struct loop_hooks *hooks, struct loop **ret_loop,
	       struct err *err) _must_check_;

/* Let the connection go on. From any thread; @sleeper may be gone when it returns. */
void loop_wake(struct sleeper *sleeper);

/*
 * A connection over TLS has come, or goes: it has shaken hands, or its socket is to be closed. Both
 * in the loop's thread, or after its end; @newcomer lives as long as the connection.
 */
void loop_came(struct loop *loop, struct newcomer *newcomer, struct MHD_Connection *connection);
void loop_goes(struct loop *loop, struct newcomer *newcomer);

/*
 * One of its connections is being closed, so that there is room for another. In the loop's thread,
 * or after its end.
 */
void loop_has_room(struct loop *loop);

/*
 * Take no new connection, from now on. Returns the listening socket, which is the caller's; all
 * loops of a server name the same.
 */
int loop_close(struct loop *loop);

/*
 * End the thread and cut the connections that are left. Those that are suspended were woken: nobody
 * but the thread itself does that any more.
 */
void loop_end(struct loop *loop);
