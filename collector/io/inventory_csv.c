/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <string.h>
#include <strings.h>

#include "collector/io/csv_table.h"
#include "collector/io/inventory_csv.h"
#include "collector/io/seen.h"
#include "common/model/placeholder.h"

static_assert(INVENTORY_CELL_MAX == CSV_CELL_MAX, "one size of cells");

enum column {
	COLUMN_SITE_CODE,
	COLUMN_ASSET_TAG,
	COLUMN_SERIAL,
	COLUMN_HOST_NAME,
	COLUMN_ROLE,
	COLUMN_ROOM,
	COLUMN_MAX_,
};

/* clang-format off */
static const struct csv_column columns[] = {
	[COLUMN_SITE_CODE] = { "site_code", true, false },
	[COLUMN_ASSET_TAG] = { "asset_tag", false, false },
	[COLUMN_SERIAL]    = { "serial", false, false },
	[COLUMN_HOST_NAME] = { "host_name", false, false },
	[COLUMN_ROLE]      = { "role", false, false },
	[COLUMN_ROOM]      = { "room", false, false },
};
/* clang-format on */
static_assert(ARRAY_SIZE(columns) == COLUMN_MAX_, "every column has a name");

const char inventory_csv_template[] = "site_code,asset_tag,serial,host_name,role,room\r\n";

static const struct csv_layout layout = {
	.columns = columns,
	.n_columns = COLUMN_MAX_,
	.names = "site_code, asset_tag, serial, host_name, role and room",
	.rows_max = INVENTORY_ROWS_MAX,
	.too_many = "split the file by site",
};

/* Kinds of names that may come only once: all site codes, then some a site. */
enum { KIND_SITE, KIND_NAMES };

struct reader {
	struct problems *problems;
	inventory_take take;
	void *arg;
	struct seen seen;
	unsigned n_sites; /* that have a number in seen */
};

static void check_header(struct csv_table *table, void *arg)
{
	(void)arg;
	if (!csv_table_has(table, COLUMN_ASSET_TAG) && !csv_table_has(table, COLUMN_SERIAL) &&
	    !csv_table_has(table, COLUMN_HOST_NAME))
		csv_table_refuse_row(
			table,
			"the header has none of the columns 'asset_tag', 'serial', 'host_name'");
}

static void check_role(struct csv_table *table, struct inventory_row *row)
{
	const char *text = csv_table_text(table, COLUMN_ROLE);

	if (!text[0])
		return;
	for (unsigned i = 0; i < ROLE_MAX_; i++) {
		if (strcasecmp(device_role_words[i], text) == 0) {
			row->has_role = true;
			row->role = (enum device_role)i;
			return;
		}
	}
	csv_table_refuse(table, COLUMN_ROLE, "'%.60s' is not one of student, ta, shared, spare",
			 text);
}

/* A number of ours for a site; less to keep with every name than its code. */
static unsigned site_number(struct reader *reader, const char *site_code)
{
	unsigned number = seen_add(&reader->seen, KIND_SITE, site_code, reader->n_sites + 1);

	return number ? number - 1 : reader->n_sites++;
}

/*
 * A name that another line of the same site has would be two devices in one. Serial numbers
 * are the makers': one at two sites would be a machine that is at both.
 */
static void check_twice(struct reader *reader, struct csv_table *table, enum column column,
			unsigned site)
{
	unsigned scope = column == COLUMN_SERIAL ? 0 : site;
	unsigned kind = KIND_NAMES + scope * COLUMN_MAX_ + column, line;
	const char *text = csv_table_text(table, column);
	char name[INVENTORY_CELL_MAX + 1];

	if (!text[0] || (column == COLUMN_SERIAL && !serial_of_one(text)[0]))
		return;
	memcpy(name, text, strlen(text) + 1);
	/* Host names are equal without case. */
	for (char *c = name; column == COLUMN_HOST_NAME && *c; c++)
		*c = (char)tolower((unsigned char)*c);
	line = seen_add(&reader->seen, kind, name, csv_table_line(table));
	if (line > 0)
		csv_table_refuse(table, column, "'%.60s' is on line %u too", text, line);
}

static void check_names(struct reader *reader, struct csv_table *table,
			const struct inventory_row *row)
{
	unsigned site = site_number(reader, row->site_code);
	const char *serial = csv_table_text(table, COLUMN_SERIAL);
	bool has_name = row->asset_tag[0] || row->serial[0] || row->host_name[0];

	if (!row->site_code[0])
		csv_table_refuse_row(table, "column 'site_code': empty; every device has a site");
	for (enum column c = COLUMN_ASSET_TAG; c <= COLUMN_HOST_NAME; c++)
		check_twice(reader, table, c, site);
	if (!has_name && serial[0])
		csv_table_refuse(table, COLUMN_SERIAL,
				 "'%.60s' is no serial number: makers leave it in many machines; "
				 "give an asset tag or a host name",
				 serial);
	else if (!has_name)
		csv_table_refuse_row(table, "one of asset_tag, serial and host_name is needed to "
					    "know the device again");
}

static int take_row(struct csv_table *table, void *arg, struct err *err)
{
	struct reader *reader = arg;
	struct inventory_row row = {
		.site_code = csv_table_text(table, COLUMN_SITE_CODE),
		.asset_tag = csv_table_text(table, COLUMN_ASSET_TAG),
		.serial = serial_of_one(csv_table_text(table, COLUMN_SERIAL)),
		.host_name = csv_table_text(table, COLUMN_HOST_NAME),
		.has_room = csv_table_has(table, COLUMN_ROOM),
		.room = csv_table_text(table, COLUMN_ROOM),
	};
	struct err why = { 0 };
	int r;

	check_role(table, &row);
	check_names(reader, table, &row);
	if (csv_table_is_refused(table))
		return 0;
	r = reader->take(&row, reader->problems->n > 0, reader->arg, &why);
	if (r == -ENOENT) {
		csv_table_refuse(table, COLUMN_SITE_CODE, "%s", why.text);
		return 0;
	}
	return r < 0 ? err_set(err, r, "%s", why.text) : 0;
}

int inventory_csv_read(FILE *in, const char *file, struct problems *problems, inventory_take take,
		       void *arg, struct err *err)
{
	struct reader reader = { .problems = problems, .take = take, .arg = arg };
	const struct csv_reading reading = { &layout, check_header, take_row, &reader };
	int r = csv_table_read(in, file, problems, &reading, err);

	seen_done(&reader.seen);
	return r;
}
