/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/civil.h"
#include "common/base/text.h"
#include "common/eval/show.h"
#include "common/model/profile_check.h"

/*
 * "A, B and C". What ends in words of its own, "a pointer that is wired", has a comma before the
 * last as well, so that these are not read on.
 */
static const char *joint_at(size_t i, size_t n, const char *last)
{
	return i == 0 ? "" : i + 1 == n ? last : ", ";
}

/* What a row's days are compared with where every row is to be told. */
#define ANY_DAY INT32_MIN

static void show_check(FILE *out, const struct check *check, int32_t as_of);

/* A list's check that says something of its items. */
static bool is_list(const struct check *check)
{
	return check->op >= CHECK_ANY && check->op <= CHECK_COUNT && check->n_children > 0;
}

static void show_children(FILE *out, const struct check *check, const char *last, int32_t as_of)
{
	for (size_t i = 0; i < check->n_children; i++) {
		/* Brackets where "and" and "or" would meet. */
		bool is_nested = check->n_children > 1 && check->children[i].n_children > 1 &&
				 check->children[i].op <= CHECK_NONE_OF;

		if (i > 0 && i + 1 == check->n_children && is_list(&check->children[i - 1]))
			fputc(',', out);
		fputs(joint_at(i, check->n_children, last), out);
		fputs(is_nested ? "(" : "", out);
		show_check(out, &check->children[i], as_of);
		fputs(is_nested ? ")" : "", out);
	}
}

/* "14.0..", "34..35, except 34.1" in words: "14.0 or newer", "34 to 35, except 34.1". */
static void show_version_set(FILE *out, const char *set)
{
	/* Digits, dots, commas and "except": version_set_check() lets nothing else through. */
	for (const char *at = set; *at;) {
		size_t len = strcspn(at, ",");
		bool is_last = at[len] == '\0';
		const char *dots;

		while (len > 0 && *at == ' ')
			at++, len--;
		dots = memmem(at, len, "..", 2);
		if (!dots)
			fprintf(out, "%.*s", (int)len, at);
		else if (dots + 2 == at + len)
			fprintf(out, "%.*s or newer", (int)len - 2, at);
		else
			fprintf(out, "%.*s to %.*s", (int)(dots - at), at,
				(int)(at + len - dots) - 2, dots + 2);
		at += len;
		if (is_last)
			return;
		at++;
		/* "20.04, 22.04 or 24.04"; what is taken out is not one of them. */
		fputs(strchr(at, ',') || strstr(at, "except") ? ", " : " or ", out);
	}
}

static void show_row_key(FILE *out, const char *key, const json_t *value)
{
	const char *text = json_string_value(value);

	if (json_is_boolean(value)) {
		show_flag(out, key, json_is_true(value));
	} else if (text && text_starts(key, "version")) {
		show_version_set(out, text);
	} else {
		/* A text speaks for itself: "ubuntu". */
		if (!text) {
			show_name(out, key);
			fputc(' ', out);
		}
		show_value(out, key, value);
	}
}

static void show_row(FILE *out, const struct profile_row *row)
{
	const json_t *except = json_object_get(row->keys, "except");
	char day[CIVIL_WORDS_SIZE];
	const char *key;
	json_t *value;
	size_t i;

	json_object_foreach ((json_t *)row->keys, key, value) {
		if (profile_row_key_is_reserved(key))
			continue;
		fputc(' ', out);
		show_row_key(out, key, value);
	}
	json_array_foreach ((json_t *)except, i, value) {
		fputs(i == 0 ? " except " : ", ", out);
		show_version_set(out, json_string_value(value));
	}
	if (row->from != INT32_MIN)
		fprintf(out, " from %s", civil_words(row->from, day));
	if (row->until != INT32_MAX)
		fprintf(out, " until %s", civil_words(row->until, day));
}

static bool row_is_told(const struct profile_row *row, int32_t as_of)
{
	return row->tier != TIER_UNSUPPORTED &&
	       (as_of == ANY_DAY || (as_of >= row->from && as_of <= row->until));
}

static bool any_row_is_told(const struct profile_table *table, int32_t as_of)
{
	for (size_t i = 0; i < table->n_rows; i++) {
		if (row_is_told(&table->rows[i], as_of))
			return true;
	}
	return false;
}

static void show_table(FILE *out, const struct check *check, int32_t as_of)
{
	bool is_first = true;

	/* Where nothing holds on the day, the days of what there is say why. */
	if (!any_row_is_told(check->table, as_of))
		as_of = ANY_DAY;
	if (!any_row_is_told(check->table, as_of)) {
		fputs("another ", out);
		show_name(out, check->fact_path);
		fputs(", as none of the kinds that are listed is supported", out);
		return;
	}
	show_name(out, check->fact_path);
	for (size_t i = 0; i < check->table->n_rows; i++) {
		if (!row_is_told(&check->table->rows[i], as_of))
			continue;
		fputs(is_first ? "" : ", or", out);
		show_row(out, &check->table->rows[i]);
		is_first = false;
	}
}

static bool is_flag(const struct check *check)
{
	return check->op == CHECK_IS && json_is_boolean(check->operand);
}

/* A text of a list is what it is compared with: "a font that is Verdana". */
static bool is_of_texts(const struct check *list)
{
	return !list->fact->members;
}

/* Whether all that @check asks is flags, "wired" and "able to play": those a thing is, not has. */
static bool is_of_flags(const struct check *check)
{
	for (size_t i = 0; i < check->n_children; i++) {
		if (!is_flag(&check->children[i]))
			return false;
	}
	return check->n_children > 0 ? check->op < CHECK_NONE_OF : is_flag(check);
}

static void show_article(FILE *out, const char *path)
{
	char *name = NULL;
	size_t size;
	FILE *part = open_memstream(&name, &size);

	if (!part)
		abort();
	show_name(part, path);
	fclose(part);
	fprintf(out, "%s %s", name[0] && strchr("aeiou", name[0]) ? "an" : "a", name);
	free(name);
}

/* How many: "a screen", "at least 2 screens", "no screen". */
static void show_amount(FILE *out, const struct check *check)
{
	int64_t n = check->least;
	bool is_open = check->most == FACTS_LIST_MAX;

	if (check->op == CHECK_ANY || (check->op == CHECK_COUNT && is_open && n == 1)) {
		show_article(out, check->fact_path);
		return;
	}
	if (check->op == CHECK_EVERY || check->most == 0) {
		fputs(check->op == CHECK_EVERY ? "every " : "no ", out);
		n = 1;
	} else if (is_open) {
		fprintf(out, "at least %" PRId64 " ", n);
	} else if (n > 0) {
		fprintf(out, "%" PRId64 " to %" PRId64 " ", n, check->most);
		n = check->most;
	} else {
		fprintf(out, "at most %" PRId64 " ", check->most);
		n = check->most;
	}
	if (n == 1)
		show_name(out, check->fact_path);
	else
		show_plural(out, check->fact_path);
}

static void show_list(FILE *out, const struct check *check, int32_t as_of)
{
	/* "every keyboard to be wired", "at least 2 screens that are in use", "a screen with …" */
	bool is_many = check->op == CHECK_COUNT && check->most > 1 && check->least != 1;

	show_amount(out, check);
	if (check->n_children == 0)
		return;
	if (is_of_texts(check) || is_of_flags(check->children))
		fputs(check->op == CHECK_EVERY ? " to be "
		      : is_many                ? " that are "
					       : " that is ",
		      out);
	else
		fputs(check->op == CHECK_EVERY ? " to have " : " with ", out);
	show_check(out, check->children, as_of);
}

static void show_one_of(FILE *out, const struct check *check)
{
	size_t n = json_array_size(check->operand);

	for (size_t i = 0; i < n; i++) {
		fputs(joint_at(i, n, " or "), out);
		show_value(out, check->fact_path, json_array_get(check->operand, i));
	}
}

static void show_comparison(FILE *out, const struct check *check)
{
	if (is_flag(check)) {
		show_flag(out, check->fact_path, json_is_true(check->operand));
		return;
	}
	if (strcmp(check->fact_path, ".") != 0) {
		show_name(out, check->fact_path);
		fputc(' ', out);
	}
	switch (check->op) {
	case CHECK_IS:
		show_value(out, check->fact_path, check->operand);
		break;
	case CHECK_IS_ONE_OF:
		show_one_of(out, check);
		break;
	case CHECK_AT_LEAST:
		fputs("at least ", out);
		show_number(out, check->fact_path, check->least);
		break;
	case CHECK_AT_MOST:
		fputs("at most ", out);
		show_number(out, check->fact_path, check->most);
		break;
	case CHECK_VERSION_AT_LEAST:
		show_text(out, check->text);
		fputs(" or newer", out);
		break;
	case CHECK_VERSION_IN:
		show_version_set(out, check->text);
		break;
	default:
		fputs("like ", out);
		show_text(out, check->text);
		break;
	}
}

/* "connection other than virtual", where one value alone is not wanted. */
static void show_none(FILE *out, const struct check *check, int32_t as_of)
{
	const struct check *child = check->children;

	if (check->n_children == 1 && child->op == CHECK_IS && !is_flag(child) &&
	    strcmp(child->fact_path, ".") != 0) {
		show_name(out, child->fact_path);
		fputs(" other than ", out);
		show_value(out, child->fact_path, child->operand);
		return;
	}
	fputs("anything but ", out);
	show_children(out, check, " or ", as_of);
}

static void show_check(FILE *out, const struct check *check, int32_t as_of)
{
	switch (check->op) {
	case CHECK_ALL_OF:
		show_children(out, check, " and ", as_of);
		break;
	case CHECK_ANY_OF:
		show_children(out, check, " or ", as_of);
		break;
	case CHECK_NONE_OF:
		show_none(out, check, as_of);
		break;
	case CHECK_ANY:
	case CHECK_EVERY:
	case CHECK_COUNT:
		show_list(out, check, as_of);
		break;
	case CHECK_IN_TABLE:
		show_table(out, check, as_of);
		break;
	default:
		show_comparison(out, check);
		break;
	}
}

void show_expected(FILE *out, const struct check *check)
{
	show_check(out, check, ANY_DAY);
}

void show_needed(FILE *out, const struct check *check, int32_t as_of)
{
	show_check(out, check, as_of);
}
