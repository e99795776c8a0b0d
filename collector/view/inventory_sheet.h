/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What of inventories and of what was seen does not fit together, as a file. */

#include "collector/view/sheet.h"
#include "collector/view/view.h"

extern const char *const inventory_sheet_columns[]; /* ended by NULL */

/* What is wanted; the texts are borrowed as long as the sheet. */
struct inventory_sheet_asked {
	const char *site_code; /* only of this site; NULL: of all */
	const char *lea;       /* only of sites of this LEA; NULL: of all */
	const char *kind;      /* as of struct inventory_asked */
	int64_t days;          /* the same */
	struct sheet_form form;
};

/*
 * On success sheet_free() *@ret_sheet, which borrows what @view points to, and of which
 * sheet_read() gives 0 after each site that nothing was found at. -ENOENT: no such site may be
 * seen; -EINVAL: no such LEA, or no such kind.
 */
int inventory_sheet_open(const struct view *view, const struct inventory_sheet_asked *asked,
			 struct sheet **ret_sheet, struct err *err) _must_check_;
