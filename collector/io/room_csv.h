/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Rooms of sites as CSV, one room a row: the columns site_code, room, track and seats in any order,
 * of which the last two may be missing; then nothing of what they would say changes. All rooms of a
 * site that is in the file are in it.
 */

#include <stddef.h>
#include <stdio.h>

#include "collector/domain/import_row.h"
#include "collector/io/problems.h"
#include "common/base/err.h"

#define ROOM_CSV_ROWS_MAX 100000

/* All columns and two rooms, for people to begin with. */
extern const char room_csv_template[];

struct room_csv {
	struct room_row *rows; /* by site, then in the order of the file */
	size_t n_rows;
	const char *file;         /* borrowed */
	struct room_csv_row *own; /* for its own use */
	size_t room;              /* the same */
};

/* As site_csv_read(). */
int room_csv_read(FILE *in, const char *file, struct problems *problems, struct room_csv *ret_csv,
		  struct err *err) _must_check_;
/* Note what is wrong with the column @at of the row @index, found later. */
void room_csv_refuse(const struct room_csv *csv, size_t index, enum room_column at,
		     struct problems *problems, const char *why);
void room_csv_done(struct room_csv *csv);
