/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Watch: hears that something was plugged in or out, of the kinds that any
 * probe looks at. What it was is not asked: the device is looked at as a whole
 * when it is calm again. So nothing is lost where the kernel had to drop
 * messages, since that too only says that something has happened.
 */

#include "common/base/base.h"
#include "common/base/err.h"

struct watch;

/* On success *@ret_watch is owned by the caller: watch_close() it. */
int watch_open(struct watch **ret_watch, struct err *err) _must_check_;
void watch_close(struct watch *watch);
DEFINE_CLEANUP(struct watch *, watch_close);

/* To wait on; valid as long as @watch. */
int watch_fd(const struct watch *watch);

/*
 * Take all that has come. 1: there was something; 0: there was not. Else
 * nothing will come any more.
 */
int watch_drain(struct watch *watch);
