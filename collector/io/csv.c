/* SPDX-License-Identifier: Apache-2.0 */
/* The only file that knows libcsv. */
#include <csv.h>
#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "collector/io/csv.h"
#include "common/base/mem.h"

enum {
	CHUNK_BYTES = 64 * 1024,
	/* libcsv holds a whole cell; a quote that is never closed makes one of the whole file. */
	RUNAWAY_BYTES = 64 * 1024,
};

struct reader {
	const struct csv_handler *handler;
	void *arg;
	int result; /* of the handler, or -EBADMSG */
	const char *why;

	struct csv_place at;    /* of the next byte */
	struct csv_place start; /* of the cell that is being read */
	bool is_after_cr;
	bool is_inside;    /* a cell has begun */
	bool has_ended;    /* the cell ended within the bytes at hand */
	size_t cell_bytes; /* of the cell so far */
};

static int stop(struct reader *reader, const char *why)
{
	reader->why = why;
	reader->at = reader->start;
	return -EBADMSG;
}

static void on_cell(void *text, size_t len, void *data)
{
	struct reader *reader = data;

	reader->has_ended = true;
	if (reader->result >= 0)
		reader->result = reader->handler->cell(reader->arg, reader->start, text, len);
}

static void on_row(int end, void *data)
{
	struct reader *reader = data;

	(void)end;
	if (reader->result >= 0)
		reader->result = reader->handler->row(reader->arg);
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

/* Up to and with the next byte that may end a cell. */
static size_t piece_length(const char *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (bytes[i] == ',' || bytes[i] == '\n' || bytes[i] == '\r')
			return i + 1;
	}
	return len;
}

/*
 * libcsv does not say where it is. Fed with pieces that end where a cell may
 * end, it ends a cell only at the end of a piece.
 */
static int feed(struct reader *reader, struct csv_parser *csv, const char *bytes, size_t len)
{
	while (len > 0) {
		size_t n = piece_length(bytes, len);
		bool was_inside = reader->is_inside;

		reader->has_ended = false;
		if (csv_parse(csv, bytes, n, on_cell, on_row, reader) != n)
			return stop(reader, "a quote in the middle of a cell; put the cell in "
					    "quotes and write the quote twice");
		if (reader->result < 0)
			return reader->result;
		advance(reader, bytes, n);
		reader->is_inside = !reader->has_ended && (was_inside || !is_space(bytes, n));
		reader->cell_bytes = reader->is_inside ? reader->cell_bytes + n : 0;
		if (reader->cell_bytes > RUNAWAY_BYTES)
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
		if (r >= 0 && total > CSV_BYTES_MAX)
			r = stop(reader, "more than 64 MiB; split the file");
		if (r >= 0)
			r = feed(reader, csv, bytes, len);
	}
	if (r >= 0 && ferror(in))
		return -EIO;
	if (r >= 0 && csv_fini(csv, on_cell, on_row, reader) != 0)
		r = stop(reader, "the closing quote of this cell is missing");
	return r < 0 ? r : reader->result;
}

int csv_file_read(FILE *in, const struct csv_handler *handler, void *arg,
		  struct csv_place *ret_place, const char **ret_why)
{
	struct reader reader = {
		.handler = handler,
		.arg = arg,
		.at = { 1, 1 },
		.start = { 1, 1 },
	};
	struct csv_parser csv;
	int r;

	if (csv_init(&csv, CSV_STRICT | CSV_STRICT_FINI | CSV_APPEND_NULL) != 0)
		abort();
	r = read_all(&reader, &csv, in);
	csv_free(&csv);
	*ret_place = reader.at;
	*ret_why = reader.why;
	return r;
}

bool csv_is_formula(const char *text)
{
	/* =, +, - and @ in full width, which spreadsheets of East Asia take for them. */
	static const char *const wide[] = { "\uff1d", "\uff0b", "\uff0d", "\uff20" };

	if (text[0] == '\0')
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(wide); i++) {
		if (strncmp(text, wide[i], strlen(wide[i])) == 0)
			return true;
	}
	return strchr("=+-@\t\r\n", text[0]) != NULL;
}

void csv_cell_print(FILE *out, const char *text)
{
	_cleanup_free_ char *guarded =
		csv_is_formula(text) ? xasprintf("'%s", text) : xstrdup(text);

	csv_fwrite(out, guarded, strlen(guarded));
}
