/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <string.h>

#include "common/base/civil.h"
#include "common/base/text.h"
#include "common/eval/show.h"
#include "common/model/profile_check.h"

static void show_children(FILE *out, const struct check *check, const char *joint)
{
	for (size_t i = 0; i < check->n_children; i++) {
		/* Brackets where "and" and "or" would meet. */
		bool is_nested = check->n_children > 1 && check->children[i].n_children > 1 &&
				 check->children[i].op <= CHECK_NONE_OF;

		fputs(i == 0 ? "" : joint, out);
		fputs(is_nested ? "(" : "", out);
		show_expected(out, &check->children[i]);
		fputs(is_nested ? ")" : "", out);
	}
}

static void show_row(FILE *out, const struct profile_row *row)
{
	char day[CIVIL_TEXT_SIZE];
	const char *key;
	json_t *value;
	bool is_first = true;

	json_object_foreach ((json_t *)row->keys, key, value) {
		if (profile_row_key_is_reserved(key))
			continue;
		fputs(is_first ? "" : " ", out);
		show_value(out, key, value);
		is_first = false;
	}
	if (row->from != INT32_MIN)
		fprintf(out, " from %s", civil_text(row->from, day));
	if (row->until != INT32_MAX)
		fprintf(out, " until %s", civil_text(row->until, day));
}

static void show_table(FILE *out, const struct check *check)
{
	bool is_first = true;

	show_name(out, check->fact_path);
	for (size_t i = 0; i < check->table->n_rows; i++) {
		if (check->table->rows[i].tier == TIER_UNSUPPORTED)
			continue;
		fputs(is_first ? " one of " : ", ", out);
		show_row(out, &check->table->rows[i]);
		is_first = false;
	}
	if (is_first)
		fputs(" of a supported kind, which there is none of", out);
}

static void show_list(FILE *out, const struct check *check)
{
	int64_t n = check->least;

	if (check->op == CHECK_ANY) {
		fputs("a ", out);
		n = 1;
	} else if (check->op == CHECK_EVERY) {
		fputs("every ", out);
		n = 1;
	} else if (check->most == FACTS_LIST_MAX) {
		fprintf(out, "at least %" PRId64 " ", check->least);
	} else if (check->most == 0) {
		fputs("no ", out);
		n = 1;
	} else if (check->least > 0) {
		fprintf(out, "%" PRId64 " to %" PRId64 " ", check->least, check->most);
	} else {
		fprintf(out, "at most %" PRId64 " ", check->most);
		n = check->most;
	}
	if (n == 1)
		show_name(out, check->fact_path);
	else
		show_plural(out, check->fact_path);
	if (check->n_children == 0)
		return;
	fputs(" with ", out);
	show_expected(out, check->children);
}

static void show_version_set(FILE *out, const char *set)
{
	size_t n = strlen(set);

	/* "14.0..", the usual case, in words. */
	if (text_ends(set, "..") && !strchr(set, ','))
		fprintf(out, "%.*s or newer", (int)n - 2, set);
	else
		fputs(set, out);
}

static void show_one_of(FILE *out, const struct check *check)
{
	size_t n = json_array_size(check->operand);

	for (size_t i = 0; i < n; i++) {
		fputs(i == 0 ? "" : i + 1 == n ? " or " : ", ", out);
		show_value(out, check->fact_path, json_array_get(check->operand, i));
	}
}

static void show_comparison(FILE *out, const struct check *check)
{
	show_name(out, strcmp(check->fact_path, ".") == 0 ? "it" : check->fact_path);
	fputc(' ', out);
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
		fprintf(out, "%s or newer", check->text);
		break;
	case CHECK_VERSION_IN:
		show_version_set(out, check->text);
		break;
	default:
		fprintf(out, "like %s", check->text);
		break;
	}
}

void show_expected(FILE *out, const struct check *check)
{
	switch (check->op) {
	case CHECK_ALL_OF:
		show_children(out, check, " and ");
		break;
	case CHECK_ANY_OF:
		show_children(out, check, " or ");
		break;
	case CHECK_NONE_OF:
		fputs("not: ", out);
		show_children(out, check, ", nor ");
		break;
	case CHECK_ANY:
	case CHECK_EVERY:
	case CHECK_COUNT:
		show_list(out, check);
		break;
	case CHECK_IN_TABLE:
		show_table(out, check);
		break;
	default:
		show_comparison(out, check);
		break;
	}
}
