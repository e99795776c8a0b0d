/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Devices, their results, or the changes of those, as a file. */

#include "collector/view/device_walk.h"
#include "collector/view/sheet.h"

enum device_sheet_kind {
	SHEET_DEVICES,
	SHEET_RESULTS,
	SHEET_TRANSITIONS,
	SHEET_MAX_,
};
extern const char *const device_sheet_words[]; /* "devices", …; ended by NULL */
/* The names of the columns of a kind, ended by NULL. */
const char *const *device_sheet_columns(enum device_sheet_kind kind);

/* What is wanted. */
struct device_sheet_asked {
	enum device_sheet_kind kind;
	struct device_asked devices;
	struct sheet_form form;
};

/*
 * On success sheet_free() *@ret_sheet. It copies the filter of @asked, and borrows the texts in
 * that and what @view points to. Fails as device_walk_open() does.
 */
int device_sheet_open(const struct view *view, const struct device_sheet_asked *asked,
		      struct sheet **ret_sheet, struct err *err) _must_check_;
