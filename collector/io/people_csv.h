/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Who has which roles, as CSV: the columns login, name, role, scope and code in any order, one
 * role a row, a person in as many rows as they have roles. The code of the state is empty.
 */

#include <stddef.h>
#include <stdio.h>

#include "collector/domain/import_row.h"
#include "common/base/base.h"

#define PEOPLE_CSV_BYTES_MAX ((size_t)4 * 1024 * 1024)
#define PEOPLE_CSV_ROWS_MAX 5000
#define PEOPLE_CSV_CELL_MAX 255 /* bytes */
#define PEOPLE_PROBLEMS_MAX 200 /* that are told; of more, how many there are */

/* A file to begin with: the header and two people. */
extern const char people_csv_template[];

struct people_problem {
	unsigned line, column; /* from 1; of the cell, or of the row's first */
	char *text;
};

struct people_file {
	struct person_row *rows; /* of those with nothing wrong, in the order of the file */
	size_t n_rows;
	struct people_problem problems[PEOPLE_PROBLEMS_MAX];
	size_t n_problems; /* also of those past the last */
};
void people_file_done(struct people_file *file);

/* Note something wrong in a cell. */
void people_file_wrong(struct people_file *file, unsigned line, unsigned column, const char *fmt,
		       ...) _printf_(4, 5);

/* Read @len bytes. people_file_done() *@ret_file, which has all that is wrong. */
void people_csv_read(const char *text, size_t len, struct people_file *ret_file);
