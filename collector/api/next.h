/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What devices are told about the time to come: when to come again, and where to. */

#include <stdint.h>

#include <jansson.h>

struct app;

/* {"period_s": …, "spread_s": …} */
json_t *next_json(const struct app *app, int64_t period_s);
/* Add "moved_to" to an answer where this collector has a successor. */
void next_add_move(const struct app *app, json_t *answer);
