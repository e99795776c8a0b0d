/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <string.h>

#include "collector/ingest/accept_groups.h"
#include "collector/ingest/facts_hash.h"
#include "common/base/mem.h"
#include "common/model/document.h"
#include "common/model/facts.h"
#include "common/model/span.h"

#define MEMBERS_MAX 16

struct named_group {
	const struct fact *fact;
	const struct group *group;
};

/* All groups that there are, in canonical order. */
struct group_list {
	struct named_group items[FACTS_GROUPS_MAX];
	size_t n;
};

static void list_done(struct group_list *list)
{
	for (size_t i = 0; i < list->n; i++)
		group_unref(list->items[i].group);
}

static const struct fact *find_fact(const struct span *name)
{
	const struct fact *fact = facts_table;

	/* A name from outside may have zeros in it. */
	while (fact->name &&
	       (strlen(fact->name) != name->len || memcmp(fact->name, name->text, name->len) != 0))
		fact++;
	return fact->name ? fact : NULL;
}

/* Agents send them in this order, so mostly nothing moves. False: it is there already. */
static bool list_add(struct group_list *list, const struct fact *fact, const struct group *group)
{
	size_t place = list->n;

	while (place > 0 && strcmp(list->items[place - 1].fact->name, fact->name) > 0)
		place--;
	if (place > 0 && list->items[place - 1].fact == fact)
		return false;
	memmove(&list->items[place + 1], &list->items[place],
		(list->n - place) * sizeof(list->items[0]));
	list->items[place] = (struct named_group){ fact, group };
	list->n++;
	return true;
}

static bool read_groups(struct group_memo *memo, const struct span *facts, struct group_list *list)
{
	struct span_member members[FACTS_GROUPS_MAX];
	int n = span_members(facts->text, facts->len, members, ARRAY_SIZE(members));
	const struct fact *end = facts_table;

	for (int i = 0; i < n; i++) {
		const struct fact *fact = find_fact(&members[i].key);
		const struct group *group =
			fact ? group_memo_get(memo, fact, &members[i].value) : NULL;

		if (!group)
			return false;
		if (!list_add(list, fact, group)) {
			group_unref(group);
			return false;
		}
	}
	while (end->name)
		end++;
	/* Each is there once, so none is missing if there are as many. */
	return list->n == (size_t)(end - facts_table);
}

/* The facts as JSON, owned by the caller, whose groups are those of others as well. */
static json_t *join_json(const struct group_list *list)
{
	json_t *facts = json_object();

	for (size_t i = 0; i < list->n; i++)
		json_object_set_new_nocheck(facts, list->items[i].fact->name,
					    json_incref((json_t *)list->items[i].group->json));
	return facts;
}

static char *put(char *at, const char *text, size_t len)
{
	memcpy(at, text, len);
	return at + len;
}

/* {"audio":…,"braille":…}; owned by the caller. */
static char *join_text(const struct group_list *list)
{
	size_t size = sizeof("{}");
	char *text, *at;

	for (size_t i = 0; i < list->n; i++)
		size += strlen(list->items[i].fact->name) + list->items[i].group->canonical_len +
			strlen(",\"\":");
	at = text = xreallocarray(NULL, size, 1);
	for (size_t i = 0; i < list->n; i++) {
		const struct named_group *item = &list->items[i];

		at = put(at, i == 0 ? "{\"" : ",\"", 2);
		at = put(at, item->fact->name, strlen(item->fact->name));
		at = put(at, "\":", 2);
		at = put(at, item->group->canonical, item->group->canonical_len);
	}
	memcpy(at, "}", 2);
	return text;
}

/* What is around the facts, with "facts": {} in it; json_decref() it. NULL: it is no JSON. */
static json_t *read_around(const char *body, size_t len, const struct span *facts)
{
	static const struct document_limits limits = { .bytes = REPORT_BYTES_MAX,
						       .depth = REPORT_DEPTH_MAX };
	size_t before = (size_t)(facts->text - body), after = len - before - facts->len;
	_cleanup_free_ char *text = xreallocarray(NULL, before + 2 + after, 1);
	char *at = put(text, body, before);
	json_t *json;

	at = put(at, "{}", 2);
	at = put(at, facts->text + facts->len, after);
	return document_parse(text, (size_t)(at - text), &limits, &json, NULL) < 0 ? NULL : json;
}

static const struct span *find_facts(const struct span_member *members, int n)
{
	static const char name[] = "facts";

	for (int i = 0; i < n; i++) {
		if (members[i].key.len == strlen(name) &&
		    memcmp(members[i].key.text, name, strlen(name)) == 0)
			return &members[i].value;
	}
	return NULL;
}

int accept_facts(struct group_memo *memo, const struct span *facts,
		 struct accepted_facts *ret_facts)
{
	_cleanup_(list_done) struct group_list list = { 0 };

	if (!read_groups(memo, facts, &list))
		return -EAGAIN;
	*ret_facts = (struct accepted_facts){ .json = join_json(&list), .text = join_text(&list) };
	facts_hash(ret_facts->text, strlen(ret_facts->text), ret_facts->hash);
	for (size_t i = 0; i < list.n; i++)
		ret_facts->numbers[list.items[i].fact - facts_table] = list.items[i].group->number;
	return 0;
}

int accept_groups(struct group_memo *memo, const char *body, size_t len,
		  struct accepted_report *ret_accepted)
{
	_cleanup_(accepted_facts_done) struct accepted_facts accepted_facts = { 0 };
	struct accepted_report accepted = { 0 };
	struct span_member members[MEMBERS_MAX];
	const struct span *facts;
	int n;

	if (len > REPORT_BYTES_MAX)
		return -EAGAIN;
	n = span_members(body, len, members, ARRAY_SIZE(members));
	facts = find_facts(members, n);
	if (!facts || accept_facts(memo, facts, &accepted_facts) < 0)
		return -EAGAIN;
	accepted.json = read_around(body, len, facts);
	if (!accepted.json)
		return -EAGAIN;
	json_object_set_new(accepted.json, "facts", TAKE_PTR(accepted_facts.json));
	if (report_read_around(accepted.json, &accepted.report, NULL, NULL) < 0) {
		accepted_report_done(&accepted);
		return -EAGAIN;
	}
	accepted.facts_text = TAKE_PTR(accepted_facts.text);
	memcpy(accepted.facts_hash, accepted_facts.hash, HASH_SIZE);
	*ret_accepted = accepted;
	return 0;
}
