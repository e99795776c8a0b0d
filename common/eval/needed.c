/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "common/base/mem.h"
#include "common/eval/needed.h"
#include "common/model/facts.h"
#include "common/model/profile_check.h"

#define DEPTH_MAX 32

struct needed {
	const char *name; /* of @len bytes, borrowed */
	size_t len;
	bool is_whole;           /* all below it is looked at */
	struct needed *children; /* ascending by name, as the members of a canonical text */
	struct needed *next;
};

/* --- what a profile looks at ----------------------------------------------------------- */

/* As jansson sorts members. */
static int compare_names(const char *a, size_t a_len, const char *b, size_t b_len)
{
	int order = memcmp(a, b, a_len < b_len ? a_len : b_len);

	return order != 0 ? order : (a_len > b_len) - (a_len < b_len);
}

static struct needed *add_child(struct needed *parent, const char *name, size_t len)
{
	struct needed **link = &parent->children, *child;

	while (*link && compare_names((*link)->name, (*link)->len, name, len) < 0)
		link = &(*link)->next;
	if (*link && compare_names((*link)->name, (*link)->len, name, len) == 0)
		return *link;
	child = xcalloc(1, sizeof(*child));
	child->name = name;
	child->len = len;
	child->next = *link;
	*link = child;
	return child;
}

/* What @path names below @parent, as lookup() goes. */
static struct needed *add_path(struct needed *parent, const char *path)
{
	if (strcmp(path, ".") == 0)
		return parent;
	while (*path) {
		size_t len = strcspn(path, ".");

		parent = add_child(parent, path, len);
		path += len + (path[len] == '.');
	}
	return parent;
}

static void add_row_key(struct needed *object, const struct fact *fact, const char *key)
{
	bool is_version = false;
	const struct fact *member = profile_row_fact(fact, key, &is_version);

	if (member)
		add_path(object, member->name)->is_whole = true;
}

static void add_table(struct needed *object, const struct check *check)
{
	const char *key;
	json_t *value;

	add_row_key(object, check->fact, "version"); /* what `except` is about */
	for (size_t i = 0; i < check->table->n_rows; i++) {
		json_object_foreach ((json_t *)check->table->rows[i].keys, key, value)
			add_row_key(object, check->fact, key);
	}
}

static void add_check(struct needed *within, const struct check *check)
{
	struct needed *value = within;

	if (check->op > CHECK_NONE_OF)
		value = add_path(within, check->fact_path);
	/* Whose host a server is says which of the profile's it is; see lookup_items(). */
	if (check->op > CHECK_NONE_OF && check->endpoints)
		add_path(value, "host")->is_whole = true;
	if (check->op == CHECK_IN_TABLE)
		add_table(value, check);
	else if (check->op > CHECK_COUNT)
		value->is_whole = true;
	for (size_t i = 0; i < check->n_children; i++)
		add_check(value, &check->children[i]);
}

struct needed *needed_of(const struct profile *profile)
{
	struct needed *root = xcalloc(1, sizeof(*root));

	for (size_t i = 0; i < profile->n_requirements; i++) {
		add_check(root, &profile->requirements[i].check);
		if (profile->requirements[i].when)
			add_check(root, profile->requirements[i].when);
	}
	return root;
}

void needed_free(struct needed *needed)
{
	while (needed) {
		struct needed *next = needed->next;

		needed_free(needed->children);
		free(needed);
		needed = next;
	}
}

/* --- leaving away the rest --------------------------------------------------------------- */

struct scan {
	const char *at, *end; /* what is still to be read … */
	char *to;             /* … and where it goes */
};

static bool is_at(const struct scan *scan, char c)
{
	return scan->at < scan->end && *scan->at == c;
}

static void write_part(struct scan *scan, const char *from, const char *until)
{
	memcpy(scan->to, from, (size_t)(until - from));
	scan->to += until - from;
}

/* From its quote to behind its last; what is escaped is no end. */
static int skip_text(struct scan *scan)
{
	const char *at = scan->at + 1;

	for (; at < scan->end && *at != '"'; at++) {
		if (*at == '\\')
			at++;
	}
	if (at >= scan->end)
		return -EINVAL;
	scan->at = at + 1;
	return 0;
}

/* A number, true, false or null: parsing tells, where it is needed. */
static int skip_word(struct scan *scan)
{
	const char *begin = scan->at;

	while (scan->at < scan->end && !strchr(",:]}[{\" \t\r\n", *scan->at))
		scan->at++;
	return scan->at > begin ? 0 : -EINVAL;
}

/* To behind the value, whatever is in it. */
static int skip_value(struct scan *scan)
{
	char closing[DEPTH_MAX];
	size_t depth = 0;

	do {
		char c = '\0';

		if (scan->at < scan->end)
			c = *scan->at;
		if (c == '{' || c == '[') {
			if (depth == DEPTH_MAX)
				return -EINVAL;
			closing[depth] = '}';
			if (c == '[')
				closing[depth] = ']';
			depth++;
			scan->at++;
		} else if (depth > 0 && c == closing[depth - 1]) {
			depth--;
			scan->at++;
		} else if (depth > 0 && (c == ',' || c == ':')) {
			scan->at++;
		} else if (c == '"' ? skip_text(scan) < 0 : skip_word(scan) < 0) {
			return -EINVAL;
		}
	} while (depth > 0);
	return 0;
}

static int copy_value(struct scan *scan)
{
	const char *begin = scan->at;

	if (skip_value(scan) < 0)
		return -EINVAL;
	write_part(scan, begin, scan->at);
	return 0;
}

static int copy_needed(struct scan *scan, const struct needed *needed, size_t depth);

static int copy_list(struct scan *scan, const struct needed *needed, size_t depth)
{
	*scan->to++ = *scan->at++;
	if (!is_at(scan, ']')) {
		for (;;) {
			if (copy_needed(scan, needed, depth) < 0)
				return -EINVAL;
			if (!is_at(scan, ','))
				break;
			*scan->to++ = *scan->at++;
		}
	}
	if (!is_at(scan, ']'))
		return -EINVAL;
	*scan->to++ = *scan->at++;
	return 0;
}

struct name {
	const char *text; /* NULL: none yet */
	size_t len;
};

/* A member's name and its colon. Names with escapes are not sorted as they are written. */
static int read_name(struct scan *scan, struct name *name)
{
	struct name before = *name;
	const char *begin = scan->at;

	if (!is_at(scan, '"') || skip_text(scan) < 0 || !is_at(scan, ':'))
		return -EINVAL;
	*name = (struct name){ begin + 1, (size_t)(scan->at - begin) - 2 };
	scan->at++;
	if (memchr(name->text, '\\', name->len) ||
	    (before.text && compare_names(before.text, before.len, name->text, name->len) >= 0))
		return -EINVAL;
	return 0;
}

/*
 * One member; *@child is the first that may be it, since both lists ascend. 1: it is
 * "unknown", so the object stays whole.
 */
static int copy_member(struct scan *scan, const struct needed **child, struct name *name,
		       size_t depth)
{
	static const char unknown[] = "unknown";
	const char *begin = scan->at;
	int order = -1;

	if (read_name(scan, name) < 0)
		return -EINVAL;
	if (compare_names(name->text, name->len, unknown, sizeof(unknown) - 1) == 0)
		return 1;
	while (*child &&
	       (order = compare_names((*child)->name, (*child)->len, name->text, name->len)) < 0)
		*child = (*child)->next;
	if (!*child || order != 0)
		return skip_value(scan);
	if (scan->to[-1] != '{')
		*scan->to++ = ',';
	write_part(scan, begin, scan->at);
	return copy_needed(scan, *child, depth);
}

/* The members of an object up to its end; 1 or an error as of copy_member(). */
static int copy_members(struct scan *scan, const struct needed *needed, size_t depth)
{
	const struct needed *child = needed->children;
	struct name name = { NULL, 0 };
	int r;

	if (is_at(scan, '}'))
		return 0;
	while ((r = copy_member(scan, &child, &name, depth)) == 0 && is_at(scan, ','))
		scan->at++;
	return r;
}

static int copy_object(struct scan *scan, const struct needed *needed, size_t depth)
{
	const struct scan begin = *scan;
	int r;

	*scan->to++ = *scan->at++;
	r = copy_members(scan, needed, depth);
	if (r > 0) {
		*scan = begin;
		return copy_value(scan);
	}
	if (r < 0 || !is_at(scan, '}'))
		return -EINVAL;
	*scan->to++ = *scan->at++;
	return 0;
}

/* The items of a list are looked at like what has the list's name. */
static int copy_needed(struct scan *scan, const struct needed *needed, size_t depth)
{
	if (depth == DEPTH_MAX)
		return -EINVAL;
	if (needed->is_whole)
		return copy_value(scan);
	if (is_at(scan, '{'))
		return copy_object(scan, needed, depth + 1);
	if (is_at(scan, '['))
		return copy_list(scan, needed, depth + 1);
	return copy_value(scan);
}

int needed_text(const struct needed *needed, const char *text, size_t len, char *out,
		size_t *ret_len)
{
	struct scan scan = { text, text + len, out };

	if (copy_needed(&scan, needed, 0) < 0 || scan.at != scan.end)
		return -EINVAL;
	*ret_len = (size_t)(scan.to - out);
	return 0;
}
