/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* How long an API token is good. PURE. */

#include <stdbool.h>
#include <stdint.h>

enum token_state {
	TOKEN_GOOD,
	TOKEN_EXPIRED,
	TOKEN_REVOKED,
	TOKEN_OWNER_OVER, /* its owner is gone, disabled, or waits for the renewal */
	TOKEN_STATE_MAX_,
};
extern const char *const token_state_words[]; /* good, expired, revoked, owner_over; then NULL */

struct token_life {
	int64_t expires_ms;
	int64_t revoked_ms; /* 0: it was not */
	bool has_owner;     /* else the rest says nothing */
	bool is_owner_disabled;
	int32_t owner_good_until; /* the last day; INT32_MIN: the account is gone */
};

enum token_state token_state_at(const struct token_life *life, int64_t now_ms);
