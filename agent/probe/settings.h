/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Key files: [group] and key=value, as GLib's GKeyFile reads them, which is
 * what dconf's files and those of dnf are. inih is not asked, since it takes
 * an indented line for more of the value above.
 */

#include "common/base/base.h"

#define SETTINGS_MAX ((size_t)64 * 1024)

/*
 * The value of @key in the group @group of @text, white space around it
 * removed; the last one counts. NULL if there is none. Owned by the caller.
 */
char *settings_value(const char *text, const char *group, const char *key) _must_check_;
