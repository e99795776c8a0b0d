/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <string.h>

#include "collector/io/csv.h"
#include "collector/io/inventory_csv.h"
#include "collector/io/seen.h"
#include "common/base/mem.h"
#include "common/base/text.h"

enum column {
	COLUMN_SITE_CODE,
	COLUMN_ASSET_TAG,
	COLUMN_SERIAL,
	COLUMN_HOST_NAME,
	COLUMN_ROLE,
	COLUMN_ROOM,
	COLUMN_MAX_,
};

static const char *const column_words[] = {
	"site_code", "asset_tag", "serial", "host_name", "role", "room",
};
static_assert(ARRAY_SIZE(column_words) == COLUMN_MAX_, "every column has a name");

const char inventory_csv_template[] = "site_code,asset_tag,serial,host_name,role,room\r\n";

#define ALL_COLUMNS "site_code, asset_tag, serial, host_name, role and room"

enum { FIELDS_MAX = 64 };

struct cell {
	char text[INVENTORY_CELL_MAX + 1]; /* "": none, or refused */
	struct csv_place place;
};

/* Kinds of names that may come only once: all site codes, then some a site. */
enum { KIND_SITE, KIND_NAMES };

struct reader {
	const char *file;
	struct problems *problems;
	inventory_take take;
	void *arg;
	struct err *err;
	struct csv_place at; /* of the cell at hand */

	enum column columns[FIELDS_MAX]; /* which column a field is; COLUMN_MAX_: none */
	size_t n_columns;                /* of the header; 0: it was not read yet */
	bool has_column[COLUMN_MAX_];

	struct cell cells[COLUMN_MAX_];
	struct csv_place row; /* where it begins */
	size_t n_fields;      /* of the row so far */
	bool is_blank;        /* no field of the row has anything in it */
	bool is_refused;      /* the row has a problem */
	size_t n_rows;
	struct seen seen;
	unsigned n_sites; /* that have a number in seen */
};

static void refuse(struct reader *reader, struct csv_place place, const char *fmt, ...)
	_printf_(3, 4);
static void refuse(struct reader *reader, struct csv_place place, const char *fmt, ...)
{
	_cleanup_free_ char *what = NULL;
	va_list ap;

	va_start(ap, fmt);
	if (vasprintf(&what, fmt, ap) < 0)
		abort();
	va_end(ap);
	reader->is_refused = true;
	problems_add_at(reader->problems, reader->file, place.line, place.column, what);
}

/* --- the header ---------------------------------------------------------------- */

static void header_field(struct reader *reader, const char *text, size_t len)
{
	_cleanup_free_ char *name = text_clean(text, len, 60);
	size_t n = reader->n_fields;

	if (n >= FIELDS_MAX)
		return;
	reader->columns[n] = COLUMN_MAX_;
	for (unsigned i = 0; i < COLUMN_MAX_; i++) {
		if (strcasecmp(column_words[i], name) != 0)
			continue;
		if (reader->has_column[i])
			refuse(reader, reader->at, "column '%s' comes twice", column_words[i]);
		reader->has_column[i] = true;
		reader->columns[n] = (enum column)i;
		return;
	}
	refuse(reader, reader->at, "no column '%s'; the columns are " ALL_COLUMNS, name);
}

/* What is wrong with the header is said once; rows would only repeat it. */
static int header_end(struct reader *reader)
{
	if (reader->n_fields > FIELDS_MAX)
		refuse(reader, reader->row, "%zu columns, at most %d", reader->n_fields,
		       FIELDS_MAX);
	if (!reader->has_column[COLUMN_SITE_CODE])
		refuse(reader, reader->row, "the header has no column 'site_code'");
	if (!reader->has_column[COLUMN_ASSET_TAG] && !reader->has_column[COLUMN_SERIAL] &&
	    !reader->has_column[COLUMN_HOST_NAME])
		refuse(reader, reader->row,
		       "the header has none of the columns 'asset_tag', 'serial', 'host_name'");
	reader->n_columns = reader->n_fields;
	return reader->is_refused ? -EINVAL : 0;
}

/* --- a row --------------------------------------------------------------------- */

/* What most cells are: ASCII that can be seen, and no space around it. */
static bool is_plain(const char *text, size_t len)
{
	if (len > 0 && (text[0] == ' ' || text[len - 1] == ' '))
		return false;
	for (size_t i = 0; i < len; i++) {
		if (text[i] < ' ' || text[i] > '~')
			return false;
	}
	return true;
}

static void put_cell(struct cell *cell, const char *text, size_t len)
{
	memcpy(cell->text, text, len);
	cell->text[len] = '\0';
}

/* Keep the text of a cell, clean; "", with a problem, where it is not fit. */
static void take_cell(struct reader *reader, struct cell *cell, const char *name, const char *text,
		      size_t len)
{
	_cleanup_free_ char *clean = NULL;

	if (len > INVENTORY_CELL_MAX) {
		refuse(reader, reader->at, "column '%s': %zu bytes, at most %d", name, len,
		       INVENTORY_CELL_MAX);
		return;
	}
	if (is_plain(text, len)) {
		put_cell(cell, text, len);
		return;
	}
	if (!text_is_utf8(text, len)) {
		refuse(reader, reader->at, "column '%s': not UTF-8; save the file as \"CSV UTF-8\"",
		       name);
		return;
	}
	while (len > 0 && text[len - 1] == ' ')
		len--;
	while (len > 0 && text[0] == ' ') {
		text++;
		len--;
	}
	clean = text_clean(text, len, INVENTORY_CELL_MAX);
	if (strlen(clean) != len || memcmp(clean, text, len) != 0)
		refuse(reader, reader->at,
		       "column '%s': has a line break or another character that cannot be seen",
		       name);
	else
		put_cell(cell, text, len);
}

static void row_field(struct reader *reader, const char *text, size_t len)
{
	enum column column;
	struct cell *cell;

	if (len > 0)
		reader->is_blank = false;
	if (reader->n_fields >= reader->n_columns)
		return;
	column = reader->columns[reader->n_fields];
	cell = &reader->cells[column];
	cell->place = reader->at;
	take_cell(reader, cell, column_words[column], text, len);
}

static void clear_row(struct reader *reader)
{
	for (size_t i = 0; i < COLUMN_MAX_; i++)
		reader->cells[i].text[0] = '\0';
	reader->n_fields = 0;
	reader->is_blank = true;
	reader->is_refused = false;
}

static const char *cell_text(const struct reader *reader, enum column column)
{
	return reader->cells[column].text;
}

static void check_role(struct reader *reader, struct inventory_row *row)
{
	const char *text = cell_text(reader, COLUMN_ROLE);

	if (!text[0])
		return;
	for (unsigned i = 0; i < ROLE_MAX_; i++) {
		if (strcasecmp(device_role_words[i], text) == 0) {
			row->has_role = true;
			row->role = (enum device_role)i;
			return;
		}
	}
	refuse(reader, reader->cells[COLUMN_ROLE].place,
	       "column 'role': '%.60s' is not one of student, ta, shared, spare", text);
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
static void check_twice(struct reader *reader, enum column column, unsigned site)
{
	unsigned scope = column == COLUMN_SERIAL ? 0 : site;
	unsigned kind = KIND_NAMES + scope * COLUMN_MAX_ + column, line;
	const char *text = cell_text(reader, column);
	char name[INVENTORY_CELL_MAX + 1];

	if (!text[0])
		return;
	memcpy(name, text, strlen(text) + 1);
	/* Host names are equal without case. */
	for (char *c = name; column == COLUMN_HOST_NAME && *c; c++)
		*c = (char)tolower((unsigned char)*c);
	line = seen_add(&reader->seen, kind, name, reader->row.line);
	if (line > 0)
		refuse(reader, reader->cells[column].place,
		       "column '%s': '%.60s' is on line %u too", column_words[column], text, line);
}

static void check_names(struct reader *reader, const struct inventory_row *row)
{
	unsigned site = site_number(reader, row->site_code);
	bool has_name = false;

	if (!row->site_code[0])
		refuse(reader, reader->row, "column 'site_code': empty; every device has a site");
	for (enum column c = COLUMN_ASSET_TAG; c <= COLUMN_HOST_NAME; c++) {
		has_name |= cell_text(reader, c)[0] != '\0';
		check_twice(reader, c, site);
	}
	if (!has_name)
		refuse(reader, reader->row,
		       "one of asset_tag, serial and host_name is needed to know the device again");
}

static int take_row(struct reader *reader, const struct inventory_row *row)
{
	struct err why = { 0 };
	int r = reader->take(row, reader->problems->n > 0, reader->arg, &why);

	if (r == -ENOENT) {
		refuse(reader, reader->cells[COLUMN_SITE_CODE].place, "column 'site_code': %s",
		       why.text);
		return 0;
	}
	return r < 0 ? err_set(reader->err, r, "%s", why.text) : 0;
}

static int row_end(struct reader *reader)
{
	struct inventory_row row = {
		.site_code = cell_text(reader, COLUMN_SITE_CODE),
		.asset_tag = cell_text(reader, COLUMN_ASSET_TAG),
		.serial = cell_text(reader, COLUMN_SERIAL),
		.host_name = cell_text(reader, COLUMN_HOST_NAME),
		.has_room = reader->has_column[COLUMN_ROOM],
		.room = cell_text(reader, COLUMN_ROOM),
	};

	/* Spreadsheets leave rows of empty cells behind. */
	if (reader->is_blank)
		return 0;
	if (++reader->n_rows > INVENTORY_ROWS_MAX) {
		refuse(reader, reader->row, "more than %d rows; split the file by site",
		       INVENTORY_ROWS_MAX);
		return -EINVAL;
	}
	if (reader->n_fields != reader->n_columns)
		refuse(reader, reader->row, "the row has %zu cells, the header has %zu",
		       reader->n_fields, reader->n_columns);
	if (!reader->is_refused) {
		check_role(reader, &row);
		check_names(reader, &row);
	}
	return reader->is_refused ? 0 : take_row(reader, &row);
}

/* --- reading ------------------------------------------------------------------- */

static int on_cell(void *arg, struct csv_place place, const char *text, size_t len)
{
	struct reader *reader = arg;

	reader->at = place;
	if (reader->n_fields == 0)
		reader->row = place;
	if (reader->n_columns == 0)
		header_field(reader, text, len);
	else
		row_field(reader, text, len);
	reader->n_fields++;
	return 0;
}

static int on_row(void *arg)
{
	struct reader *reader = arg;
	int r = reader->n_columns == 0 ? header_end(reader) : row_end(reader);

	clear_row(reader);
	return r;
}

int inventory_csv_read(FILE *in, const char *file, struct problems *problems, inventory_take take,
		       void *arg, struct err *err)
{
	static const struct csv_handler handler = { on_cell, on_row };
	struct reader reader = {
		.file = file,
		.problems = problems,
		.take = take,
		.arg = arg,
		.err = err,
		.is_blank = true,
	};
	struct csv_place end;
	const char *why;
	int r = csv_file_read(in, &handler, &reader, &end, &why);

	seen_done(&reader.seen);
	if (r == -EBADMSG)
		refuse(&reader, end, "%s", why);
	else if (r == -EIO)
		err_errno(err, r, "%s", file);
	else if (r >= 0 && reader.n_columns == 0)
		refuse(&reader, end,
		       "the file is empty; its first line names the columns " ALL_COLUMNS);
	/* What is wrong with the file is in @problems. */
	return (r == -EBADMSG || r == -EINVAL) && problems->n > 0 ? 0 : r;
}
