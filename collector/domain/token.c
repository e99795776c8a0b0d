/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>

#include "collector/domain/renewal.h"
#include "collector/domain/token.h"
#include "common/base/base.h"

const char *const token_state_words[] = {
	[TOKEN_GOOD] = "good",       [TOKEN_EXPIRED] = "expired",
	[TOKEN_REVOKED] = "revoked", [TOKEN_OWNER_OVER] = "owner_over",
	[TOKEN_STATE_MAX_] = NULL,
};
static_assert(ARRAY_SIZE(token_state_words) == TOKEN_STATE_MAX_ + 1, "every state has a word");

enum token_state token_state_at(const struct token_life *life, int64_t now_ms)
{
	if (life->revoked_ms)
		return TOKEN_REVOKED;
	if (now_ms >= life->expires_ms)
		return TOKEN_EXPIRED;
	if (life->has_owner && (life->is_owner_disabled ||
				renewal_is_due(life->owner_good_until, renewal_day(now_ms))))
		return TOKEN_OWNER_OVER;
	return TOKEN_GOOD;
}
