/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * The language of checks: reading it, and what reading and judging share.
 * docs/profiles.md shows every operator.
 */

#include <stdbool.h>

#include "common/model/document.h"
#include "common/model/facts.h"
#include "common/model/profile.h"

/*
 * Read the check at @node into @check. The profile's tables and endpoints must
 * have been read. An unknown fact, an operator that does not suit the fact's type and an
 * operand that can never match are refused with their place.
 * profile_check_done() @check, also after a failure.
 */
int profile_check_read(const struct node *node, const struct profile *profile, struct check *check,
		       struct err *err) _must_check_;
void profile_check_done(struct check *check);

/* The file's word for an operator: "at_least". */
const char *check_op_word(enum check_op op);

/*
 * The member of the fact @object that the key @key of a table's row stands for,
 * and whether they compare as versions: "version" also finds "version_id".
 * NULL: the key is none (tier, from, until, note, except), or there is no such
 * member.
 */
const struct fact *profile_row_fact(const struct fact *object, const char *key,
				    bool *ret_is_version);
bool profile_row_key_is_reserved(const char *key);
