/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <stdint.h>

#include "common/base/base.h"
#include "common/base/err.h"

/*
 * When @day begins in the time zone @zone_name, "America/Los_Angeles", in ms since 1970; by the
 * system's time zone database. -EINVAL: that does not say; @err says what to do.
 */
int day_begin_ms(const char *zone_name, int32_t day, int64_t *ret_ms, struct err *err) _must_check_;
