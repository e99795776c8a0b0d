/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "collector/store/store_waiver.h"
#include "collector/view/view.h"

/*
 * What the requirement of @waiver is called, by what is published or by what those ask beyond
 * it whom the waiver is for: the LEA @lea_code, NULL where it is for the whole state, and the
 * site. null where nobody asks it any more.
 */
int requirement_title(const struct view *view, const struct waiver *waiver, const char *lea_code,
		      json_t **ret_json, struct err *err) _must_check_;
