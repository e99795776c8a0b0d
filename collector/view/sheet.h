/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * A table as a file for other programs, made while it is read: docs/exports.md says what is in
 * each. All rows are of the snapshot of the caller, in which it must be read to its end.
 */

#include <sys/types.h>

#include "collector/io/table_out.h"
#include "common/base/err.h"

/* How it is written, and the moment that is told in it. */
struct sheet_form {
	enum table_format format;
	int64_t as_of_ms;
};

/* First in what a kind of sheet has of its own. */
struct sheet {
	const struct sheet_kind *kind;
	struct table_out out;
	bool is_ended;
};

/* What tells the sheets from each other; static. */
struct sheet_kind {
	const char *name;           /* of the rows, in JSON */
	const char *const *columns; /* ended by NULL */
	/*
	 * Write rows to @sheet->out. 1: go on; 2: go on, though much was looked at and nothing
	 * found; 0: that was all; else what the store failed with.
	 */
	int (*step)(struct sheet *sheet, struct err *err);
	void (*done)(struct sheet *sheet); /* free what it has of its own; NULL: nothing */
};

/* Begin a sheet, which is on the heap; from now on sheet_free() it. */
void sheet_begin(struct sheet *sheet, const struct sheet_kind *kind, const struct sheet_form *form);

/*
 * The next bytes, at most @max: how many; 0: none yet, though much was looked at; -ENODATA: that
 * was all; else what the store failed with.
 */
ssize_t sheet_read(struct sheet *sheet, char *buffer, size_t max, struct err *err) _must_check_;
void sheet_free(struct sheet *sheet);
DEFINE_CLEANUP(struct sheet *, sheet_free);
