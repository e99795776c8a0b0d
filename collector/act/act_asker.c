/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>

#include "collector/act/act_asker.h"
#include "collector/act/act_session.h"
#include "collector/act/act_token.h"

static int look_at_session(struct store *store, const struct asker *asker, int64_t now_ms,
			   struct err *err)
{
	_cleanup_(account_done) struct account account = { 0 };
	struct session session;
	int r = act_session_find(store, asker->session, now_ms, &session, &account, err);

	if (r >= 0)
		*asker->grants = account.grants;
	return r;
}

static int look_at_token(struct store *store, const struct asker *asker, int64_t now_ms,
			 struct err *err)
{
	_cleanup_(api_token_done) struct api_token token = { 0 };
	struct token_reach reach = { 0 };
	int r = store_token_by_hash(store, asker->token, &token, err);

	if (r >= 0)
		r = act_token_reach(store, &token, now_ms, &reach, err);
	if (r < 0)
		return r;
	if (reach.state != TOKEN_GOOD)
		return err_set(err, -ENOENT, "The token is over.");
	*asker->grants = reach.grants;
	return 0;
}

int act_asker_look(struct store *store, const struct asker *asker, int64_t now_ms, struct err *err)
{
	int r = 0;

	if (asker->session)
		r = look_at_session(store, asker, now_ms, err);
	else if (asker->token)
		r = look_at_token(store, asker, now_ms, err);
	if (r == -ENOENT)
		return err_set(err, -EKEYREVOKED,
			       "%s ended while this waited; nothing was changed. %s.",
			       asker->session ? "The session" : "The token",
			       asker->session ? "Sign in again" : "Send another token");
	if (r < 0)
		return r;
	if (asker->grants && !access_allows_somewhere(asker->grants, asker->may))
		return err_set(err, -EPERM,
			       "Your roles do not let you %s any more; ask whoever gave them to "
			       "you.",
			       action_texts[asker->may]);
	return 0;
}
