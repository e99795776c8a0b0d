/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether a check can hold at all, and whether it can fail. Sound, not complete: "never" is only
 * said where it is certain, since it keeps a profile from being published.
 */
#include <stdlib.h>
#include <string.h>

#include "collector/domain/check_sample.h"
#include "collector/domain/profile_lint_part.h"
#include "common/base/mem.h"
#include "common/base/text.h"
#include "common/eval/show.h"
#include "common/model/profile_check.h"

#define WORDS_MAX 120 /* of a check, in bytes */

/* What a check can come to where all that it looks at is known. */
struct can {
	bool hold, fail;
	/* Where it cannot hold: "file:line:column: place: why", owned, and how to mend that. */
	char *why;
	const char *mend;
};

/* What follows for the one who wrote it, by where the check stands. */
static const char in_check[] = "so no device can meet this requirement";
static const char in_when[] = "so this requirement never applies";
static const char in_where[] = "so no item is ever counted";
static const char in_any_of[] = "so this alternative never holds";
static const char in_none_of[] = "so it excludes nothing";

static const char mend_both[] = "change one of them, or join them by any_of";

/* Checks that must hold together, those of nested all_of among them. */
struct conjunction {
	const struct check *checks[SAMPLE_LEAVES_MAX];
	size_t n;
};

static void can_done(struct can *can)
{
	free(can->why);
}

/* @why and its place, owned; NULL when enough was found. */
static char *place_why(struct linter *linter, const struct node *node, const char *why)
{
	struct err err;

	if (linter->n_places++ >= LINT_FINDINGS_MAX)
		return NULL;
	(void)node_error(node, &err, "%s", why);
	return xstrdup(err.text);
}

static void never(struct can *can, struct linter *linter, const struct node *node, const char *why,
		  const char *mend)
{
	free(can->why);
	can->why = place_why(linter, node, why);
	can->mend = mend;
	/* Nothing more is told, so nothing is found any more. */
	can->hold = !can->why;
	can->fail = true;
}

static void tell(struct linter *linter, enum lint_level level, const struct can *can,
		 const char *so)
{
	_cleanup_free_ char *text = NULL;

	if (can->hold || linter->list->n_findings >= LINT_FINDINGS_MAX)
		return;
	text = xasprintf("%s, %s: %s", can->why, so, can->mend);
	lint_list_add(linter->list, level, text);
}

/* What a check asks, in words, cut where they are many; owned by the caller. */
static char *words_of(const struct check *check)
{
	_cleanup_free_ char *words = NULL;
	size_t size;
	FILE *out = open_memstream(&words, &size);

	if (!out)
		abort();
	show_expected(out, check);
	fclose(out);
	return text_clean(words, size, WORDS_MAX);
}

static enum sample_says together(const struct check *a, const struct check *b,
				 const char *const *endpoints)
{
	const struct check *both[] = { a, b };

	return sample_all(both, 2, RESULT_PASS, endpoints);
}

/* --- what cannot hold together ---------------------------------------------------------- */

static void flatten(struct conjunction *all, const struct check *check)
{
	if (check->op != CHECK_ALL_OF && all->n < SAMPLE_LEAVES_MAX)
		all->checks[all->n++] = check;
	for (size_t i = 0; check->op == CHECK_ALL_OF && i < check->n_children; i++)
		flatten(all, &check->children[i]);
}

/* Those of @all that are of the same fact as the one at @first, which is the first of it. */
static bool same_fact(const struct conjunction *all, size_t first, struct conjunction *ret_same)
{
	const char *path = check_only_fact(all->checks[first]);

	ret_same->n = 0;
	for (size_t i = 0; path && i < all->n; i++) {
		const char *other = check_only_fact(all->checks[i]);

		if (!other || strcmp(path, other) != 0)
			continue;
		if (i < first)
			return false;
		ret_same->checks[ret_same->n++] = all->checks[i];
	}
	return ret_same->n > 1;
}

/* Two counts of the same items that leave no number. */
static bool counts_exclude(const struct check *a, const struct check *b)
{
	if (a->op != CHECK_COUNT || b->op != CHECK_COUNT ||
	    strcmp(a->fact_path, b->fact_path) != 0 || a->n_children != b->n_children ||
	    (a->n_children && !check_equal(a->children, b->children)))
		return false;
	return a->least > b->most || b->least > a->most;
}

static char *conflict_of(const struct check *a, const struct check *b)
{
	_cleanup_free_ char *one = words_of(a), *other = words_of(b);

	return xasprintf("'%s' and '%s' cannot both hold", one, other);
}

static char *find_counts(const struct conjunction *all)
{
	for (size_t i = 0; i < all->n; i++) {
		for (size_t j = i + 1; j < all->n; j++) {
			if (counts_exclude(all->checks[i], all->checks[j]))
				return conflict_of(all->checks[i], all->checks[j]);
		}
	}
	return NULL;
}

/* The first two of @same that exclude each other, for people; where it takes more, the fact. */
static char *name_conflict(const struct conjunction *same, const char *const *endpoints)
{
	for (size_t i = 0; i < same->n; i++) {
		for (size_t j = i + 1; j < same->n; j++) {
			if (together(same->checks[i], same->checks[j], endpoints) == SAMPLE_NONE)
				return conflict_of(same->checks[i], same->checks[j]);
		}
	}
	return xasprintf("what it asks of '%s' cannot all hold", check_only_fact(same->checks[0]));
}

/* Why the checks of @all cannot hold together, owned by the caller; NULL: they may. */
static char *find_conflict(const struct conjunction *all, const char *const *endpoints)
{
	struct conjunction same;

	for (size_t i = 0; i < all->n; i++) {
		if (same_fact(all, i, &same) &&
		    sample_all(same.checks, same.n, RESULT_PASS, endpoints) == SAMPLE_NONE)
			return name_conflict(&same, endpoints);
	}
	return find_counts(all);
}

/* --- one check ------------------------------------------------------------------------ */

static struct can can_of(struct linter *linter, const struct check *check, const struct node *node,
			 const char *const *endpoints);

static struct can can_of_comparison(struct linter *linter, const struct check *check,
				    const struct node *node, const char *const *endpoints)
{
	struct node operand = node_member(node, check_op_word(check->op));
	struct can can = { .hold = true, .fail = true };
	_cleanup_free_ char *words = NULL, *why = NULL;

	if (check->op == CHECK_IN_TABLE)
		return can;
	can.hold = sample_all(&check, 1, RESULT_PASS, endpoints) != SAMPLE_NONE;
	can.fail = sample_all(&check, 1, RESULT_FAIL, endpoints) != SAMPLE_NONE;
	if (can.hold)
		return can;
	words = words_of(check);
	if (endpoints && strcmp(check->fact_path, "host") == 0) {
		why = xasprintf("'%s': no such server is among the profile's endpoints", words);
		never(&can, linter, &operand, why, "name it there, or write it as it is there");
	} else {
		why = xasprintf("'%s' leaves nothing", words);
		never(&can, linter, &operand, why, "mend the range, or what it takes out");
	}
	return can;
}

static struct can can_of_all(struct linter *linter, const struct check *check,
			     const struct node *node, const char *const *endpoints)
{
	struct node list = node_member(node, check_op_word(check->op));
	struct can all = { .hold = true, .fail = false };
	struct conjunction together_all = { 0 };
	_cleanup_free_ char *conflict = NULL;

	for (size_t i = 0; i < check->n_children; i++) {
		struct node item = node_item(&list, i);
		struct can one = can_of(linter, &check->children[i], &item, endpoints);

		if (!one.hold)
			return one;
		all.fail |= one.fail;
	}
	flatten(&together_all, check);
	conflict = find_conflict(&together_all, endpoints);
	if (conflict)
		never(&all, linter, node, conflict, mend_both);
	return all;
}

/* The children of any_of and none_of: whether one can hold, and whether all can fail. */
static struct can can_of_alternatives(struct linter *linter, const struct check *check,
				      const struct node *node, const char *const *endpoints)
{
	struct node list = node_member(node, check_op_word(check->op));
	struct can any = { .hold = false, .fail = true };
	struct can *cans = xcalloc(check->n_children, sizeof(*cans));
	struct conjunction all = { 0 }, same;

	for (size_t i = 0; i < check->n_children; i++) {
		struct node item = node_item(&list, i);

		cans[i] = can_of(linter, &check->children[i], &item, endpoints);
		any.hold |= cans[i].hold;
		any.fail &= cans[i].fail;
		if (all.n < SAMPLE_LEAVES_MAX)
			all.checks[all.n++] = &check->children[i];
	}
	for (size_t i = 0; i < all.n; i++) {
		if (same_fact(&all, i, &same) &&
		    sample_all(same.checks, same.n, RESULT_FAIL, endpoints) == SAMPLE_NONE)
			any.fail = false;
	}
	/* With all of them dead, the whole is told and not each. */
	for (size_t i = 0; i < check->n_children; i++) {
		if (any.hold || check->op == CHECK_NONE_OF)
			tell(linter, LINT_WARNING, &cans[i],
			     check->op == CHECK_ANY_OF ? in_any_of : in_none_of);
		can_done(&cans[i]);
	}
	free(cans);
	return any;
}

static struct can can_of_any(struct linter *linter, const struct check *check,
			     const struct node *node, const char *const *endpoints)
{
	struct can any = can_of_alternatives(linter, check, node, endpoints);

	if (!any.hold)
		never(&any, linter, node, "none of these can ever hold", "mend one of them");
	return any;
}

static struct can can_of_none(struct linter *linter, const struct check *check,
			      const struct node *node, const char *const *endpoints)
{
	struct can any = can_of_alternatives(linter, check, node, endpoints);
	struct can none = { .hold = any.fail, .fail = any.hold };

	if (!none.hold)
		never(&none, linter, node, "one of what it excludes always holds", "exclude less");
	return none;
}

static int64_t count_endpoints(const struct check *check)
{
	int64_t n = 0;

	while (check->endpoints[n])
		n++;
	return n;
}

/* Of a list that may be empty, or has an item for each server that the profile names. */
static struct can can_of_list(struct linter *linter, const struct check *check,
			      const struct node *node, const char *const *endpoints)
{
	struct node where = node_member(node, "where");
	struct can item = { .hold = true }, list = { .hold = true, .fail = true };
	bool must_have = check->op == CHECK_ANY || check->least > 0;

	(void)endpoints;
	if (check->n_children)
		item = can_of(linter, check->children, &where, check->endpoints);
	if (!item.hold && must_have)
		return item;
	if (!item.hold) {
		tell(linter, LINT_ERROR, &item, in_where);
		can_done(&item);
		return list;
	}
	if (check->op == CHECK_EVERY)
		list.fail = item.fail;
	else if (check->op == CHECK_COUNT)
		list.fail = check->least > 0 || check->most < FACTS_LIST_MAX;
	if (check->op == CHECK_COUNT && check->endpoints) {
		if (check->least > count_endpoints(check))
			never(&list, linter, node, "the profile names fewer servers than that",
			      "ask for fewer, or name more");
		list.fail = check->least > 0 || check->most < count_endpoints(check);
	}
	return list;
}

static struct can can_of(struct linter *linter, const struct check *check, const struct node *node,
			 const char *const *endpoints)
{
	static struct can (*const kinds[])(struct linter *, const struct check *,
					   const struct node *, const char *const *) = {
		[CHECK_ALL_OF] = can_of_all,   [CHECK_ANY_OF] = can_of_any,
		[CHECK_NONE_OF] = can_of_none, [CHECK_ANY] = can_of_list,
		[CHECK_EVERY] = can_of_list,   [CHECK_COUNT] = can_of_list,
	};

	if (check->op <= CHECK_COUNT)
		return kinds[check->op](linter, check, node, endpoints);
	return can_of_comparison(linter, check, node, endpoints);
}

/* What never holds where `when` does is not met by any device that it applies to. */
static void lint_both(struct linter *linter, const struct requirement *requirement,
		      const struct node *node)
{
	struct conjunction all = { 0 };
	_cleanup_free_ char *conflict = NULL;

	flatten(&all, requirement->when);
	flatten(&all, &requirement->check);
	conflict = find_conflict(&all, NULL);
	if (conflict)
		lint_say(linter, LINT_WARNING, node,
			 "%s, so every device that this applies to fails: change when or check, if "
			 "that is not meant",
			 conflict);
}

/* Whether @all can only hold where the list @path has an item. */
static bool needs_item(const struct conjunction *all, const char *path)
{
	for (size_t i = 0; i < all->n; i++) {
		const struct check *check = all->checks[i];
		bool needs =
			check->op == CHECK_ANY || (check->op == CHECK_COUNT && check->least > 0);

		if (needs && strcmp(check->fact_path, path) == 0)
			return true;
	}
	return false;
}

/*
 * What every item must be is true of none: "every screen is wide enough" lets a device without
 * a screen pass. Servers are those that the profile names, so of them there is always one.
 */
static void lint_every(struct linter *linter, const struct conjunction *all,
		       const struct check *check, const struct node *node)
{
	struct node list = node_member(node, check_op_word(CHECK_ALL_OF));

	for (size_t i = 0; check->op == CHECK_ALL_OF && i < check->n_children; i++) {
		struct node item = node_item(&list, i);

		lint_every(linter, all, &check->children[i], &item);
	}
	if (check->op == CHECK_EVERY && !check->endpoints && !needs_item(all, check->fact_path))
		lint_say(linter, LINT_WARNING, node,
			 "holds as well where '%s' is empty: if there must be one, ask besides for "
			 "{\"count\": \"%s\", \"at_least\": 1}; if there need not be, say so by "
			 "that in when",
			 check->fact_path, check->fact_path);
}

/* Only what is required can let a device be ready that is not. */
static void lint_empty(struct linter *linter, const struct requirement *requirement,
		       const struct node *node)
{
	struct conjunction all = { 0 };

	if (requirement->severity != SEVERITY_REQUIRED)
		return;
	if (requirement->when)
		flatten(&all, requirement->when);
	flatten(&all, &requirement->check);
	lint_every(linter, &all, &requirement->check, node);
}

void lint_requirement_checks(struct linter *linter, const struct requirement *requirement,
			     const struct node *node)
{
	struct node check_node = node_member(node, "check");
	struct node when_node = node_member(node, "when");
	_cleanup_(can_done) struct can check =
		can_of(linter, &requirement->check, &check_node, NULL);
	_cleanup_(can_done) struct can when = { .hold = true, .fail = true };

	tell(linter, LINT_ERROR, &check, in_check);
	if (!check.fail)
		lint_say(linter, LINT_WARNING, &check_node,
			 "always holds where it is known, so no device can fail it: mend it, or "
			 "leave the requirement out");
	if (check.hold && check.fail)
		lint_empty(linter, requirement, &check_node);
	if (!requirement->when)
		return;
	when = can_of(linter, requirement->when, &when_node, NULL);
	tell(linter, LINT_ERROR, &when, in_when);
	if (!when.fail)
		lint_say(linter, LINT_WARNING, &when_node,
			 "always holds where it is known: leave it out");
	if (check.hold && when.hold)
		lint_both(linter, requirement, &check_node);
}
