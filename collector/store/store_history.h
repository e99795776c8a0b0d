/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What is kept of the past, and for how long. */

#include <stddef.h>
#include <stdint.h>

#include "collector/store/store.h"
#include "common/base/id.h"

/*
 * Forget what is older than @before_ms of the next @n_devices devices after @id in the
 * order of their ids: their notes, and changes of results. The newest change of each
 * requirement stays however old it is, so that since when a result holds is always told.
 *
 * @id becomes that of the last of them, or "" where none was left: begin anew then.
 * *@ret_n: how many rows went.
 */
/* NOLINTNEXTLINE(readability-function-size): a place, a number and a time */
int store_history_forget(struct store *store, char id[static ID_SIZE], size_t n_devices,
			 int64_t before_ms, int64_t *ret_n, struct err *err) _must_check_;
