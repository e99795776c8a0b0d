/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Loop: the one place that knows libsystemd. It sleeps until a time, a signal,
 * a device or a child, and costs nothing in between. It works without systemd
 * as well; where a service manager listens, it is told how things are.
 */

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "common/base/base.h"
#include "common/base/err.h"

struct loop;

/* What to call; @userdata is the first argument of each. */
struct loop_hooks {
	void *userdata;
	void (*on_time)(void *userdata);  /* loop_wake_at() was reached */
	void (*on_ready)(void *userdata); /* the descriptor of loop_listen() can be read */
	void (*on_child)(void *userdata, int wait_status);
	void (*on_reload)(void *userdata); /* SIGHUP */
	void (*on_stop)(void *userdata);   /* SIGTERM, SIGINT */
};

/*
 * Blocks the signals that it takes. @hooks is copied. On success *@ret_loop is
 * owned by the caller: loop_free() it.
 */
int loop_new(const struct loop_hooks *hooks, struct loop **ret_loop, struct err *err) _must_check_;
void loop_free(struct loop *loop);
DEFINE_CLEANUP(struct loop *, loop_free);

/* Take back in a child what loop_new() did to the signals of the process. */
void loop_leave(void);

/* Wake up once when clock_boot_ms() says @boot_ms; INT64_MAX: never. */
void loop_wake_at(struct loop *loop, int64_t boot_ms);

/* Hear of @fd whenever there is something to read, until loop_unlisten(). */
int loop_listen(struct loop *loop, int fd, struct err *err) _must_check_;
void loop_unlisten(struct loop *loop);

/* Hear of the end of the child @pid, which is waited for here. */
int loop_wait_for(struct loop *loop, pid_t pid, struct err *err) _must_check_;

/* Tell the service manager, in the words of sd_notify(3). */
void loop_tell(const char *fmt, ...) _printf_(1, 2);

/* Until loop_stop(). */
int loop_run(struct loop *loop, struct err *err) _must_check_;
void loop_stop(struct loop *loop);
