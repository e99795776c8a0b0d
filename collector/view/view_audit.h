/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "collector/store/store_audit.h"
#include "collector/view/sheet.h"
#include "collector/view/view.h"

/* What of the audit log is wanted; NULL or 0 where it does not matter. */
struct audit_filter {
	const char *act; /* one of the acts, see act_audit.h; what is none finds nothing */
	const char *object;
	const char *account_id;
	int64_t from_ms, until_ms;
};

/*
 * A part of the log, the newest first. Who does not see all of it sees what was done to the LEAs
 * that are theirs, and to schools of these.
 */
int view_audit(const struct view *view, const struct audit_filter *filter, const struct page *page,
	       json_t **ret_json, struct err *err) _must_check_;

/* All of it as a file; of @filter all is copied. */
int audit_sheet_open(const struct view *view, const struct audit_filter *filter,
		     const struct sheet_form *form, struct sheet **ret_sheet,
		     struct err *err) _must_check_;
