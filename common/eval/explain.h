/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * A result in words: the same on the device, the pages, the CLI and the API.
 * PURE. Nothing of it is stored: it is made from the profile and the facts when
 * somebody looks.
 */

#include "common/eval/evaluate.h"

struct explanation {
	/* "memory 1024 MiB"; "" where the requirement does not apply, and what its `when` looks
	 * at where that leaves open whether it does. */
	char *observed;
	char *expected; /* "memory at least 2048 MiB", likewise */
	char *sentence; /* the whole of it, with the fix where there is something to do */
};

/* Explain the requirement at @index, whose result is @result. explanation_done() it. */
void explain(const struct profile *profile, size_t index, const json_t *facts, int32_t as_of,
	     enum result result, struct explanation *ret_explanation);
void explanation_done(struct explanation *explanation);
