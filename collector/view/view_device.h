/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "collector/view/view.h"

/* One device: every result in words, its facts, what changed when. */
int view_device(const struct view *view, const char *id, json_t **ret_json,
		struct err *err) _must_check_;
