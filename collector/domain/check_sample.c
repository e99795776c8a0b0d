/* SPDX-License-Identifier: Apache-2.0 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "collector/domain/check_sample.h"
#include "common/base/mem.h"
#include "common/base/version.h"
#include "common/eval/evaluate.h"
#include "common/model/facts.h"

/* The values of a fact that are tried. */
struct samples {
	json_t *values;
	const struct fact *fact; /* NULL: an item of a list of texts */
	/* What the comparisons are: a text that is compared in two ways has too many values to try.
	 */
	bool has_text, has_version, has_pattern;
	bool is_full; /* a value did not find room */
};

static void samples_done(struct samples *samples)
{
	json_decref(samples->values);
}

static void add(struct samples *samples, json_t *value)
{
	samples->is_full |= json_array_size(samples->values) >= SAMPLE_VALUES_MAX;
	if (samples->is_full)
		json_decref(value);
	else
		json_array_append_new(samples->values, value);
}

static void add_number(struct samples *samples, int64_t number)
{
	if (samples->fact && number >= samples->fact->min && number <= samples->fact->max)
		add(samples, json_integer(number));
}

/* A number, and its neighbours, where a comparison with it changes. */
static void add_around(struct samples *samples, int64_t number)
{
	if (number > INT64_MIN)
		add_number(samples, number - 1);
	add_number(samples, number);
	if (number < INT64_MAX)
		add_number(samples, number + 1);
}

/*
 * The first version that @version, as the upper end of a range, does not cover: "35" covers
 * 35.1, so it is 36. @version has at most VERSION_TEXT_MAX characters.
 */
static void add_after(struct samples *samples, const char *version, size_t len)
{
	char text[VERSION_TEXT_MAX + 2] = "";
	size_t digits = len;

	/* One before the digits, so that 9 has room to become 10. */
	while (digits > 0 && version[digits - 1] != '.')
		digits--;
	memcpy(text, version, digits);
	text[digits] = '0';
	memcpy(text + digits + 1, version + digits, len - digits);
	for (size_t i = len; i >= digits; i--) {
		if (text[i] != '9') {
			text[i]++;
			break;
		}
		text[i] = '0';
	}
	samples->is_full |= !version_is_valid(text);
	add(samples, json_string(text));
}

/* Whether a version is in a set only changes at the low end of a range and after the high one. */
static void add_versions(struct samples *samples, const char *set)
{
	static const char except[] = "except ";

	for (const char *at = set;;) {
		size_t len = strcspn(at, ","), low, rest;
		const char *next = at + len, *dots;

		at += strspn(at, " ");
		if (strncmp(at, except, strlen(except)) == 0)
			at += strlen(except) + strspn(at + strlen(except), " ");
		len = (size_t)(next - at);
		dots = memmem(at, len, "..", 2);
		low = strspn(at, "0123456789.");
		low = dots ? (size_t)(dots - at) : low < len ? low : len;
		rest = dots ? strspn(dots + 2, "0123456789.") : 0;
		add(samples, json_stringn(at, low));
		if (low > VERSION_TEXT_MAX || rest > VERSION_TEXT_MAX)
			samples->is_full = true;
		else if (!dots)
			add_after(samples, at, low);
		else if (rest > 0)
			add_after(samples, dots + 2, rest);
		if (*next == '\0')
			return;
		at = next + 1;
	}
}

/* A text, and one that is no other: the longest with a character more. */
static void add_text(struct samples *samples, const char *text)
{
	_cleanup_free_ char *other = xasprintf("%s~", text);

	samples->has_text = true;
	add(samples, json_string(text));
	add(samples, json_string(other));
}

static void add_operand(struct samples *samples, const json_t *operand)
{
	if (json_is_string(operand))
		add_text(samples, json_string_value(operand));
	else if (json_is_integer(operand))
		add_around(samples, json_integer_value(operand));
}

static void add_comparison(struct samples *samples, const struct check *check)
{
	samples->fact = check->fact;
	switch (check->op) {
	case CHECK_IS:
		add_operand(samples, check->operand);
		break;
	case CHECK_IS_ONE_OF:
		for (size_t i = 0; i < json_array_size(check->operand); i++)
			add_operand(samples, json_array_get(check->operand, i));
		break;
	case CHECK_AT_LEAST:
		add_around(samples, check->least);
		break;
	case CHECK_AT_MOST:
		add_around(samples, check->most);
		break;
	case CHECK_VERSION_AT_LEAST:
		samples->has_version = true;
		add(samples, json_string("0"));
		add(samples, json_string(check->text));
		break;
	case CHECK_VERSION_IN:
		samples->has_version = true;
		add(samples, json_string("0"));
		add_versions(samples, check->text);
		break;
	default:
		samples->has_pattern = true;
		break;
	}
}

static void add_check(struct samples *samples, const struct check *check)
{
	for (size_t i = 0; i < check->n_children; i++)
		add_check(samples, &check->children[i]);
	if (check->n_children == 0)
		add_comparison(samples, check);
}

/* All that the fact can be, where that is a short list. */
static void add_all(struct samples *samples, const char *const *words)
{
	const struct fact *fact = samples->fact;

	json_array_clear(samples->values);
	for (; words && *words; words++)
		add(samples, json_string(*words));
	if (fact && fact->type == FACT_BOOL) {
		add(samples, json_true());
		add(samples, json_false());
	}
}

static void samples_collect(struct samples *samples, const struct check *const *checks, size_t n,
			    const char *const *endpoints)
{
	samples->values = json_array();
	for (size_t i = 0; i < n; i++)
		add_check(samples, checks[i]);
	if (!samples->fact)
		return;
	if (endpoints && strcmp(samples->fact->name, "host") == 0) {
		add_all(samples, endpoints);
		samples->has_text = samples->has_version = samples->has_pattern = false;
	} else if (samples->fact->type == FACT_WORD || samples->fact->type == FACT_BOOL) {
		add_all(samples, samples->fact->words);
		samples->has_text = false;
	} else if (samples->fact->type == FACT_INT) {
		add_number(samples, samples->fact->min);
		add_number(samples, samples->fact->max);
	}
}

/* Whether every value that the fact can have is like one of those that are tried. */
static bool samples_are_all(const struct samples *samples)
{
	return !samples->is_full && !samples->has_pattern &&
	       !(samples->has_text && samples->has_version);
}

/* Something that has @value as its @path, for evaluate_check(). */
static json_t *facts_with(const char *path, json_t *value)
{
	const char *end = path + strlen(path);
	json_t *json = json_incref(value);

	while (strcmp(path, ".") != 0 && end > path) {
		const char *name = memrchr(path, '.', (size_t)(end - path));
		json_t *above = json_object();

		name = name ? name + 1 : path;
		json_object_setn_new(above, name, (size_t)(end - name), json);
		json = above;
		end = name > path ? name - 1 : path;
	}
	return json;
}

static bool all_are(const struct check *const *checks, size_t n, const json_t *facts,
		    enum result wanted)
{
	for (size_t i = 0; i < n; i++) {
		if (evaluate_check(checks[i], facts, 0) != wanted)
			return false;
	}
	return true;
}

static size_t count_leaves(const struct check *check)
{
	size_t n = check->n_children == 0;

	for (size_t i = 0; i < check->n_children; i++)
		n += count_leaves(&check->children[i]);
	return n;
}

static const char *only_fact(const struct check *check)
{
	const char *path = NULL;

	if (check->op > CHECK_NONE_OF)
		return check->op < CHECK_IS || check->op == CHECK_IN_TABLE ? NULL
									   : check->fact_path;
	for (size_t i = 0; i < check->n_children; i++) {
		const char *of_child = only_fact(&check->children[i]);

		if (!of_child || (path && strcmp(path, of_child) != 0))
			return NULL;
		path = of_child;
	}
	return path;
}

const char *check_only_fact(const struct check *check)
{
	const char *path = only_fact(check);

	return path && count_leaves(check) <= SAMPLE_LEAVES_MAX ? path : NULL;
}

/* Whether @check holds for nothing but texts that it lists. */
static bool lists_texts(const struct check *check)
{
	return check->op == CHECK_IS || check->op == CHECK_IS_ONE_OF;
}

enum sample_says sample_all(const struct check *const *checks, size_t n, enum result wanted,
			    const char *const *endpoints)
{
	_cleanup_(samples_done) struct samples samples = { 0 };
	bool are_all;
	json_t *value;
	size_t i;

	samples_collect(&samples, checks, n, endpoints);
	are_all = samples_are_all(&samples);
	for (i = 0; i < n && wanted == RESULT_PASS && !samples.is_full; i++)
		are_all |= lists_texts(checks[i]);
	json_array_foreach (samples.values, i, value) {
		json_t *facts = facts_with(check_only_fact(checks[0]), value);
		bool is_it = all_are(checks, n, facts, wanted);

		json_decref(facts);
		if (is_it)
			return SAMPLE_SOME;
	}
	return are_all ? SAMPLE_NONE : SAMPLE_UNKNOWN;
}

json_t *sample_versions(const char *const *sets, size_t n, bool *ret_are_all)
{
	struct samples samples = { .values = json_array() };

	add(&samples, json_string("0"));
	for (size_t i = 0; i < n; i++)
		add_versions(&samples, sets[i]);
	*ret_are_all = !samples.is_full;
	return samples.values;
}

/* --- one check against another -------------------------------------------------------- */

static bool tables_equal(const struct profile_table *a, const struct profile_table *b)
{
	if (!a || !b || a->n_rows != b->n_rows || strcmp(a->name, b->name) != 0)
		return a == b;
	for (size_t i = 0; i < a->n_rows; i++) {
		if (!json_equal((json_t *)a->rows[i].keys, (json_t *)b->rows[i].keys))
			return false;
	}
	return true;
}

/* What a check of servers says depends on which the profile names. */
static bool endpoints_equal(const char *const *a, const char *const *b)
{
	if (!a || !b)
		return a == b;
	while (*a && *b && strcmp(*a, *b) == 0)
		a++, b++;
	return !*a && !*b;
}

static bool texts_equal(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

static bool names_equal(const struct profile_table *a, const struct profile_table *b)
{
	return a && b ? strcmp(a->name, b->name) == 0 : a == b;
}

bool check_alike(const struct check *a, const struct check *b)
{
	if (a->op != b->op || a->n_children != b->n_children || a->least != b->least ||
	    a->most != b->most || !texts_equal(a->fact_path, b->fact_path) ||
	    !texts_equal(a->text, b->text) || !names_equal(a->table, b->table) ||
	    !a->operand != !b->operand ||
	    (a->operand && !json_equal((json_t *)a->operand, (json_t *)b->operand)))
		return false;
	for (size_t i = 0; i < a->n_children; i++) {
		if (!check_alike(&a->children[i], &b->children[i]))
			return false;
	}
	return true;
}

/* Of two that are alike. */
static bool asks_the_same(const struct check *a, const struct check *b)
{
	if (!tables_equal(a->table, b->table) || !endpoints_equal(a->endpoints, b->endpoints))
		return false;
	for (size_t i = 0; i < a->n_children; i++) {
		if (!asks_the_same(&a->children[i], &b->children[i]))
			return false;
	}
	return true;
}

bool check_equal(const struct check *a, const struct check *b)
{
	return check_alike(a, b) && asks_the_same(a, b);
}

/* Both are of the fact at @path: try its values. */
static bool sample_implies(const struct check *a, const struct check *b, const char *path)
{
	static const int rank[] = { [RESULT_FAIL] = 0, [RESULT_UNKNOWN] = 1, [RESULT_PASS] = 2 };
	const struct check *both[] = { a, b };
	_cleanup_(samples_done) struct samples samples = { 0 };
	json_t *value;
	size_t i;

	samples_collect(&samples, both, 2, NULL);
	/* Beside the texts that it lists, a list lets nothing pass. */
	if (!samples_are_all(&samples) && (samples.is_full || !lists_texts(a)))
		return false;
	json_array_foreach (samples.values, i, value) {
		json_t *facts = facts_with(path, value);
		bool is_better =
			rank[evaluate_check(a, facts, 0)] > rank[evaluate_check(b, facts, 0)];

		json_decref(facts);
		if (is_better)
			return false;
	}
	return true;
}

/* How many pairs of checks are looked at: each can be reached in many ways. */
enum { PAIRS_MAX = 4096 };

static bool implies(const struct check *a, const struct check *b, size_t *pairs);

static bool any_child_implies(const struct check *a, const struct check *b, size_t *pairs)
{
	for (size_t i = 0; i < a->n_children; i++) {
		if (implies(&a->children[i], b, pairs))
			return true;
	}
	return false;
}

static bool implies_any_child(const struct check *a, const struct check *b, size_t *pairs)
{
	for (size_t i = 0; i < b->n_children; i++) {
		if (implies(a, &b->children[i], pairs))
			return true;
	}
	return false;
}

static bool all_children_imply(const struct check *a, const struct check *b, size_t *pairs)
{
	for (size_t i = 0; i < a->n_children; i++) {
		if (!implies(&a->children[i], b, pairs))
			return false;
	}
	return true;
}

static bool implies_all_children(const struct check *a, const struct check *b, size_t *pairs)
{
	for (size_t i = 0; i < b->n_children; i++) {
		if (!implies(a, &b->children[i], pairs))
			return false;
	}
	return true;
}

/* Of the same list: what a does ask of an item, b does not ask more of. */
static bool list_implies(const struct check *a, const struct check *b, size_t *pairs)
{
	if (a->op != b->op || strcmp(a->fact_path, b->fact_path) != 0 ||
	    !endpoints_equal(a->endpoints, b->endpoints))
		return false;
	if (a->op != CHECK_COUNT)
		return implies(a->children, b->children, pairs);
	if (a->n_children != b->n_children ||
	    (a->n_children && !check_equal(a->children, b->children)))
		return false;
	return a->least >= b->least && a->most <= b->most;
}

static bool is_list(const struct check *check)
{
	return check->op >= CHECK_ANY && check->op <= CHECK_COUNT;
}

/* Each step keeps the order of fail, unknown and pass: a joint is the least or most of its parts.
 */
static bool implies(const struct check *a, const struct check *b, size_t *pairs)
{
	const char *path_a, *path_b;

	if ((*pairs)++ > PAIRS_MAX)
		return false;
	if (check_equal(a, b))
		return true;
	path_a = check_only_fact(a);
	path_b = check_only_fact(b);
	if (path_a && path_b && strcmp(path_a, path_b) == 0 && sample_implies(a, b, path_a))
		return true;
	if (b->op == CHECK_ALL_OF)
		return implies_all_children(a, b, pairs);
	if (a->op == CHECK_ANY_OF)
		return all_children_imply(a, b, pairs);
	if (a->op == CHECK_ALL_OF && any_child_implies(a, b, pairs))
		return true;
	if (b->op == CHECK_ANY_OF && implies_any_child(a, b, pairs))
		return true;
	if (a->op == CHECK_NONE_OF && b->op == CHECK_NONE_OF) {
		for (size_t i = 0; i < b->n_children; i++) {
			if (!implies_any_child(&b->children[i], a, pairs))
				return false;
		}
		return true;
	}
	return is_list(a) && is_list(b) && list_implies(a, b, pairs);
}

bool check_implies(const struct check *a, const struct check *b)
{
	size_t pairs = 0;

	return implies(a, b, &pairs);
}
