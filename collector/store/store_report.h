/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Which reports were accepted, and what was answered. */

#include <stdint.h>

#include "collector/store/store.h"
#include "common/model/report.h"
#include "common/model/result.h"

/* Returns 1 and the state that was answered, or 0: this report is new. */
int store_report_find(struct store *store, const struct report *report,
		      enum device_state *ret_state, struct err *err) _must_check_;
int store_report_put(struct store *store, const struct report *report, int64_t received_ms,
		     enum device_state state, struct err *err) _must_check_;
