/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Times in the JSON that the agent keeps and shows: a text, or null where there is none. */

#include <jansson.h>
#include <stdint.h>

#include "common/model/document.h"

/* @ms, ms UTC, as a text; null where it is 0. Owned by the caller. */
json_t *time_json(int64_t ms);

/*
 * The member @key of @root, in ms UTC; 0 where it is null. -EINVAL: it is not there, no text,
 * or no time; @err quotes it.
 */
int time_json_read(const struct node *root, const char *key, int64_t *ret_ms,
		   struct err *err) _must_check_;
