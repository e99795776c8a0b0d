/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Whether something is there: 1 yes, 0 no, or a negative errno where that
 * cannot be told (a folder on the way may not be looked into), with the
 * reason. So `if (presence_of(…) > 0)` says yes, and `== 0` says no.
 */

#include "agent/env.h"
#include "common/base/base.h"
#include "common/base/err.h"

/* Anything at @path below the root; a symbolic link counts wherever it points. */
int presence_of(const struct env *env, const char *path, struct err *err) _must_check_;

/* A file with something in it, links followed. */
int presence_of_file(const struct env *env, const char *path, struct err *err) _must_check_;

/* A file that someone may execute, links followed. */
int presence_of_program(const struct env *env, const char *path, struct err *err) _must_check_;

/* Any of @paths, which end in NULL, as presence_of_file(). */
int presence_of_any(const struct env *env, const char *const *paths, struct err *err) _must_check_;

/*
 * The library @name ("libespeak-ng.so.1") in a folder where ld.so looks by
 * default on some system that we know.
 */
int presence_of_library(const struct env *env, const char *name, struct err *err) _must_check_;

/* Folders of libraries below /usr, of every system that we know; ended by NULL. */
extern const char *const library_folders[];
