/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * API tokens: what programs come with in the place of people. A token has one role at one
 * scope, an end, and never more than its owner has at that moment; with its owner it ends. In a
 * transaction of the caller, but act_token_find(), which only reads.
 */

#include <stdbool.h>
#include <stdint.h>

#include "collector/act/actor.h"
#include "collector/store/store_token.h"

#define TOKEN_NAME_MAX 100 /* bytes */
#define TOKEN_DAYS_MAX 366
#define TOKENS_MAX 100 /* of one account at a time; and of nobody's */

struct token_request {
	const char *name; /* what it is for, as people know it */
	struct grant grant;
	int64_t days; /* how long it is good */
};
struct token_made {
	char id[ID_SIZE];
	char token[SECRET_SIZE]; /* shown once, stored as a hash */
};
/*
 * A token of the actor's account; one of nobody's where the actor is none. -EPERM: the actor could
 * not give that role there. -EINVAL: name, days, or no such LEA or site. -E2BIG: too many.
 */
int act_token_add(struct store *store, const struct actor *actor,
		  const struct token_request *request, int64_t now_ms, struct token_made *ret_made,
		  struct err *err) _must_check_;

/*
 * Good for nothing from @now_ms on. -ENOENT: no such token, or none that the actor may know of.
 * -EPERM: it is not theirs, and they could not give it. -EALREADY: it was revoked.
 */
int act_token_revoke(struct store *store, const struct actor *actor, const char *id, int64_t now_ms,
		     struct err *err) _must_check_;

/* How @token is at @now_ms, and what it allows then; nothing where it is not good. */
struct token_reach {
	enum token_state state;
	struct grants grants;
	char who[ACCESS_WHO_SIZE]; /* "Ada Kim (akim), by the token nightly" */
};
int act_token_reach(struct store *store, const struct api_token *token, int64_t now_ms,
		    struct token_reach *ret_reach, struct err *err) _must_check_;

/* Whether it is so long ago that it was noted as used that it is to be noted again. PURE. */
bool token_wants_note(const struct api_token *token, int64_t now_ms);
