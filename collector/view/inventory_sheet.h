/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * What of inventories and of what was seen does not fit together, as a file for other programs,
 * made while it is read: docs/exports.md says what is in it. As with struct sheet, all rows
 * are of the snapshot of the caller, in which it must be read to its end.
 */

#include <sys/types.h>

#include "collector/io/table_out.h"
#include "collector/view/view.h"

extern const char *const inventory_sheet_columns[]; /* ended by NULL */

struct inventory_sheet;

/* What is wanted; the texts are borrowed as long as the sheet. @as_of_ms is told in it. */
struct inventory_sheet_asked {
	const char *site_code; /* only of this site; NULL: of all */
	const char *lea;       /* only of sites of this LEA; NULL: of all */
	const char *kind;      /* as of struct inventory_asked */
	int64_t days;          /* the same */
	enum table_format format;
	int64_t as_of_ms;
};

/*
 * On success inventory_sheet_free() *@ret_sheet, which borrows what @view points to. -ENOENT: no
 * such site may be seen; -EINVAL: no such LEA, or no such kind.
 */
int inventory_sheet_open(const struct view *view, const struct inventory_sheet_asked *asked,
			 struct inventory_sheet **ret_sheet, struct err *err) _must_check_;
void inventory_sheet_free(struct inventory_sheet *sheet);
DEFINE_CLEANUP(struct inventory_sheet *, inventory_sheet_free);

/* As sheet_read(); 0 after each site that nothing was found at. */
ssize_t inventory_sheet_read(struct inventory_sheet *sheet, char *buffer, size_t max,
			     struct err *err) _must_check_;
