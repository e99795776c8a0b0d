/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * What facts come to, remembered. Imaged fleets are alike: whoever has the same facts and
 * role has the same results by the same document for the same day, so most facts need not
 * even be read. The memory for it is bounded: what is new takes the place of what is old.
 */

#include "collector/act/judge.h"

struct verdict {
	char facts_hash[HASH_SIZE];
	char version[HASH_SIZE]; /* by which document, … */
	int32_t as_of;           /* … for which day, … */
	enum device_role role;   /* … and for whom */
	char *results;           /* letters; NULL: nothing is here */
	enum result browser;
};

/*
 * Remembers @n_sets times 8 verdicts, 200 bytes each. On success owned by the caller:
 * verdict_memo_free() it.
 */
struct verdict_memo;
struct verdict_memo *verdict_memo_new(size_t n_sets) _must_check_;
void verdict_memo_free(struct verdict_memo *memo);
DEFINE_CLEANUP(struct verdict_memo *, verdict_memo_free);

/*
 * What the facts of @device come to by @judge, which has a profile. NULL: that is not
 * remembered. Valid until the next verdict is added.
 */
const struct verdict *verdict_find(const struct verdict_memo *memo, const struct judge *judge,
				   const struct device *device);
/* Judge @facts, those of @device, by @judge, which has a profile, and remember it. As valid. */
const struct verdict *verdict_add(struct verdict_memo *memo, const struct judge *judge,
				  const struct device *device, const json_t *facts);
/*
 * The verdict of the stored facts of @device by @judge, remembered or not; NULL: nothing judges
 * it, or its facts cannot be read. Of the facts only what the profile looks at is parsed. As valid.
 */
int verdict_get(struct verdict_memo *memo, const struct judge *judge, const struct device *device,
		const struct verdict **ret_verdict, struct err *err) _must_check_;
/*
 * Give @device the results that its stored facts have by @judge, remembered or not. Where
 * nothing judges it, or its facts cannot be read, it has none: it is unknown.
 */
int verdict_give(struct verdict_memo *memo, const struct judge *judge, struct device *device,
		 struct err *err) _must_check_;
