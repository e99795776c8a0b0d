/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * The clocks, and how times are written. Only main programs, threads and the
 * agent's commands read a clock; everything else is given the time.
 */

#include <stdint.h>

#include "common/base/base.h"
#include "common/base/err.h"

/* Milliseconds since 1970 UTC. */
int64_t clock_now_ms(void);

/* Milliseconds since boot, suspend included; nobody can set it. */
int64_t clock_boot_ms(void);

/* "2027-03-15T07:00:00.000Z", RFC 3339 in UTC. */
#define CLOCK_TEXT_SIZE 32
const char *clock_text(int64_t ms, char text[static CLOCK_TEXT_SIZE]);

/* Read RFC 3339, with Z or an offset. -EINVAL says what is expected. */
int clock_parse(const char *text, int64_t *ret_ms, struct err *err) _must_check_;
