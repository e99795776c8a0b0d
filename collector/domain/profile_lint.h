/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * What is wrong with a profile though it can be read: requirements that nothing can
 * ever meet or that never apply, rows that overlap, a server that is checked but not
 * named. PURE.
 */

#include <stddef.h>

#include "collector/domain/supplement.h"
#include "common/base/err.h"
#include "common/model/profile.h"

/* After as many findings lint looks no further. */
#define LINT_FINDINGS_MAX 200

enum lint_level {
	LINT_ERROR,   /* cannot be meant: not published */
	LINT_WARNING, /* may be meant */
};

struct lint_finding {
	enum lint_level level;
	char *text; /* "file:line:column: place: what is wrong; how to mend it" */
};

struct lint_list {
	struct lint_finding *findings;
	size_t n_findings;
};

/*
 * Look at @profile, which was parsed from @text and which errors call @file. In the
 * order of the text. lint_list_done() @ret_list.
 */
void profile_lint(const struct profile *profile, const char *text, const char *file,
		  struct lint_list *ret_list);

/*
 * The same of @supplement together with the published profile @base: what does not fit is an
 * error, and what lint finds in the document that the two make and that the supplement brought
 * is told with its place there.
 */
void supplement_lint(const struct profile *base, const struct supplement *supplement,
		     struct lint_list *ret_list);

/* Add to @list what a parser said; @text is copied. */
void lint_list_add(struct lint_list *list, enum lint_level level, const char *text);
void lint_list_done(struct lint_list *list);
