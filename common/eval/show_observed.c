/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/civil.h"
#include "common/eval/lookup.h"
#include "common/eval/show.h"
#include "common/model/profile_check.h"

enum {
	ITEMS_MAX = 4,  /* of a list are spoken of; the rest is a number */
	NAMES_MAX = 16, /* members of an item */
};

/* The members of a list's items that a check speaks of, each once. */
struct names {
	const char *names[NAMES_MAX];
	size_t n;
};

static bool names_have(const struct names *names, const char *name)
{
	for (size_t i = 0; i < names->n; i++) {
		if (strcmp(names->names[i], name) == 0)
			return true;
	}
	return false;
}

static void names_add(struct names *names, const char *name)
{
	if (!names_have(names, name) && names->n < NAMES_MAX)
		names->names[names->n++] = name;
}

static void names_collect(struct names *names, const struct check *check)
{
	if (check->op > CHECK_NONE_OF) {
		names_add(names, check->fact_path);
		return;
	}
	for (size_t i = 0; i < check->n_children; i++)
		names_collect(names, &check->children[i]);
}

/* Whether the next member is unknown for the same reason: it is told once. */
static bool next_is_alike(const struct names *names, size_t i, const json_t *item, const char *why)
{
	const char *next_why;

	return i + 1 < names->n && !lookup(item, names->names[i + 1], &next_why) &&
	       strcmp(why, next_why) == 0;
}

/* Whether the member why_not of an item says why its member @name is false. */
static bool has_reason(const char *name)
{
	return strcmp(name, "launchable") == 0 || strcmp(name, "reachable") == 0;
}

/* @before and a reason or evidence in brackets. */
static void show_aside(FILE *out, const char *before, const char *text)
{
	fprintf(out, "%s(", before);
	show_text(out, text);
	fputc(')', out);
}

static void show_member(FILE *out, const struct names *names, size_t i, const json_t *item,
			bool is_name)
{
	const json_t *why_not = json_object_get(item, "why_not");
	const char *name = names->names[i], *why;
	const json_t *value = lookup(item, name, &why);

	if (json_is_boolean(value)) {
		show_flag(out, name, json_is_true(value));
		/* An item may bring the reason for what it cannot do. */
		if (json_is_false(value) && has_reason(name) && json_string_length(why_not) > 0)
			show_aside(out, " ", json_string_value(why_not));
		return;
	}
	if (!value) {
		show_name(out, name);
		if (!next_is_alike(names, i, item, why))
			show_aside(out, " unknown ", why);
		return;
	}
	/* A name speaks for itself. */
	if (!is_name) {
		show_name(out, name);
		fputc(' ', out);
	}
	show_value(out, name, value);
}

/*
 * @has_name: the first of @names is what the item is called by. Nothing is asked of it unless
 * @is_asked, so where it is not known the item is told by the rest.
 */
static void show_item(FILE *out, const struct names *names, const json_t *item, bool has_name,
		      bool is_asked)
{
	bool is_first = true;

	if (fact_unknown_reason(item) || !json_is_object(item)) {
		show_value(out, "", item);
		return;
	}
	for (size_t i = 0; i < names->n; i++) {
		if (i == 0 && has_name && !is_asked && !lookup(item, names->names[0], NULL)) {
			fputs(names->n == 1 ? "one without a name" : "", out);
			continue;
		}
		fputs(is_first ? "" : ", ", out);
		show_member(out, names, i, item, has_name && i == 0);
		is_first = false;
	}
}

/* Whether @item is one that @check, over its list, is about: it holds, or for `every` does not. */
static bool is_of_interest(const struct check *check, const json_t *item, int32_t as_of)
{
	enum result result;

	if (check->n_children == 0)
		return true;
	result = evaluate_check(check->children, item, as_of);
	return check->op == CHECK_EVERY ? result != RESULT_PASS : result == RESULT_PASS;
}

/* What of @list there is to speak of: where no item is the one looked for, all are the answer. */
static size_t count_of_interest(const struct check *check, const json_t *list, int32_t as_of)
{
	size_t n = 0, i;
	json_t *item;

	json_array_foreach ((json_t *)list, i, item)
		n += is_of_interest(check, item, as_of);
	return n;
}

static void show_items(FILE *out, const struct check *check, const json_t *list, int32_t as_of)
{
	bool is_any = count_of_interest(check, list, as_of) > 0;
	struct names names = { 0 }, asked = { 0 };
	size_t n_shown = 0, i;
	json_t *item;

	if (check->fact->members && check->fact->members[0].name)
		names_add(&names, check->fact->members[0].name);
	if (check->n_children > 0) {
		names_collect(&names, check->children);
		names_collect(&asked, check->children);
	}

	json_array_foreach ((json_t *)list, i, item) {
		if (is_any && !is_of_interest(check, item, as_of))
			continue;
		if (n_shown++ == ITEMS_MAX)
			break;
		fputs(n_shown == 1 ? "" : "; ", out);
		show_item(out, &names, item, true, names_have(&asked, names.names[0]));
	}
	if (n_shown > ITEMS_MAX)
		fputs("; and more", out);
}

static void show_found(FILE *out, const struct check *check, const json_t *list, int32_t as_of)
{
	size_t n = count_of_interest(check, list, as_of);

	if (json_array_size(list) == 0) {
		fputs("no ", out);
		show_name(out, check->fact_path);
		return;
	}
	if (n == 1 || json_array_size(list) == 1)
		show_name(out, check->fact_path);
	else
		show_plural(out, check->fact_path);
	fputs(": ", out);
	show_items(out, check, list, as_of);
}

static void show_list(FILE *out, const struct check *check, const json_t *list, int32_t as_of)
{
	json_t *items = lookup_items(check, list);

	show_found(out, check, items, as_of);
	json_decref(items);
}

/* What the rows of the table compare, and what the row that fits says of its time. */
static void show_object(FILE *out, const struct check *check, const json_t *object, int32_t as_of)
{
	const struct profile_row *row = evaluate_row(check, object, as_of);
	struct names names = { 0 };
	char day[CIVIL_WORDS_SIZE], needed[CIVIL_WORDS_SIZE];

	for (size_t i = 0; i < check->table->n_rows; i++) {
		const char *key;
		json_t *value;
		bool is_version;

		json_object_foreach ((json_t *)check->table->rows[i].keys, key, value) {
			const struct fact *fact = profile_row_fact(check->fact, key, &is_version);

			if (fact)
				names_add(&names, fact->name);
		}
	}
	show_name(out, check->fact_path);
	fputc(' ', out);
	show_item(out, &names, object, names.n > 0 && strcmp(names.names[0], "id") == 0, true);
	if (row && as_of > row->until)
		fprintf(out, ", which leaves support on %s, before %s, the day that is judged for",
			civil_words(row->until, day), civil_words(as_of, needed));
	if (row && as_of < row->from)
		fprintf(out,
			", which is supported only from %s, after %s, the day that is judged for",
			civil_words(row->from, day), civil_words(as_of, needed));
	if (row && row->note[0])
		show_aside(out, " ", row->note);
}

/* "headphones present (USB headset Logitech H340)": a fact may bring its evidence. */
static void show_scalar(FILE *out, const struct check *check, const json_t *within,
			const json_t *value)
{
	char path[256];
	const char *evidence;

	if (json_is_boolean(value)) {
		show_flag(out, check->fact_path, json_is_true(value));
		return;
	}
	show_name(out, check->fact_path);
	fputc(' ', out);
	show_value(out, check->fact_path, value);
	if ((size_t)snprintf(path, sizeof(path), "%s_evidence", check->fact_path) >= sizeof(path))
		return;
	evidence = json_string_value(lookup(within, path, NULL));
	if (evidence && evidence[0])
		show_aside(out, " ", evidence);
}

static void show_children(FILE *out, const struct check *check, const json_t *facts, int32_t as_of)
{
	char *parts[64] = { 0 };
	size_t n = 0;

	/* Two comparisons of one fact have been looked at in one place: say it once. */
	for (size_t i = 0; i < check->n_children && n < ARRAY_SIZE(parts); i++) {
		size_t size;
		FILE *part = open_memstream(&parts[n], &size);
		bool is_said = false;

		if (!part)
			abort();
		show_observed(part, &check->children[i], facts, as_of);
		fclose(part);
		for (size_t j = 0; j < n; j++)
			is_said |= strcmp(parts[j], parts[n]) == 0;
		if (is_said) {
			free(parts[n]);
			parts[n] = NULL;
			continue;
		}
		fprintf(out, "%s%s", n == 0 ? "" : "; ", parts[n]);
		n++;
	}
	for (size_t j = 0; j < n; j++)
		free(parts[j]);
}

void show_observed(FILE *out, const struct check *check, const json_t *facts, int32_t as_of)
{
	const json_t *value;
	const char *why;

	if (check->op <= CHECK_NONE_OF) {
		show_children(out, check, facts, as_of);
		return;
	}
	value = lookup(facts, check->fact_path, &why);
	if (!value) {
		show_name(out, check->fact_path);
		show_aside(out, " unknown ", why);
	} else if (check->op <= CHECK_COUNT) {
		show_list(out, check, value, as_of);
	} else if (check->op == CHECK_IN_TABLE) {
		show_object(out, check, value, as_of);
	} else {
		show_scalar(out, check, facts, value);
	}
}
