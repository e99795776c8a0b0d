/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * A table as text for other programs, made row by row so that it is never whole in memory: CSV
 * (RFC 4180, UTF-8, with a line of names, lines end with CR LF) or JSON, an object {"as_of",
 * NAME: [rows]} with an object a row. Cells come in the order of the columns. PURE.
 */

#include <stdbool.h>
#include <stddef.h>

#include "common/base/base.h"

enum table_format {
	TABLE_CSV,
	TABLE_JSON,
};

struct table_out {
	enum table_format format;
	const char *const *columns; /* names, ended by NULL */
	size_t n_rows, n_cells;     /* cells of the row so far */
	char *bytes;                /* what was not taken yet, from @taken to @len */
	size_t taken, len, room;
};

/* @columns must outlive it; @name and @as_of are copied. table_out_done() it. */
void table_out_begin(struct table_out *out, enum table_format format, const char *const *columns,
		     const char *name, const char *as_of);
/* One cell. NULL is null in JSON and empty in CSV. What is not UTF-8 is replaced. */
void table_out_text(struct table_out *out, const char *text);
void table_out_flag(struct table_out *out, bool flag);
/* Several texts in one cell: a list in JSON, joined by "; " in CSV. */
void table_out_list(struct table_out *out, const char *const *texts, size_t n_texts);
void table_out_row(struct table_out *out); /* the row has all its cells */
void table_out_end(struct table_out *out); /* there are no more rows */

/* How many bytes wait to be taken. */
size_t table_out_waiting(const struct table_out *out);
/* Take at most @max of them; returns how many. */
size_t table_out_take(struct table_out *out, char *buffer, size_t max);
void table_out_done(struct table_out *out);
