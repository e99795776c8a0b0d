/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* LEAs, of which somebody sees all sites or some; see view.h. */

#include <sys/types.h>

#include "collector/io/table_out.h"
#include "collector/view/view.h"

#define LEA_FILTER_BYTES 255

struct lea_filter {
	const char *name; /* in the name, in any case; NULL: any */
	const char *code; /* what the code begins with; NULL: any */
};

/* By code, each with the numbers of the sites that are seen. */
int view_leas(const struct view *view, const struct lea_filter *filter, const struct page *page,
	      json_t **ret_json, struct err *err) _must_check_;
/* One of them with its contact. */
int view_lea(const struct view *view, const char *code, json_t **ret_json,
	     struct err *err) _must_check_;

/* All of them as a table, made while it is read: see sheet.h. It borrows @filter. */
struct lea_sheet;
int lea_sheet_open(const struct view *view, const struct lea_filter *filter,
		   enum table_format format, const char *as_of, struct lea_sheet **ret_sheet,
		   struct err *err) _must_check_;
ssize_t lea_sheet_read(struct lea_sheet *sheet, char *buffer, size_t max,
		       struct err *err) _must_check_;
void lea_sheet_free(struct lea_sheet *sheet);
