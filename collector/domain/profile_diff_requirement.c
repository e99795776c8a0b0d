/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/domain/check_sample.h"
#include "collector/domain/profile_diff_part.h"
#include "common/base/mem.h"
#include "common/eval/show.h"

/* One requirement, before and after. */
struct change {
	const struct requirement *was, *is;
	const char *place;
	struct diff_list *list;
};

static char *words_of(const struct check *check)
{
	char *words = NULL;
	size_t size;
	FILE *out = open_memstream(&words, &size);

	if (!out)
		abort();
	if (check)
		show_expected(out, check);
	fclose(out);
	return words;
}

static char *roles_text(unsigned roles)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		abort();
	for (unsigned role = 0; role < ROLE_MAX_; role++) {
		if (roles & 1U << role)
			fprintf(out, "%s%s", ftell(out) > 0 ? ", " : "", device_role_words[role]);
	}
	fclose(out);
	return text;
}

static void diff_severity(const struct change *change)
{
	enum severity was = change->was->severity, is = change->is->severity;

	if (was != is)
		diff_say(change->list, is == SEVERITY_REQUIRED ? DIFF_TIGHTER : DIFF_LOOSER,
			 change->place, "severity was %s, is %s", severity_words[was],
			 severity_words[is]);
}

static void diff_roles(const struct change *change)
{
	unsigned was = change->was->roles, is = change->is->roles;
	_cleanup_free_ char *before = roles_text(was), *after = roles_text(is);

	if (was != is)
		diff_say(change->list,
			 (was & is) == was  ? DIFF_TIGHTER
			 : (was & is) == is ? DIFF_LOOSER
					    : DIFF_EITHER,
			 change->place, "was for %s, is for %s", before, after);
}

/* What is nowhere better is tighter; what is neither is not known to be either. */
static enum diff_direction direction_of(const struct check *was, const struct check *is)
{
	bool is_no_better = check_implies(is, was), is_no_worse = check_implies(was, is);

	if (is_no_better && is_no_worse)
		return DIFF_WORDING;
	return is_no_better ? DIFF_TIGHTER : is_no_worse ? DIFF_LOOSER : DIFF_EITHER;
}

static void diff_check(const struct change *change)
{
	const struct check *was = &change->was->check, *is = &change->is->check;
	_cleanup_free_ char *before = NULL, *after = NULL;

	/* Rows of tables are told with the table, names of servers with the servers. */
	if (check_alike(was, is))
		return;
	before = words_of(was);
	after = words_of(is);
	if (strcmp(before, after) == 0)
		diff_say(change->list, direction_of(was, is), change->place,
			 "what it needs is written otherwise: %s", after);
	else
		diff_say(change->list, direction_of(was, is), change->place, "needed %s; needs %s",
			 before, after);
}

/*
 * Where it applies less, its devices are asked less. A device to which it is unknown whether it
 * applies is unknown, so what is less often known is not looser: only that it always applies
 * is clear. And "always" is not tighter either, where it was unknown and then passes.
 */
static void diff_when(const struct change *change)
{
	const struct check *was = change->was->when, *is = change->is->when;
	_cleanup_free_ char *before = words_of(was), *after = words_of(is);

	if (!was != !is || (was && is && !check_alike(was, is)))
		diff_say(change->list,
			 was && is && direction_of(was, is) == DIFF_WORDING ? DIFF_WORDING
									    : DIFF_EITHER,
			 change->place, "applied %s%s; applies %s%s", was ? "with " : "",
			 was ? before : "always", is ? "with " : "", is ? after : "always");
}

static void diff_text(const struct change *change, const char *name, const char *was,
		      const char *is)
{
	if (strcmp(was, is) != 0)
		diff_say(change->list, DIFF_WORDING, change->place, "%s was '%s', is '%s'", name,
			 was, is);
}

static const char *who(const struct requirement *requirement)
{
	return requirement->origin[0] ? requirement->origin : "the programme";
}

static void diff_requirement(const struct change *change)
{
	const struct requirement *was = change->was, *is = change->is;

	diff_severity(change);
	diff_roles(change);
	diff_check(change);
	diff_when(change);
	diff_text(change, "title", was->title, is->title);
	diff_text(change, "fix", was->fix.text, is->fix.text);
	diff_text(change, "id of the fix", was->fix.id, is->fix.id);
	if (was->fix.minutes != is->fix.minutes)
		diff_say(change->list, DIFF_WORDING, change->place,
			 "fix took %" PRId64 " minutes, takes %" PRId64, was->fix.minutes,
			 is->fix.minutes);
	diff_text(change, "source", was->source, is->source);
	diff_text(change, "who asks it", who(was), who(is));
}

/* A requirement more can only make a state worse, unless nothing was required before. */
static void diff_whole(const struct requirement *requirement, enum diff_direction direction,
		       const char *place, struct diff_list *list)
{
	_cleanup_free_ char *words = words_of(&requirement->check);
	_cleanup_free_ char *roles = roles_text(requirement->roles);

	diff_say(list, direction, place, "%s, %s for %s: %s",
		 direction == DIFF_TIGHTER ? "came" : "went", severity_words[requirement->severity],
		 roles, words);
}

void diff_requirements(const struct profile *old, const struct profile *new, struct diff_list *list)
{
	for (size_t i = 0; i < old->n_requirements; i++) {
		const struct requirement *was = &old->requirements[i];
		_cleanup_free_ char *place = xasprintf("requirement %s", was->id);
		int index = profile_find(new, was->id);

		if (index >= 0)
			diff_requirement(
				&(struct change){ was, &new->requirements[index], place, list });
		else
			diff_whole(was, DIFF_LOOSER, place, list);
	}
	for (size_t i = 0; i < new->n_requirements; i++) {
		const struct requirement *is = &new->requirements[i];
		_cleanup_free_ char *place = xasprintf("requirement %s", is->id);

		if (profile_find(old, is->id) < 0)
			diff_whole(is, DIFF_TIGHTER, place, list);
	}
}
