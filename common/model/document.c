/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/mem.h"
#include "common/model/document.h"

/* Where @at is in @text, both from 1. A column is a byte, as compilers count. */
static void position(const char *text, const char *at, unsigned *ret_line, unsigned *ret_column)
{
	const char *line_start = text;
	unsigned line = 1;

	for (const char *c = text; c < at; c++) {
		if (*c == '\n') {
			line++;
			line_start = c + 1;
		}
	}
	*ret_line = line;
	*ret_column = (unsigned)(at - line_start) + 1;
}

/*
 * Find nesting deeper than @max before a recursive parser meets it. Strings
 * are skipped; whether the text is JSON at all is the parser's to say.
 */
static const char *find_too_deep(const char *text, size_t len, size_t max)
{
	bool in_string = false;
	size_t depth = 0;

	for (size_t i = 0; i < len; i++) {
		char c = text[i];

		if (in_string) {
			if (c == '\\')
				i++;
			else if (c == '"')
				in_string = false;
		} else if (c == '"') {
			in_string = true;
		} else if (c == '{' || c == '[') {
			if (++depth > max)
				return text + i;
		} else if ((c == '}' || c == ']') && depth > 0) {
			depth--;
		}
	}
	return NULL;
}

int document_parse(const char *text, size_t len, const struct document_limits *limits,
		   json_t **ret_json, struct err *err)
{
	const char *deep;
	unsigned line, column;
	json_error_t why;
	json_t *json;

	if (len > limits->bytes)
		return err_set(err, -E2BIG, "1:1: %zu bytes of JSON, at most %zu", len,
			       limits->bytes);
	deep = find_too_deep(text, len, limits->depth);
	if (deep) {
		position(text, deep, &line, &column);
		return err_set(err, -E2BIG, "%u:%u: nested deeper than %zu levels", line, column,
			       limits->depth);
	}
	json = json_loadb(text, len, JSON_REJECT_DUPLICATES, &why);
	if (!json)
		return err_set(err, -EINVAL, "%d:%d: not JSON: %s", why.line < 1 ? 1 : why.line,
			       why.column < 1 ? 1 : why.column, why.text);
	*ret_json = json;
	return 0;
}

int node_at(const struct node *node, int r, char **ret_pointer)
{
	if (r < 0 && ret_pointer && !*ret_pointer)
		*ret_pointer = node_pointer(node);
	return r;
}

int member_at(const struct node *parent, const char *key, int r, char **ret_pointer)
{
	struct node member = node_member(parent, key);

	return node_at(&member, r, ret_pointer);
}

struct node node_member(const struct node *parent, const char *key)
{
	return (struct node){ .value = json_object_get(parent->value, key),
			      .parent = parent,
			      .key = key };
}

struct node node_item(const struct node *parent, size_t index)
{
	return (struct node){ .value = json_array_get(parent->value, index),
			      .parent = parent,
			      .index = index };
}

/* The chain from the root down to @node; at most REPORT's depth, which is bounded. */
enum { CHAIN_MAX = 64 };
static size_t chain(const struct node *node, const struct node *nodes[static CHAIN_MAX])
{
	size_t n = 0;

	for (const struct node *at = node; at; at = at->parent)
		n++;
	assert(n <= CHAIN_MAX);
	for (size_t i = n; i > 0; i--, node = node->parent)
		nodes[i - 1] = node;
	return n;
}

char *node_path(const struct node *node)
{
	const struct node *nodes[CHAIN_MAX];
	size_t n = chain(node, nodes), size;
	char *path = NULL;
	FILE *out = open_memstream(&path, &size);

	if (!out)
		abort();
	for (size_t i = 0; i < n; i++) {
		if (i > 0 && !nodes[i]->key)
			fprintf(out, "[%zu]", nodes[i]->index);
		else
			fprintf(out, "%s%s", ftell(out) > 0 ? "." : "", nodes[i]->key);
	}
	fclose(out);
	return path;
}

char *node_pointer(const struct node *node)
{
	const struct node *nodes[CHAIN_MAX];
	size_t n = chain(node, nodes), size;
	char *pointer = NULL;
	FILE *out = open_memstream(&pointer, &size);

	if (!out)
		abort();
	for (size_t i = 0; i < n; i++) {
		/* The root's key is part of the pointer only where it names a member: "facts". */
		if (i == 0 && !nodes[i]->key[0])
			continue;
		if (!nodes[i]->key) {
			fprintf(out, "/%zu", nodes[i]->index);
			continue;
		}
		fputc('/', out);
		for (const char *c = nodes[i]->key; *c; c++) {
			if (*c == '~' || *c == '/')
				fputs(*c == '~' ? "~0" : "~1", out);
			else
				fputc(*c, out);
		}
	}
	fclose(out);
	return pointer;
}

static const char *skip_space(const char *s)
{
	while (*s == ' ' || *s == '\t' || *s == '\n' || *s == '\r')
		s++;
	return s;
}

static const char *skip_string(const char *s)
{
	for (s++; *s && *s != '"'; s++) {
		if (*s == '\\' && s[1])
			s++;
	}
	return *s ? s + 1 : s;
}

/* The end of the value at @s, which is known to be JSON. */
static const char *skip_value(const char *s)
{
	size_t depth = 0;

	do {
		s = skip_space(s);
		if (*s == '"') {
			s = skip_string(s);
		} else if (*s == '{' || *s == '[') {
			depth++;
			s++;
		} else if (*s == '}' || *s == ']') {
			depth--;
			s++;
		} else if (*s == ',' || *s == ':') {
			s++;
		} else {
			s += strcspn(s, ",:]} \t\r\n");
		}
	} while (depth > 0 && *s);
	return s;
}

/* Whether the JSON string at @s is @key; escapes are read by the library. */
static bool is_key(const char *s, const char *key)
{
	size_t len = (size_t)(skip_string(s) - s);
	json_t *text = json_loadb(s, len, JSON_DECODE_ANY, NULL);
	bool is_equal = json_is_string(text) && strcmp(json_string_value(text), key) == 0;

	json_decref(text);
	return is_equal;
}

/* The value of @node inside the container at @s; NULL if it is not there. */
static const char *find_child(const char *s, const struct node *node)
{
	s = skip_space(s + 1);
	for (size_t i = 0; *s && *s != '}' && *s != ']'; i++) {
		bool is_it = !node->key && i == node->index;

		if (node->key) {
			is_it = is_key(s, node->key);
			s = skip_space(skip_string(s));
			s = skip_space(s + 1);
		}
		if (is_it)
			return s;
		s = skip_space(skip_value(s));
		if (*s == ',')
			s = skip_space(s + 1);
	}
	return NULL;
}

void node_locate(const struct node *node, unsigned *ret_line, unsigned *ret_column)
{
	const struct node *nodes[CHAIN_MAX];
	size_t n = chain(node, nodes);
	const char *s, *child;

	*ret_line = *ret_column = 0;
	if (!nodes[0]->source)
		return;
	s = skip_space(nodes[0]->source);
	/* A member that is missing is reported where its parent begins. */
	for (size_t i = 1; i < n; i++) {
		child = find_child(s, nodes[i]);
		if (!child)
			break;
		s = child;
	}
	position(nodes[0]->source, s, ret_line, ret_column);
}

int node_error(const struct node *node, struct err *err, const char *fmt, ...)
{
	const struct node *root = node;
	_cleanup_free_ char *path = node_path(node);
	unsigned line, column;
	char what[sizeof(err->text)];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);

	while (root->parent)
		root = root->parent;
	if (!root->source)
		return err_set(err, -EINVAL, "%.200s%s%s", path, path[0] ? ": " : "", what);
	node_locate(node, &line, &column);
	return err_set(err, -EINVAL, "%s%s%u:%u: %.200s%s%s", root->file ? root->file : "",
		       root->file ? ":" : "", line, column, path, path[0] ? ": " : "", what);
}

static const char *type_text(const json_t *value)
{
	if (!value)
		return "nothing";
	switch (json_typeof(value)) {
	case JSON_OBJECT:
		return "object";
	case JSON_ARRAY:
		return "list";
	case JSON_STRING:
		return "string";
	case JSON_INTEGER:
	case JSON_REAL:
		return "number";
	case JSON_TRUE:
	case JSON_FALSE:
		return "boolean";
	default:
		return "null";
	}
}

/* A slip of the pen is mended by whoever sees what it should have been. */
static int stray_member(const struct node *stray, const char *const *names, struct err *err)
{
	_cleanup_free_ char *list = NULL;
	size_t size;
	FILE *out = open_memstream(&list, &size);

	if (!out)
		abort();
	for (size_t i = 0; names[i]; i++)
		fprintf(out, "%s%s", i ? ", " : "", names[i]);
	fclose(out);
	return node_error(stray, err, "unknown member: there are %s", list);
}

int node_object(const struct node *node, const char *const *names, struct err *err)
{
	const char *key;
	json_t *value;

	if (!json_is_object(node->value))
		return node_error(node, err, "expected object, got %s", type_text(node->value));
	json_object_foreach ((json_t *)node->value, key, value) {
		const char *const *name = names;

		while (*name && strcmp(*name, key) != 0)
			name++;
		if (!*name) {
			struct node stray = node_member(node, key);

			return stray_member(&stray, names, err);
		}
	}
	return 0;
}

int node_list(const struct node *node, size_t max, size_t *ret_n, struct err *err)
{
	if (!json_is_array(node->value))
		return node_error(node, err, "expected list, got %s", type_text(node->value));
	if (json_array_size(node->value) > max)
		return node_error(node, err, "%zu items, at most %zu", json_array_size(node->value),
				  max);
	*ret_n = json_array_size(node->value);
	return 0;
}

int node_text(const struct node *node, size_t max_bytes, const char **ret_text, struct err *err)
{
	size_t len;

	if (!json_is_string(node->value))
		return node_error(node, err, "expected string, got %s", type_text(node->value));
	len = json_string_length(node->value);
	if (len > max_bytes)
		return node_error(node, err, "%zu bytes, at most %zu", len, max_bytes);
	/* jansson refuses \u0000 in what it parses; this is for what others built. */
	if (strlen(json_string_value(node->value)) != len)
		return node_error(node, err, "contains a NUL");
	*ret_text = json_string_value(node->value);
	return 0;
}

int node_int(const struct node *node, int64_t min, int64_t max, int64_t *ret_value, struct err *err)
{
	json_int_t value;

	if (!json_is_integer(node->value))
		return node_error(node, err, "expected whole number, got %s",
				  json_is_real(node->value) ? "fraction" : type_text(node->value));
	value = json_integer_value(node->value);
	if (value < min || value > max)
		return node_error(node, err, "%" JSON_INTEGER_FORMAT " is not within %lld to %lld",
				  value, (long long)min, (long long)max);
	*ret_value = value;
	return 0;
}

int node_bool(const struct node *node, bool *ret_value, struct err *err)
{
	if (!json_is_boolean(node->value))
		return node_error(node, err, "expected true or false, got %s",
				  type_text(node->value));
	*ret_value = json_is_true(node->value);
	return 0;
}

int node_word(const struct node *node, const char *const *words, unsigned *ret_index,
	      struct err *err)
{
	const char *text = json_string_value(node->value);
	char all[200] = "";
	size_t n = 0;

	for (unsigned i = 0; words[i]; i++) {
		if (text && strcmp(words[i], text) == 0) {
			*ret_index = i;
			return 0;
		}
		if (n < sizeof(all))
			n += (size_t)snprintf(all + n, sizeof(all) - n, "%s%s", i ? ", " : "",
					      words[i]);
	}
	if (text)
		return node_error(node, err, "'%.60s' is not one of %s", text, all);
	return node_error(node, err, "expected one of %s, got %s", all, type_text(node->value));
}

char *document_canonical(const json_t *json)
{
	char *text = json_dumps(json, JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY);

	if (!text)
		abort();
	return text;
}
