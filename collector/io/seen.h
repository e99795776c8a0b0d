/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Which names a file had, and where, to find the ones that come twice. */

#include "common/base/base.h"

struct seen {
	void *tree; /* of tsearch(3); NULL is an empty one */
};

/*
 * Note that @name, of the kind @kind, is on @line; @kind keeps names of different
 * kinds apart. Returns the line it was on before, or 0.
 */
unsigned seen_add(struct seen *seen, const char *kind, const char *name, unsigned line);
void seen_done(struct seen *seen);
