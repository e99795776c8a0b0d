/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <errno.h>
#include <string.h>

#include "collector/domain/time_zone.h"
#include "collector/io/csv_table.h"
#include "collector/io/seen.h"
#include "collector/io/site_csv.h"
#include "common/base/civil.h"
#include "common/base/mem.h"
#include "common/model/profile.h"

#define COORDINATOR "coordinator_name,coordinator_email,coordinator_phone"
#define TECHNOLOGY "technology_name,technology_email,technology_phone"
#define HEADER                                                                                   \
	"lea_code,lea_name,lea_coordinator_name,lea_coordinator_email,lea_coordinator_phone,"    \
	"site_code,site_name,zone," COORDINATOR "," TECHNOLOGY ",tracks,programme,window_track," \
	"first,last,profile"

/* clang-format off */
const char site_csv_template[] = HEADER "\r\n"
	"0199001,Example Unified,Ada Kim,akim@example.org,+1 510 555 0100,"
	"01990010000101,Adams Elementary,America/Los_Angeles,Bo Ruiz,bruiz@example.org,510-555-0101,"
	"Cy Tran,ctran@example.org,510-555-0102,A; B,CAASPP,,2027-04-12,2027-05-28,caaspp-2026-27\r\n"
	"0199001,Example Unified,Ada Kim,akim@example.org,+1 510 555 0100,"
	"01990010000202,Baker Middle,America/Los_Angeles,,,,,,,,,,,,\r\n";

static const struct csv_column columns[] = {
	[SITE_LEA_CODE] = { "lea_code", true, true },
	[SITE_LEA_NAME] = { "lea_name", true, true },
	[SITE_LEA_COORDINATOR + CONTACT_NAME] = { "lea_coordinator_name", false, true },
	[SITE_LEA_COORDINATOR + CONTACT_EMAIL] = { "lea_coordinator_email", false, true },
	/* Begins with + where it is of another country, and is checked to be no more than that. */
	[SITE_LEA_COORDINATOR + CONTACT_PHONE] = { "lea_coordinator_phone", false, false },
	[SITE_CODE] = { "site_code", true, true },
	[SITE_NAME] = { "site_name", true, true },
	[SITE_ZONE] = { "zone", false, true },
	[SITE_COORDINATOR + CONTACT_NAME] = { "coordinator_name", false, true },
	[SITE_COORDINATOR + CONTACT_EMAIL] = { "coordinator_email", false, true },
	[SITE_COORDINATOR + CONTACT_PHONE] = { "coordinator_phone", false, false },
	[SITE_TECHNOLOGY + CONTACT_NAME] = { "technology_name", false, true },
	[SITE_TECHNOLOGY + CONTACT_EMAIL] = { "technology_email", false, true },
	[SITE_TECHNOLOGY + CONTACT_PHONE] = { "technology_phone", false, false },
	[SITE_TRACKS] = { "tracks", false, true },
	[SITE_PROGRAMME] = { "programme", false, true },
	[SITE_WINDOW_TRACK] = { "window_track", false, true },
	[SITE_FIRST] = { "first", false, true },
	[SITE_LAST] = { "last", false, true },
	[SITE_PROFILE] = { "profile", false, true },
};
/* clang-format on */
static_assert(ARRAY_SIZE(columns) == SITE_TEXT_MAX_, "every column has a name");

static const struct csv_layout layout = {
	.columns = columns,
	.n_columns = SITE_TEXT_MAX_,
	.names = HEADER,
	.rows_max = SITE_CSV_ROWS_MAX,
	.too_many = "split the file by LEA",
};

/* Kinds of names that may come only once, or only with the same beside them. */
enum { KIND_SITE, KIND_LEA };

/* A row besides what it says. */
struct site_csv_place {
	char *bytes; /* all its texts */
	unsigned line;
	unsigned columns[SITE_TEXT_MAX_];
};

/* Codes of digits alone, of which a spreadsheet takes zeros away. */
enum code_column { CODE_OF_LEA, CODE_OF_SITE, CODE_COLUMN_MAX_ };
static const enum site_text code_texts[] = { SITE_LEA_CODE, SITE_CODE };
struct digits {
	size_t longest;   /* how many digits the longest code has */
	unsigned on_line; /* of the first of these */
	bool has_zero;    /* one of these begins with 0 */
};

/* What the first row of an LEA says of it, also where something else is wrong with that row. */
struct lea_said {
	unsigned line;
	char *name, *contact[CONTACT_TEXT_MAX_];
};

struct reader {
	struct site_csv *csv;
	struct problems *problems;
	size_t room; /* of its rows */
	struct seen seen;
	struct lea_said *leas;
	size_t n_leas, room_leas;
	struct digits digits[CODE_COLUMN_MAX_];
	char tracks[TRACKS_BYTES]; /* of the row at hand */
};

static void reader_done(struct reader *reader)
{
	for (size_t i = 0; i < reader->n_leas; i++) {
		free(reader->leas[i].name);
		for (unsigned text = 0; text < CONTACT_TEXT_MAX_; text++)
			free(reader->leas[i].contact[text]);
	}
	free(reader->leas);
	seen_done(&reader->seen);
}

/* --- one cell; each notes what is wrong with it and goes on ---------------------------- */

static void check_length(struct csv_table *table, enum site_text column, size_t max)
{
	size_t len = strlen(csv_table_text(table, column));

	if (len == 0)
		csv_table_refuse(table, column, "empty");
	else if (len > max)
		csv_table_refuse(table, column, "%zu bytes, at most %zu", len, max);
}

static void note_digits(struct digits *digits, const char *code, unsigned line)
{
	size_t len = strlen(code);

	if (!site_code_is_digits(code) || len < digits->longest)
		return;
	if (len > digits->longest)
		*digits = (struct digits){ .longest = len, .on_line = line };
	digits->has_zero |= code[0] == '0';
}

static void check_codes(struct reader *reader, struct csv_table *table)
{
	struct err err;

	for (size_t i = 0; i < CODE_COLUMN_MAX_; i++) {
		const char *code = csv_table_text(table, code_texts[i]);

		if (site_code_check(code, &err) < 0)
			csv_table_refuse(table, code_texts[i], "%s", err.text);
		else
			note_digits(&reader->digits[i], code, csv_table_line(table));
	}
}

/* The site's code begins with the LEA's, as it would be with the zero that it lost. */
static void check_lea_zero(struct csv_table *table)
{
	const char *lea = csv_table_text(table, SITE_LEA_CODE);
	const char *site = csv_table_text(table, SITE_CODE);
	size_t len = strlen(lea);

	if (len >= 4 && site_code_is_digits(lea) && site_code_is_digits(site) && site[0] == '0' &&
	    strncmp(site, lea, len) != 0 && strncmp(site + 1, lea, len) == 0)
		csv_table_refuse(table, SITE_LEA_CODE,
				 "'%s' lost its leading zero: the site's code begins with 0%s; "
				 "make the column text and write 0%s",
				 lea, lea, lea);
}

static void check_zone(struct csv_table *table)
{
	const char *zone = csv_table_text(table, SITE_ZONE);

	if (zone[0] && !time_zone_is_known(zone))
		csv_table_refuse(table, SITE_ZONE,
				 "'%.60s' is no time zone; write one such as America/Los_Angeles",
				 zone);
}

static void check_contacts(struct csv_table *table)
{
	struct err err;

	for (unsigned role = 0; role < CONTACT_ROLE_MAX_; role++) {
		for (unsigned i = 0; i < CONTACT_TEXT_MAX_; i++) {
			enum site_text column = site_text_of_contact[role] + i;
			const char *text = csv_table_text(table, column);

			if (text[0] && contact_text_check((enum contact_text)i, text, &err) < 0)
				csv_table_refuse(table, column, "%s", err.text);
		}
	}
}

static void check_tracks(struct reader *reader, struct csv_table *table)
{
	const char *track = csv_table_text(table, SITE_WINDOW_TRACK);
	struct err err;

	if (strlen(track) > TRACK_NAME_MAX || strchr(track, ';'))
		csv_table_refuse(table, SITE_WINDOW_TRACK,
				 "'%.60s' is no track, which has at most %d bytes and no ;", track,
				 TRACK_NAME_MAX);
	if (tracks_read(csv_table_text(table, SITE_TRACKS), reader->tracks, &err) < 0)
		csv_table_refuse(table, SITE_TRACKS, "%s", err.text);
	else if (track[0] && csv_table_has(table, SITE_TRACKS) &&
		 !tracks_have(reader->tracks, track))
		csv_table_refuse(table, SITE_WINDOW_TRACK, "'%.60s' is not one of the tracks",
				 track);
}

/* --- the window ------------------------------------------------------------------------ */

static const enum site_text window_texts[] = { SITE_PROGRAMME, SITE_FIRST, SITE_LAST,
					       SITE_PROFILE };

static bool has_window(const struct csv_table *table)
{
	bool has = csv_table_text(table, SITE_WINDOW_TRACK)[0] != '\0';

	for (size_t i = 0; i < ARRAY_SIZE(window_texts); i++)
		has |= csv_table_text(table, window_texts[i])[0] != '\0';
	return has;
}

/* False: there is none, which is told elsewhere, or it is not a day, which is told here. */
static bool read_day(struct csv_table *table, enum site_text column, int32_t *ret_day)
{
	const char *text = csv_table_text(table, column);
	struct err err;

	if (text[0] && civil_parse(text, ret_day, &err) >= 0)
		return true;
	if (text[0])
		csv_table_refuse(table, column, "%s", err.text);
	return false;
}

static void read_window(struct csv_table *table, struct site_row *row)
{
	size_t programme = strlen(csv_table_text(table, SITE_PROGRAMME));
	const char *profile = csv_table_text(table, SITE_PROFILE);
	bool has_days;
	struct err err;

	row->has_window = true;
	for (size_t i = 0; i < ARRAY_SIZE(window_texts); i++) {
		if (!csv_table_text(table, window_texts[i])[0])
			csv_table_refuse(table, window_texts[i],
					 "empty; a window has programme, first, last and profile");
	}
	has_days = read_day(table, SITE_FIRST, &row->window.first);
	has_days &= read_day(table, SITE_LAST, &row->window.last);
	if (has_days && row->window.last < row->window.first)
		csv_table_refuse(table, SITE_LAST, "the window ends before it begins");
	if (programme > SITE_WORD_MAX)
		csv_table_refuse(table, SITE_PROGRAMME, "%zu bytes, at most %d", programme,
				 SITE_WORD_MAX);
	if (profile[0] && (site_code_check(profile, &err) < 0 || strlen(profile) > PROFILE_ID_MAX))
		csv_table_refuse(table, SITE_PROFILE,
				 "'%.60s' is no profile's name, such as caaspp-2026-27", profile);
}

/* --- a row ----------------------------------------------------------------------------- */

static void check_site_twice(struct reader *reader, struct csv_table *table)
{
	const char *code = csv_table_text(table, SITE_CODE);
	unsigned line =
		code[0] ? seen_add(&reader->seen, KIND_SITE, code, csv_table_line(table)) : 0;

	if (line > 0)
		csv_table_refuse(table, SITE_CODE, "'%s' is on line %u too", code, line);
}

static void keep_lea(struct reader *reader, const struct csv_table *table)
{
	struct lea_said lea = { .line = csv_table_line(table),
				.name = xstrdup(csv_table_text(table, SITE_LEA_NAME)) };

	for (unsigned i = 0; i < CONTACT_TEXT_MAX_; i++)
		lea.contact[i] = xstrdup(csv_table_text(table, SITE_LEA_COORDINATOR + i));
	reader->leas =
		xgrow(reader->leas, reader->n_leas, &reader->room_leas, sizeof(*reader->leas));
	reader->leas[reader->n_leas++] = lea;
}

/* What a row says of its LEA, all rows of that LEA say: else the last one would win. */
static void check_lea(struct reader *reader, struct csv_table *table)
{
	const char *code = csv_table_text(table, SITE_LEA_CODE);
	const char *name = csv_table_text(table, SITE_LEA_NAME);
	const struct lea_said *lea = NULL;
	unsigned first;
	struct err err;

	/* Codes that a spreadsheet made alike are not one LEA. */
	if (site_code_check(code, &err) < 0)
		return;
	first = seen_add(&reader->seen, KIND_LEA, code, (unsigned)reader->n_leas + 1);
	if (first > 0)
		lea = &reader->leas[first - 1];
	else
		keep_lea(reader, table);
	if (lea && lea->name[0] && name[0] && strcmp(lea->name, name) != 0)
		csv_table_refuse(table, SITE_LEA_NAME, "%s has another name on line %u", code,
				 lea->line);
	for (unsigned i = 0; lea && i < CONTACT_TEXT_MAX_; i++) {
		const char *text = csv_table_text(table, SITE_LEA_COORDINATOR + i);

		if (strcmp(lea->contact[i], text) != 0)
			csv_table_refuse(table, SITE_LEA_COORDINATOR + i,
					 "%s has another coordinator on line %u; write the same on "
					 "every row of an LEA",
					 code, lea->line);
	}
}

static const char *const empty = "";

/* The place of @column's text in @end, which goes on behind it; NULL: there is no such column. */
static const char *keep(const struct csv_table *table, enum site_text column, char **end)
{
	const char *text = csv_table_text(table, column), *kept = *end;

	if (!csv_table_has(table, column))
		return NULL;
	if (!text[0])
		return empty;
	*end = stpcpy(*end, text) + 1;
	return kept;
}

static const char *unless_empty(const char *text)
{
	return text && text[0] ? text : NULL;
}

static void keep_row(struct reader *reader, const struct csv_table *table, struct site_row *row)
{
	struct site_csv *csv = reader->csv;
	size_t size = strlen(reader->tracks) + 1;
	struct site_csv_place place = { .line = csv_table_line(table) };
	char *end;

	for (unsigned i = 0; i < SITE_TEXT_MAX_; i++) {
		size += strlen(csv_table_text(table, i)) + 1;
		place.columns[i] = csv_table_place(table, i);
	}
	end = place.bytes = xcalloc(size, 1);
	row->lea_code = keep(table, SITE_LEA_CODE, &end);
	row->lea_name = keep(table, SITE_LEA_NAME, &end);
	row->code = keep(table, SITE_CODE, &end);
	row->name = keep(table, SITE_NAME, &end);
	row->zone = unless_empty(keep(table, SITE_ZONE, &end));
	for (unsigned role = 0; role < CONTACT_ROLE_MAX_; role++) {
		for (unsigned i = 0; i < CONTACT_TEXT_MAX_; i++)
			row->contacts[role].texts[i] =
				keep(table, site_text_of_contact[role] + i, &end);
	}
	if (row->has_window) {
		row->window.programme = keep(table, SITE_PROGRAMME, &end);
		row->window.track = keep(table, SITE_WINDOW_TRACK, &end);
		row->window.profile_id = keep(table, SITE_PROFILE, &end);
	}
	if (csv_table_has(table, SITE_TRACKS)) {
		row->tracks = end;
		memcpy(end, reader->tracks, strlen(reader->tracks) + 1);
	}
	if (csv->n_rows == reader->room) {
		reader->room = reader->room ? reader->room * 2 : 64;
		csv->rows = xreallocarray(csv->rows, reader->room, sizeof(*csv->rows));
		csv->places = xreallocarray(csv->places, reader->room, sizeof(*csv->places));
	}
	csv->places[csv->n_rows] = place;
	csv->rows[csv->n_rows++] = *row;
}

static int take_row(struct csv_table *table, void *arg, struct err *err)
{
	struct reader *reader = arg;
	struct site_row row = { 0 };

	(void)err;
	check_codes(reader, table);
	check_lea_zero(table);
	check_site_twice(reader, table);
	check_length(table, SITE_LEA_NAME, SITE_NAME_MAX);
	check_length(table, SITE_NAME, SITE_NAME_MAX);
	check_zone(table);
	check_contacts(table);
	check_tracks(reader, table);
	if (has_window(table))
		read_window(table, &row);
	check_lea(reader, table);
	if (!csv_table_is_refused(table))
		keep_row(reader, table, &row);
	return 0;
}

/* --- the whole file -------------------------------------------------------------------- */

enum {
	LONG_DIGITS = 6, /* codes of so many digits have one length, where states number so far */
	ZEROS_MAX = 3,   /* that a code may have lost */
};

/* Whether a code is as others are that lost their leading zeros. */
static bool has_lost_zeros(const struct digits *digits, const char *code)
{
	size_t len = strlen(code);

	return site_code_is_digits(code) && len < digits->longest &&
	       len + ZEROS_MAX >= digits->longest && (digits->has_zero || len >= LONG_DIGITS);
}

static void check_zeros(const struct reader *reader)
{
	for (size_t i = 0; i < reader->csv->n_rows; i++) {
		const struct site_row *row = &reader->csv->rows[i];
		const char *const codes[] = { row->lea_code, row->code };

		for (size_t c = 0; c < CODE_COLUMN_MAX_; c++) {
			const struct digits *digits = &reader->digits[c];
			_cleanup_free_ char *why = NULL;

			if (!has_lost_zeros(digits, codes[c]))
				continue;
			why = xasprintf("'%s' has %zu digits, the code on line %u has %zu: did a "
					"spreadsheet take its leading zero? Make the column text "
					"and write the code as the state does",
					codes[c], strlen(codes[c]), digits->on_line,
					digits->longest);
			site_csv_refuse(reader->csv, i, code_texts[c], reader->problems, why);
		}
	}
}

int site_csv_read(FILE *in, const char *file, struct problems *problems, struct site_csv *ret_csv,
		  struct err *err)
{
	struct reader reader = { .csv = ret_csv, .problems = problems };
	const struct csv_reading reading = { &layout, NULL, take_row, &reader };
	int r;

	*ret_csv = (struct site_csv){ .file = file };
	r = csv_table_read(in, file, problems, &reading, err);
	reader_done(&reader);
	if (r < 0)
		return r;
	check_zeros(&reader);
	problems_sort(problems);
	if (problems->n == 0 && ret_csv->n_rows == 0)
		problems_add_at(problems, file, 1, 1, "there is no site in the file");
	return 0;
}

void site_csv_refuse(const struct site_csv *csv, size_t index, enum site_text at,
		     struct problems *problems, const char *why)
{
	_cleanup_free_ char *what = xasprintf("column '%s': %s", site_text_words[at], why);

	problems_add_at(problems, csv->file, csv->places[index].line,
			csv->places[index].columns[at], what);
}

void site_csv_done(struct site_csv *csv)
{
	for (size_t i = 0; i < csv->n_rows; i++)
		free(csv->places[i].bytes);
	free(csv->rows);
	free(csv->places);
	*csv = (struct site_csv){ 0 };
}
