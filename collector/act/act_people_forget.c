/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/act/act_people_forget.h"
#include "collector/act/act_lockout.h"
#include "collector/act/act_second_factor.h"
#include "collector/act/act_sign_on.h"
#include "collector/domain/session_time.h"
#include "collector/store/store_account.h"
#include "collector/store/store_recovery.h"
#include "collector/store/store_session.h"
#include "collector/store/store_sign_in.h"
#include "collector/store/store_sign_on.h"

int act_people_forget(struct store *store, int64_t now_ms, struct err *err)
{
	const struct sign_in_bounds bounds = { now_ms - LOCKOUT_FORGOTTEN_MS,
					       now_ms - LOCKOUT_KNOWN_MS, LOCKOUT_ROWS_MAX };
	int r = store_session_forget(store, now_ms - SESSION_HOURS * SESSION_HOUR_MS,
				     now_ms - SESSION_IDLE_HOURS * SESSION_HOUR_MS, err);

	if (r >= 0)
		r = store_invitation_forget(store, now_ms, err);
	if (r >= 0)
		r = store_second_factor_begun_forget(store, now_ms - SECOND_FACTOR_BEGUN_MS, err);
	if (r >= 0)
		r = store_sign_on_forget(store, now_ms - SIGN_ON_REMEMBERED_MS, err);
	return r < 0 ? r : store_sign_in_forget(store, &bounds, err);
}
