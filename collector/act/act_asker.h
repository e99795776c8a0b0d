/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Who asks for a change, looked up anew when it is its turn: what was taken away from them
 * while the change waited, they have no more.
 */

#include <stdint.h>

#include "collector/domain/access.h"
#include "collector/store/store.h"

struct asker {
	const char *session;   /* hash of the cookie; NULL: they have no session … */
	const char *token;     /* … but an API token, by its hash; both NULL: the admin's token */
	enum action may;       /* what they need somewhere */
	struct grants *grants; /* as of the request; NULL: whoever asks has none and needs none */
};

/*
 * Make the grants what they are at @now_ms. In the transaction of the change.
 * -EKEYREVOKED: session, token or account is over; -EPERM: no role has @asker->may any more.
 */
int act_asker_look(struct store *store, const struct asker *asker, int64_t now_ms,
		   struct err *err) _must_check_;
