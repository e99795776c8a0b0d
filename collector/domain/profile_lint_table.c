/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tables that nobody uses, and rows that say nothing or speak against each other.
 *
 * Rows are compared by judging: an object that one row was written for is tried on the other.
 */
#include <stdlib.h>
#include <string.h>

#include "collector/domain/check_sample.h"
#include "collector/domain/profile_lint_part.h"
#include "common/base/civil.h"
#include "common/base/mem.h"
#include "common/eval/evaluate.h"
#include "common/model/profile_check.h"

/* How many pairs of rows are compared, and how many version sets of a pair. */
enum {
	PAIRS_MAX = 20000,
	SETS_MAX = 64,
};

/* A check in @check that asks @table; NULL: none does. */
static const struct check *find_use(const struct check *check, const struct profile_table *table)
{
	if (check->table == table)
		return check;
	for (size_t i = 0; i < check->n_children; i++) {
		const struct check *use = find_use(&check->children[i], table);

		if (use)
			return use;
	}
	return NULL;
}

static const struct check *find_user(const struct profile *profile,
				     const struct profile_table *table)
{
	const struct check *use = NULL;

	for (size_t i = 0; !use && i < profile->n_requirements; i++) {
		const struct requirement *requirement = &profile->requirements[i];

		use = find_use(&requirement->check, table);
		if (!use && requirement->when)
			use = find_use(requirement->when, table);
	}
	return use;
}

/* Whether @object is surely one of the row's, whatever the day and the tier. */
static bool row_has(const struct check *use, const struct profile_row *row, const json_t *object)
{
	struct profile_row open = { row->keys, TIER_FULL, INT32_MIN, INT32_MAX, "" };
	const struct profile_table table = { "", &open, 1 };
	const struct check check = {
		.op = CHECK_IN_TABLE, .fact_path = ".", .fact = use->fact, .table = &table
	};

	return evaluate_check(&check, object, 0) == RESULT_PASS;
}

/* Two rows, side by side. */
struct pair {
	const struct check *use;
	const struct profile_row *rows[2];
	const char *sets[SETS_MAX];
	size_t n_sets;
	json_t *object; /* of the keys of both but versions, owned; NULL: they differ in one */
	const char *version_member;
};

static void add_set(struct pair *pair, const json_t *set)
{
	if (pair->n_sets < SETS_MAX)
		pair->sets[pair->n_sets++] = json_string_value(set);
}

/* False: @row asks for another value than the other one did. */
static bool add_row(struct pair *pair, const struct profile_row *row)
{
	const json_t *except = json_object_get(row->keys, "except");
	const char *key;
	json_t *value;
	size_t i;

	json_object_foreach ((json_t *)row->keys, key, value) {
		bool is_version = false;
		const struct fact *member = profile_row_fact(pair->use->fact, key, &is_version);
		const json_t *was = member ? json_object_get(pair->object, member->name) : NULL;

		if (!member)
			continue;
		if (is_version) {
			add_set(pair, value);
			pair->version_member = member->name;
		} else if (was && !json_equal((json_t *)was, value)) {
			return false;
		} else {
			json_object_set(pair->object, member->name, value);
		}
	}
	json_array_foreach ((json_t *)except, i, value)
		add_set(pair, value);
	return true;
}

/* What the rows of a pair have in common. */
struct overlap {
	bool meet;   /* something is of both */
	bool has[2]; /* all that is of the other one is of this one */
	bool is_certain;
};

static void try_object(const struct pair *pair, struct overlap *overlap)
{
	bool is_in[2];

	for (size_t i = 0; i < 2; i++)
		is_in[i] = row_has(pair->use, pair->rows[i], pair->object);
	overlap->meet |= is_in[0] && is_in[1];
	overlap->has[0] &= is_in[0] || !is_in[1];
	overlap->has[1] &= is_in[1] || !is_in[0];
}

/* Whether every key of @row but versions is one of @other's: it asks for no more. */
static bool asks_no_more(const struct pair *pair, const struct profile_row *row,
			 const struct profile_row *other)
{
	const char *key;
	json_t *value;

	json_object_foreach ((json_t *)row->keys, key, value) {
		bool is_version = false;

		if (profile_row_fact(pair->use->fact, key, &is_version) && !is_version &&
		    !json_object_get(other->keys, key))
			return false;
	}
	return true;
}

static struct overlap compare_rows(const struct check *use, const struct profile_row *a,
				   const struct profile_row *b)
{
	struct pair pair = { .use = use, .rows = { a, b }, .object = json_object() };
	struct overlap overlap = { .is_certain = true };
	json_t *versions, *version;
	size_t i;

	if (!add_row(&pair, a) || !add_row(&pair, b)) {
		json_decref(pair.object);
		return overlap;
	}
	overlap.has[0] = asks_no_more(&pair, a, b);
	overlap.has[1] = asks_no_more(&pair, b, a);
	versions = sample_versions(pair.sets, pair.n_sets, &overlap.is_certain);
	overlap.is_certain &= pair.n_sets < SETS_MAX;
	json_array_foreach (versions, i, version) {
		if (pair.version_member)
			json_object_set(pair.object, pair.version_member, version);
		try_object(&pair, &overlap);
	}
	json_decref(versions);
	json_decref(pair.object);
	return overlap;
}

static bool is_supported(const struct profile_row *row)
{
	return row->tier != TIER_UNSUPPORTED;
}

static bool holds_alike(const struct profile_row *a, const struct profile_row *b)
{
	return a->tier == b->tier && a->from == b->from && a->until == b->until;
}

static bool days_meet(const struct profile_row *a, const struct profile_row *b)
{
	return a->from <= b->until && b->from <= a->until;
}

/* Row @j against row @i before it. Returns whether something was found. */
static bool lint_pair(struct linter *linter, const struct check *use, const struct node *table,
		      size_t i, size_t j)
{
	const struct profile_row *a = &use->table->rows[i], *b = &use->table->rows[j];
	struct overlap overlap = compare_rows(use, a, b);
	struct node first = node_item(table, i), second = node_item(table, j);

	/* Of two that never hold, what one says more is only its note. */
	if (!overlap.meet || !overlap.is_certain || !days_meet(a, b) ||
	    (!is_supported(a) && !is_supported(b)))
		return false;
	if (is_supported(a) != is_supported(b))
		lint_say(linter, LINT_WARNING, is_supported(a) ? &second : &first,
			 "row %zu supports something of this, and rows are alternatives: one that "
			 "holds is enough; take it out of that one, if it is unsupported",
			 is_supported(a) ? i : j);
	else if (!holds_alike(a, b))
		lint_say(linter, LINT_WARNING, &second,
			 "row %zu is of the same, in part at least, with another tier or other "
			 "days, and the one that holds longer decides: let each version be in one "
			 "row",
			 i);
	else if (overlap.has[0] || overlap.has[1])
		lint_say(linter, LINT_WARNING, overlap.has[0] ? &second : &first,
			 "row %zu says this already: leave it out", overlap.has[0] ? i : j);
	else
		return false;
	return true;
}

static void lint_row(struct linter *linter, const struct check *use, const struct node *row_node,
		     const struct profile_row *row)
{
	struct node from = node_member(row_node, "from");
	int32_t last = linter->profile->rules.latest_last_day;
	struct overlap itself = compare_rows(use, row, row);
	char text[CIVIL_TEXT_SIZE];

	if (!itself.meet && itself.is_certain)
		lint_say(linter, LINT_WARNING, row_node,
			 "what it takes out leaves no version: mend it, or leave the row out");
	if (last != INT32_MAX && row->from > last)
		lint_say(linter, LINT_WARNING, &from,
			 "no window ends after %s, so this row never holds: mend the day, or leave "
			 "the row out",
			 civil_text(last, text));
}

static bool speaks(const struct profile_table *table)
{
	for (size_t i = 0; i < table->n_rows; i++) {
		if (is_supported(&table->rows[i]) || table->rows[i].note[0])
			return true;
	}
	return false;
}

static void lint_table(struct linter *linter, const struct profile_table *table,
		       const struct node *node, size_t *pairs)
{
	const struct check *use = find_user(linter->profile, table);

	if (!use) {
		lint_say(linter, LINT_WARNING, node,
			 "no requirement uses this table: leave it out, or compare with it by "
			 "in_table");
		return;
	}
	/* With a note it is meant: the note says to people what is no longer supported. */
	if (!speaks(table))
		lint_say(linter, LINT_WARNING, node,
			 "every row is unsupported, so every device fails: if that is meant, say "
			 "why in a note");
	for (size_t j = 0; j < table->n_rows; j++) {
		struct node row = node_item(node, j);

		lint_row(linter, use, &row, &table->rows[j]);
		for (size_t i = 0; i < j && (*pairs)++ < PAIRS_MAX; i++) {
			if (lint_pair(linter, use, node, i, j))
				break;
		}
	}
}

void lint_tables(struct linter *linter, const struct node *root)
{
	struct node tables = node_member(root, "tables");
	size_t pairs = 0;

	for (size_t i = 0; i < linter->profile->n_tables; i++) {
		const struct profile_table *table = &linter->profile->tables[i];
		struct node node = node_member(&tables, table->name);

		lint_table(linter, table, &node, &pairs);
	}
}
