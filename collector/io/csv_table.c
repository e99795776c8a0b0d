/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <errno.h>
#include <stdarg.h>
#include <string.h>
#include <strings.h>

#include "collector/io/csv.h"
#include "collector/io/csv_table.h"
#include "common/base/mem.h"
#include "common/base/text.h"

enum { FIELDS_MAX = 64 };

struct cell {
	char text[CSV_CELL_MAX + 1]; /* "": none, or refused */
	struct csv_place place;
};

struct csv_table {
	const char *file;
	struct problems *problems;
	const struct csv_reading *reading;
	struct err *err;
	struct csv_place at; /* of the cell at hand */

	unsigned columns[FIELDS_MAX]; /* which column a field is; CSV_COLUMNS_MAX: none */
	size_t n_columns;             /* of the header; 0: it was not read yet */
	bool has_column[CSV_COLUMNS_MAX];

	struct cell cells[CSV_COLUMNS_MAX];
	struct csv_place row; /* where it begins */
	size_t n_fields;      /* of the row so far */
	bool is_blank;        /* no field of the row has anything in it */
	bool is_refused;      /* the row has a problem */
	size_t n_rows;
};

/* --- what is wrong ------------------------------------------------------------- */

static void note(struct csv_table *table, struct csv_place place, const char *what)
{
	table->is_refused = true;
	problems_add_at(table->problems, table->file, place.line, place.column, what);
}

static void refuse(struct csv_table *table, struct csv_place place, const char *fmt, ...)
	_printf_(3, 4);
static void refuse(struct csv_table *table, struct csv_place place, const char *fmt, ...)
{
	_cleanup_free_ char *what = NULL;
	va_list ap;

	va_start(ap, fmt);
	if (vasprintf(&what, fmt, ap) < 0)
		abort();
	va_end(ap);
	note(table, place, what);
}

void csv_table_refuse(struct csv_table *table, unsigned column, const char *fmt, ...)
{
	_cleanup_free_ char *what = NULL;
	va_list ap;

	va_start(ap, fmt);
	if (vasprintf(&what, fmt, ap) < 0)
		abort();
	va_end(ap);
	/* What a row lacks since there is no such column is the row's. */
	refuse(table, table->has_column[column] ? table->cells[column].place : table->row,
	       "column '%s': %s", table->reading->layout->columns[column].name, what);
}

void csv_table_refuse_row(struct csv_table *table, const char *fmt, ...)
{
	_cleanup_free_ char *what = NULL;
	va_list ap;

	va_start(ap, fmt);
	if (vasprintf(&what, fmt, ap) < 0)
		abort();
	va_end(ap);
	note(table, table->row, what);
}

/* --- the header ---------------------------------------------------------------- */

static void header_field(struct csv_table *table, const char *text, size_t len)
{
	const struct csv_layout *layout = table->reading->layout;
	_cleanup_free_ char *name = text_clean(text, len, 60);
	size_t n = table->n_fields;

	if (n >= FIELDS_MAX)
		return;
	table->columns[n] = CSV_COLUMNS_MAX;
	/* What is behind it would not be seen, and the rest could be the name of a column. */
	if (memchr(text, '\0', len)) {
		refuse(table, table->at,
		       "the header has a NUL byte; save the file as \"CSV UTF-8\"");
		return;
	}
	for (unsigned i = 0; i < layout->n_columns; i++) {
		if (strcasecmp(layout->columns[i].name, name) != 0)
			continue;
		if (table->has_column[i])
			refuse(table, table->at, "column '%s' comes twice",
			       layout->columns[i].name);
		table->has_column[i] = true;
		table->columns[n] = i;
		return;
	}
	refuse(table, table->at, "no column '%s'; the columns are %s", name, layout->names);
}

/* What is wrong with the header is said once; rows would only repeat it. */
static int header_end(struct csv_table *table)
{
	const struct csv_layout *layout = table->reading->layout;

	if (table->n_fields > FIELDS_MAX)
		refuse(table, table->row, "%zu columns, at most %d", table->n_fields, FIELDS_MAX);
	for (size_t i = 0; i < layout->n_columns; i++) {
		if (layout->columns[i].is_required && !table->has_column[i])
			refuse(table, table->row,
			       "the header has no column '%s'; the columns are %s",
			       layout->columns[i].name, layout->names);
	}
	if (table->reading->header)
		table->reading->header(table, table->reading->arg);
	table->n_columns = table->n_fields;
	return table->is_refused ? -EINVAL : 0;
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

static void put_cell(struct csv_table *table, unsigned column, const char *text, size_t len)
{
	struct cell *cell = &table->cells[column];

	memcpy(cell->text, text, len);
	cell->text[len] = '\0';
	if (table->reading->layout->columns[column].is_no_formula && csv_is_formula(cell->text)) {
		csv_table_refuse(table, column,
				 "a spreadsheet would take '%.60s' for a formula; begin with "
				 "something else",
				 cell->text);
		cell->text[0] = '\0';
	}
}

/* Keep the text of a cell, clean; "", with a problem, where it is not fit. */
static void take_cell(struct csv_table *table, unsigned column, const char *text, size_t len)
{
	_cleanup_free_ char *clean = NULL;

	if (len > CSV_CELL_MAX) {
		csv_table_refuse(table, column, "%zu bytes, at most %d", len, CSV_CELL_MAX);
		return;
	}
	if (is_plain(text, len)) {
		put_cell(table, column, text, len);
		return;
	}
	if (!text_is_utf8(text, len)) {
		csv_table_refuse(table, column, "not UTF-8; save the file as \"CSV UTF-8\"");
		return;
	}
	while (len > 0 && text[len - 1] == ' ')
		len--;
	while (len > 0 && text[0] == ' ') {
		text++;
		len--;
	}
	clean = text_clean(text, len, CSV_CELL_MAX);
	if (strlen(clean) != len || memcmp(clean, text, len) != 0)
		csv_table_refuse(table, column,
				 "has a line break or another character that cannot be seen");
	else
		put_cell(table, column, text, len);
}

static void row_field(struct csv_table *table, const char *text, size_t len)
{
	unsigned column;

	if (len > 0)
		table->is_blank = false;
	if (table->n_fields >= table->n_columns)
		return;
	column = table->columns[table->n_fields];
	table->cells[column].place = table->at;
	take_cell(table, column, text, len);
}

static void clear_row(struct csv_table *table)
{
	for (size_t i = 0; i < CSV_COLUMNS_MAX; i++)
		table->cells[i].text[0] = '\0';
	table->n_fields = 0;
	table->is_blank = true;
	table->is_refused = false;
}

static int row_end(struct csv_table *table)
{
	const struct csv_layout *layout = table->reading->layout;

	/* Spreadsheets leave rows of empty cells behind. */
	if (table->is_blank)
		return 0;
	if (++table->n_rows > layout->rows_max) {
		refuse(table, table->row, "more than %zu rows; %s", layout->rows_max,
		       layout->too_many);
		return -EINVAL;
	}
	if (table->n_fields != table->n_columns)
		refuse(table, table->row, "the row has %zu cells, the header has %zu%s",
		       table->n_fields, table->n_columns,
		       table->n_fields > table->n_columns
			       ? "; is there a comma in a cell that is not in quotes?"
			       : "");
	return table->is_refused ? 0 : table->reading->row(table, table->reading->arg, table->err);
}

const char *csv_table_text(const struct csv_table *table, unsigned column)
{
	return table->cells[column].text;
}

bool csv_table_has(const struct csv_table *table, unsigned column)
{
	return table->has_column[column];
}

unsigned csv_table_line(const struct csv_table *table)
{
	return table->row.line;
}

unsigned csv_table_place(const struct csv_table *table, unsigned column)
{
	return table->has_column[column] ? table->cells[column].place.column : table->row.column;
}

bool csv_table_is_refused(const struct csv_table *table)
{
	return table->is_refused;
}

/* --- reading ------------------------------------------------------------------- */

static int on_cell(void *arg, struct csv_place place, const char *text, size_t len)
{
	struct csv_table *table = arg;

	table->at = place;
	if (table->n_fields == 0)
		table->row = place;
	if (table->n_columns == 0)
		header_field(table, text, len);
	else
		row_field(table, text, len);
	table->n_fields++;
	return 0;
}

static int on_row(void *arg)
{
	struct csv_table *table = arg;
	int r = table->n_columns == 0 ? header_end(table) : row_end(table);

	clear_row(table);
	return r;
}

int csv_table_read(FILE *in, const char *file, struct problems *problems,
		   const struct csv_reading *reading, struct err *err)
{
	static const struct csv_handler handler = { on_cell, on_row };
	_cleanup_free_ struct csv_table *table = xcalloc(1, sizeof(*table));
	struct csv_place end;
	const char *why;
	int r;

	assert(reading->layout->n_columns <= CSV_COLUMNS_MAX);
	table->file = file;
	table->problems = problems;
	table->reading = reading;
	table->err = err;
	table->is_blank = true;
	r = csv_file_read(in, &handler, table, &end, &why);
	if (r == -EBADMSG)
		refuse(table, end, "%s", why);
	else if (r == -EIO)
		err_errno(err, r, "%s", file);
	else if (r >= 0 && table->n_columns == 0)
		refuse(table, end, "the file is empty; its first line names the columns %s",
		       reading->layout->names);
	/* What is wrong with the file is in @problems. */
	return (r == -EBADMSG || r == -EINVAL) && problems->n > 0 ? 0 : r;
}
