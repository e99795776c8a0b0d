/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Whether the screen turns off or locks by itself, for whoever signs in. A
 * user sets that; it is certain only where dconf locks the settings (dconf(7),
 * GNOME's system administration guide, "Lock down specific settings").
 */

#include "agent/env.h"
#include "common/base/base.h"
#include "common/base/err.h"

/* 1: it does for every user, 0: it does for none, or -ENODATA and why that is not certain. */
int software_screen_blanks(const struct env *env, struct err *err) _must_check_;
