/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Greedy: of the sets of fixes that some device still needs, take the one that
 * makes the most devices ready per minute, then count again. Exact for devices
 * that need one fix each; for the others a good order, found in
 * O(patterns² · fixes), where a site has few patterns.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "collector/domain/fix_first.h"
#include "common/base/mem.h"

#define WORDS ((PROFILE_REQUIREMENTS_MAX + 63) / 64)

/* A set of fixes, by their place in the list. */
struct fix_set {
	uint64_t words[WORDS];
};

static bool set_has(const uint64_t *words, size_t i)
{
	return words[i / 64] >> (i % 64) & 1;
}

static void set_add(uint64_t *words, size_t i)
{
	words[i / 64] |= UINT64_C(1) << (i % 64);
}

static bool set_is_within(const struct fix_set *a, const struct fix_set *b)
{
	for (size_t i = 0; i < WORDS; i++) {
		if (a->words[i] & ~b->words[i])
			return false;
	}
	return true;
}

/* A pattern that takes part, with what it needs. */
struct need {
	const struct pattern *pattern;
	struct fix_set all;
	struct fix_set required; /* the part of it that keeps the device from being ready */
	bool can_be_ready;       /* no required result is unknown: fixing is enough */
};

static bool is_fresh(enum device_state state)
{
	return state == STATE_NOT_READY || state == STATE_UNKNOWN || state == STATE_READY ||
	       state == STATE_READY_WITH_WARNINGS;
}

static size_t work_of(struct fix_list *list, const struct fix *fix)
{
	size_t i = 0;

	while (i < list->n_works && strcmp(list->works[i].fix->id, fix->id) != 0)
		i++;
	if (i == list->n_works)
		list->works[list->n_works++] = (struct fix_work){
			.fix = fix,
			.severity = SEVERITY_RECOMMENDED,
		};
	return i;
}

static struct need read_need(const struct profile *profile, const struct pattern *pattern,
			     struct fix_list *list)
{
	struct need need = { .pattern = pattern, .can_be_ready = true };
	size_t n = strlen(pattern->results);

	assert(n == profile->n_requirements);
	for (size_t i = 0; i < n; i++) {
		const struct requirement *requirement = &profile->requirements[i];
		bool is_required = requirement->severity == SEVERITY_REQUIRED;
		enum result result;
		size_t work;

		if (result_of_letter(pattern->results[i], &result) < 0)
			continue;
		if (result == RESULT_UNKNOWN && is_required)
			need.can_be_ready = false;
		if (result != RESULT_FAIL)
			continue;
		work = work_of(list, &requirement->fix);
		set_add(list->works[work].requirements, i);
		set_add(need.all.words, work);
		if (is_required) {
			set_add(need.required.words, work);
			list->works[work].severity = SEVERITY_REQUIRED;
		}
	}
	return need;
}

static int compare_rooms(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void add_room(struct fix_work *work, const char *room)
{
	for (size_t i = 0; i < work->n_rooms; i++) {
		if (strcmp(work->rooms[i], room) == 0)
			return;
	}
	work->rooms = xreallocarray(work->rooms, work->n_rooms + 1, sizeof(*work->rooms));
	work->rooms[work->n_rooms++] = room;
}

static void count_work(struct fix_list *list, const struct need *needs, size_t n_needs)
{
	for (size_t w = 0; w < list->n_works; w++) {
		struct fix_work *work = &list->works[w];

		for (size_t i = 0; i < n_needs; i++) {
			if (!set_has(needs[i].all.words, w))
				continue;
			work->devices += needs[i].pattern->n;
			add_room(work, needs[i].pattern->room);
		}
		work->minutes = work->devices * work->fix->minutes;
		qsort(work->rooms, work->n_rooms, sizeof(*work->rooms), compare_rooms);
	}
}

/* What doing all of @set, besides what is @done, gains: devices made ready, for how many minutes.
 */
static double gain_of(const struct fix_list *list, const struct need *needs, size_t n_needs,
		      const struct fix_set *done, const struct fix_set *set)
{
	struct fix_set after = *done;
	int64_t ready = 0, minutes = 0;

	for (size_t i = 0; i < WORDS; i++)
		after.words[i] |= set->words[i];
	for (size_t w = 0; w < list->n_works; w++) {
		if (set_has(set->words, w) && !set_has(done->words, w))
			minutes += list->works[w].minutes;
	}
	for (size_t i = 0; i < n_needs; i++) {
		if (needs[i].can_be_ready && set_is_within(&needs[i].required, &after) &&
		    !set_is_within(&needs[i].required, done))
			ready += needs[i].pattern->n;
	}
	return (double)ready / (double)(minutes + 1);
}

/* The devices that fix @w alone makes ready, the ones in @done being done; marks it done. */
static void take_work(struct fix_list *list, const struct need *needs, size_t n_needs,
		      struct fix_set *done, size_t w)
{
	struct fix_set before = *done;

	set_add(done->words, w);
	for (size_t i = 0; i < n_needs; i++) {
		if (needs[i].can_be_ready && set_is_within(&needs[i].required, done) &&
		    !set_is_within(&needs[i].required, &before))
			list->works[w].makes_ready += needs[i].pattern->n;
	}
}

/* The place of the next set of required fixes to do; -1: no device can be made ready any more. */
static ptrdiff_t best_need(const struct fix_list *list, const struct need *needs, size_t n_needs,
			   const struct fix_set *done)
{
	ptrdiff_t best = -1;
	double most = 0;

	for (size_t i = 0; i < n_needs; i++) {
		double gain = gain_of(list, needs, n_needs, done, &needs[i].required);

		if (gain > most) {
			most = gain;
			best = (ptrdiff_t)i;
		}
	}
	return best;
}

/* Put the works in order: @order[i] is the old place of the i-th. */
static void reorder(struct fix_list *list, const size_t *order)
{
	struct fix_work *works = xcalloc(list->n_works, sizeof(*works));

	for (size_t i = 0; i < list->n_works; i++)
		works[i] = list->works[order[i]];
	free(list->works);
	list->works = works;
}

/* More devices per minute first; of the rest (recommended, or not enough to be ready). */
static size_t next_of_rest(const struct fix_list *list, const struct fix_set *done)
{
	size_t best = list->n_works;

	for (size_t w = 0; w < list->n_works; w++) {
		const struct fix_work *work = &list->works[w];
		const struct fix_work *top = &list->works[best];

		if (set_has(done->words, w))
			continue;
		if (best == list->n_works || work->severity < top->severity ||
		    (work->severity == top->severity &&
		     work->devices * (top->minutes + 1) > top->devices * (work->minutes + 1)))
			best = w;
	}
	return best;
}

static void order_works(struct fix_list *list, const struct need *needs, size_t n_needs)
{
	_cleanup_free_ size_t *order = xcalloc(list->n_works + 1, sizeof(*order));
	struct fix_set done = { 0 };
	ptrdiff_t next;
	size_t n = 0;

	while ((next = best_need(list, needs, n_needs, &done)) >= 0) {
		for (size_t w = 0; w < list->n_works; w++) {
			if (!set_has(needs[next].required.words, w) || set_has(done.words, w))
				continue;
			take_work(list, needs, n_needs, &done, w);
			order[n++] = w;
		}
	}
	while (n < list->n_works) {
		order[n] = next_of_rest(list, &done);
		take_work(list, needs, n_needs, &done, order[n++]);
	}
	reorder(list, order);
}

void fix_first(const struct profile *profile, const struct pattern *patterns, size_t n_patterns,
	       struct fix_list *ret_list)
{
	_cleanup_free_ struct need *needs = xcalloc(n_patterns + 1, sizeof(*needs));
	struct fix_list list = {
		.works = xcalloc(profile->n_requirements + 1, sizeof(*list.works)),
	};
	size_t n_needs = 0;

	for (size_t i = 0; i < n_patterns; i++) {
		/* A pattern of another version of the profile cannot be read by this one. */
		if (is_fresh(patterns[i].state) &&
		    strlen(patterns[i].results) == profile->n_requirements)
			needs[n_needs++] = read_need(profile, &patterns[i], &list);
	}
	count_work(&list, needs, n_needs);
	order_works(&list, needs, n_needs);
	*ret_list = list;
}

void fix_list_done(struct fix_list *list)
{
	for (size_t i = 0; i < list->n_works; i++)
		free(list->works[i].rooms);
	free(list->works);
	*list = (struct fix_list){ 0 };
}
