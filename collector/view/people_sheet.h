/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * People as a table, with their roles and what somebody should look at: what is gone through once
 * a year.
 */

#include <sys/types.h>

#include "collector/io/table_out.h"
#include "collector/view/view_people.h"

/* Made piece by piece, in the order of logins. */
struct people_sheet;
/* @view stays valid as long as the sheet; of @filter all is copied. -EINVAL: as view_people(). */
int people_sheet_open(const struct view *view, const struct people_filter *filter,
		      enum table_format format, const char *as_of, struct people_sheet **ret_sheet,
		      struct err *err) _must_check_;
/* Up to @max bytes; -ENODATA: that was all. */
ssize_t people_sheet_read(struct people_sheet *sheet, char *buffer, size_t max,
			  struct err *err) _must_check_;
void people_sheet_free(struct people_sheet *sheet);
DEFINE_CLEANUP(struct people_sheet *, people_sheet_free);
