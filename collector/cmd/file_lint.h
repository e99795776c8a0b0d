/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "collector/cmd/profile_file.h"
#include "collector/store/store.h"

/*
 * Say on stderr what lint finds in @file, a supplement with what is published in @store.
 * Returns 1: an error, so it cannot be meant and is not published; 0. -ENOENT: what it
 * supplements is not published. -EINVAL: it does not fit that.
 */
int file_lint(struct store *store, const struct profile_file *file, struct err *err) _must_check_;
