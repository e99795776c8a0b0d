/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Writing facts down. Texts from outside are made fit to be shown and cut;
 * lists are bounded, so that a report always fits REPORT_BYTES_MAX.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include "common/base/base.h"
#include "common/base/err.h"

#define FACT_NAME_MAX 128  /* bytes of a name, as USB and EDID give them */
#define FACT_ITEMS_MAX 64  /* of one list; a longer one is unknown */
#define FACT_TEXTS_MAX 256 /* of a list of short texts: one synthesiser speaks 131 languages */

/* @text is cleaned and cut to FACT_NAME_MAX bytes; NULL sets nothing. */
void fact_set_text(json_t *object, const char *name, const char *text);
void fact_set_int(json_t *object, const char *name, int64_t value);
void fact_set_bool(json_t *object, const char *name, bool value);
void fact_set_unknown(json_t *object, const char *name, const char *fmt, ...) _printf_(3, 4);

/*
 * Set @name to the list @items (taken), or to unknown when it has more than
 * FACT_ITEMS_MAX of them: a list is complete or it is unknown.
 */
void fact_set_list(json_t *object, const char *name, json_t *items);

/* The same for a list of texts, which may have FACT_TEXTS_MAX of them. */
void fact_set_texts(json_t *object, const char *name, json_t *texts);
