/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>

#include "collector/domain/access.h"
#include "collector/ingest/accept_placement.h"
#include "common/base/mem.h"
#include "common/model/profile_member.h"

#define BYTES_MAX ((size_t)4 * 1024)

void accepted_placement_done(struct accepted_placement *placement)
{
	free(placement->site_code);
	free(placement->room);
	free(placement->note);
	*placement = (struct accepted_placement){ 0 };
}

static bool has(const struct node *root, const char *key)
{
	struct node member = node_member(root, key);

	return member.value && !json_is_null(member.value);
}

/* A text that may be missing: *@ret_text stays what it is then. */
static int read_text(const struct node *root, const struct member_rule *rule, char **ret_text,
		     char **ret_pointer, struct err *err)
{
	const char *text = "";
	int r = 0;

	if (has(root, rule->key)) {
		r = member_at(root, rule->key, member_text(root, rule, &text, err), ret_pointer);
		if (r >= 0)
			*ret_text = xstrdup(text);
	}
	return r;
}

static int read_day(const struct node *root, struct accepted_placement *placement,
		    char **ret_pointer, struct err *err)
{
	struct node node = node_member(root, "on");
	int r = has(root, "on") ? member_day(root, "on", 0, &placement->on, err) : 0;

	/* The day of number 0 would be no day: at once. */
	if (r >= 0 && has(root, "on") && placement->on == 0)
		r = node_error(&node, err, "has begun; leave the day out to do it at once");
	return member_at(root, "on", r, ret_pointer);
}

static int read_move(const struct node *root, struct accepted_placement *placement,
		     char **ret_pointer, struct err *err)
{
	static const struct member_rule site = { "site", ACCESS_CODE_SIZE - 1,
						 "the code of a site" };
	static const struct member_rule room = { "room", PLACEMENT_ROOM_MAX, NULL };
	struct node role_node = node_member(root, "role");
	unsigned role = 0;
	int r = read_text(root, &site, &placement->site_code, ret_pointer, err);

	if (r >= 0)
		r = read_text(root, &room, &placement->room, ret_pointer, err);
	placement->has_role = has(root, "role");
	if (r >= 0 && placement->has_role)
		r = member_at(root, "role", node_word(&role_node, device_role_words, &role, err),
			      ret_pointer);
	placement->role = (enum device_role)role;
	if (r >= 0)
		r = read_day(root, placement, ret_pointer, err);
	if (r >= 0 && !placement->site_code && !placement->room && !placement->has_role) {
		r = node_error(root, err, "say where to: give site, room or role");
		node_at(root, r, ret_pointer);
	}
	return r;
}

static int read_retire(const struct node *root, struct accepted_placement *placement,
		       char **ret_pointer, struct err *err)
{
	static const struct member_rule note = { "note", PLACEMENT_NOTE_MAX, NULL };
	struct node reason_node = node_member(root, "reason");
	unsigned reason = 0;
	int r = member_at(root, "reason",
			  node_word(&reason_node, retire_reason_words, &reason, err), ret_pointer);

	placement->reason = (enum retire_reason)reason;
	if (r >= 0)
		r = read_text(root, &note, &placement->note, ret_pointer, err);
	if (r >= 0 && placement->reason == RETIRE_OTHER && !placement->note)
		r = member_at(
			root, "note",
			node_error(&reason_node, err, "say in note why, as the reason is other"),
			ret_pointer);
	return r < 0 ? r : read_day(root, placement, ret_pointer, err);
}

static int read_restore(const struct node *root, struct accepted_placement *placement,
			char **ret_pointer, struct err *err)
{
	(void)root;
	(void)placement;
	(void)ret_pointer;
	(void)err;
	return 0;
}

#define MEMBERS_MAX 6

static const struct {
	const char *members[MEMBERS_MAX]; /* besides nothing else; ended by NULL */
	int (*read)(const struct node *root, struct accepted_placement *placement,
		    char **ret_pointer, struct err *err);
} kinds[] = {
	[PLACEMENT_MOVE] = { { "kind", "site", "room", "role", "on" }, read_move },
	[PLACEMENT_RETIRE] = { { "kind", "reason", "note", "on" }, read_retire },
	[PLACEMENT_RESTORE] = { { "kind" }, read_restore },
};
static_assert(ARRAY_SIZE(kinds) == PLACEMENT_KIND_MAX_, "every kind is read");

static int read_placement(const struct node *root, struct accepted_placement *placement,
			  char **ret_pointer, struct err *err)
{
	static const char *const all[] = { "kind", "site",   "room", "role",
					   "on",   "reason", "note", NULL };
	struct node kind_node = node_member(root, "kind");
	unsigned kind = 0;
	int r = node_object(root, all, err);

	if (r >= 0)
		r = member_at(root, "kind", node_word(&kind_node, placement_kind_words, &kind, err),
			      ret_pointer);
	if (r >= 0)
		r = node_object(root, kinds[kind].members, err);
	node_at(root, r, ret_pointer);
	placement->kind = (enum placement_kind)kind;
	return r < 0 ? r : kinds[kind].read(root, placement, ret_pointer, err);
}

int accept_placement(const char *body, size_t len, struct accepted_placement *ret_placement,
		     char **ret_pointer, struct err *err)
{
	static const struct document_limits limits = { .bytes = BYTES_MAX, .depth = 2 };
	struct accepted_placement placement = { 0 };
	char *pointer = NULL;
	json_t *json;
	int r = document_parse(body, len, &limits, &json, err);

	if (r < 0)
		return r;
	r = read_placement(&(struct node){ .value = json, .key = "" }, &placement, &pointer, err);
	json_decref(json);
	if (r < 0) {
		*ret_pointer = pointer;
		accepted_placement_done(&placement);
		return r;
	}
	*ret_placement = placement;
	return 0;
}
