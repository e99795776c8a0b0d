/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "common/base/civil.h"
#include "common/model/profile.h"
#include "common/model/profile_member.h"

#define BLANKS " \t\n"

static bool has_control(const char *text)
{
	for (const char *c = text; *c; c++) {
		if (((unsigned char)*c < ' ' && !strchr(BLANKS, *c)) || *c == 0x7f)
			return true;
	}
	return false;
}

int member_text(const struct node *node, const struct member_rule *rule, const char **ret_text,
		struct err *err)
{
	struct node member = node_member(node, rule->key);
	const char *text;
	int r;

	if (!member.value && rule->hint)
		return node_error(&member, err, "missing: %s", rule->hint);
	if (!member.value) {
		*ret_text = "";
		return 0;
	}
	r = node_text(&member, rule->max, &text, err);
	if (r < 0)
		return r;
	if (rule->hint && text[strspn(text, BLANKS)] == '\0')
		return node_error(&member, err, "empty: %s", rule->hint);
	if (has_control(text))
		return node_error(&member, err, "has a control character: write plain text");
	*ret_text = text;
	return 0;
}

int id_check(const struct node *node, const char *id, struct err *err)
{
	static const char firsts[] = "abcdefghijklmnopqrstuvwxyz0123456789";
	static const char others[] = "abcdefghijklmnopqrstuvwxyz0123456789._-";

	if (strlen(id) > PROFILE_NAME_MAX)
		return node_error(node, err, "an id of %zu bytes, at most %d", strlen(id),
				  PROFILE_NAME_MAX);
	if (!id[0] || !strchr(firsts, id[0]) || id[strspn(id, others)])
		return node_error(node, err,
				  "'%s': ids are lower-case letters, digits, . _ - and begin "
				  "with a letter or digit",
				  id);
	return 0;
}

int member_id(const struct node *node, const struct member_rule *rule, const char **ret_id,
	      struct err *err)
{
	struct node member = node_member(node, rule->key);
	const char *id = "";
	int r = member_text(node, rule, &id, err);

	if (r >= 0 && member.value)
		r = id_check(&member, id, err);
	if (r >= 0)
		*ret_id = id;
	return r;
}

int member_int(const struct node *node, const struct number_rule *rule, int64_t fallback,
	       int64_t *ret_value, struct err *err)
{
	struct node member = node_member(node, rule->key);

	if (!member.value) {
		*ret_value = fallback;
		return 0;
	}
	return node_int(&member, rule->min, rule->max, ret_value, err);
}

int member_day(const struct node *node, const char *key, int32_t fallback, int32_t *ret_day,
	       struct err *err)
{
	struct node member = node_member(node, key);
	struct err why = { 0 };
	const char *text;
	int r;

	if (!member.value) {
		*ret_day = fallback;
		return 0;
	}
	r = node_text(&member, CIVIL_TEXT_SIZE, &text, err);
	if (r >= 0 && civil_parse(text, ret_day, &why) < 0)
		return node_error(&member, err, "%s", why.text);
	return r;
}
