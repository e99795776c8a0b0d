/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Accounts are renewed every 1 July (requirement R20): people change schools in summer, and
 * nobody tells the collector. PURE.
 */

#include <stdbool.h>
#include <stdint.h>

/* So many days before an account ends, its owner and who renews it are told. */
#define RENEWAL_TOLD_DAYS 42

/*
 * The day that counts for accounts at @now_ms: the one of the last time zone (UTC-12). So nobody's
 * account ends before their own 30 June is over, wherever they are; a person has roles in several
 * places, which need not share a zone. In California one ends at 5 on the morning of 1 July.
 */
int32_t renewal_day(int64_t now_ms);

/*
 * The last day of an account that is made or renewed on @today: the next 30 June; after
 * 1 May that of the next year, or it would have to be done twice in a few weeks.
 */
int32_t renewal_good_until(int32_t today);

/* Whether an account that is good until @good_until has to be renewed on @today. */
bool renewal_is_due(int32_t good_until, int32_t today);

/* Whether it is still good, but for RENEWAL_TOLD_DAYS at most. */
bool renewal_is_near(int32_t good_until, int32_t today);
