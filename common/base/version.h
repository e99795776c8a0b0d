/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Versions and sets of versions.
 *
 * A version is numbers joined by dots; parts compare as numbers (1.10 > 1.9),
 * a missing part counts as 0 (14 = 14.0). A suffix that is no number
 * ("14.0-beta2", "2.36+deb12") is ignored after the first character that is
 * neither digit nor dot.
 */

#include <stdbool.h>

#include "common/base/base.h"
#include "common/base/err.h"

#define VERSION_TEXT_MAX 64
#define VERSION_SET_MAX 256

/* Whether @text begins with a digit and is no longer than VERSION_TEXT_MAX. */
bool version_is_valid(const char *text);

/*
 * Whether @text is a version as a person writes one down: digits and single dots, and nothing
 * behind them. What a device says may end otherwise; in a profile "1O.2" would be a 1.
 */
bool version_is_plain(const char *text);

/* Less than, equal to or greater than 0. Both must be valid. */
int version_compare(const char *a, const char *b);

/*
 * A set: ranges and single versions joined by commas, the ones after `except`
 * taken out: "14.0..", "34..35", "130.., except 131, except 133.1..133.4".
 * Both ends of a range belong to it; an end covers what it begins: 35 covers
 * 35.1, since "35" names that release.
 * -EINVAL: an entry is no range or an empty one, or takes out what no range has.
 */
int version_set_check(const char *set, struct err *err) _must_check_;

/* Whether @version is in @set. Both must be valid. */
bool version_set_has(const char *set, const char *version);

/* Whether a range of @a and one of @b have a version in common, holes aside. Both must be valid. */
bool version_sets_meet(const char *a, const char *b);
