/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <string.h>

#include "common/base/text.h"
#include "common/base/version.h"
#include "common/eval/evaluate.h"
#include "common/eval/lookup.h"
#include "common/model/facts.h"
#include "common/model/profile_check.h"

/* Kleene's three values, ordered: `and` is the minimum, `or` the maximum. */
enum truth {
	NO,
	MAYBE,
	YES,
};

static enum truth truth_of(bool statement)
{
	return statement ? YES : NO;
}

static enum truth truth_not(enum truth truth)
{
	return (enum truth)(YES - truth);
}

static enum truth judge(const struct check *check, const json_t *within, int32_t as_of);

static enum truth judge_children(const struct check *check, const json_t *within, int32_t as_of)
{
	enum truth all = YES, any = NO;

	for (size_t i = 0; i < check->n_children; i++) {
		enum truth truth = judge(&check->children[i], within, as_of);

		all = truth < all ? truth : all;
		any = truth > any ? truth : any;
	}
	return check->op == CHECK_ALL_OF ? all : check->op == CHECK_ANY_OF ? any : truth_not(any);
}

/* An item that is unknown as a whole makes its `where` unknown: lookup() says so. */
static enum truth judge_items(const struct check *check, const json_t *list, int32_t as_of)
{
	int64_t n_yes = 0, n_maybe = 0, n = (int64_t)json_array_size(list);

	for (int64_t i = 0; i < n; i++) {
		const json_t *item = json_array_get(list, (size_t)i);
		enum truth truth = check->n_children ? judge(check->children, item, as_of) : YES;

		n_yes += truth == YES;
		n_maybe += truth == MAYBE;
	}
	switch (check->op) {
	case CHECK_ANY:
		return n_yes > 0 ? YES : n_maybe > 0 ? MAYBE : NO;
	case CHECK_EVERY:
		return n_yes == n ? YES : n_yes + n_maybe == n ? MAYBE : NO;
	default:
		if (n_yes > check->most || n_yes + n_maybe < check->least)
			return NO;
		return n_yes >= check->least && n_yes + n_maybe <= check->most ? YES : MAYBE;
	}
}

static enum truth judge_list(const struct check *check, const json_t *list, int32_t as_of)
{
	json_t *items = lookup_items(check, list);
	enum truth truth = judge_items(check, items, as_of);

	json_decref(items);
	return truth;
}

/*
 * Whether @value is of the kind of @fact, or a text where that is NULL. What is not comes from
 * an agent that had other facts, and says nothing of this one: a `none_of` must not take
 * it for a no.
 */
static bool is_of_kind(const struct fact *fact, const json_t *value)
{
	switch (fact ? fact->type : FACT_TEXT) {
	case FACT_OBJECT:
		return json_is_object(value);
	case FACT_LIST:
		return json_is_array(value);
	case FACT_INT:
		return json_is_integer(value);
	case FACT_BOOL:
		return json_is_boolean(value);
	default:
		return json_is_string(value);
	}
}

/* Version facts that are no version ("rolling", "") cannot be compared: unknown. */
static enum truth judge_version(const char *version, const char *set)
{
	return version_is_valid(version) ? truth_of(version_set_has(set, version)) : MAYBE;
}

static enum truth row_key_matches(const struct check *check, const json_t *object, const char *key,
				  const json_t *wanted)
{
	bool is_version = false;
	const struct fact *member = profile_row_fact(check->fact, key, &is_version);
	const json_t *value;

	if (!member)
		return YES;
	value = lookup(object, member->name, NULL);
	if (!value || !is_of_kind(member, value))
		return MAYBE;
	return is_version ? judge_version(json_string_value(value), json_string_value(wanted))
			  : truth_of(json_equal(value, wanted));
}

static enum truth row_excepts(const struct check *check, const json_t *object,
			      const struct profile_row *row)
{
	const json_t *except = json_object_get(row->keys, "except");
	enum truth any = NO;
	json_t *version;
	size_t i;

	json_array_foreach ((json_t *)except, i, version) {
		enum truth truth = row_key_matches(check, object, "version", version);

		any = truth > any ? truth : any;
	}
	return any;
}

static enum truth row_matches(const struct check *check, const json_t *object,
			      const struct profile_row *row)
{
	enum truth all = truth_not(row_excepts(check, object, row));
	const char *key;
	json_t *wanted;

	json_object_foreach ((json_t *)row->keys, key, wanted) {
		enum truth truth = row_key_matches(check, object, key, wanted);

		all = truth < all ? truth : all;
	}
	return all;
}

static bool row_holds(const struct profile_row *row, int32_t as_of)
{
	return row->tier != TIER_UNSUPPORTED && as_of >= row->from && as_of <= row->until;
}

const struct profile_row *evaluate_row(const struct check *check, const json_t *object,
				       int32_t as_of)
{
	const struct profile_row *first = NULL;

	for (size_t i = 0; i < check->table->n_rows; i++) {
		const struct profile_row *row = &check->table->rows[i];

		if (row_matches(check, object, row) != YES)
			continue;
		if (row_holds(row, as_of))
			return row;
		first = first ? first : row;
	}
	return first;
}

/* The rows are alternatives: one that holds decides, one that may hold leaves it open. */
static enum truth judge_table(const struct check *check, const json_t *object, int32_t as_of)
{
	enum truth any = NO;

	for (size_t i = 0; i < check->table->n_rows; i++) {
		const struct profile_row *row = &check->table->rows[i];
		enum truth truth = row_holds(row, as_of) ? row_matches(check, object, row) : NO;

		any = truth > any ? truth : any;
	}
	return any;
}

static bool is_one_of(const json_t *value, const json_t *list)
{
	json_t *item;
	size_t i;

	json_array_foreach ((json_t *)list, i, item) {
		if (json_equal(value, item))
			return true;
	}
	return false;
}

/* @value is of the kind of the fact, which suits the operator: the parser saw to that. */
static enum truth judge_value(const struct check *check, const json_t *value, int32_t as_of)
{
	const char *text = json_string_value(value);

	switch (check->op) {
	case CHECK_IS:
		return truth_of(json_equal(value, check->operand));
	case CHECK_IS_ONE_OF:
		return truth_of(is_one_of(value, check->operand));
	case CHECK_AT_LEAST:
		return truth_of(json_integer_value(value) >= check->least);
	case CHECK_AT_MOST:
		return truth_of(json_integer_value(value) <= check->most);
	case CHECK_VERSION_AT_LEAST:
		return version_is_valid(text) ? truth_of(version_compare(text, check->text) >= 0)
					      : MAYBE;
	case CHECK_VERSION_IN:
		return judge_version(text, check->text);
	case CHECK_LIKE:
		return truth_of(text_like(text, check->text));
	case CHECK_IN_TABLE:
		return judge_table(check, value, as_of);
	default:
		assert(false);
		return MAYBE;
	}
}

static enum truth judge(const struct check *check, const json_t *within, int32_t as_of)
{
	const json_t *value;

	if (check->op <= CHECK_NONE_OF)
		return judge_children(check, within, as_of);
	value = lookup(within, check->fact_path, NULL);
	if (!value || !is_of_kind(check->fact, value))
		return MAYBE;
	return check->op <= CHECK_COUNT ? judge_list(check, value, as_of)
					: judge_value(check, value, as_of);
}

enum result evaluate_check(const struct check *check, const json_t *within, int32_t as_of)
{
	static const enum result results[] = {
		[NO] = RESULT_FAIL,
		[MAYBE] = RESULT_UNKNOWN,
		[YES] = RESULT_PASS,
	};

	return results[judge(check, within, as_of)];
}

enum result evaluate_requirement(const struct requirement *requirement, const json_t *facts,
				 enum device_role role, int32_t as_of)
{
	const struct profile_waiver *waiver = requirement->waiver;
	enum truth applies = YES;
	enum result result;

	if (!(requirement->roles & 1U << role))
		return RESULT_NOT_APPLICABLE;
	if (requirement->when)
		applies = judge(requirement->when, facts, as_of);
	if (applies != YES)
		return applies == NO ? RESULT_NOT_APPLICABLE : RESULT_UNKNOWN;
	result = evaluate_check(&requirement->check, facts, as_of);
	/* Who waives answers for what fails; for what nobody knows, nobody can. */
	return result == RESULT_FAIL && waiver && as_of <= waiver->until ? RESULT_WAIVED : result;
}

void evaluate(const struct profile *profile, const json_t *facts, enum device_role role,
	      int32_t as_of, enum result *results)
{
	for (size_t i = 0; i < profile->n_requirements; i++)
		results[i] = evaluate_requirement(&profile->requirements[i], facts, role, as_of);
}

enum device_state evaluate_state(const struct profile *profile, const enum result *results)
{
	enum device_state state = STATE_READY;
	bool is_judged = false;

	for (size_t i = 0; i < profile->n_requirements; i++) {
		bool is_required = profile->requirements[i].severity == SEVERITY_REQUIRED;
		enum device_state says = STATE_READY;

		if (results[i] == RESULT_FAIL)
			says = is_required ? STATE_NOT_READY : STATE_READY_WITH_WARNINGS;
		else if (results[i] == RESULT_UNKNOWN)
			says = is_required ? STATE_UNKNOWN : STATE_READY_WITH_WARNINGS;
		else if (results[i] == RESULT_WAIVED)
			says = STATE_READY_WITH_WARNINGS;
		is_judged |= is_required && results[i] != RESULT_NOT_APPLICABLE;
		/* The states are ordered: the first that applies is the smallest. */
		state = says < state ? says : state;
	}
	return is_judged ? state : STATE_UNKNOWN;
}
