/* SPDX-License-Identifier: Apache-2.0 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "agent/probe/desktop_entry.h"
#include "common/base/mem.h"

/* The value of "Exec = VALUE" if that is @line of @len bytes; NULL if it is not. */
static const char *exec_value(const char *line, size_t len)
{
	size_t at = strlen("Exec");

	if (len < at || strncmp(line, "Exec", at) != 0)
		return NULL;
	while (at < len && (line[at] == ' ' || line[at] == '\t'))
		at++;
	if (at == len || line[at] != '=')
		return NULL;
	at++;
	while (at < len && (line[at] == ' ' || line[at] == '\t'))
		at++;
	return line + at;
}

/* Exec= with the escapes of a string (section 4) undone; NULL if there is none. */
static char *find_exec(const char *text)
{
	static const char group[] = "[Desktop Entry]";
	bool is_inside = false;

	for (const char *line = text; *line;) {
		size_t len = strcspn(line, "\n");
		const char *value = is_inside ? exec_value(line, len) : NULL;

		if (value) {
			size_t value_len = len - (size_t)(value - line);

			return xstrndup(value, value_len);
		}
		if (line[0] == '[')
			is_inside = strncmp(line, group, strlen(group)) == 0;
		line += len;
		line += *line == '\n';
	}
	return NULL;
}

static char unescape(char c)
{
	switch (c) {
	case 's':
		return ' ';
	case 'n':
		return '\n';
	case 't':
		return '\t';
	case 'r':
		return '\r';
	default:
		return c;
	}
}

/* "\s" and its like in place; "\\" and what is none of them is left to the quoting. */
static void undo_escapes(char *text)
{
	char *to = text;

	for (const char *from = text; *from; from++) {
		if (from[0] == '\\' && from[1] && strchr("sntr\\", from[1]))
			*to++ = unescape(*++from);
		else
			*to++ = *from;
	}
	*to = '\0';
}

/* The next word of @from, unquoted into @to; where it ended. Section 7. */
static const char *next_word(const char *from, char *to, bool *ret_is_code)
{
	bool is_quoted = *from == '"';

	*ret_is_code = !is_quoted && from[0] == '%' && from[1] && from[1] != '%';
	from += is_quoted;
	while (*from && (is_quoted ? *from != '"' : !strchr(" \t\r\n", *from))) {
		if ((is_quoted && from[0] == '\\' && from[1]) || (from[0] == '%' && from[1] == '%'))
			from++;
		*to++ = *from++;
	}
	*to = '\0';
	return *from == '"' && is_quoted ? from + 1 : from;
}

void desktop_exec_parse(const char *text, struct desktop_exec *ret_exec)
{
	_cleanup_free_ char *value = find_exec(text);
	_cleanup_free_ char *word = NULL;
	const char *at = value;

	*ret_exec = (struct desktop_exec){ 0 };
	if (!value)
		return;
	undo_escapes(value);
	word = xcalloc(1, strlen(value) + 1);
	for (;;) {
		bool is_code;

		at += strspn(at, " \t\r\n");
		if (!*at)
			return;
		if (ret_exec->n == DESKTOP_WORDS_MAX) {
			desktop_exec_done(ret_exec);
			ret_exec->is_cut = true;
			return;
		}
		at = next_word(at, word, &is_code);
		if (!is_code)
			ret_exec->words[ret_exec->n++] = xstrdup(word);
	}
}

void desktop_exec_done(struct desktop_exec *exec)
{
	for (size_t i = 0; i < exec->n; i++)
		free(exec->words[i]);
	*exec = (struct desktop_exec){ 0 };
}
