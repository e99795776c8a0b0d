/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * What a file would change, as people look at it before they say yes, and a digest of all of it.
 * The same file that changes the same again has the same digest; where something changed in between
 * that it touches, it has another.
 */

#include <stdbool.h>

#include <jansson.h>

#include "common/base/id.h"

#define PREVIEW_ROWS_MAX 200  /* that are shown */
#define PREVIEW_SITES_MAX 200 /* the same of sites with changes */

struct preview {
	const char *const *words; /* of the changes, ended by NULL; static */
	json_t *rows;             /* the first PREVIEW_ROWS_MAX changes, with before and after */
	json_t *sites;            /* by code: how many changes of each kind */
	char digest[HASH_SIZE];   /* of all changes so far, whatever is shown of them */
};

/* Begin, with @text, the file. preview_done() it. */
void preview_init(struct preview *preview, const char *const *words, const char *text, size_t len);
/*
 * One more change, at a site; @said, all that it is, goes into the digest. Whether it is one of
 * those that are shown: then preview_show() it.
 */
bool preview_note(struct preview *preview, unsigned change, const char *site_code,
		  const char *said);
/* Takes @row, of which "change" and "site" are set here. */
void preview_show(struct preview *preview, unsigned change, const char *site_code, json_t *row);
/* The first PREVIEW_SITES_MAX sites as [{"site": CODE, "new": 1, …}]; owned by the caller. */
json_t *preview_sites(const struct preview *preview) _must_check_;
void preview_done(struct preview *preview);
