/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "collector/view/view.h"

/* One site: its numbers, verdict, work list, rooms and rules. */
int view_site(const struct view *view, const char *code, json_t **ret_json,
	      struct err *err) _must_check_;
