/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "collector/view/view.h"

/* Conflicts that are "open", "resolved" or "all", the newest first. */
int view_conflicts(const struct view *view, const char *state, const struct page *page,
		   json_t **ret_json, struct err *err) _must_check_;

/* One conflict, with what its machines are known by, what can be done and what was. */
int view_conflict(const struct view *view, const char *id, json_t **ret_json,
		  struct err *err) _must_check_;
