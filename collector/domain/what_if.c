/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "collector/domain/site_count.h"
#include "collector/domain/what_if.h"
#include "common/base/mem.h"

bool what_if_is_ready(enum device_state state)
{
	return state == STATE_READY || state == STATE_READY_WITH_WARNINGS;
}

bool what_if_is_judged(enum device_state state)
{
	return state == STATE_NOT_READY || state == STATE_UNKNOWN || what_if_is_ready(state);
}

const char *what_if_result_word(unsigned result)
{
	return result < RESULT_MAX_ ? result_words[result] : "none";
}

/* --- results ------------------------------------------------------------------- */

static unsigned result_at(const char *results, int place)
{
	enum result result;

	if (place < 0 || (size_t)place >= strlen(results) ||
	    result_of_letter(results[place], &result) < 0)
		return WHAT_IF_NONE;
	return result;
}

unsigned what_if_result(const struct profile *profile, const char *results, const char *id)
{
	return result_at(results, profile ? profile_find(profile, id) : -1);
}

static struct what_if_requirement *find_requirement(struct what_if *sum,
						    const struct requirement *requirement)
{
	struct what_if_requirement *found;

	for (size_t i = 0; i < sum->n_requirements; i++) {
		if (strcmp(sum->requirements[i].id, requirement->id) == 0)
			return &sum->requirements[i];
	}
	sum->requirements = xreallocarray(sum->requirements, sum->n_requirements + 1,
					  sizeof(*sum->requirements));
	found = &sum->requirements[sum->n_requirements++];
	*found = (struct what_if_requirement){ .id = xstrdup(requirement->id),
					       .title = xstrdup(requirement->title) };
	return found;
}

/* Whether it is another result; then it is counted. */
static bool count_result(struct what_if *sum, const struct requirement *requirement,
			 unsigned before, unsigned after)
{
	if (before == after)
		return false;
	find_requirement(sum, requirement)->changes[before][after]++;
	return true;
}

static bool count_results(struct what_if_tally *tally, const char *before, const char *after)
{
	const struct profile *old = tally->old, *new = tally->new;
	bool is_changed = false;

	for (size_t i = 0; i < new->n_requirements; i++)
		is_changed |= count_result(&tally->sum, &new->requirements[i],
					   result_at(before, tally->old_places[i]),
					   result_at(after, (int)i));
	for (size_t i = 0; old && i < old->n_requirements; i++) {
		if (tally->is_dropped[i])
			is_changed |= count_result(&tally->sum, &old->requirements[i],
						   result_at(before, (int)i), WHAT_IF_NONE);
	}
	return is_changed;
}

/* --- sites and devices ---------------------------------------------------------- */

void what_if_tally_site(struct what_if_tally *tally, const char *code, const char *name,
			const struct profile *old, const struct profile *new)
{
	tally->sum.n_touched++;
	tally->site = (struct what_if_site){ .code = xstrdup(code), .name = xstrdup(name) };
	tally->old = old;
	tally->new = new;
	for (size_t i = 0; i < new->n_requirements; i++)
		tally->old_places[i] = old ? profile_find(old, new->requirements[i].id) : -1;
	for (size_t i = 0; old && i < old->n_requirements; i++)
		tally->is_dropped[i] = profile_find(new, old->requirements[i].id) < 0;
}

static void count_site(struct what_if_site *site, enum device_state before, enum device_state after)
{
	bool was_ready = what_if_is_ready(before), is_ready = what_if_is_ready(after);

	site->expected++;
	site->ready_before += was_ready;
	site->ready_after += is_ready;
	site->worse += was_ready && !is_ready;
	site->better += is_ready && !was_ready;
	site->changed += before != after;
}

void what_if_tally_device(struct what_if_tally *tally, bool is_expected,
			  const struct what_if_view *before, const struct what_if_view *after)
{
	if (before->state == STATE_RETIRED) {
		tally->sum.n_retired++;
		return;
	}
	if (!is_expected) {
		tally->sum.n_unexpected_changed += before->state != after->state;
		return;
	}
	tally->sum.states[before->state][after->state]++;
	count_site(&tally->site, before->state, after->state);
	if (what_if_is_judged(before->state) || what_if_is_judged(after->state))
		tally->sum.n_results += count_results(tally, before->results, after->results);
}

static bool is_listed(const struct what_if_site *site)
{
	return site->changed > 0 || site->reaches_before != site->reaches_after;
}

void what_if_tally_site_end(struct what_if_tally *tally)
{
	struct what_if *sum = &tally->sum;
	struct what_if_site *site = &tally->site;

	site->reaches_before = tally->old && percent_reaches(site->ready_before, site->expected,
							     tally->old->rules.devices_percent);
	site->reaches_after = percent_reaches(site->ready_after, site->expected,
					      tally->new->rules.devices_percent);
	if (is_listed(site)) {
		sum->sites = xreallocarray(sum->sites, sum->n_listed + 1, sizeof(*sum->sites));
		sum->sites[sum->n_listed++] = *site;
	} else {
		free(site->code);
		free(site->name);
	}
	*site = (struct what_if_site){ 0 };
	tally->old = tally->new = NULL;
}

/* --- the end ---------------------------------------------------------------------- */

/* Who loses devices comes first, by how many; then who gains; of equal ones the first code. */
static int compare_harm(const void *a, const void *b)
{
	const struct what_if_site *x = a, *y = b;
	int64_t x_lost = x->ready_before - x->ready_after;
	int64_t y_lost = y->ready_before - y->ready_after;
	int x_falls = x->reaches_before - x->reaches_after;
	int y_falls = y->reaches_before - y->reaches_after;

	if ((x_lost > 0) != (y_lost > 0))
		return x_lost > 0 ? -1 : 1;
	if (x_lost != y_lost)
		return llabs(x_lost) < llabs(y_lost) ? 1 : -1;
	return x_falls != y_falls ? y_falls - x_falls : strcmp(x->code, y->code);
}

static int compare_id(const void *a, const void *b)
{
	const struct what_if_requirement *x = a, *y = b;

	return strcmp(x->id, y->id);
}

void what_if_tally_finish(struct what_if_tally *tally, struct what_if *ret_what_if)
{
	struct what_if *sum = &tally->sum;

	if (sum->n_listed > 0)
		qsort(sum->sites, sum->n_listed, sizeof(*sum->sites), compare_harm);
	if (sum->n_requirements > 0)
		qsort(sum->requirements, sum->n_requirements, sizeof(*sum->requirements),
		      compare_id);
	*ret_what_if = *sum;
	*tally = (struct what_if_tally){ 0 };
}

void what_if_tally_done(struct what_if_tally *tally)
{
	free(tally->site.code);
	free(tally->site.name);
	what_if_done(&tally->sum);
	*tally = (struct what_if_tally){ 0 };
}

void what_if_done(struct what_if *what_if)
{
	for (size_t i = 0; i < what_if->n_requirements; i++) {
		free(what_if->requirements[i].id);
		free(what_if->requirements[i].title);
	}
	for (size_t i = 0; i < what_if->n_listed; i++) {
		free(what_if->sites[i].code);
		free(what_if->sites[i].name);
	}
	free(what_if->requirements);
	free(what_if->sites);
	*what_if = (struct what_if){ 0 };
}

bool what_if_changes(const struct what_if *what_if)
{
	return what_if->n_results > 0 || what_if->n_unexpected_changed > 0 || what_if->n_listed > 0;
}
