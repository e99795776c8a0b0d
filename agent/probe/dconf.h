/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Settings that the administrator makes for every user: dconf's system
 * databases, by the key files that `dconf update` compiles them from.
 */

#include "agent/env.h"
#include "common/base/base.h"
#include "common/base/err.h"

/*
 * The value that @key ("idle-delay") of @folder ("org/gnome/desktop/session")
 * is locked to for every user, as it is written ("uint32 0"); owned by the
 * caller.
 *
 * -ENOENT: it is not locked, so each user sets it. -ESTALE: `dconf update` was
 * not run, so that the files do not say what holds. Others: a file could not
 * be read. @err says so in each case.
 */
int dconf_locked_value(const struct env *env, const char *folder, const char *key, char **ret_value,
		       struct err *err) _must_check_;
