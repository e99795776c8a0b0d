/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* A profile or a supplement from a file, for the commands that look at one. */

#include "collector/domain/supplement.h"
#include "common/base/err.h"
#include "common/model/profile.h"

struct profile_file {
	const char *name; /* as errors call it; borrowed */
	char *text;       /* NULL: it could not be read */
	size_t len;
	/* One of the two, or none if it is neither. */
	struct profile *profile;
	struct supplement *supplement;
	struct err refusal; /* why not */
};

/*
 * Read and parse @name, "-" for standard input. profile_file_done() @ret_file, also after a
 * failure, which is in ->refusal too. @name must live as long.
 */
int profile_file_open(const char *name, struct profile_file *ret_file);
void profile_file_done(struct profile_file *file);
