/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Finding a fact's value; what evaluate and explain share. PURE.
 */

#include <jansson.h>

/*
 * The value at @path below @within; "." is @within itself. NULL where it is
 * not known, with the reason in *@ret_why (borrowed; may be NULL).
 */
const json_t *lookup(const json_t *within, const char *path, const char **ret_why);
