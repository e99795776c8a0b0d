/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Which groups of facts a requirement looks at. PURE. Where those are the same, so is its
 * result: evaluate() has nothing else of a device but its role and the day.
 */

#include <stdint.h>

#include "common/model/profile.h"

/* A bit 1 << i for the group facts_table[i]; all of them where that cannot be told. */
uint32_t requirement_reads(const struct requirement *requirement);
