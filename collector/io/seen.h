/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Which names a file had, and where, to find the ones that come twice. A name costs its
 * bytes and 21 more, so that the names of 200,000 lines are few MiB.
 */

#include <stddef.h>
#include <stdint.h>

#include "common/base/base.h"

struct seen_slot;

struct seen {
	struct seen_slot *slots; /* a hash table; a power of two of them */
	size_t n_slots;
	size_t n;
	char *names; /* one after the other, each ended by NUL */
	size_t used, room;
	uint64_t seed; /* so that no file can be made whose names all meet in one slot */
};

/*
 * Note that @name, of the kind @kind, is on @line, which is not 0; names of different
 * kinds are different names. Returns the line it was on before, or 0. Names that are 4 GiB in all
 * are more than a file can have: see CSV_BYTES_MAX.
 */
unsigned seen_add(struct seen *seen, unsigned kind, const char *name, unsigned line);
void seen_done(struct seen *seen);
