/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * CSV as spreadsheets write it (RFC 4180, UTF-8 with or without byte-order mark,
 * any line end), read as a stream that knows where each cell is.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "common/base/base.h"

#define CSV_BYTES_MAX ((size_t)64 * 1024 * 1024)

struct csv_place {
	unsigned line, column; /* from 1; a column is a byte, as compilers count */
};

/* Both return 0, or an error that ends the reading. */
struct csv_handler {
	/* @text has @len bytes, unchecked, and a NUL after them. */
	int (*cell)(void *arg, struct csv_place place, const char *text, size_t len);
	/* The row's cells are complete. Empty lines are no rows. */
	int (*row)(void *arg);
};

/*
 * Read @in to its end. *@ret_place is where reading ended.
 *
 * What a handler returned; -EIO: the disk; -EBADMSG: not CSV, and *@ret_why, a
 * static sentence, says what is wrong at *@ret_place.
 */
int csv_file_read(FILE *in, const struct csv_handler *handler, void *arg,
		  struct csv_place *ret_place, const char **ret_why) _must_check_;

/* Whether a spreadsheet would take @text for a formula, though it may be of a device that lies. */
bool csv_is_formula(const char *text);

/*
 * Write a cell in quotes. What a spreadsheet would take for a formula gets an apostrophe
 * before it, since the text may be of a device that lies. Errors are those of @out.
 */
void csv_cell_print(FILE *out, const char *text);
