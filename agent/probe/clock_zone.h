/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Names in the tz database: "America/Indiana/Knox", "Etc/GMT+8".
 */

#include <stdbool.h>

#include "common/base/base.h"

#define CLOCK_ZONE_MAX 64 /* bytes; the longest of tzdata has 32 */

/*
 * Whether @name has the shape of one: letters, digits, "_", "+", "-" and, in
 * the middle, single slashes (theory.html of the tz database, "Names of
 * timezones"). So it has no dots that would lead out of a folder.
 */
bool clock_zone_is_valid(const char *name);

/*
 * The name in @path, which is below a folder zoneinfo; the folders posix/ and
 * right/ in it have the same names. NULL if there is none. Owned by the caller.
 */
char *clock_zone_of_path(const char *path) _must_check_;
