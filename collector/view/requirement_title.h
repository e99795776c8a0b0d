/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "collector/view/view.h"

/*
 * What the requirement @id of the profile @profile_id is called, by what is published or by
 * what an LEA or a site asks beyond it; null where nobody asks it any more.
 */
int requirement_title(const struct view *view, const char *profile_id, const char *id,
		      json_t **ret_json, struct err *err) _must_check_;
