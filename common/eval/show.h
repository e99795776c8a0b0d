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
/*
 * A text from outside, fit to be shown: no control characters, nothing that turns the direction
 * of writing, and at most SHOW_TEXT_MAX bytes of it. "(none)" where nothing is left.
 */
#define SHOW_TEXT_MAX 400
void show_text(FILE *out, const char *text);
/* "2048 MiB", "yes", "Ubuntu", "en, es": with the unit that @name ends in. */
void show_value(FILE *out, const char *name, const json_t *value);
void show_number(FILE *out, const char *name, int64_t value);

/* A flag in words, "wired" and not "wireless no"; with what it is of: "audio not muted". */
void show_flag(FILE *out, const char *path, bool value);

/* What @check needs: "memory at least 2048 MiB". Of tables every row, with the days it holds. */
void show_expected(FILE *out, const struct check *check);

/* The same for the day @as_of: of tables the rows that hold then, if there are any. */
void show_needed(FILE *out, const struct check *check, int32_t as_of);

/*
 * What was found where @check looks, or why that is unknown. @as_of only says
 * which items of a list are the ones to speak of.
 */
void show_observed(FILE *out, const struct check *check, const json_t *facts, int32_t as_of);
