/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * What a maker wrote into a field of the machine, where it is a value and not
 * a placeholder that was left in (agent/data/placeholders.csv).
 */

#include "common/base/base.h"

/*
 * The first line of the file @path, without a slash in front, in the folder
 * @root ("" for this machine), fit to be shown; "" if it cannot be read or says
 * nothing. Owned by the caller.
 */
char *label_read(const char *root, const char *path, const char *kind) _must_check_;
