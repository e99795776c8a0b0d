/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Accounts are renewed every 1 July (requirement R20): people change schools in summer, and
 * nobody tells the collector. PURE.
 */

#include <stdbool.h>
#include <stdint.h>

/*
 * The last day of an account that is made or renewed on @today: the next 30 June; after
 * 1 May that of the next year, or it would have to be done twice in a few weeks.
 */
int32_t renewal_good_until(int32_t today);

/* Whether an account that is good until @good_until has to be renewed on @today. */
bool renewal_is_due(int32_t good_until, int32_t today);
