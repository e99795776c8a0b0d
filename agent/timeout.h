/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "common/base/err.h"

#define TIMEOUT_SUMMARY "how long one answer may take: 0.1 to 300, else 30"

/* Read seconds, with a fraction if need be; NULL is the default. -EINVAL says what is expected. */
int timeout_parse(const char *text, long *ret_ms, struct err *err) _must_check_;
