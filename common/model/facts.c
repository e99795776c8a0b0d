/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <errno.h>
#include <string.h>

#include "common/base/mem.h"
#include "common/base/text.h"
#include "common/model/document.h"
#include "common/model/facts.h"

const struct fact *facts_find_in(const struct fact *within, const char *path)
{
	const struct fact *fact = NULL;

	while (*path) {
		size_t len = strcspn(path, ".");

		if (!within)
			return NULL;
		for (fact = within; fact->name; fact++) {
			if (strlen(fact->name) == len && strncmp(fact->name, path, len) == 0)
				break;
		}
		if (!fact->name)
			return NULL;
		within = fact->members;
		path += len;
		if (*path == '.' && *++path == '\0')
			return NULL;
	}
	return fact;
}

const struct fact *facts_find(const char *path)
{
	return facts_find_in(facts_table, path);
}

json_t *fact_unknown(const char *why)
{
	_cleanup_free_ char *clean = text_clean(why, strlen(why), FACTS_TEXT_MAX);

	/* Without a reason the whole report would be refused. */
	return json_pack("{s:s}", "unknown", clean[0] ? clean : "no reason was told");
}

const char *fact_unknown_reason(const json_t *value)
{
	const json_t *reason = json_object_get(value, "unknown");

	return reason && json_object_size(value) == 1 ? json_string_value(reason) : NULL;
}

static int check_value(const struct fact *fact, const struct node *node, char **ret_pointer,
		       struct err *err);

static bool is_member(const struct fact *members, const char *key)
{
	for (; members->name; members++) {
		if (strcmp(members->name, key) == 0)
			return true;
	}
	return false;
}

static int check_members(const struct fact *members, const struct node *node, char **ret_pointer,
			 struct err *err)
{
	const char *key;
	json_t *value;

	if (!json_is_object(node->value)) {
		static const char *const none[] = { NULL };

		return node_at(node, node_object(node, none, err), ret_pointer);
	}
	json_object_foreach ((json_t *)node->value, key, value) {
		struct node stray = node_member(node, key);

		if (!is_member(members, key))
			return node_at(&stray, node_error(&stray, err, "unknown member"),
				       ret_pointer);
	}
	for (; members->name; members++) {
		struct node member = node_member(node, members->name);
		int r;

		if (!member.value)
			return node_at(node,
				       node_error(&member, err, "missing; say {\"unknown\": why}"),
				       ret_pointer);
		r = check_value(members, &member, ret_pointer, err);
		if (r < 0)
			return r;
	}
	return 0;
}

static int check_list(const struct fact *fact, const struct node *node, char **ret_pointer,
		      struct err *err)
{
	static const struct fact text = { .name = "", .type = FACT_TEXT };
	size_t n;
	int r = node_at(node, node_list(node, FACTS_LIST_MAX, &n, err), ret_pointer);

	for (size_t i = 0; r >= 0 && i < n; i++) {
		struct node item = node_item(node, i);

		r = fact->members ? check_members(fact->members, &item, ret_pointer, err)
				  : check_value(&text, &item, ret_pointer, err);
	}
	return r;
}

/* -EINVAL unless an {"unknown": …} holds a reason and nothing else. */
static int check_unknown(const struct node *node, char **ret_pointer, struct err *err)
{
	static const char *const only[] = { "unknown", NULL };
	struct node reason = node_member(node, "unknown");
	const char *why;
	int r = node_at(node, node_object(node, only, err), ret_pointer);

	if (r >= 0)
		r = node_at(&reason, node_text(&reason, FACTS_TEXT_MAX, &why, err), ret_pointer);
	if (r >= 0 && why[0] == '\0')
		r = node_at(&reason, node_error(&reason, err, "empty; say why it is unknown"),
			    ret_pointer);
	return r;
}

static int check_value(const struct fact *fact, const struct node *node, char **ret_pointer,
		       struct err *err)
{
	const char *text;
	unsigned word;
	int64_t number;
	bool flag;

	if (json_object_get(node->value, "unknown"))
		return check_unknown(node, ret_pointer, err);

	switch (fact->type) {
	case FACT_OBJECT:
		return check_members(fact->members, node, ret_pointer, err);
	case FACT_LIST:
		return check_list(fact, node, ret_pointer, err);
	case FACT_TEXT:
		return node_at(node, node_text(node, FACTS_TEXT_MAX, &text, err), ret_pointer);
	case FACT_WORD:
		return node_at(node, node_word(node, fact->words, &word, err), ret_pointer);
	case FACT_INT:
		return node_at(node, node_int(node, fact->min, fact->max, &number, err),
			       ret_pointer);
	case FACT_BOOL:
		return node_at(node, node_bool(node, &flag, err), ret_pointer);
	case FACT_TYPE_MAX_:
		break;
	}
	assert(false);
	return -EINVAL;
}

int facts_check(const json_t *facts, const char *path, char **ret_pointer, struct err *err)
{
	struct node root = { .value = facts, .key = path };

	if (ret_pointer)
		*ret_pointer = NULL;
	return check_members(facts_table, &root, ret_pointer, err);
}

int facts_check_group(const struct fact *group, const json_t *value, struct err *err)
{
	struct node root = { .value = value, .key = group->name };

	return check_value(group, &root, NULL, err);
}

/* What is said of facts that are missing, and of how many. */
struct completion {
	const char *why;
	size_t n_left;
};

static void complete_members(const struct fact *members, json_t *object,
			     struct completion *completion);

/* Complete what is inside @value, in lists as well. */
static void complete_value(const struct fact *fact, json_t *value, struct completion *completion)
{
	json_t *item;
	size_t i;

	if (!fact->members || fact_unknown_reason(value))
		return;
	if (fact->type == FACT_OBJECT)
		complete_members(fact->members, value, completion);
	json_array_foreach (value, i, item)
		complete_members(fact->members, item, completion);
}

static void complete_members(const struct fact *members, json_t *object,
			     struct completion *completion)
{
	for (; members->name && completion->n_left > 0; members++) {
		json_t *value = json_object_get(object, members->name);

		if (value) {
			complete_value(members, value, completion);
		} else {
			json_object_set_new(object, members->name, fact_unknown(completion->why));
			completion->n_left--;
		}
	}
}

void facts_complete(json_t *facts, const char *why)
{
	facts_complete_some(facts, why, SIZE_MAX);
}

void facts_complete_some(json_t *facts, const char *why, size_t max)
{
	complete_members(facts_table, facts, &(struct completion){ why, max });
}

static bool same_members(const struct fact *members, const json_t *before, const json_t *now);

static bool same_value(const struct fact *fact, const json_t *before, const json_t *now)
{
	if (fact_unknown_reason(before) || fact_unknown_reason(now) || !before || !now)
		return json_equal(before, now);
	if (fact->type == FACT_INT && fact->step > 0)
		return llabs(json_integer_value(before) - json_integer_value(now)) < fact->step;
	if (fact->type == FACT_OBJECT)
		return same_members(fact->members, before, now);
	if (fact->type != FACT_LIST || !fact->members)
		return json_equal(before, now);
	if (json_array_size(before) != json_array_size(now))
		return false;
	for (size_t i = 0; i < json_array_size(now); i++) {
		if (!same_members(fact->members, json_array_get(before, i), json_array_get(now, i)))
			return false;
	}
	return true;
}

static bool same_members(const struct fact *members, const json_t *before, const json_t *now)
{
	if (fact_unknown_reason(before) || fact_unknown_reason(now))
		return json_equal(before, now);
	for (; members->name; members++) {
		if (!same_value(members, json_object_get(before, members->name),
				json_object_get(now, members->name)))
			return false;
	}
	return true;
}

bool facts_same(const json_t *before, const json_t *now)
{
	return same_members(facts_table, before, now);
}
