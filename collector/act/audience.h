/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Whether there is somebody that something is for. */

#include "collector/act/act_profile.h"

/* -ENOENT: no such LEA or site. */
int audience_check(struct store *store, const struct audience *audience,
		   struct err *err) _must_check_;
