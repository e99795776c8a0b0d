/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "collector/act/act_audit.h"
#include "common/base/mem.h"
#include "common/model/document.h"

const char *const audit_act_words[] = {
	[AUDIT_ACCOUNT_MADE] = "account_made",
	[AUDIT_ACCOUNT_CHANGED] = "account_changed",
	[AUDIT_ACCOUNT_DISABLED] = "account_disabled",
	[AUDIT_ACCOUNT_ENABLED] = "account_enabled",
	[AUDIT_ACCOUNT_RENEWED] = "account_renewed",
	[AUDIT_INVITED] = "invited",
	[AUDIT_PASSWORD_SET] = "password_set",
	[AUDIT_SECOND_FACTOR_SET] = "second_factor_set",
	[AUDIT_SECOND_FACTOR_REMOVED] = "second_factor_removed",
	[AUDIT_RECOVERY_CODE_USED] = "recovery_code_used",
	[AUDIT_SIGNED_IN] = "signed_in",
	[AUDIT_SIGN_IN_LOCKED] = "sign_in_locked",
	[AUDIT_SIGNED_OUT_EVERYWHERE] = "signed_out_everywhere",
	[AUDIT_SIGN_ON_ALLOWED] = "sign_on_allowed",
	[AUDIT_SIGN_ON_BOUND] = "sign_on_bound",
	[AUDIT_TOKEN_MADE] = "token_made",
	[AUDIT_TOKEN_REVOKED] = "token_revoked",
	[AUDIT_KEY_MADE] = "key_made",
	[AUDIT_KEY_REVOKED] = "key_revoked",
	[AUDIT_SITES_IMPORTED] = "sites_imported",
	[AUDIT_SITE_CHANGED] = "site_changed",
	[AUDIT_LEA_CHANGED] = "lea_changed",
	[AUDIT_INVENTORY_IMPORTED] = "inventory_imported",
	[AUDIT_DEVICE_MOVED] = "device_moved",
	[AUDIT_DEVICE_RETIRED] = "device_retired",
	[AUDIT_DEVICE_RESTORED] = "device_restored",
	[AUDIT_DEVICE_PLANNED] = "device_planned",
	[AUDIT_DEVICE_PLAN_CANCELLED] = "device_plan_cancelled",
	[AUDIT_DEVICE_PLAN_FAILED] = "device_plan_failed",
	[AUDIT_CONFLICT_RESOLVED] = "conflict_resolved",
	[AUDIT_CONFLICT_REOPENED] = "conflict_reopened",
	[AUDIT_WAIVER_PROPOSED] = "waiver_proposed",
	[AUDIT_WAIVER_GIVEN] = "waiver_given",
	[AUDIT_WAIVER_DECLINED] = "waiver_declined",
	[AUDIT_WAIVER_WITHDRAWN] = "waiver_withdrawn",
	[AUDIT_WAIVER_REOPENED] = "waiver_reopened",
	[AUDIT_WAIVER_REVOKED] = "waiver_revoked",
	[AUDIT_PROFILE_PUBLISHED] = "profile_published",
	[AUDIT_PROFILE_WITHDRAWN] = "profile_withdrawn",
	[AUDIT_SUPPLEMENT_PUBLISHED] = "supplement_published",
	[AUDIT_SUPPLEMENT_WITHDRAWN] = "supplement_withdrawn",
	[AUDIT_ACT_MAX_] = NULL,
};
static_assert(ARRAY_SIZE(audit_act_words) == AUDIT_ACT_MAX_ + 1, "every act has a word");

#define NUMBER_SIZE 24 /* of 64 bits in decimal, with what is around it */

void audit_hash(const char *before_hash, const struct audit_entry *entry,
		char ret_hash[static HASH_SIZE])
{
	const char *const texts[] = { before_hash,     entry->who,       entry->account_id,
				      entry->network,  entry->act,       entry->object,
				      entry->lea_code, entry->site_code, entry->before,
				      entry->after };
	size_t room = (size_t)NUMBER_SIZE * 2, len;
	_cleanup_free_ char *all = NULL;

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		room += NUMBER_SIZE + strlen(texts[i]);
	all = xcalloc(room, 1);
	len = (size_t)snprintf(all, room, "%" PRId64 ",%" PRId64 ",", entry->number, entry->at_ms);
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		len += (size_t)snprintf(all + len, room - len, "%zu:%s,", strlen(texts[i]),
					texts[i]);
	hash_hex(all, len, ret_hash);
}

static char *json_text(const json_t *json)
{
	return json ? document_canonical(json) : xstrdup("");
}

static char *copy(const char *value)
{
	return xstrdup(value ? value : "");
}

int act_audit(struct store *store, const struct actor *actor, const struct audit_note *note,
	      int64_t now_ms, struct err *err)
{
	_cleanup_(audit_entry_done) struct audit_entry last = { 0 };
	_cleanup_(audit_entry_done) struct audit_entry entry = { 0 };
	int r = store_audit_last(store, &last, err);

	if (r < 0)
		return r;
	entry = (struct audit_entry){
		.number = last.number + 1,
		.at_ms = now_ms,
		.who = copy(actor->who),
		.account_id = copy(actor->account_id),
		.network = copy(actor->network),
		.act = copy(audit_act_words[note->act]),
		.object = copy(note->object),
		.lea_code = copy(note->lea_code),
		.site_code = copy(note->site_code),
		.before = json_text(note->before),
		.after = json_text(note->after),
	};
	audit_hash(last.hash, &entry, entry.hash);
	return store_audit_add(store, &entry, err);
}
