/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/domain/session_time.h"

#define MINUTE_MS INT64_C(60000)

static bool is_within(int64_t from_ms, int64_t hours, int64_t now_ms)
{
	return now_ms < from_ms + hours * SESSION_HOUR_MS && now_ms >= from_ms - SESSION_HOUR_MS;
}

bool session_time_is_good(int64_t created_ms, int64_t seen_ms, int64_t now_ms)
{
	return is_within(created_ms, SESSION_HOURS, now_ms) &&
	       is_within(seen_ms, SESSION_IDLE_HOURS, now_ms);
}

bool session_time_wants_note(int64_t seen_ms, int64_t now_ms)
{
	return now_ms - seen_ms >= MINUTE_MS;
}

int64_t session_time_end_ms(int64_t created_ms)
{
	return created_ms + SESSION_HOURS * SESSION_HOUR_MS;
}
