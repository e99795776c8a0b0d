/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* How long somebody who signed in stays so. Times in ms since 1970. PURE. */

#include <stdbool.h>
#include <stdint.h>

#define SESSION_HOURS 12     /* since it was begun */
#define SESSION_IDLE_HOURS 2 /* since it was last used */
#define SESSIONS_MAX 20      /* of one account; of more, the oldest end */
#define SESSION_HOUR_MS INT64_C(3600000)

/*
 * Whether a session that was begun at @created_ms and last used at @seen_ms can be used. One
 * of more than an hour in the future cannot: a clock that was set back would make it last.
 */
bool session_time_is_good(int64_t created_ms, int64_t seen_ms, int64_t now_ms);

/* Whether its use is to be noted again: that is done to the minute. */
bool session_time_wants_note(int64_t seen_ms, int64_t now_ms);

/* When it ends at the latest. */
int64_t session_time_end_ms(int64_t created_ms);
