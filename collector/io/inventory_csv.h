/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * An inventory as CSV (RFC 4180, UTF-8, with or without byte-order mark):
 *
 *   site_code,asset_tag,serial,host_name,role,room
 *
 * in any order; role and room may be missing. A site has an asset tag or host name once, the
 * file a serial number, since a machine is at one site. Read as a stream, so that memory
 * grows only with the names, to find the ones that come twice.
 */

#include <stdio.h>

#include "collector/domain/import_row.h"
#include "collector/io/problems.h"
#include "common/base/err.h"

/* A file with all columns and no row, for people to begin with. */
extern const char inventory_csv_template[];

#define INVENTORY_ROWS_MAX 200000
#define INVENTORY_CELL_MAX 255 /* bytes */

/*
 * What becomes of each row; where @is_only_checked the file has a problem already,
 * and nothing of it will be kept. 0; -ENOENT: no such site, which is a problem of
 * the row; anything else ends the reading.
 */
typedef int (*inventory_take)(const struct inventory_row *row, bool is_only_checked, void *arg,
			      struct err *err);

/*
 * Read @in, called @file in what is wrong, and give each row that is right to
 * @take. Whether the file was right is in @problems; an error is of @take or of
 * the disk.
 */
int inventory_csv_read(FILE *in, const char *file, struct problems *problems, inventory_take take,
		       void *arg, struct err *err) _must_check_;
