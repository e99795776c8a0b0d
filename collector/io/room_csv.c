/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "collector/io/csv_table.h"
#include "collector/io/room_csv.h"
#include "collector/io/seen.h"
#include "common/base/mem.h"

#define HEADER "site_code,room,track,seats"

const char room_csv_template[] = HEADER "\r\n"
					"01990010000101,101,A,32\r\n"
					"01990010000101,Library,,\r\n";

/* clang-format off */
static const struct csv_column columns[] = {
	[ROOM_COLUMN_SITE]  = { "site_code", true, true },
	[ROOM_COLUMN_ROOM]  = { "room", true, true },
	[ROOM_COLUMN_TRACK] = { "track", false, true },
	[ROOM_COLUMN_SEATS] = { "seats", false, true },
};
/* clang-format on */
static_assert(ARRAY_SIZE(columns) == ROOM_COLUMN_MAX_, "every column has a name");
static_assert(ROOM_NAME_MAX == CSV_CELL_MAX, "a room is as long as a cell");

static const struct csv_layout layout = {
	.columns = columns,
	.n_columns = ROOM_COLUMN_MAX_,
	.names = "site_code, room, track and seats",
	.rows_max = ROOM_CSV_ROWS_MAX,
	.too_many = "split the file by site",
};

/* A row as it is kept until all are there and it is known in which order they come. */
struct room_csv_row {
	struct room_row row;
	char *bytes; /* its texts */
	unsigned line;
	unsigned columns[ROOM_COLUMN_MAX_];
};

/* Kinds of names: all sites, then the rooms of each, then each as often as it came. */
enum { KIND_SITE, KIND_ROOM };

struct reader {
	struct room_csv *csv;
	struct problems *problems;
	struct seen seen;
	unsigned n_sites;
	unsigned *n_rooms; /* of each site, by its number */
};

/* --- a row ----------------------------------------------------------------------------- */

static void check_site(struct csv_table *table)
{
	struct err err;

	if (site_code_check(csv_table_text(table, ROOM_COLUMN_SITE), &err) < 0)
		csv_table_refuse(table, ROOM_COLUMN_SITE, "%s", err.text);
}

static int64_t read_seats(struct csv_table *table)
{
	const char *text = csv_table_text(table, ROOM_COLUMN_SEATS);
	size_t len = strlen(text);

	long seats = strtol(text, NULL, 10);

	if (len == 0)
		return -1;
	if (len <= 5 && strspn(text, "0123456789") == len && seats <= ROOM_SEATS_MAX)
		return seats;
	csv_table_refuse(table, ROOM_COLUMN_SEATS,
			 "'%.60s' is not a whole number of 0 to %d; leave it empty if it is not "
			 "known",
			 text, ROOM_SEATS_MAX);
	return -1;
}

/* The number of the row's site, from 0. */
static unsigned site_number(struct reader *reader, const char *code)
{
	unsigned number = seen_add(&reader->seen, KIND_SITE, code, reader->n_sites + 1);

	if (number > 0)
		return number - 1;
	reader->n_rooms =
		xreallocarray(reader->n_rooms, reader->n_sites + 1, sizeof(*reader->n_rooms));
	reader->n_rooms[reader->n_sites] = 0;
	return reader->n_sites++;
}

static void check_room(struct reader *reader, struct csv_table *table)
{
	const char *room = csv_table_text(table, ROOM_COLUMN_ROOM);
	unsigned site = site_number(reader, csv_table_text(table, ROOM_COLUMN_SITE));
	unsigned line = seen_add(&reader->seen, KIND_ROOM + site, room, csv_table_line(table));

	if (!room[0])
		csv_table_refuse(table, ROOM_COLUMN_ROOM, "empty; write its name or number");
	else if (line > 0)
		csv_table_refuse(table, ROOM_COLUMN_ROOM, "'%.60s' is on line %u too", room, line);
	else if (++reader->n_rooms[site] == ROOMS_MAX + 1)
		csv_table_refuse(table, ROOM_COLUMN_ROOM, "more than %d rooms of one site",
				 ROOMS_MAX);
}

static void check_track(struct csv_table *table)
{
	const char *track = csv_table_text(table, ROOM_COLUMN_TRACK);

	if (strlen(track) > TRACK_NAME_MAX || strchr(track, ';'))
		csv_table_refuse(table, ROOM_COLUMN_TRACK,
				 "'%.60s' is no track, which has at most %d bytes and no ;", track,
				 TRACK_NAME_MAX);
}

static const char *keep(const struct csv_table *table, enum room_column column, char **end)
{
	const char *kept = *end;

	if (!csv_table_has(table, column))
		return NULL;
	*end = stpcpy(*end, csv_table_text(table, column)) + 1;
	return kept;
}

static void keep_row(struct room_csv *csv, const struct csv_table *table, int64_t seats)
{
	struct room_csv_row row = { .line = csv_table_line(table) };
	size_t size = 0;
	char *end;

	for (unsigned i = 0; i < ROOM_COLUMN_MAX_; i++) {
		size += strlen(csv_table_text(table, i)) + 1;
		row.columns[i] = csv_table_place(table, i);
	}
	end = row.bytes = xcalloc(size, 1);
	row.row = (struct room_row){
		.site_code = keep(table, ROOM_COLUMN_SITE, &end),
		.room = keep(table, ROOM_COLUMN_ROOM, &end),
		.track = keep(table, ROOM_COLUMN_TRACK, &end),
		.has_seats = csv_table_has(table, ROOM_COLUMN_SEATS),
		.seats = seats,
	};
	csv->own = xgrow(csv->own, csv->n_rows, &csv->room, sizeof(*csv->own));
	csv->own[csv->n_rows++] = row;
}

static int take_row(struct csv_table *table, void *arg, struct err *err)
{
	struct reader *reader = arg;
	int64_t seats;

	(void)err;
	check_site(table);
	check_track(table);
	seats = read_seats(table);
	check_room(reader, table);
	if (!csv_table_is_refused(table))
		keep_row(reader->csv, table, seats);
	return 0;
}

/* --- the whole file -------------------------------------------------------------------- */

static int by_site(const void *a, const void *b)
{
	const struct room_csv_row *left = a, *right = b;
	int order = strcmp(left->row.site_code, right->row.site_code);

	if (order != 0)
		return order;
	return left->line < right->line ? -1 : left->line > right->line;
}

static void sort(struct room_csv *csv)
{
	if (csv->n_rows > 0)
		qsort(csv->own, csv->n_rows, sizeof(*csv->own), by_site);
	csv->rows = xcalloc(csv->n_rows + 1, sizeof(*csv->rows));
	for (size_t i = 0; i < csv->n_rows; i++)
		csv->rows[i] = csv->own[i].row;
}

int room_csv_read(FILE *in, const char *file, struct problems *problems, struct room_csv *ret_csv,
		  struct err *err)
{
	struct reader reader = { .csv = ret_csv, .problems = problems };
	const struct csv_reading reading = { &layout, NULL, take_row, &reader };
	int r;

	*ret_csv = (struct room_csv){ .file = file };
	r = csv_table_read(in, file, problems, &reading, err);
	seen_done(&reader.seen);
	free(reader.n_rooms);
	if (r < 0)
		return r;
	sort(ret_csv);
	if (problems->n == 0 && ret_csv->n_rows == 0)
		problems_add_at(problems, file, 1, 1, "there is no room in the file");
	return 0;
}

void room_csv_refuse(const struct room_csv *csv, size_t index, enum room_column at,
		     struct problems *problems, const char *why)
{
	_cleanup_free_ char *what = xasprintf("column '%s': %s", columns[at].name, why);

	problems_add_at(problems, csv->file, csv->own[index].line, csv->own[index].columns[at],
			what);
}

void room_csv_done(struct room_csv *csv)
{
	for (size_t i = 0; i < csv->n_rows; i++)
		free(csv->own[i].bytes);
	free(csv->own);
	free(csv->rows);
	*csv = (struct room_csv){ 0 };
}
