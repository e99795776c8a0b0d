/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * What is remembered of people who sign in goes once it counts for nothing any more, also where
 * nobody signs in again, which would forget some of it by the way: sessions, links, second
 * factors that were begun, sign-ins that came back from an identity provider, failures, known
 * networks. The audit log keeps what was done, and accounts and tokens stay until somebody ends
 * them.
 */

#include <stdint.h>

#include "collector/store/store.h"

/* What is over at @now_ms, in the transaction of the caller. */
int act_people_forget(struct store *store, int64_t now_ms, struct err *err) _must_check_;
