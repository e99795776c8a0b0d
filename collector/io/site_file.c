/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "collector/io/seen.h"
#include "collector/io/site_file.h"
#include "common/base/civil.h"
#include "common/base/mem.h"
#include "common/base/text.h"
#include "common/model/document.h"
#include "common/model/profile.h"

enum {
	CODE_MAX = 32,
	NAME_MAX_BYTES = 255,
	WORD_MAX = 64,
	DEPTH_MAX = 8,
};

/* Kinds of names that may come only once. */
enum kind {
	KIND_SITE,
	KIND_WINDOW,
	KIND_LEA,
	KIND_LEA_AND_NAME,
};

struct reader {
	struct problems *problems;
	struct seen seen;
	const struct node *sites;
	unsigned n; /* which site is read, from 1 */
};

/* --- one value; each notes what is wrong with it and goes on -------------------- */

static void note(struct reader *reader, int r, const struct err *err)
{
	if (r < 0)
		problems_add(reader->problems, "%s", err->text);
}

static const char *read_text(struct reader *reader, const struct node *parent, const char *name,
			     size_t max)
{
	struct node node = node_member(parent, name);
	_cleanup_free_ char *clean = NULL;
	const char *text = "";
	struct err err;
	int r = node_text(&node, max, &text, &err);

	if (r >= 0) {
		clean = text_clean(text, strlen(text), max);
		if (strcmp(clean, text) != 0)
			r = node_error(&node, &err,
				       "begins or ends with a space, or has a character that "
				       "cannot be seen");
		else if (!text[0])
			r = node_error(&node, &err, "empty");
	}
	note(reader, r, &err);
	return text;
}

/* A code of ours or the state's: what can stand in a URL as it is. */
static const char *read_code(struct reader *reader, const struct node *parent, const char *name,
			     size_t max)
{
	struct node node = node_member(parent, name);
	size_t before = reader->problems->n;
	const char *text = read_text(reader, parent, name, max);
	struct err err;

	if (reader->problems->n == before &&
	    strspn(text, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz._-") !=
		    strlen(text))
		note(reader,
		     node_error(&node, &err, "'%s' may have only letters, digits and . _ -", text),
		     &err);
	return text;
}

static int32_t read_day(struct reader *reader, const struct node *parent, const char *name)
{
	struct node node = node_member(parent, name);
	struct err err, why;
	const char *text;
	int32_t day = 0;
	int r = node_text(&node, CIVIL_TEXT_SIZE, &text, &err);

	if (r >= 0 && civil_parse(text, &day, &why) < 0)
		r = node_error(&node, &err, "%s", why.text);
	note(reader, r, &err);
	return day;
}

static void check_object(struct reader *reader, const struct node *node, const char *const *members)
{
	struct err err;

	note(reader, node_object(node, members, &err), &err);
}

/*
 * The line of the site that had @name before, 0 if none had. Noted is which site it
 * was: looking for its line walks the file, so only when there is something to say.
 */
static unsigned line_before(struct reader *reader, enum kind kind, const char *name)
{
	unsigned was = seen_add(&reader->seen, kind, name, reader->n);
	struct node site;
	unsigned line, column;

	if (was == 0)
		return 0;
	site = node_item(reader->sites, was - 1);
	node_locate(&site, &line, &column);
	return line;
}

static void check_twice(struct reader *reader, const struct node *parent, const char *name,
			enum kind kind, const char *text)
{
	struct node node = node_member(parent, name);
	unsigned line = line_before(reader, kind, text);
	struct err err;

	if (line > 0)
		note(reader,
		     node_error(&node, &err, "the site on line %u has '%s' too", line, text), &err);
}

/* --- a site --------------------------------------------------------------------- */

static void read_window(struct reader *reader, const struct node *site, struct window *window)
{
	static const char *const members[] = { "id",   "programme", "track", "first",
					       "last", "profile",   NULL };
	struct node node = node_member(site, "window");
	size_t before = reader->problems->n;
	struct err err;

	check_object(reader, &node, members);
	/* What is no object has no members to find fault with. */
	if (!json_is_object(node.value))
		return;
	window->id = read_code(reader, &node, "id", WORD_MAX);
	window->programme = read_text(reader, &node, "programme", WORD_MAX);
	window->track = json_string_length(json_object_get(node.value, "track")) > 0
				? read_text(reader, &node, "track", WORD_MAX)
				: "";
	if (strchr(window->track, ';')) {
		struct node track = node_member(&node, "track");

		note(reader, node_error(&track, &err, "a track has no ; in its name"), &err);
	}
	window->profile_id = read_code(reader, &node, "profile", PROFILE_ID_MAX);
	window->first = read_day(reader, &node, "first");
	window->last = read_day(reader, &node, "last");
	if (reader->problems->n > before)
		return;
	check_twice(reader, &node, "id", KIND_WINDOW, window->id);
	if (window->last < window->first) {
		struct node last = node_member(&node, "last");

		note(reader, node_error(&last, &err, "the window ends before it begins"), &err);
	}
}

/* One LEA has one name, or importing a file twice would change it twice. */
static void check_lea(struct reader *reader, const struct node *node, const struct site_row *row)
{
	_cleanup_free_ char *whole = xasprintf("%s %s", row->lea_code, row->lea_name);
	bool is_known = seen_add(&reader->seen, KIND_LEA_AND_NAME, whole, reader->n) > 0;
	unsigned line = is_known ? 0 : line_before(reader, KIND_LEA, row->lea_code);
	struct err err;

	if (line > 0)
		note(reader,
		     node_error(node, &err, "%s has another name on line %u", row->lea_code, line),
		     &err);
}

static void read_lea(struct reader *reader, const struct node *site, struct site_row *row)
{
	static const char *const members[] = { "code", "name", NULL };
	struct node node = node_member(site, "lea");
	size_t before = reader->problems->n;

	check_object(reader, &node, members);
	if (!json_is_object(node.value))
		return;
	row->lea_code = read_code(reader, &node, "code", CODE_MAX);
	row->lea_name = read_text(reader, &node, "name", NAME_MAX_BYTES);
	if (reader->problems->n == before)
		check_lea(reader, &node, row);
}

static void read_zone(struct reader *reader, const struct node *site, struct site_row *row)
{
	struct node node = node_member(site, "zone");
	size_t before = reader->problems->n;
	struct err err;

	row->zone = read_text(reader, site, "zone", WORD_MAX);
	if (reader->problems->n == before &&
	    strspn(row->zone, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
			      "0123456789+-_/") != strlen(row->zone))
		note(reader,
		     node_error(&node, &err, "'%s' is no time zone, such as America/Los_Angeles",
				row->zone),
		     &err);
}

static void read_site(struct reader *reader, const struct node *node, struct site_row *row)
{
	static const char *const members[] = { "code", "name", "lea", "zone", "window", NULL };
	size_t before = reader->problems->n;

	check_object(reader, node, members);
	if (!json_is_object(node->value))
		return;
	row->code = read_code(reader, node, "code", CODE_MAX);
	if (reader->problems->n == before)
		check_twice(reader, node, "code", KIND_SITE, row->code);
	row->name = read_text(reader, node, "name", NAME_MAX_BYTES);
	read_lea(reader, node, row);
	if (json_object_get(node->value, "zone"))
		read_zone(reader, node, row);
	row->has_window = json_object_get(node->value, "window") != NULL;
	if (row->has_window)
		read_window(reader, node, &row->window);
}

void site_file_read(const char *text, size_t len, const char *file, struct problems *problems,
		    struct site_file *ret_file)
{
	static const char *const members[] = { "sites", NULL };
	static const struct document_limits limits = { SITE_FILE_BYTES_MAX, DEPTH_MAX };
	struct reader reader = { .problems = problems };
	struct node root = { .key = "", .source = text, .file = file };
	struct node sites;
	struct err err;

	*ret_file = (struct site_file){ .text = text };
	if (document_parse(text, len, &limits, &ret_file->json, &err) < 0) {
		problems_add(problems, "%s:%s", file, err.text);
		return;
	}
	root.value = ret_file->json;
	check_object(&reader, &root, members);
	sites = node_member(&root, "sites");
	if (!json_is_object(root.value))
		return;
	if (node_list(&sites, SITE_FILE_SITES_MAX, &ret_file->n_rows, &err) < 0) {
		problems_add(problems, "%s", err.text);
		return;
	}
	reader.sites = &sites;
	ret_file->rows = xcalloc(ret_file->n_rows + 1, sizeof(*ret_file->rows));
	for (size_t i = 0; i < ret_file->n_rows; i++) {
		struct node site = node_item(&sites, i);

		reader.n = (unsigned)i + 1;
		read_site(&reader, &site, &ret_file->rows[i]);
	}
	seen_done(&reader.seen);
}

void site_file_locate(const struct site_file *file, size_t index, unsigned *ret_line,
		      unsigned *ret_column)
{
	struct node root = { .value = file->json, .key = "", .source = file->text };
	struct node sites = node_member(&root, "sites");
	struct node site = node_item(&sites, index);

	node_locate(&site, ret_line, ret_column);
}

void site_file_done(struct site_file *file)
{
	free(file->rows);
	json_decref(file->json);
	*file = (struct site_file){ 0 };
}
