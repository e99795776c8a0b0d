/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/domain/login_name.h"
#include "collector/io/csv_table.h"
#include "collector/io/people_csv.h"
#include "collector/io/seen.h"
#include "common/base/err.h"
#include "common/base/mem.h"

enum column {
	COLUMN_LOGIN,
	COLUMN_NAME,
	COLUMN_ROLE,
	COLUMN_SCOPE,
	COLUMN_CODE,
	COLUMN_MAX_,
};

/* clang-format off */
static const struct csv_column columns[] = {
	[COLUMN_LOGIN] = { "login", true, true },
	[COLUMN_NAME]  = { "name", true, true },
	[COLUMN_ROLE]  = { "role", true, true },
	[COLUMN_SCOPE] = { "scope", true, true },
	[COLUMN_CODE]  = { "code", true, true },
};
/* clang-format on */
static_assert(ARRAY_SIZE(columns) == COLUMN_MAX_, "every column has a name");

#define NAMES "login, name, role, scope and code"

static const struct csv_layout layout = {
	.columns = columns,
	.n_columns = COLUMN_MAX_,
	.names = NAMES,
	.rows_max = PEOPLE_CSV_ROWS_MAX,
	.too_many = "split the file",
};

const char people_csv_template[] = "login,name,role,scope,code\r\n"
				   "akim,Ada Kim,lea_coordinator,lea,0199001\r\n"
				   "bruiz,Bo Ruiz,site_coordinator,site,01990010000101\r\n";

/* Kinds of names that may come only once, or only with one name. */
enum { KIND_LOGIN, KIND_ROW };

struct reader {
	struct people_file *file;
	size_t room; /* of its rows */
	struct seen seen;
};

void people_file_refuse(struct people_file *file, const struct person_row *row, const char *why)
{
	problems_add_at(&file->problems, file->name, row->line, row->column, why);
}

void people_file_done(struct people_file *file)
{
	for (size_t i = 0; i < file->n_rows; i++) {
		free(file->rows[i].login);
		free(file->rows[i].name);
	}
	free(file->rows);
	problems_done(&file->problems);
	*file = (struct people_file){ 0 };
}

/* --- a row --------------------------------------------------------------------------- */

static void check_login(struct csv_table *table, char ret_login[static LOGIN_NAME_SIZE])
{
	struct err err;

	ret_login[0] = '\0';
	if (login_name_read(csv_table_text(table, COLUMN_LOGIN), ret_login, &err) < 0)
		csv_table_refuse(table, COLUMN_LOGIN, "%s", err.text);
}

static void check_name(struct csv_table *table)
{
	const char *name = csv_table_text(table, COLUMN_NAME);

	if (!name[0])
		csv_table_refuse(table, COLUMN_NAME, "give the person's name");
	/* What programs write in the place of a character that they could not read. */
	if (strstr(name, "\xef\xbf\xbd"))
		csv_table_refuse(table, COLUMN_NAME, "there is a character that cannot be seen");
}

static unsigned find_word(const char *const *words, const char *text)
{
	unsigned i = 0;

	while (words[i] && strcmp(words[i], text) != 0)
		i++;
	return i;
}

static void read_grant(struct csv_table *table, struct grant *grant)
{
	static const char characters[] =
		"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz._-";
	const char *code = csv_table_text(table, COLUMN_CODE);
	struct grants one = { 0 };
	struct err err;

	grant->role = find_word(person_role_words, csv_table_text(table, COLUMN_ROLE));
	grant->scope = find_word(scope_words, csv_table_text(table, COLUMN_SCOPE));
	if (grant->role == PERSON_MAX_)
		csv_table_refuse(table, COLUMN_ROLE,
				 "role is admin, lea_coordinator, tech_coordinator, "
				 "site_coordinator or viewer");
	if (grant->scope == SCOPE_MAX_)
		csv_table_refuse(table, COLUMN_SCOPE, "scope is state, lea or site");
	if (strlen(code) >= sizeof(grant->code) || code[strspn(code, characters)]) {
		csv_table_refuse(
			table, COLUMN_CODE,
			"a code has at most 32 letters, digits and . _ -; the state has none");
	} else if (grant->role < PERSON_MAX_ && grant->scope < SCOPE_MAX_) {
		snprintf(grant->code, sizeof(grant->code), "%s", code);
		if (grants_add(&one, grant, &err) < 0)
			csv_table_refuse(table, COLUMN_CODE, "%s", err.text);
	}
}

/* A role that comes twice, and a login that has two names. */
static void check_twice(struct reader *reader, struct csv_table *table, const char *login)
{
	const struct people_file *file = reader->file;
	_cleanup_free_ char *whole =
		xasprintf("%s %s %s %s", login, csv_table_text(table, COLUMN_ROLE),
			  csv_table_text(table, COLUMN_SCOPE), csv_table_text(table, COLUMN_CODE));
	unsigned line = seen_add(&reader->seen, KIND_ROW, whole, csv_table_line(table));
	unsigned first = seen_add(&reader->seen, KIND_LOGIN, login, (unsigned)file->n_rows + 1);

	if (line > 0)
		csv_table_refuse(table, COLUMN_ROLE, "%s has this role already on line %u", login,
				 line);
	else if (first > 0 &&
		 strcmp(file->rows[first - 1].name, csv_table_text(table, COLUMN_NAME)) != 0)
		csv_table_refuse(table, COLUMN_NAME, "%s has another name on line %u", login,
				 file->rows[first - 1].line);
}

static int take_row(struct csv_table *table, void *arg, struct err *err)
{
	struct person_row row = { .line = csv_table_line(table),
				  .column = csv_table_place(table, COLUMN_CODE) };
	struct reader *reader = arg;
	struct people_file *file = reader->file;
	char login[LOGIN_NAME_SIZE];

	(void)err;
	check_login(table, login);
	check_name(table);
	read_grant(table, &row.grant);
	if (!csv_table_is_refused(table))
		check_twice(reader, table, login);
	if (csv_table_is_refused(table))
		return 0;
	row.login = xstrdup(login);
	row.name = xstrdup(csv_table_text(table, COLUMN_NAME));
	file->rows = xgrow(file->rows, file->n_rows, &reader->room, sizeof(*file->rows));
	file->rows[file->n_rows++] = row;
	return 0;
}

void people_csv_read(const char *name, const char *text, size_t len, struct people_file *ret_file)
{
	struct reader reader = { .file = ret_file };
	const struct csv_reading reading = { &layout, NULL, take_row, &reader };
	struct problems *problems = &ret_file->problems;
	_cleanup_free_ char *copy = NULL;
	struct err err = { 0 };
	FILE *in;

	*ret_file = (struct people_file){ .name = name };
	if (len == 0 || len > PEOPLE_CSV_BYTES_MAX) {
		problems_add_at(problems, name, 1, 1,
				len ? "the file is larger than 4 MiB; split it"
				    : "the file is empty; its first line names the columns " NAMES);
		return;
	}
	/* fmemopen() takes no text that is const, although it only reads. */
	copy = xcalloc(len, 1);
	memcpy(copy, text, len);
	in = fmemopen(copy, len, "r");
	if (!in)
		abort();
	if (csv_table_read(in, name, problems, &reading, &err) < 0)
		problems_add_at(problems, name, 1, 1, err.text);
	else if (problems->n == 0 && ret_file->n_rows == 0)
		problems_add_at(problems, name, 1, 1, "there is nobody in the file");
	fclose(in);
	seen_done(&reader.seen);
}
