/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * What everybody who changes something writes down, in the transaction that changes it, so
 * that a change without its entry does not happen.
 *
 * An entry's hash is SHA-256, in hexadecimal, over "NUMBER,AT_MS," and then as "LENGTH:TEXT,"
 * the hash of the entry before ("" for the first), who, account_id, network, act, object,
 * lea_code, site_code, before and after. Whoever has the newest hash (`audit verify` prints it)
 * can tell later whether anything up to it was changed.
 * Secrets and their hashes are in no entry.
 */

#include <jansson.h>

#include "collector/act/actor.h"
#include "collector/store/store_audit.h"

enum audit_act {
	AUDIT_ACCOUNT_MADE,
	AUDIT_ACCOUNT_CHANGED,
	AUDIT_ACCOUNT_DISABLED,
	AUDIT_ACCOUNT_ENABLED,
	AUDIT_ACCOUNT_RENEWED,
	AUDIT_INVITED,
	AUDIT_PASSWORD_SET,
	AUDIT_SECOND_FACTOR_SET,
	AUDIT_SECOND_FACTOR_REMOVED,
	AUDIT_RECOVERY_CODE_USED,
	AUDIT_SIGNED_IN,
	AUDIT_SIGN_IN_LOCKED,
	AUDIT_SIGNED_OUT_EVERYWHERE,
	AUDIT_SIGN_ON_ALLOWED, /* by a name at the identity provider, or by none any more */
	AUDIT_SIGN_ON_BOUND,   /* to the subject that came with that name */
	AUDIT_TOKEN_MADE,
	AUDIT_TOKEN_REVOKED,
	AUDIT_KEY_MADE,
	AUDIT_KEY_REVOKED,
	AUDIT_SITES_IMPORTED,
	AUDIT_SITE_CHANGED,
	AUDIT_LEA_CHANGED,
	AUDIT_INVENTORY_IMPORTED,
	AUDIT_DEVICE_MOVED,
	AUDIT_DEVICE_RETIRED,
	AUDIT_DEVICE_RESTORED,
	AUDIT_DEVICE_PLANNED, /* to be moved or retired on a day to come */
	AUDIT_DEVICE_PLAN_CANCELLED,
	AUDIT_DEVICE_PLAN_FAILED, /* the day came, and it could not be done */
	AUDIT_CONFLICT_RESOLVED,
	AUDIT_CONFLICT_REOPENED,
	AUDIT_WAIVER_PROPOSED,
	AUDIT_WAIVER_GIVEN,
	AUDIT_WAIVER_DECLINED,
	AUDIT_WAIVER_WITHDRAWN,
	AUDIT_WAIVER_REOPENED, /* a proposal that was declined waits again */
	AUDIT_WAIVER_REVOKED,
	AUDIT_PROFILE_PUBLISHED,
	AUDIT_PROFILE_WITHDRAWN,
	AUDIT_SUPPLEMENT_PUBLISHED,
	AUDIT_SUPPLEMENT_WITHDRAWN,
	AUDIT_ACT_MAX_,
};
/* account_made, …: of the store, the API and exports; never change one. Ended by NULL. */
extern const char *const audit_act_words[];

/* What was done, to what and where. @before and @after: borrowed, or NULL for nothing. */
struct audit_note {
	enum audit_act act;
	const char *object;
	const char *lea_code; /* NULL: of the state */
	const char *site_code;
	const json_t *before, *after;
};
int act_audit(struct store *store, const struct actor *actor, const struct audit_note *note,
	      int64_t now_ms, struct err *err) _must_check_;

/* The hash that @entry has to have after one of @before_hash. */
void audit_hash(const char *before_hash, const struct audit_entry *entry,
		char ret_hash[static HASH_SIZE]);
