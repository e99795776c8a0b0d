/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "collector/domain/login_name.h"
#include "collector/io/csv.h"
#include "collector/io/people_csv.h"
#include "collector/io/seen.h"
#include "common/base/err.h"
#include "common/base/mem.h"
#include "common/base/text.h"

enum column {
	COLUMN_LOGIN,
	COLUMN_NAME,
	COLUMN_ROLE,
	COLUMN_SCOPE,
	COLUMN_CODE,
	COLUMN_MAX_,
};
static const char *const column_words[] = { "login", "name", "role", "scope", "code" };
static_assert(ARRAY_SIZE(column_words) == COLUMN_MAX_, "every column has a name");

#define HEADER "login,name,role,scope,code"

const char people_csv_template[] = HEADER "\r\n"
					  "akim,Ada Kim,lea_coordinator,lea,0199001\r\n"
					  "bruiz,Bo Ruiz,site_coordinator,site,01990010000101\r\n";

/* Kinds of names that may come only once, or only with one name. */
enum { KIND_LOGIN, KIND_ROW };

struct cell {
	char *text; /* "" where it has none */
	struct csv_place place;
};

struct reader {
	struct people_file *file;
	size_t room;                      /* of its rows */
	enum column columns[COLUMN_MAX_]; /* which column a field is */
	bool has_header;
	struct cell cells[COLUMN_MAX_]; /* of the row at hand, by column */
	struct csv_place row;           /* where it begins */
	size_t n_fields;                /* of it so far */
	bool is_blank;
	size_t n_rows;
	struct seen seen;
};

void people_file_wrong(struct people_file *file, unsigned line, unsigned column, const char *fmt,
		       ...)
{
	va_list ap;

	if (file->n_problems < PEOPLE_PROBLEMS_MAX) {
		struct people_problem *problem = &file->problems[file->n_problems];

		va_start(ap, fmt);
		if (vasprintf(&problem->text, fmt, ap) < 0)
			abort();
		va_end(ap);
		problem->line = line;
		problem->column = column;
	}
	file->n_problems++;
}

void people_file_done(struct people_file *file)
{
	for (size_t i = 0; i < file->n_rows; i++) {
		free(file->rows[i].login);
		free(file->rows[i].name);
	}
	for (size_t i = 0; i < PEOPLE_PROBLEMS_MAX; i++)
		free(file->problems[i].text);
	free(file->rows);
	*file = (struct people_file){ 0 };
}

/* --- the header ---------------------------------------------------------------------- */

static bool is_column_there(const struct reader *reader, enum column column)
{
	for (size_t i = 0; i < reader->n_fields && i < COLUMN_MAX_; i++) {
		if (reader->columns[i] == column)
			return true;
	}
	return false;
}

static void header_cell(struct reader *reader, struct csv_place place, const char *text)
{
	enum column column = COLUMN_LOGIN;

	while (column < COLUMN_MAX_ && strcasecmp(column_words[column], text) != 0)
		column++;
	if (column == COLUMN_MAX_)
		people_file_wrong(reader->file, place.line, place.column,
				  "no column '%.60s'; the columns are " HEADER, text);
	else if (is_column_there(reader, column))
		people_file_wrong(reader->file, place.line, place.column, "column '%s' comes twice",
				  text);
	if (reader->n_fields < COLUMN_MAX_)
		reader->columns[reader->n_fields] = column;
}

static int header_end(struct reader *reader)
{
	for (unsigned i = 0; i < COLUMN_MAX_; i++) {
		if (!is_column_there(reader, i))
			people_file_wrong(reader->file, reader->row.line, 1,
					  "the header has no column '%s'; the columns are " HEADER,
					  column_words[i]);
	}
	reader->has_header = true;
	/* Rows would only repeat what is wrong with it. */
	return reader->file->n_problems > 0 ? -EINVAL : 0;
}

/* --- a row --------------------------------------------------------------------------- */

static void wrong(struct reader *reader, enum column column, const char *what)
{
	const struct cell *cell = &reader->cells[column];

	people_file_wrong(reader->file, cell->place.line, cell->place.column, "%s", what);
}

static unsigned find_word(const char *const *words, const char *text)
{
	unsigned i = 0;

	while (words[i] && strcmp(words[i], text) != 0)
		i++;
	return i;
}

static void read_grant(struct reader *reader, struct person_row *row)
{
	static const char characters[] =
		"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz._-";
	const char *code = reader->cells[COLUMN_CODE].text;
	struct grants one = { 0 };
	struct err err;

	row->grant.role = find_word(person_role_words, reader->cells[COLUMN_ROLE].text);
	row->grant.scope = find_word(scope_words, reader->cells[COLUMN_SCOPE].text);
	if (row->grant.role == PERSON_MAX_)
		wrong(reader, COLUMN_ROLE,
		      "role is admin, lea_coordinator, tech_coordinator, site_coordinator or "
		      "viewer");
	if (row->grant.scope == SCOPE_MAX_)
		wrong(reader, COLUMN_SCOPE, "scope is state, lea or site");
	if (strlen(code) >= sizeof(row->grant.code) || code[strspn(code, characters)])
		wrong(reader, COLUMN_CODE,
		      "a code has at most 32 letters, digits and . _ -; the state has none");
	else if (row->grant.role < PERSON_MAX_ && row->grant.scope < SCOPE_MAX_) {
		snprintf(row->grant.code, sizeof(row->grant.code), "%s", code);
		if (grants_add(&one, &row->grant, &err) < 0)
			wrong(reader, COLUMN_CODE, err.text);
	}
}

/* A role that comes twice, and a login that has two names. */
static void check_twice(struct reader *reader, const struct person_row *row)
{
	const struct people_file *file = reader->file;
	_cleanup_free_ char *whole =
		xasprintf("%s %s %s %s", row->login, reader->cells[COLUMN_ROLE].text,
			  reader->cells[COLUMN_SCOPE].text, row->grant.code);
	unsigned line = seen_add(&reader->seen, KIND_ROW, whole, row->line);
	unsigned first =
		seen_add(&reader->seen, KIND_LOGIN, row->login, (unsigned)file->n_rows + 1);
	_cleanup_free_ char *what = NULL;

	if (line > 0) {
		what = xasprintf("%s has this role already on line %u", row->login, line);
		wrong(reader, COLUMN_ROLE, what);
	} else if (first > 0 && strcmp(file->rows[first - 1].name, row->name) != 0) {
		what = xasprintf("%s has another name on line %u", row->login,
				 file->rows[first - 1].line);
		wrong(reader, COLUMN_NAME, what);
	}
}

static void read_row(struct reader *reader)
{
	struct people_file *file = reader->file;
	size_t before = file->n_problems;
	struct person_row row = { .line = reader->row.line,
				  .column = reader->cells[COLUMN_CODE].place.column };
	char login[LOGIN_NAME_SIZE];
	struct err err;

	if (login_name_read(reader->cells[COLUMN_LOGIN].text, login, &err) < 0)
		wrong(reader, COLUMN_LOGIN, err.text);
	if (!reader->cells[COLUMN_NAME].text[0])
		wrong(reader, COLUMN_NAME, "give the person's name");
	read_grant(reader, &row);
	if (file->n_problems > before)
		return;
	row.login = xstrdup(login);
	row.name = xstrdup(reader->cells[COLUMN_NAME].text);
	check_twice(reader, &row);
	if (file->n_problems > before) {
		free(row.login);
		free(row.name);
		return;
	}
	if (file->n_rows == reader->room) {
		reader->room = reader->room ? reader->room * 2 : 64;
		file->rows = xreallocarray(file->rows, reader->room, sizeof(*file->rows));
	}
	file->rows[file->n_rows++] = row;
}

static void forget_cells(struct reader *reader)
{
	for (size_t i = 0; i < COLUMN_MAX_; i++) {
		free(reader->cells[i].text);
		reader->cells[i].text = NULL;
	}
}

/* --- cells as they come -------------------------------------------------------------- */

/* @text as it can be shown; NULL: it cannot, and that is noted. */
static char *clean_cell(struct reader *reader, struct csv_place place, const char *text, size_t len)
{
	_cleanup_free_ char *clean = text_clean(text, len, (size_t)PEOPLE_CSV_CELL_MAX * 4);
	const char *why = NULL;

	if (len > PEOPLE_CSV_CELL_MAX)
		why = "a cell has at most 255 bytes";
	else if (!text_is_utf8(text, len))
		why = "not UTF-8; save the file as \"CSV UTF-8\"";
	else if (csv_is_formula(clean))
		why = "a spreadsheet would take this for a formula; begin with something else";
	else if (strstr(clean, "\xef\xbf\xbd"))
		why = "there is a character that cannot be seen";
	if (!why)
		return TAKE_PTR(clean);
	people_file_wrong(reader->file, place.line, place.column, "%s", why);
	return NULL;
}

static int on_cell(void *arg, struct csv_place place, const char *text, size_t len)
{
	struct reader *reader = arg;
	_cleanup_free_ char *clean = clean_cell(reader, place, text, len);

	if (reader->n_fields == 0) {
		reader->row = place;
		reader->is_blank = true;
	}
	reader->is_blank = reader->is_blank && len == 0;
	if (!reader->has_header) {
		header_cell(reader, place, clean ? clean : "");
	} else if (reader->n_fields < COLUMN_MAX_) {
		struct cell *cell = &reader->cells[reader->columns[reader->n_fields]];

		cell->place = place;
		cell->text = TAKE_PTR(clean);
	}
	reader->n_fields++;
	return 0;
}

static bool is_row_whole(const struct reader *reader)
{
	for (size_t i = 0; i < COLUMN_MAX_; i++) {
		if (!reader->cells[i].text)
			return false;
	}
	return true;
}

static int on_row(void *arg)
{
	struct reader *reader = arg;
	int r = 0;

	if (!reader->has_header) {
		r = header_end(reader);
	} else if (reader->is_blank) {
		/* What spreadsheets leave behind at the end: commas. */
	} else if (++reader->n_rows > PEOPLE_CSV_ROWS_MAX) {
		people_file_wrong(reader->file, reader->row.line, 1,
				  "more than %d rows; split the file", PEOPLE_CSV_ROWS_MAX);
		r = -E2BIG;
	} else if (reader->n_fields != COLUMN_MAX_) {
		people_file_wrong(reader->file, reader->row.line, reader->row.column,
				  "%zu cells, and the header has %d; is there a comma in a cell "
				  "that is not in quotes?",
				  reader->n_fields, COLUMN_MAX_);
	} else if (is_row_whole(reader)) {
		read_row(reader);
	}
	forget_cells(reader);
	reader->n_fields = 0;
	return r;
}

void people_csv_read(const char *text, size_t len, struct people_file *ret_file)
{
	static const struct csv_handler handler = { .cell = on_cell, .row = on_row };
	struct reader reader = { .file = ret_file };
	struct csv_place place;
	_cleanup_free_ char *copy = NULL;
	const char *why = NULL;
	FILE *in;

	*ret_file = (struct people_file){ 0 };
	if (len == 0 || len > PEOPLE_CSV_BYTES_MAX) {
		people_file_wrong(ret_file, 1, 1,
				  len ? "the file is larger than 4 MiB; split it"
				      : "the file is empty; the columns are " HEADER);
		return;
	}
	/* It takes no text that is const, although it only reads. */
	copy = xcalloc(len, 1);
	memcpy(copy, text, len);
	in = fmemopen(copy, len, "r");
	if (!in)
		abort();
	if (csv_file_read(in, &handler, &reader, &place, &why) == -EBADMSG)
		people_file_wrong(ret_file, place.line, place.column, "%s", why);
	else if (ret_file->n_problems == 0 && ret_file->n_rows == 0)
		people_file_wrong(ret_file, 1, 1, "there is nobody in the file");
	fclose(in);
	forget_cells(&reader);
	seen_done(&reader.seen);
}
