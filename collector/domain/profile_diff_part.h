/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Parts of profile_diff(). PURE. */

#include "collector/domain/profile_diff.h"

/* Add an entry for @place, which is copied. */
void diff_say(struct diff_list *list, enum diff_direction direction, const char *place,
	      const char *fmt, ...) _printf_(4, 5);

/* Requirements, in the order of @old; what came is at the end. */
void diff_requirements(const struct profile *old, const struct profile *new,
		       struct diff_list *list);
