/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * The rows of an inventory until all of them are known to be right: site by site, each in
 * a few more bytes than its texts have. PURE.
 */

#include <stddef.h>
#include <stdint.h>

#include "collector/domain/import_row.h"

struct inventory_kept; /* one row */

struct inventory_rows {
	struct inventory_kept *rows;
	size_t n_rows, room_rows;
	char *texts;
	size_t used, room;
	char **sites; /* their codes */
	size_t n_sites, room_sites;
	void *by_code; /* tree of tsearch(3) */
};

/* A site whose rows come; its number is for inventory_rows_add(). Known codes keep theirs. */
size_t inventory_rows_site(struct inventory_rows *rows, const char *site_code);
/* Whether inventory_rows_site() was told of @site_code: 1 and its number, or 0. */
int inventory_rows_find_site(const struct inventory_rows *rows, const char *site_code,
			     size_t *ret_site);
/* The texts are copied. All of them are at most as long as CSV_BYTES_MAX. */
void inventory_rows_add(struct inventory_rows *rows, size_t site, const struct inventory_row *row);

/* Put the rows in the order of their sites' codes, those of a site as they came. */
void inventory_rows_sort(struct inventory_rows *rows);
/* The number of the site of a row. */
size_t inventory_rows_site_of(const struct inventory_rows *rows, size_t index);
/* A row; its texts are borrowed. */
void inventory_rows_get(const struct inventory_rows *rows, size_t index,
			struct inventory_row *ret_row);
void inventory_rows_done(struct inventory_rows *rows);
