/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "collector/io/csv.h"
#include "collector/io/table_out.h"
#include "common/base/mem.h"
#include "common/base/text.h"

#define ROOM_MIN 4096
#define TEXT_MAX 65536 /* bytes of a text that has to be cleaned */

static void put(struct table_out *out, const char *bytes, size_t len)
{
	while (out->room - out->len < len) {
		out->room = out->room ? out->room * 2 : ROOM_MIN;
		out->bytes = xreallocarray(out->bytes, out->room, 1);
	}
	memcpy(out->bytes + out->len, bytes, len);
	out->len += len;
}

static void put_word(struct table_out *out, const char *word)
{
	put(out, word, strlen(word));
}

/* --- JSON ------------------------------------------------------------------------- */

static bool needs_escape(char c)
{
	return (unsigned char)c < 0x20 || c == '"' || c == '\\';
}

/* RFC 8259, 7. */
static void put_json(struct table_out *out, const char *text)
{
	put(out, "\"", 1);
	while (*text) {
		char escaped[8];
		size_t n = 0;

		while (text[n] && !needs_escape(text[n]))
			n++;
		put(out, text, n);
		text += n;
		if (!*text)
			break;
		if (*text == '"' || *text == '\\')
			snprintf(escaped, sizeof(escaped), "\\%c", *text);
		else
			snprintf(escaped, sizeof(escaped), "\\u%04x", (unsigned char)*text);
		put_word(out, escaped);
		text++;
	}
	put(out, "\"", 1);
}

/* --- CSV -------------------------------------------------------------------------- */

/* What is between the quotes. */
static void put_csv_quoted(struct table_out *out, const char *text)
{
	while (*text) {
		size_t n = strcspn(text, "\"");

		put(out, text, n);
		text += n;
		if (*text) {
			put(out, "\"\"", 2);
			text++;
		}
	}
}

static void put_csv(struct table_out *out, const char *text)
{
	bool is_formula = csv_is_formula(text);

	if (!is_formula && !text[strcspn(text, ",\"\r\n")]) {
		put_word(out, text);
		return;
	}
	put_word(out, is_formula ? "\"'" : "\"");
	put_csv_quoted(out, text);
	put(out, "\"", 1);
}

/* --- cells ------------------------------------------------------------------------ */

static void begin_cell(struct table_out *out)
{
	assert(out->columns[out->n_cells]);
	if (out->format == TABLE_JSON) {
		put_word(out, out->n_cells > 0 ? "," : out->n_rows > 0 ? ",\n{" : "\n{");
		put_json(out, out->columns[out->n_cells]);
		put(out, ":", 1);
	} else if (out->n_cells > 0) {
		put(out, ",", 1);
	}
	out->n_cells++;
}

/* The text, or one for it that is UTF-8, which is owned by *@ret_clean. */
static const char *clean(const char *text, char **ret_clean)
{
	size_t len = strlen(text);

	*ret_clean = NULL;
	if (text_is_utf8(text, len))
		return text;
	*ret_clean = text_clean(text, len, TEXT_MAX);
	return *ret_clean;
}

void table_out_text(struct table_out *out, const char *text)
{
	_cleanup_free_ char *owned = NULL;

	begin_cell(out);
	if (text)
		text = clean(text, &owned);
	if (out->format == TABLE_CSV)
		put_csv(out, text ? text : "");
	else if (text)
		put_json(out, text);
	else
		put_word(out, "null");
}

void table_out_flag(struct table_out *out, bool flag)
{
	begin_cell(out);
	put_word(out, flag ? "true" : "false");
}

void table_out_list(struct table_out *out, const char *const *texts, size_t n_texts)
{
	begin_cell(out);
	if (out->format == TABLE_CSV && n_texts > 0)
		put_word(out, csv_is_formula(texts[0]) ? "\"'" : "\"");
	if (out->format == TABLE_JSON)
		put(out, "[", 1);
	for (size_t i = 0; i < n_texts; i++) {
		_cleanup_free_ char *owned = NULL;
		const char *text = clean(texts[i], &owned);

		if (i > 0)
			put_word(out, out->format == TABLE_JSON ? "," : "; ");
		if (out->format == TABLE_JSON)
			put_json(out, text);
		else
			put_csv_quoted(out, text);
	}
	if (out->format == TABLE_CSV && n_texts > 0)
		put(out, "\"", 1);
	if (out->format == TABLE_JSON)
		put(out, "]", 1);
}

/* --- rows ------------------------------------------------------------------------- */

void table_out_begin(struct table_out *out, enum table_format format, const char *const *columns,
		     const char *name, const char *as_of)
{
	*out = (struct table_out){ .format = format, .columns = columns };
	if (format == TABLE_JSON) {
		put_word(out, "{\"as_of\":");
		put_json(out, as_of);
		put(out, ",", 1);
		put_json(out, name);
		put_word(out, ":[");
		return;
	}
	for (size_t i = 0; columns[i]; i++) {
		if (i > 0)
			put(out, ",", 1);
		put_csv(out, columns[i]);
	}
	put_word(out, "\r\n");
}

void table_out_row(struct table_out *out)
{
	assert(!out->columns[out->n_cells]);
	put_word(out, out->format == TABLE_JSON ? "}" : "\r\n");
	out->n_cells = 0;
	out->n_rows++;
}

void table_out_end(struct table_out *out)
{
	if (out->format == TABLE_JSON)
		put_word(out, "\n]}\n");
}

size_t table_out_waiting(const struct table_out *out)
{
	return out->len - out->taken;
}

size_t table_out_take(struct table_out *out, char *buffer, size_t max)
{
	size_t n = table_out_waiting(out);

	if (n > max)
		n = max;
	if (n == 0)
		return 0;
	memcpy(buffer, out->bytes + out->taken, n);
	out->taken += n;
	/* What is left is less than what was taken, so moving it costs no more than taking did. */
	if (out->taken * 2 >= out->len) {
		out->len -= out->taken;
		memmove(out->bytes, out->bytes + out->taken, out->len);
		out->taken = 0;
	}
	return n;
}

void table_out_done(struct table_out *out)
{
	free(out->bytes);
	*out = (struct table_out){ 0 };
}
