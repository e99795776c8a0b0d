/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "agent/env.h"
#include "common/base/base.h"
#include "common/base/err.h"

/*
 * 1 if a secure browser runs now, 0 if none does. -EACCES: the processes of
 * others are hidden from us (hidepid), so that nothing found says nothing.
 */
int browser_is_running(const struct env *env, struct err *err) _must_check_;
