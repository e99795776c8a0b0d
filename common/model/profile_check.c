/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/mem.h"
#include "common/base/version.h"
#include "common/model/profile_check.h"

/* Where a check stands: what its fact paths are relative to. */
struct scope {
	const struct profile *profile;
	const struct fact *members; /* NULL inside a list of texts */
};

struct op_reader {
	const char *word;
	/* For an operator on a fact: read its operand at @node. */
	int (*read)(const struct node *node, const struct scope *scope, struct check *check,
		    struct err *err);
};

static int read_check(const struct node *node, const struct scope *scope, struct check *check,
		      struct err *err);

/* A text item of a list, ".", is compared like any text. */
static enum fact_type type_of(const struct check *check)
{
	return check->fact ? check->fact->type : FACT_TEXT;
}

/* What its operator should have been; for one that does not suit the fact. */
static const char *suits(const struct check *check)
{
	static const char *const suit[] = {
		/* In brackets, as compilers take two strings here for a comma forgotten. */
		[FACT_TEXT] = ("a text is compared by is, is_one_of, like, version_at_least or "
			       "version_in"),
		[FACT_WORD] = "a word is compared by is or is_one_of",
		[FACT_INT] = "a number is compared by is, is_one_of, at_least or at_most",
		[FACT_BOOL] = "yes or no is compared by is, with true or false",
		[FACT_OBJECT] = "compare its members, or all of it by in_table",
		[FACT_LIST] = "look at a list by any, every or count",
	};

	return suit[type_of(check)];
}

static int check_scalar(const struct node *node, const struct check *check, struct err *err)
{
	const char *text;
	unsigned word;
	int64_t number;
	bool flag;

	switch (type_of(check)) {
	case FACT_TEXT:
		return node_text(node, FACTS_TEXT_MAX, &text, err);
	case FACT_WORD:
		return node_word(node, check->fact->words, &word, err);
	case FACT_INT:
		return node_int(node, check->fact->min, check->fact->max, &number, err);
	case FACT_BOOL:
		return node_bool(node, &flag, err);
	default:
		return node_error(node, err, "'%s' is %s: compare its members", check->fact_path,
				  type_of(check) == FACT_LIST ? "a list" : "an object");
	}
}

static int read_is(const struct node *node, const struct scope *scope, struct check *check,
		   struct err *err)
{
	(void)scope;
	check->operand = node->value;
	return check_scalar(node, check, err);
}

static int read_is_one_of(const struct node *node, const struct scope *scope, struct check *check,
			  struct err *err)
{
	size_t n;
	int r = node_list(node, FACTS_LIST_MAX, &n, err);

	(void)scope;
	check->operand = node->value;
	if (r >= 0 && n == 0)
		return node_error(node, err, "empty: nothing can ever match");
	for (size_t i = 0; r >= 0 && i < n; i++) {
		struct node item = node_item(node, i);

		r = check_scalar(&item, check, err);
	}
	return r;
}

static int read_bound(const struct node *node, struct check *check, int64_t *bound, struct err *err)
{
	if (type_of(check) != FACT_INT)
		return node_error(node, err, "'%s' is not a number: %s", check->fact_path,
				  suits(check));
	return node_int(node, check->fact->min, check->fact->max, bound, err);
}

static int read_at_least(const struct node *node, const struct scope *scope, struct check *check,
			 struct err *err)
{
	(void)scope;
	return read_bound(node, check, &check->least, err);
}

static int read_at_most(const struct node *node, const struct scope *scope, struct check *check,
			struct err *err)
{
	(void)scope;
	return read_bound(node, check, &check->most, err);
}

static int read_text(const struct node *node, struct check *check, size_t max, struct err *err)
{
	if (type_of(check) != FACT_TEXT)
		return node_error(node, err, "'%s' is not a text: %s", check->fact_path,
				  suits(check));
	return node_text(node, max, &check->text, err);
}

static int read_version(const struct node *node, const struct scope *scope, struct check *check,
			struct err *err)
{
	int r = read_text(node, check, VERSION_TEXT_MAX, err);

	(void)scope;
	/* "15.." and "1O.2" would pass for 15 and 1, and so would older versions. */
	if (r >= 0 && !version_is_plain(check->text))
		return node_error(node, err,
				  "'%s' is not a version: write numbers joined by single dots, as "
				  "in 15.2",
				  check->text);
	return r;
}

static int read_version_set(const struct node *node, const struct scope *scope, struct check *check,
			    struct err *err)
{
	struct err why = { 0 };
	int r = read_text(node, check, VERSION_SET_MAX, err);

	(void)scope;
	if (r >= 0 && version_set_check(check->text, &why) < 0)
		return node_error(node, err, "%s", why.text);
	return r;
}

static int read_pattern(const struct node *node, const struct scope *scope, struct check *check,
			struct err *err)
{
	int r = read_text(node, check, PROFILE_PATTERN_MAX, err);

	(void)scope;
	if (r >= 0 && check->text[0] == '\0')
		return node_error(node, err, "empty: write {\"is\": \"\"} if that is meant");
	return r;
}

/* `except` is a list of versions that a row does not hold for; they are sets, the row was read. */
static int check_except(const struct node *node, const struct check *check, struct err *err)
{
	const char *versions = json_string_value(json_object_get(node->parent->value, "version"));
	bool is_version;

	if (!profile_row_fact(check->fact, "version", &is_version))
		return node_error(node, err, "'%s' has no version to take out", check->fact_path);
	for (size_t i = 0; versions && i < json_array_size(node->value); i++) {
		struct node item = node_item(node, i);
		const char *hole = json_string_value(item.value);

		if (!version_sets_meet(versions, hole))
			return node_error(&item, err, "'%s' takes out nothing of '%s'", hole,
					  versions);
	}
	return 0;
}

/* Each key of a row must be a member of the fact, and what it must be what that can be. */
static int check_row(const struct node *row, const struct check *check, struct err *err)
{
	const char *key;
	json_t *value;

	json_object_foreach ((json_t *)row->value, key, value) {
		struct node node = node_member(row, key);
		struct check as_member = { .fact_path = key };
		bool is_version;
		int r = 0;

		if (strcmp(key, "except") == 0) {
			r = check_except(&node, check, err);
		} else if (!profile_row_key_is_reserved(key)) {
			as_member.fact = profile_row_fact(check->fact, key, &is_version);
			if (!as_member.fact)
				return node_error(&node, err, "'%s' has no fact '%s'",
						  check->fact_path, key);
			r = is_version ? 0 : check_scalar(&node, &as_member, err);
		}
		if (r < 0)
			return r;
	}
	return 0;
}

static int read_table(const struct node *node, const struct scope *scope, struct check *check,
		      struct err *err)
{
	const struct node *root = node;
	struct node tables, table;
	const char *name;
	int r = node_text(node, PROFILE_ID_MAX, &name, err);

	if (r < 0)
		return r;
	if (type_of(check) != FACT_OBJECT)
		return node_error(node, err,
				  "'%s' is not an object, and a table compares several facts: %s",
				  check->fact_path, suits(check));
	for (size_t i = 0; i < scope->profile->n_tables; i++) {
		if (strcmp(scope->profile->tables[i].name, name) == 0)
			check->table = &scope->profile->tables[i];
	}
	if (!check->table)
		return node_error(node, err,
				  "no table '%s' in this profile: add it to its member tables, or "
				  "name one that is there",
				  name);

	while (root->parent)
		root = root->parent;
	tables = node_member(root, "tables");
	table = node_member(&tables, name);
	for (size_t i = 0; r >= 0 && i < check->table->n_rows; i++) {
		struct node row = node_item(&table, i);

		r = check_row(&row, check, err);
	}
	return r;
}

/* The words of the language. An operator without read() has its own form. */
static const struct op_reader ops[] = {
	[CHECK_ALL_OF] = { "all_of", NULL },
	[CHECK_ANY_OF] = { "any_of", NULL },
	[CHECK_NONE_OF] = { "none_of", NULL },
	[CHECK_ANY] = { "any", NULL },
	[CHECK_EVERY] = { "every", NULL },
	[CHECK_COUNT] = { "count", NULL },
	[CHECK_IS] = { "is", read_is },
	[CHECK_IS_ONE_OF] = { "is_one_of", read_is_one_of },
	[CHECK_AT_LEAST] = { "at_least", read_at_least },
	[CHECK_AT_MOST] = { "at_most", read_at_most },
	[CHECK_VERSION_AT_LEAST] = { "version_at_least", read_version },
	[CHECK_VERSION_IN] = { "version_in", read_version_set },
	[CHECK_LIKE] = { "like", read_pattern },
	[CHECK_IN_TABLE] = { "in_table", read_table },
};
static_assert(ARRAY_SIZE(ops) == CHECK_OP_MAX_, "every operator has a word");

const char *check_op_word(enum check_op op)
{
	assert(op < CHECK_OP_MAX_);
	return ops[op].word;
}

bool profile_row_key_is_reserved(const char *key)
{
	static const char *const reserved[] = { "tier", "from", "until", "note", "except" };

	for (size_t i = 0; i < ARRAY_SIZE(reserved); i++) {
		if (strcmp(reserved[i], key) == 0)
			return true;
	}
	return false;
}

const struct fact *profile_row_fact(const struct fact *object, const char *key,
				    bool *ret_is_version)
{
	bool is_version = strcmp(key, "version") == 0 || strcmp(key, "version_id") == 0;
	const struct fact *member = NULL;

	if (profile_row_key_is_reserved(key))
		return NULL;
	for (const struct fact *f = object->members; f && f->name; f++) {
		bool is_it = strcmp(f->name, key) == 0;

		if (is_it || (is_version && !member && strcmp(f->name, "version_id") == 0))
			member = f;
		if (is_it)
			break;
	}
	*ret_is_version = is_version && member && member->type == FACT_TEXT;
	return member;
}

/* Find the fact that @path names from @scope; lists are not walked through. */
static int find_fact(const struct node *node, const struct scope *scope, struct check *check,
		     struct err *err)
{
	char prefix[128];
	int r;

	if (!node->value)
		return node_error(node, err,
				  "missing: the fact to compare; or join checks by all_of, any_of "
				  "or none_of, or look at a list by any, every or count");
	r = node_text(node, sizeof(prefix) - 1, &check->fact_path, err);
	if (r < 0)
		return r;
	if (!scope->members) {
		if (strcmp(check->fact_path, ".") == 0)
			return 0;
		return node_error(node, err, "'%s': the items of this list are texts, write \".\"",
				  check->fact_path);
	}
	check->fact = facts_find_in(scope->members, check->fact_path);
	if (!check->fact)
		return node_error(node, err, "no fact '%s'; see `testready-agent facts --list`",
				  check->fact_path);
	for (const char *dot = strchr(check->fact_path, '.'); dot; dot = strchr(dot + 1, '.')) {
		const struct fact *above;

		memcpy(prefix, check->fact_path, (size_t)(dot - check->fact_path));
		prefix[dot - check->fact_path] = '\0';
		above = facts_find_in(scope->members, prefix);
		if (above->type == FACT_LIST)
			return node_error(node, err, "'%s' is a list: use any, every or count",
					  prefix);
	}
	return 0;
}

static int read_children(const struct node *node, const struct scope *scope, struct check *check,
			 struct err *err)
{
	size_t n;
	int r = node_list(node, PROFILE_CHILDREN_MAX, &n, err);

	if (r < 0)
		return r;
	if (n == 0)
		return node_error(node, err, "empty: say what must hold");
	check->children = xcalloc(n, sizeof(*check->children));
	for (size_t i = 0; r >= 0 && i < n; i++) {
		struct node item = node_item(node, i);

		check->n_children++;
		r = read_check(&item, scope, &check->children[i], err);
	}
	return r;
}

static int read_count_bounds(const struct node *node, struct check *check, struct err *err)
{
	struct node least = node_member(node, "at_least");
	struct node most = node_member(node, "at_most");
	int r = 0;

	check->least = 0;
	check->most = FACTS_LIST_MAX;
	if (!least.value && !most.value)
		return node_error(node, err, "count needs at_least or at_most");
	if (least.value)
		r = node_int(&least, 0, FACTS_LIST_MAX, &check->least, err);
	if (r >= 0 && most.value)
		r = node_int(&most, 0, FACTS_LIST_MAX, &check->most, err);
	if (r >= 0 && check->least > check->most)
		return node_error(node, err, "at_least is more than at_most: nothing can match");
	return r;
}

/* What a check says of servers it says of those that the profile names, tried or not. */
static int read_list_endpoints(const struct node *path, const struct scope *scope,
			       struct check *check, struct err *err)
{
	if (check->fact != facts_find("network.endpoints"))
		return 0;
	if (!scope->profile->endpoints[0])
		return node_error(path, err,
				  "this profile names no servers: list them in its member "
				  "endpoints, as in [\"test.example.org\"]");
	check->endpoints = scope->profile->endpoints;
	return 0;
}

/* {"any": LIST, "where": CHECK}; a count may do without where. */
static int read_list(const struct node *node, const struct scope *scope, struct check *check,
		     struct err *err)
{
	static const char *const members[][5] = {
		[CHECK_ANY] = { "any", "where", NULL },
		[CHECK_EVERY] = { "every", "where", NULL },
		[CHECK_COUNT] = { "count", "where", "at_least", "at_most", NULL },
	};
	struct node path = node_member(node, ops[check->op].word);
	struct node where = node_member(node, "where");
	struct scope inside = { .profile = scope->profile };
	int r = node_object(node, members[check->op], err);

	if (r >= 0)
		r = find_fact(&path, scope, check, err);
	if (r < 0)
		return r;
	if (type_of(check) != FACT_LIST)
		return node_error(&path, err, "'%s' is not a list: name it by fact; %s",
				  check->fact_path, suits(check));
	r = read_list_endpoints(&path, scope, check, err);
	if (r < 0)
		return r;
	if (check->op == CHECK_COUNT)
		r = read_count_bounds(node, check, err);
	else if (!where.value)
		return node_error(node, err, "%s needs where: what an item must be",
				  ops[check->op].word);
	if (r < 0 || !where.value)
		return r;
	inside.members = check->fact->members;
	check->children = xcalloc(1, sizeof(*check->children));
	check->n_children = 1;
	return read_check(&where, &inside, check->children, err);
}

static int no_operator(const struct node *node, struct err *err)
{
	_cleanup_free_ char *list = NULL;
	size_t size;
	FILE *out = open_memstream(&list, &size);

	if (!out)
		abort();
	for (size_t op = CHECK_IS; op < ARRAY_SIZE(ops); op++)
		fprintf(out, "%s%s", op == CHECK_IS ? "" : ", ", ops[op].word);
	fclose(out);
	return node_error(node, err, "no such operator: a fact is compared by %s", list);
}

/* {"fact": PATH, OPERATOR: OPERAND}, one operator exactly. */
static int read_comparison(const struct node *node, const struct scope *scope, struct check *check,
			   struct err *err)
{
	struct node path = node_member(node, "fact");
	size_t n_ops = 0;
	const char *key;
	json_t *value;
	int r = find_fact(&path, scope, check, err);

	if (r < 0)
		return r;
	json_object_foreach ((json_t *)node->value, key, value) {
		struct node operand = node_member(node, key);
		size_t op = CHECK_IS;

		if (strcmp(key, "fact") == 0)
			continue;
		while (op < ARRAY_SIZE(ops) && strcmp(ops[op].word, key) != 0)
			op++;
		if (op == ARRAY_SIZE(ops))
			return no_operator(&operand, err);
		if (++n_ops > 1)
			return node_error(&operand, err,
					  "a second operator: join two comparisons by all_of");
		check->op = (enum check_op)op;
		r = ops[op].read(&operand, scope, check, err);
		if (r < 0)
			return r;
	}
	return n_ops == 1 ? 0 : node_error(node, err, "compares with nothing: add an operator");
}

static int read_check(const struct node *node, const struct scope *scope, struct check *check,
		      struct err *err)
{
	static const char *const combine[] = { "all_of", "any_of", "none_of", NULL };

	if (!json_is_object(node->value))
		return node_error(node, err,
				  "%s: a check, as in {\"fact\": \"cpu.cores\", \"at_least\": 2}",
				  node->value ? "expected object" : "missing");
	for (unsigned op = CHECK_ALL_OF; op <= CHECK_COUNT; op++) {
		struct node member = node_member(node, ops[op].word);
		const char *const only[] = { combine[op <= CHECK_NONE_OF ? op : 0], NULL };
		int r;

		if (!member.value)
			continue;
		check->op = (enum check_op)op;
		if (op > CHECK_NONE_OF)
			return read_list(node, scope, check, err);
		r = node_object(node, only, err);
		return r < 0 ? r : read_children(&member, scope, check, err);
	}
	return read_comparison(node, scope, check, err);
}

int profile_check_read(const struct node *node, const struct profile *profile, struct check *check,
		       struct err *err)
{
	const struct scope top = { .profile = profile, .members = facts_table };

	return read_check(node, &top, check, err);
}

void profile_check_done(struct check *check)
{
	for (size_t i = 0; i < check->n_children; i++)
		profile_check_done(&check->children[i]);
	free(check->children);
}
