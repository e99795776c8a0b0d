/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * LEAs and their sites as CSV, one site a row; the columns are site_text_words, in any order.
 * lea_code, lea_name, site_code and site_name have to be there; of what another column would say
 * nothing changes where it is missing. A row with one cell of a window has all of it: programme,
 * first, last and profile.
 */

#include <stddef.h>
#include <stdio.h>

#include "collector/domain/import_row.h"
#include "collector/io/problems.h"
#include "common/base/err.h"

#define SITE_CSV_ROWS_MAX 20000

/* All columns and two sites, for people to begin with. */
extern const char site_csv_template[];

struct site_csv {
	struct site_row *rows; /* in the order of the file */
	size_t n_rows;
	struct site_csv_place *places; /* for its own use; as many */
	const char *file;              /* borrowed */
};

/*
 * Read @in, called @file in what is wrong. Whether the file was right is in @problems; then all
 * of @ret_csv is to be used, else nothing. site_csv_done() it in any case. An error is of the
 * disk.
 */
int site_csv_read(FILE *in, const char *file, struct problems *problems, struct site_csv *ret_csv,
		  struct err *err) _must_check_;
/* Note what is wrong with the column @at of the row @index, found later. */
void site_csv_refuse(const struct site_csv *csv, size_t index, enum site_text at,
		     struct problems *problems, const char *why);
void site_csv_done(struct site_csv *csv);
