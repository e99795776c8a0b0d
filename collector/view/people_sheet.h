/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * People as a file, in the order of logins, with their roles and what somebody should look at: what
 * is gone through once a year.
 */

#include "collector/view/sheet.h"
#include "collector/view/view_people.h"

/*
 * On success sheet_free() *@ret_sheet, which borrows @view and copies all of @filter. -EINVAL: as
 * view_people().
 */
int people_sheet_open(const struct view *view, const struct people_filter *filter,
		      const struct sheet_form *form, struct sheet **ret_sheet,
		      struct err *err) _must_check_;
