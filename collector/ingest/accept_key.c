/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "collector/act/act_key.h"
#include "collector/ingest/accept_key.h"
#include "common/model/profile_member.h"

#define BYTES_MAX ((size_t)1024)
#define DAYS_DEFAULT 30

static int read_number(const struct node *root, const char *key, int64_t max, int64_t *number,
		       char **ret_pointer, struct err *err)
{
	struct node node = node_member(root, key);

	if (!node.value)
		return 0;
	return node_at(&node, node_int(&node, 1, max, number, err), ret_pointer);
}

static int read_key(const struct node *root, struct accepted_key *key, char **ret_pointer,
		    struct err *err)
{
	static const char *const members[] = { "site", "days", "uses", NULL };
	static const struct member_rule rule = { "site", ACCESS_CODE_SIZE - 1,
						 "the code of the site whose devices enrol" };
	const char *code = "";
	int r = node_at(root, node_object(root, members, err), ret_pointer);

	if (r >= 0)
		r = member_at(root, "site", member_text(root, &rule, &code, err), ret_pointer);
	if (r < 0)
		return r;
	snprintf(key->site_code, sizeof(key->site_code), "%s", code);
	r = read_number(root, "days", KEY_DAYS_MAX, &key->days, ret_pointer, err);
	return r < 0 ? r : read_number(root, "uses", KEY_USES_MAX, &key->uses, ret_pointer, err);
}

int accept_key(const char *body, size_t len, struct accepted_key *ret_key, char **ret_pointer,
	       struct err *err)
{
	static const struct document_limits limits = { .bytes = BYTES_MAX, .depth = 4 };
	struct accepted_key key = { .days = DAYS_DEFAULT, .uses = -1 };
	json_t *json;
	int r = document_parse(body, len, &limits, &json, err);

	if (r < 0)
		return r;
	r = read_key(&(struct node){ .value = json, .key = "" }, &key, ret_pointer, err);
	json_decref(json);
	if (r >= 0)
		*ret_key = key;
	return r;
}
