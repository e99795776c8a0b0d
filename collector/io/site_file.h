/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Sites with their LEA and at most one window each, as JSON:
 *
 *   {"sites": [{"code": "…", "name": "…", "lea": {"code": "…", "name": "…"},
 *     "zone": "America/Los_Angeles",
 *     "window": {"id": "…", "programme": "…", "track": "", "first": "2027-04-12",
 *                "last": "2027-05-28", "profile": "…"}}]}
 *
 * zone, window and track may be missing.
 */

#include <jansson.h>

#include "collector/domain/import_row.h"
#include "collector/io/problems.h"
#include "common/base/err.h"

#define SITE_FILE_BYTES_MAX ((size_t)64 * 1024 * 1024)
#define SITE_FILE_SITES_MAX 20000

struct site_file {
	struct site_row *rows;
	size_t n_rows;
	json_t *json;     /* owns their texts */
	const char *text; /* borrowed */
};

/*
 * Read @len bytes of @text, which ends in a NUL and outlives the file, called @file in what is
 * wrong. Everything that is, is in @problems; then *@ret_file is not to be used. site_file_done()
 * it in any case.
 */
void site_file_read(const char *text, size_t len, const char *file, struct problems *problems,
		    struct site_file *ret_file);
/* Where the site at @index is in the text, from 1. */
void site_file_locate(const struct site_file *file, size_t index, unsigned *ret_line,
		      unsigned *ret_column);
void site_file_done(struct site_file *file);
