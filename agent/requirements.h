/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * The profile that this device is judged by, and whose servers it tries.
 */

#include "common/model/profile.h"

/*
 * Read the profile in the file @given; where that is NULL, the one that is kept
 * in the state folder @state (see state_path()), which need not be there.
 *
 * On success *@ret_profile is owned by the caller: profile_free() it.
 * -ENOENT: there is no such file. Else as profile_parse() and file_read_at().
 */
int requirements_read(const char *given, const char *state, struct profile **ret_profile,
		      struct err *err) _must_check_;
