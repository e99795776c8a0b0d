/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Enrolment keys as people make and revoke them: asked of the table of access, and in the audit
 * log. In a transaction of the caller.
 */

#include <stdint.h>

#include "collector/act/act.h"
#include "collector/act/actor.h"

#define KEY_DAYS_MAX 366
#define KEY_USES_MAX 1000000
/* How much of the hash of a key people see: it names the key. */
#define KEY_DIGITS 12

/*
 * A key of the site. -ENOENT: no such site, or none that the actor may know of.
 * -EPERM: they may give none there.
 */
int act_key_give(struct store *store, const struct actor *actor,
		 const struct enrollment_grant *grant, int64_t now_ms,
		 char ret_key[static SECRET_SIZE], struct err *err) _must_check_;

/*
 * The key whose hash begins with @hash_prefix is good for nothing from @now_ms on; devices that
 * have enrolled keep theirs. -ENOENT: not exactly one that the actor may know of.
 * -EALREADY: it was revoked. -EPERM as above.
 */
int act_key_revoke(struct store *store, const struct actor *actor, const char *hash_prefix,
		   int64_t now_ms, struct err *err) _must_check_;
