/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * CSV with a line of names first: what every file of people, sites, rooms and devices has in
 * common. The columns may come in any order. Everything that is wrong is noted with its place, and
 * reading goes on.
 */

#include <stdbool.h>
#include <stdio.h>

#include "collector/io/problems.h"
#include "common/base/err.h"

#define CSV_CELL_MAX 255 /* bytes */
#define CSV_COLUMNS_MAX 24

struct csv_column {
	const char *name;
	bool is_required;   /* the header has to have it */
	bool is_no_formula; /* what a spreadsheet would take for a formula is refused */
};

/* Of one kind of file; static. */
struct csv_layout {
	const struct csv_column *columns;
	size_t n_columns;
	const char *names;    /* of all of them, for people: "room, track and seats" */
	size_t rows_max;      /* of more the file is refused, ... */
	const char *too_many; /* ... with what to do about it: "split the file by site" */
};

struct csv_table;

/*
 * Takes the row at hand, which has as many cells as the header; blank rows do not come. An
 * error, but for -EINVAL with a problem noted, ends csv_table_read() with it.
 */
typedef int csv_table_row(struct csv_table *table, void *arg, struct err *err);
/* Checks the header, of which each required column is there. NULL: nothing more. */
typedef void csv_table_header(struct csv_table *table, void *arg);

struct csv_reading {
	const struct csv_layout *layout;
	csv_table_header *header; /* may be NULL */
	csv_table_row *row;
	void *arg;
};

/*
 * Read @in, called @file in what is wrong, to its end. Whether the file was right is in
 * @problems; an error is of row() or of the disk.
 */
int csv_table_read(FILE *in, const char *file, struct problems *problems,
		   const struct csv_reading *reading, struct err *err) _must_check_;

/* Of the row at hand: a cell, clean; "" where it is empty or there is no such column. */
const char *csv_table_text(const struct csv_table *table, unsigned column);
bool csv_table_has(const struct csv_table *table, unsigned column);
unsigned csv_table_line(const struct csv_table *table);
/* Where the cell is in its line, from 1. */
unsigned csv_table_place(const struct csv_table *table, unsigned column);
/* Whether something is wrong with the row, or with the header while that is looked at. */
bool csv_table_is_refused(const struct csv_table *table);

/* Note what is wrong: with a cell, after "column 'NAME': ", or with the row or header. */
void csv_table_refuse(struct csv_table *table, unsigned column, const char *fmt, ...)
	_printf_(3, 4);
void csv_table_refuse_row(struct csv_table *table, const char *fmt, ...) _printf_(2, 3);
