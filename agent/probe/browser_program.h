/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Could the browser in a folder be started? Looked up, never tried.
 */

#include <stdbool.h>

#include "agent/env.h"
#include "agent/probe/library.h"
#include "common/base/base.h"
#include "common/base/err.h"

#define BROWSER_MISSING_MAX 32

struct browser_program {
	enum { LAUNCH_YES, LAUNCH_NO, LAUNCH_UNKNOWN } launch;
	struct err why; /* unless LAUNCH_YES */
	char *missing[BROWSER_MISSING_MAX];
	size_t n_missing;
};

struct browser_query {
	const struct env *env;
	const struct library_cache *cache;
	int folder_fd;
	const char *const *names; /* what the program may be called, ended by NULL */
	const char *launcher;     /* a file's name in which NAME stands for the program's */
	bool is_personal; /* one person's folder: only that person has to be able to start it */
};

/* Look at the launcher, the binary and its libraries; browser_program_done() the result. */
void browser_program_look(const struct browser_query *query, struct browser_program *ret_program);
void browser_program_done(struct browser_program *program);

/* Whether there is a launcher or a binary at all. */
bool browser_program_is_there(int folder_fd, const char *const *names, const char *launcher);
