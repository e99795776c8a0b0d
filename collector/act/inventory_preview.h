/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * What an inventory would change, as people look at it before they say yes, and a digest of all
 * of it. The same file that changes the same again has the same digest; where something changed
 * in between that it touches, it has another.
 */

#include <jansson.h>

#include "collector/act/act_import.h"
#include "common/base/id.h"

#define PREVIEW_ROWS_MAX 200  /* that are shown */
#define PREVIEW_SITES_MAX 200 /* the same of sites with changes */

struct inventory_preview {
	json_t *rows;           /* the first PREVIEW_ROWS_MAX changes, with before and after */
	json_t *sites;          /* by code: how many changes of each kind */
	char digest[HASH_SIZE]; /* of all changes so far, whatever is shown of them */
};

/* Begin, with @text, the file. inventory_preview_done() it. */
void inventory_preview_init(struct inventory_preview *preview, const char *text, size_t len);
/* The first PREVIEW_SITES_MAX sites as [{"site": CODE, "new": 1, …}]; owned by the caller. */
json_t *inventory_preview_sites(const struct inventory_preview *preview) _must_check_;
/* What to give to inventory_import_watch(); valid as long as @preview. */
struct import_watch inventory_preview_watch(struct inventory_preview *preview);
void inventory_preview_done(struct inventory_preview *preview);
