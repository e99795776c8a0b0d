/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * What of a device's facts a profile looks at, and a text of facts without the rest: half of
 * what judging stored facts takes is parsing what no requirement asks about. PURE.
 */

#include <stddef.h>

#include "common/base/base.h"
#include "common/model/profile.h"

/* A name below its parent and what is looked at of it; the root has the facts themselves. */
struct needed;

/*
 * All that evaluate() looks at by @profile, for whatever role and day. It borrows names of
 * @profile, which must outlive it. needed_free() it.
 */
struct needed *needed_of(const struct profile *profile) _must_check_;
void needed_free(struct needed *needed);
DEFINE_CLEANUP(struct needed *, needed_free);

/*
 * Write into @out what is needed of @text, @len bytes of canonical JSON (document_canonical());
 * @out has room for @len bytes, and what is written is never more. evaluate() has the same
 * results by both texts. An object with a member "unknown" stays as it is, since how many
 * members such a one has says whether it is a reason.
 * -EINVAL: @text is not canonical as far as was looked: members out of order, blanks,
 * brackets that do not match, more than 32 levels. Then only parsing all of it tells what it is.
 */
int needed_text(const struct needed *needed, const char *text, size_t len, char *out,
		size_t *ret_len) _must_check_;
