/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * What makers leave in a field instead of a value of one machine (agent/data/placeholders.csv).
 * An agent does not report it; an inventory that was exported from elsewhere, or another
 * agent, may. Two machines that have it are not the same. PURE.
 */

#include <stdbool.h>

/* Whether @text says nothing about this one machine. @kind is that of the data file. */
bool placeholder_is(const char *kind, const char *text);

/* @serial, or "" where many machines have it: "None", "Default string", "0". */
const char *serial_of_one(const char *serial);
