/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>

#include "collector/ingest/accept_waiver.h"
#include "common/base/mem.h"
#include "common/model/profile_member.h"

#define BYTES_MAX ((size_t)8 * 1024)

/* The texts that every waiver has, in the order in which they are read. */
enum {
	TEXT_PROFILE,
	TEXT_REQUIREMENT,
	TEXT_REASON,
	TEXT_WHO,
	TEXT_UNTIL,
	TEXT_MAX_,
};
static const struct member_rule texts[] = {
	[TEXT_PROFILE] = { "profile", PROFILE_ID_MAX, "the id of the profile" },
	[TEXT_REQUIREMENT] = { "requirement", PROFILE_ID_MAX, "the id of what is waived" },
	[TEXT_REASON] = { "reason", PROFILE_REASON_MAX, "say why a device that fails may be used" },
	[TEXT_WHO] = { "who", WAIVER_WHO_MAX, "say who answers for it" },
	[TEXT_UNTIL] = { "until", 10, "the last day, as in \"2027-05-31\"" },
};
static_assert(ARRAY_SIZE(texts) == TEXT_MAX_, "every text has its rule");

/* Note the pointer of the member @key, which was refused. */
static int at(const struct node *root, const char *key, int r, char **ret_pointer)
{
	struct node member = node_member(root, key);

	if (r < 0 && !*ret_pointer)
		*ret_pointer = node_pointer(&member);
	return r;
}

/* A waiver for the state has no code, all others have one. */
static int read_scope(const struct node *root, struct waiver *waiver, char **ret_pointer,
		      struct err *err)
{
	static const struct member_rule rule = { "code", PROFILE_CODE_MAX,
						 "the code of the LEA or the site" };
	struct node scope = node_member(root, "scope");
	struct node code_node = node_member(root, "code");
	const char *code = "";
	unsigned word = 0;
	int r = at(root, "scope", node_word(&scope, scope_words, &word, err), ret_pointer);

	if (r < 0)
		return r;
	if (word != SCOPE_STATE)
		r = member_text(root, &rule, &code, err);
	else if (code_node.value)
		r = node_error(&code_node, err, "the whole state has no code; leave it out");
	if (at(root, "code", r, ret_pointer) < 0)
		return r;
	waiver->scope = (enum scope)word;
	waiver->scope_code = xstrdup(code);
	return 0;
}

static int read_waiver(const struct node *root, struct waiver *waiver, char **ret_pointer,
		       struct err *err)
{
	static const char *const members[] = { "profile", "requirement", "scope", "code",
					       "reason",  "who",         "until", NULL };
	const char *values[TEXT_MAX_];
	int r = node_object(root, members, err);

	if (r < 0)
		*ret_pointer = node_pointer(root);
	for (unsigned i = 0; i < TEXT_MAX_ && r >= 0; i++)
		r = at(root, texts[i].key, member_text(root, &texts[i], &values[i], err),
		       ret_pointer);
	if (r >= 0)
		r = at(root, "until", member_day(root, "until", 0, &waiver->until, err),
		       ret_pointer);
	if (r >= 0)
		r = read_scope(root, waiver, ret_pointer, err);
	if (r < 0)
		return r;
	waiver->profile_id = xstrdup(values[TEXT_PROFILE]);
	waiver->requirement = xstrdup(values[TEXT_REQUIREMENT]);
	waiver->reason = xstrdup(values[TEXT_REASON]);
	waiver->who = xstrdup(values[TEXT_WHO]);
	return 0;
}

int accept_waiver(const char *body, size_t len, struct waiver *ret_waiver, char **ret_pointer,
		  struct err *err)
{
	static const struct document_limits limits = { .bytes = BYTES_MAX, .depth = 4 };
	struct waiver waiver = { 0 };
	char *pointer = NULL;
	json_t *json;
	int r = document_parse(body, len, &limits, &json, err);

	if (r < 0)
		return r;
	r = read_waiver(&(struct node){ .value = json, .key = "" }, &waiver, &pointer, err);
	json_decref(json);
	if (r < 0) {
		*ret_pointer = pointer;
		waiver_done(&waiver);
		return r;
	}
	*ret_waiver = waiver;
	return 0;
}
