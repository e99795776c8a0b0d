/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Parts of explain(): facts and checks in words. PURE.
 */

#include <stdbool.h>
#include <stdio.h>

#include "common/eval/evaluate.h"
#include "common/model/facts.h"

/* "memory" for memory.total_mib, "screen" for display.screens: without unit, in words. */
void show_name(FILE *out, const char *path);
/* The same for several of a list's items: "screens", "batteries". */
void show_plural(FILE *out, const char *path);
/* "2048 MiB", "yes", "Ubuntu": with the unit that @name ends in. */
void show_value(FILE *out, const char *name, const json_t *value);
void show_number(FILE *out, const char *name, int64_t value);

/* A flag in words, "wired" and not "wireless no"; with what it is of: "audio not muted". */
void show_flag(FILE *out, const char *path, bool value);

/* What @check needs: "memory total at least 2048 MiB". */
void show_expected(FILE *out, const struct check *check);

/*
 * What was found where @check looks, or why that is unknown. @as_of only says
 * which items of a list are the ones to speak of.
 */
void show_observed(FILE *out, const struct check *check, const json_t *facts, int32_t as_of);
