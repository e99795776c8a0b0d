/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Finding a fact's value; what evaluate and explain share. PURE.
 */

#include <jansson.h>

#include "common/base/base.h"

struct check;

/*
 * The value at @path below @within; "." is @within itself. NULL where it is
 * not known, with the reason in *@ret_why (borrowed; may be NULL).
 */
const json_t *lookup(const json_t *within, const char *path, const char **ret_why);

/*
 * What @check, which is over a list, looks at where the facts have @list; owned
 * by the caller. That is @list, but for servers: those that the profile names,
 * in its order. One that the device has not tried is an item of which nothing
 * but its name is known; one that the profile does not name any more is left out.
 */
json_t *lookup_items(const struct check *check, const json_t *list) _must_check_;
