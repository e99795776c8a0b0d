/* SPDX-License-Identifier: Apache-2.0 */
/* The only file that knows libcsv. */
#include <assert.h>
#include <csv.h>
#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <string.h>

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

#define ALL_COLUMNS "site_code, asset_tag, serial, host_name, role and room"

enum {
	CHUNK_BYTES = 64 * 1024,
	FIELDS_MAX = 64,
	/* libcsv holds a whole cell; a quote that is never closed makes one of the whole file. */
	RUNAWAY_BYTES = 64 * 1024,
};

struct place {
	unsigned line, column; /* from 1; a column is a byte, as compilers count */
};

struct cell {
	char *text; /* NULL: none, or refused */
	struct place place;
};

struct reader {
	const char *file;
	struct problems *problems;
	inventory_take take;
	void *arg;
	struct err *err;
	int result; /* of take(), or -EINVAL: reading cannot go on */

	struct place at;    /* of the next byte */
	struct place start; /* of the field that is being read */
	bool is_after_cr;
	bool is_inside;     /* a field has begun */
	bool has_ended;     /* the field ended within the bytes at hand */
	size_t field_bytes; /* of the field so far */

	enum column columns[FIELDS_MAX]; /* which column a field is; COLUMN_MAX_: none */
	size_t n_columns;                /* of the header; 0: it was not read yet */
	bool has_column[COLUMN_MAX_];

	struct cell cells[COLUMN_MAX_];
	struct place row; /* where it begins */
	size_t n_fields;  /* of the row so far */
	bool is_blank;    /* no field of the row has anything in it */
	bool is_refused;  /* the row has a problem */
	size_t n_rows;
	struct seen seen;
};

static void refuse(struct reader *reader, struct place place, const char *fmt, ...) _printf_(3, 4);
static void refuse(struct reader *reader, struct place place, const char *fmt, ...)
{
	_cleanup_free_ char *what = NULL;
	va_list ap;

	va_start(ap, fmt);
	if (vasprintf(&what, fmt, ap) < 0)
		abort();
	va_end(ap);
	reader->is_refused = true;
	problems_add(reader->problems, "%s:%u:%u: %s", reader->file, place.line, place.column,
		     what);
}

static int stop(struct reader *reader, const char *why)
{
	refuse(reader, reader->start, "%s", why);
	return -EINVAL;
}

/* --- the header ---------------------------------------------------------------- */

static void header_field(struct reader *reader, const char *text)
{
	size_t n = reader->n_fields;

	if (n >= FIELDS_MAX)
		return;
	reader->columns[n] = COLUMN_MAX_;
	for (unsigned i = 0; i < COLUMN_MAX_; i++) {
		if (strcasecmp(column_words[i], text) != 0)
			continue;
		if (reader->has_column[i])
			refuse(reader, reader->start, "column '%s' comes twice", column_words[i]);
		reader->has_column[i] = true;
		reader->columns[n] = (enum column)i;
		return;
	}
	refuse(reader, reader->start, "no column '%.60s'; the columns are " ALL_COLUMNS, text);
}

/* What is wrong with the header is said once; rows would only repeat it. */
static void header_end(struct reader *reader)
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
	if (reader->is_refused)
		reader->result = -EINVAL;
}

/* --- a row --------------------------------------------------------------------- */

/* The text of a cell, clean; NULL, with a problem, where it is not fit. */
static char *check_cell(struct reader *reader, const char *name, const char *text, size_t len)
{
	_cleanup_free_ char *clean = NULL;

	if (len > INVENTORY_CELL_MAX) {
		refuse(reader, reader->start, "column '%s': %zu bytes, at most %d", name, len,
		       INVENTORY_CELL_MAX);
		return NULL;
	}
	if (!text_is_utf8(text, len)) {
		refuse(reader, reader->start,
		       "column '%s': not UTF-8; save the file as \"CSV UTF-8\"", name);
		return NULL;
	}
	while (len > 0 && text[len - 1] == ' ')
		len--;
	while (len > 0 && text[0] == ' ') {
		text++;
		len--;
	}
	clean = text_clean(text, len, INVENTORY_CELL_MAX);
	if (strlen(clean) != len || memcmp(clean, text, len) != 0) {
		refuse(reader, reader->start,
		       "column '%s': has a line break or another character that cannot be seen",
		       name);
		return NULL;
	}
	return TAKE_PTR(clean);
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
	cell->place = reader->start;
	cell->text = check_cell(reader, column_words[column], text, len);
}

static void clear_row(struct reader *reader)
{
	for (size_t i = 0; i < COLUMN_MAX_; i++) {
		free(reader->cells[i].text);
		reader->cells[i].text = NULL;
	}
	reader->n_fields = 0;
	reader->is_blank = true;
	reader->is_refused = false;
}

static const char *cell_text(const struct reader *reader, enum column column)
{
	return reader->cells[column].text ? reader->cells[column].text : "";
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

/* A name that another line of the same site has would be two devices in one. */
static void check_twice(struct reader *reader, enum column column, const char *site_code)
{
	_cleanup_free_ char *kind = xasprintf("%s\x1f%s", column_words[column], site_code);
	_cleanup_free_ char *name = xstrdup(cell_text(reader, column));
	unsigned line;

	if (!name[0])
		return;
	/* Host names are equal without case. */
	for (char *c = name; column == COLUMN_HOST_NAME && *c; c++)
		*c = (char)tolower((unsigned char)*c);
	line = seen_add(&reader->seen, kind, name, reader->row.line);
	if (line > 0)
		refuse(reader, reader->cells[column].place,
		       "column '%s': '%.60s' is on line %u too", column_words[column],
		       cell_text(reader, column), line);
}

static void check_names(struct reader *reader, const struct inventory_row *row)
{
	bool has_name = false;

	if (!row->site_code[0])
		refuse(reader, reader->row, "column 'site_code': empty; every device has a site");
	for (enum column c = COLUMN_ASSET_TAG; c <= COLUMN_HOST_NAME; c++) {
		has_name |= cell_text(reader, c)[0] != '\0';
		check_twice(reader, c, row->site_code);
	}
	if (!has_name)
		refuse(reader, reader->row,
		       "one of asset_tag, serial and host_name is needed to know the device again");
}

static void take_row(struct reader *reader, const struct inventory_row *row)
{
	struct err why = { 0 };
	int r;

	r = reader->take(row, reader->problems->n > 0, reader->arg, &why);
	if (r == -ENOENT) {
		refuse(reader, reader->cells[COLUMN_SITE_CODE].place, "column 'site_code': %s",
		       why.text);
	} else if (r < 0) {
		reader->result = r;
		if (reader->err)
			*reader->err = why;
	}
}

static void row_end(struct reader *reader)
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
		return;
	if (++reader->n_rows > INVENTORY_ROWS_MAX) {
		refuse(reader, reader->row, "more than %d rows; split the file by site",
		       INVENTORY_ROWS_MAX);
		reader->result = -EINVAL;
		return;
	}
	if (reader->n_fields != reader->n_columns)
		refuse(reader, reader->row, "the row has %zu cells, the header has %zu",
		       reader->n_fields, reader->n_columns);
	if (!reader->is_refused) {
		check_role(reader, &row);
		check_names(reader, &row);
	}
	if (!reader->is_refused)
		take_row(reader, &row);
}

/* --- reading ------------------------------------------------------------------- */

static void on_field(void *text, size_t len, void *data)
{
	struct reader *reader = data;

	reader->has_ended = true;
	if (reader->result < 0)
		return;
	if (reader->n_fields == 0)
		reader->row = reader->start;
	if (reader->n_columns == 0)
		header_field(reader, text);
	else
		row_field(reader, text, len);
	reader->n_fields++;
}

static void on_row(int end, void *data)
{
	struct reader *reader = data;

	(void)end;
	if (reader->result >= 0 && reader->n_columns == 0)
		header_end(reader);
	else if (reader->result >= 0)
		row_end(reader);
	clear_row(reader);
}

static void advance(struct reader *reader, const char *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		bool is_line_feed = bytes[i] == '\n';

		if (bytes[i] == '\r' || (is_line_feed && !reader->is_after_cr)) {
			reader->at.line++;
			reader->at.column = 1;
		} else if (!is_line_feed) {
			reader->at.column++;
		}
		reader->is_after_cr = bytes[i] == '\r';
	}
}

static bool is_space(const char *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (bytes[i] == '\0' || !strchr(" \t\r\n", bytes[i]))
			return false;
	}
	return true;
}

/* Up to and with the next byte that may end a field. */
static size_t piece_length(const char *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (bytes[i] == ',' || bytes[i] == '\n' || bytes[i] == '\r')
			return i + 1;
	}
	return len;
}

/*
 * libcsv does not say where it is. Fed with pieces that end where a field may
 * end, it ends a field only at the end of a piece.
 */
static int feed(struct reader *reader, struct csv_parser *csv, const char *bytes, size_t len)
{
	while (len > 0) {
		size_t n = piece_length(bytes, len);
		bool was_inside = reader->is_inside;

		reader->has_ended = false;
		if (csv_parse(csv, bytes, n, on_field, on_row, reader) != n)
			return stop(reader, "a quote in the middle of a cell; put the cell in "
					    "quotes and write the quote twice");
		if (reader->result < 0)
			return reader->result;
		advance(reader, bytes, n);
		reader->is_inside = !reader->has_ended && (was_inside || !is_space(bytes, n));
		reader->field_bytes = reader->is_inside ? reader->field_bytes + n : 0;
		if (reader->field_bytes > RUNAWAY_BYTES)
			return stop(reader, "a cell without an end; is its closing quote missing?");
		if (!reader->is_inside)
			reader->start = reader->at;
		bytes += n;
		len -= n;
	}
	return 0;
}

/* What other programs put before the text. */
static int skip_mark(struct reader *reader, const char **bytes, size_t *len)
{
	if (*len >= 3 && memcmp(*bytes, "\xef\xbb\xbf", 3) == 0) {
		*bytes += 3;
		*len -= 3;
	} else if (*len >= 2 &&
		   (memcmp(*bytes, "\xff\xfe", 2) == 0 || memcmp(*bytes, "\xfe\xff", 2) == 0)) {
		return stop(reader, "UTF-16; save the file as \"CSV UTF-8\"");
	}
	return 0;
}

static int read_all(struct reader *reader, struct csv_parser *csv, FILE *in)
{
	_cleanup_free_ char *buffer = xcalloc(1, CHUNK_BYTES);
	size_t total = 0, len;
	int r = 0;

	while (r >= 0 && (len = fread(buffer, 1, CHUNK_BYTES, in)) > 0) {
		const char *bytes = buffer;

		if (total == 0)
			r = skip_mark(reader, &bytes, &len);
		total += len;
		if (r >= 0 && total > INVENTORY_BYTES_MAX)
			r = stop(reader, "more than 64 MiB; split the file by site");
		if (r >= 0)
			r = feed(reader, csv, bytes, len);
	}
	if (r >= 0 && ferror(in))
		return err_errno(reader->err, -EIO, "%s", reader->file);
	if (r >= 0 && csv_fini(csv, on_field, on_row, reader) != 0)
		r = stop(reader, "the closing quote of this cell is missing");
	if (r >= 0 && reader->result >= 0 && reader->n_columns == 0)
		r = stop(reader,
			 "the file is empty; its first line names the columns " ALL_COLUMNS);
	return r;
}

int inventory_csv_read(FILE *in, const char *file, struct problems *problems, inventory_take take,
		       void *arg, struct err *err)
{
	struct reader reader = {
		.file = file,
		.problems = problems,
		.take = take,
		.arg = arg,
		.err = err,
		.at = { 1, 1 },
		.start = { 1, 1 },
		.is_blank = true,
	};
	struct csv_parser csv;
	int r;

	if (csv_init(&csv, CSV_STRICT | CSV_STRICT_FINI | CSV_APPEND_NULL) != 0)
		abort();
	r = read_all(&reader, &csv, in);
	csv_free(&csv);
	clear_row(&reader);
	seen_done(&reader.seen);
	if (r >= 0)
		r = reader.result;
	/* What is wrong with the file is in @problems. */
	return r == -EINVAL && problems->n > 0 ? 0 : r;
}
