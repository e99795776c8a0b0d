/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Names of time zones. Compiled in, since a server may have no time zone database, and a name that
 * nobody knows must not get in where there is none. PURE.
 */

#include <stdbool.h>

/* Whether the IANA time zone database has a place of that name: "America/Los_Angeles"; or UTC. */
bool time_zone_is_known(const char *name);
