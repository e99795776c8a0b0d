/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Who has which roles, as CSV: the columns login, name, role, scope and code in any order, one
 * role a row, a person in as many rows as they have roles. The code of the state is empty.
 */

#include <stddef.h>
#include <stdio.h>

#include "collector/domain/import_row.h"
#include "collector/io/problems.h"
#include "common/base/base.h"

#define PEOPLE_CSV_BYTES_MAX ((size_t)4 * 1024 * 1024)
#define PEOPLE_CSV_ROWS_MAX 5000

/* A file to begin with: the header and two people. */
extern const char people_csv_template[];

struct people_file {
	const char *name;        /* borrowed */
	struct person_row *rows; /* of those with nothing wrong, in the order of the file */
	size_t n_rows;
	struct problems problems;
};
void people_file_done(struct people_file *file);

/* Note something wrong in a row, at the code. */
void people_file_refuse(struct people_file *file, const struct person_row *row, const char *why);

/*
 * Read @len bytes, called @name in what is wrong. people_file_done() *@ret_file, which has all
 * that is.
 */
void people_csv_read(const char *name, const char *text, size_t len, struct people_file *ret_file);
