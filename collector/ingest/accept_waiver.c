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
	int r = member_at(root, "scope", node_word(&scope, scope_words, &word, err), ret_pointer);

	if (r < 0)
		return r;
	if (word != SCOPE_STATE)
		r = member_text(root, &rule, &code, err);
	else if (code_node.value)
		r = node_error(&code_node, err, "the whole state has no code; leave it out");
	if (member_at(root, "code", r, ret_pointer) < 0)
		return r;
	waiver->scope = (enum scope)word;
	waiver->scope_code = xstrdup(code);
	return 0;
}

static int read_as(const struct node *root, enum waive_as *ret_as, struct err *err)
{
	static const char *const words[] = { "proposal", "waiver", NULL };
	static const enum waive_as values[] = { WAIVE_AS_PROPOSAL, WAIVE_AS_WAIVER };
	struct node node = node_member(root, "as");
	unsigned word = 0;
	int r;

	*ret_as = WAIVE_AS_MAY;
	if (!node.value)
		return 0;
	r = node_word(&node, words, &word, err);
	if (r >= 0)
		*ret_as = values[word];
	return r;
}

static int read_waiver(const struct node *root, struct accepted_waiver *accepted,
		       char **ret_pointer, struct err *err)
{
	static const char *const members[] = { "profile", "requirement", "scope", "code", "reason",
					       "who",     "until",       "as",    NULL };
	struct waiver *waiver = &accepted->waiver;
	const char *values[TEXT_MAX_];
	int r = node_at(root, node_object(root, members, err), ret_pointer);

	for (unsigned i = 0; i < TEXT_MAX_ && r >= 0; i++)
		r = member_at(root, texts[i].key, member_text(root, &texts[i], &values[i], err),
			      ret_pointer);
	if (r >= 0)
		r = member_at(root, "until", member_day(root, "until", 0, &waiver->until, err),
			      ret_pointer);
	if (r >= 0)
		r = member_at(root, "as", read_as(root, &accepted->as, err), ret_pointer);
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

void accepted_waiver_done(struct accepted_waiver *accepted)
{
	waiver_done(&accepted->waiver);
}

static const struct document_limits limits = { .bytes = BYTES_MAX, .depth = 4 };

int accept_waiver(const char *body, size_t len, struct accepted_waiver *ret_accepted,
		  char **ret_pointer, struct err *err)
{
	struct accepted_waiver accepted = { 0 };
	char *pointer = NULL;
	json_t *json;
	int r = document_parse(body, len, &limits, &json, err);

	if (r < 0)
		return r;
	r = read_waiver(&(struct node){ .value = json, .key = "" }, &accepted, &pointer, err);
	json_decref(json);
	if (r < 0) {
		*ret_pointer = pointer;
		accepted_waiver_done(&accepted);
		return r;
	}
	*ret_accepted = accepted;
	return 0;
}

/* --- what is decided ------------------------------------------------------------------ */

/* Which members each decision has besides; what it must have has a hint. */
static const struct {
	struct member_rule who, reason;
	bool has_until;
} verdict_rules[] = {
	[WAIVER_DECISION_GIVE] = { .who = { "who", WAIVER_WHO_MAX, NULL }, .has_until = true },
	[WAIVER_DECISION_DECLINE] = { .reason = { "reason", PROFILE_REASON_MAX,
						  "tell who proposed it why" } },
	[WAIVER_DECISION_WITHDRAW] = { .has_until = false },
	[WAIVER_DECISION_REOPEN] = { .has_until = false },
};
static_assert(ARRAY_SIZE(verdict_rules) == WAIVER_DECISION_MAX_, "every decision has its rules");

/* The text of a member that the decision may have; NULL: it has none. */
static int read_own(const struct node *root, const struct member_rule *rule, const char *key,
		    char **ret_text, struct err *err)
{
	struct node node = node_member(root, key);
	const char *text = "";
	int r = 0;

	if (rule->key)
		r = member_text(root, rule, &text, err);
	else if (node.value)
		r = node_error(&node, err, "it does not belong to this decision; leave it out");
	if (r >= 0 && text[0])
		*ret_text = xstrdup(text);
	return r;
}

static int read_until(const struct node *root, bool has_until, int32_t *ret_until, struct err *err)
{
	struct node node = node_member(root, "until");

	if (!has_until && node.value)
		return node_error(&node, err, "it does not belong to this decision; leave it out");
	return member_day(root, "until", INT32_MIN, ret_until, err);
}

static int read_verdict(const struct node *root, struct accepted_verdict *accepted,
			char **ret_pointer, struct err *err)
{
	static const char *const members[] = { "decision", "until", "who", "reason", NULL };
	struct node decision = node_member(root, "decision");
	unsigned word = 0;
	int r = node_at(root, node_object(root, members, err), ret_pointer);

	if (r < 0)
		return r;
	r = member_at(root, "decision", node_word(&decision, waiver_decision_words, &word, err),
		      ret_pointer);
	if (r >= 0)
		r = member_at(root, "who",
			      read_own(root, &verdict_rules[word].who, "who", &accepted->who, err),
			      ret_pointer);
	if (r >= 0)
		r = member_at(root, "reason",
			      read_own(root, &verdict_rules[word].reason, "reason",
				       &accepted->reason, err),
			      ret_pointer);
	if (r >= 0)
		r = member_at(root, "until",
			      read_until(root, verdict_rules[word].has_until,
					 &accepted->verdict.until, err),
			      ret_pointer);
	accepted->verdict.decision = (enum waiver_decision)word;
	return r;
}

void accepted_verdict_done(struct accepted_verdict *accepted)
{
	free(accepted->who);
	free(accepted->reason);
	*accepted = (struct accepted_verdict){ 0 };
}

int accept_waiver_verdict(const char *body, size_t len, struct accepted_verdict *ret_accepted,
			  char **ret_pointer, struct err *err)
{
	struct accepted_verdict accepted = { 0 };
	char *pointer = NULL;
	json_t *json;
	int r = document_parse(body, len, &limits, &json, err);

	if (r < 0)
		return r;
	r = read_verdict(&(struct node){ .value = json, .key = "" }, &accepted, &pointer, err);
	json_decref(json);
	if (r < 0) {
		*ret_pointer = pointer;
		accepted_verdict_done(&accepted);
		return r;
	}
	accepted.verdict.who = accepted.who;
	accepted.verdict.reason = accepted.reason;
	*ret_accepted = accepted;
	return 0;
}
