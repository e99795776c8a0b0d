/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/domain/scope.h"

#include <stddef.h>

const char *const scope_words[] = {
	[SCOPE_STATE] = "state",
	[SCOPE_LEA] = "lea",
	[SCOPE_SITE] = "site",
	[SCOPE_MAX_] = NULL,
};
