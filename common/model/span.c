/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "common/model/span.h"

enum { DEPTH_MAX = 32 };

/* What is left to read; a reader that finds nothing it can read makes no step. */
struct cursor {
	const char *at, *end;
};

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static void skip_space(struct cursor *cursor)
{
	while (cursor->at < cursor->end && is_space(*cursor->at))
		cursor->at++;
}

static bool take(struct cursor *cursor, char c)
{
	skip_space(cursor);
	if (cursor->at == cursor->end || *cursor->at != c)
		return false;
	cursor->at++;
	return true;
}

/* Past the quote that ends the string whose first quote was taken. */
static bool skip_string(struct cursor *cursor)
{
	for (;;) {
		size_t left = (size_t)(cursor->end - cursor->at);
		const char *quote = memchr(cursor->at, '"', left);
		const char *escape;

		if (!quote)
			return false;
		escape = memchr(cursor->at, '\\', (size_t)(quote - cursor->at));
		if (!escape) {
			cursor->at = quote + 1;
			return true;
		}
		if (cursor->end - escape < 2)
			return false;
		cursor->at = escape + 2;
	}
}

/* An object or a list whose first bracket was taken. */
static bool skip_nested(struct cursor *cursor)
{
	size_t depth = 1;

	while (cursor->at < cursor->end) {
		switch (*cursor->at++) {
		case '"':
			if (!skip_string(cursor))
				return false;
			break;
		case '{':
		case '[':
			if (++depth > DEPTH_MAX)
				return false;
			break;
		case '}':
		case ']':
			if (--depth == 0)
				return true;
			break;
		default:
			break;
		}
	}
	return false;
}

/* A number or a word: up to what can follow one. */
static bool skip_plain(struct cursor *cursor)
{
	const char *start = cursor->at;

	while (cursor->at < cursor->end && !is_space(*cursor->at) &&
	       !strchr(",:{}[]\"", *cursor->at))
		cursor->at++;
	return cursor->at > start;
}

static bool read_value(struct cursor *cursor, struct span *ret_value)
{
	bool is_read;

	skip_space(cursor);
	ret_value->text = cursor->at;
	if (take(cursor, '"'))
		is_read = skip_string(cursor);
	else if (take(cursor, '{') || take(cursor, '['))
		is_read = skip_nested(cursor);
	else
		is_read = skip_plain(cursor);
	ret_value->len = (size_t)(cursor->at - ret_value->text);
	return is_read;
}

static bool read_member(struct cursor *cursor, struct span_member *ret_member)
{
	const char *start;

	if (!take(cursor, '"'))
		return false;
	start = cursor->at;
	if (!skip_string(cursor))
		return false;
	ret_member->key = (struct span){ start, (size_t)(cursor->at - start) - 1 };
	return !memchr(start, '\\', ret_member->key.len) && take(cursor, ':') &&
	       read_value(cursor, &ret_member->value);
}

int span_members(const char *text, size_t len, struct span_member *members, size_t max)
{
	struct cursor cursor = { text, text + len };
	size_t n = 0;

	if (!take(&cursor, '{'))
		return -EINVAL;
	if (!take(&cursor, '}')) {
		do {
			if (n == max || !read_member(&cursor, &members[n]))
				return -EINVAL;
			n++;
		} while (take(&cursor, ','));
		if (!take(&cursor, '}'))
			return -EINVAL;
	}
	skip_space(&cursor);
	return cursor.at == cursor.end ? (int)n : -EINVAL;
}
