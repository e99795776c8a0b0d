/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Devices, their results, or the changes of those, as a file for other programs, made while
 * it is read: docs/exports.md says what is in it. All rows are of the snapshot of the caller, in
 * which it must be read to its end.
 */

#include <sys/types.h>

#include "collector/io/table_out.h"
#include "collector/view/device_walk.h"

enum sheet_kind {
	SHEET_DEVICES,
	SHEET_RESULTS,
	SHEET_TRANSITIONS,
	SHEET_MAX_,
};
extern const char *const sheet_words[]; /* "devices", …; ended by NULL */
/* The names of the columns of a kind, ended by NULL. */
const char *const *sheet_columns(enum sheet_kind kind);

struct sheet;

/* What is wanted; @as_of_ms is told in it. */
struct sheet_asked {
	enum sheet_kind kind;
	enum table_format format;
	struct device_asked devices;
	int64_t as_of_ms;
};

/*
 * On success sheet_free() *@ret_sheet, which borrows the filter of @asked and what @view
 * points to. Fails as device_walk_open() does.
 */
int sheet_open(const struct view *view, const struct sheet_asked *asked, struct sheet **ret_sheet,
	       struct err *err) _must_check_;
void sheet_free(struct sheet *sheet);
DEFINE_CLEANUP(struct sheet *, sheet_free);

/*
 * The next bytes, at most @max: how many; 0: none yet, though many devices were looked at;
 * -ENODATA: that was all; else what the store failed with.
 */
ssize_t sheet_read(struct sheet *sheet, char *buffer, size_t max, struct err *err) _must_check_;
