/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Schedule: when a device reports by itself. Every device has its own place
 * within the period, which follows from its id, so that neither a copied disk
 * nor a school that is switched on at eight makes them come together.
 *
 * PURE: clocks and random numbers are parameters. Times are readings of
 * clock_boot_ms(), which nobody can set.
 */

#include <stdint.h>

/* Until a collector names others. */
#define SCHEDULE_PERIOD_MS INT64_C(86400000)

/* A share of @range_ms, from 0 to all of it; @random is any 64 bits. */
int64_t schedule_part(int64_t range_ms, uint64_t random);

/*
 * The next contact of the device @device_id after one at @now_ms: its place in
 * the period, give or take 10 %. It is at least 0.4 and at most 1.6 periods
 * away; after the first one, 0.8 to 1.2.
 *
 * SHA-256 of the id gives the place, so that it is as even as the ids are many.
 */
int64_t schedule_next(const char *device_id, int64_t period_ms, int64_t now_ms, uint64_t random);
