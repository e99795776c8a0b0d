/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* LEAs, of which somebody sees all sites or some; see view.h. */

#include "collector/view/sheet.h"
#include "collector/view/view.h"

#define LEA_FILTER_BYTES 255

struct lea_filter {
	const char *name; /* in the name, in any case; NULL: any */
	const char *code; /* what the code begins with; NULL: any */
};

/* By code, each with the numbers of the sites that are seen. */
int view_leas(const struct view *view, const struct lea_filter *filter, const struct page *page,
	      json_t **ret_json, struct err *err) _must_check_;
/* One of them with its time zone and contact, and its version for who changes it. */
int view_lea(const struct view *view, const char *code, json_t **ret_json,
	     struct err *err) _must_check_;

/* All of them as a file; @filter is borrowed as long as the sheet. */
int lea_sheet_open(const struct view *view, const struct lea_filter *filter,
		   const struct sheet_form *form, struct sheet **ret_sheet,
		   struct err *err) _must_check_;
