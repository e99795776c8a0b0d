/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/property/events.h"

const struct happening happenings[] = {
	{ 10, false, enroll },
	{ 26, false, report },
	{ 1, false, report_from_spool },
	{ 4, false, report_again },
	{ 4, false, report_of_a_copy },
	{ 12, false, heartbeat },
	{ 2, false, next_key },
	{ 7, false, decide },
	{ 12, false, place },
	{ 4, false, take_back },
	{ 9, false, time_passes },
	{ 1, false, clock_set_back },
	{ 3, false, import_site },
	{ 5, false, import_inventory },
	{ 3, false, publish },
	{ 3, false, ask_more },
	{ 4, false, waive },
	{ 3, false, end_waiver },
	{ 10, true, judge_a_slice },
	{ 5, true, judge_all },
	{ 1, false, another_evaluator },
};
const unsigned n_happenings = ARRAY_SIZE(happenings);

unsigned event_kind(uint64_t random)
{
	unsigned all = 0, n;

	for (unsigned i = 0; i < n_happenings; i++)
		all += happenings[i].weight;
	n = (unsigned)(random >> 33) % all;
	for (unsigned i = 0; i < n_happenings; i++) {
		if (n < happenings[i].weight)
			return i;
		n -= happenings[i].weight;
	}
	return 0;
}

/* A collector that is killed and starts again: what was not committed is lost, as are its caches.
 */
static void start_anew(struct world *world)
{
	struct school *school = &world->school;

	store_close(school->store);
	school->store = NULL;
	profile_cache_free(school->cache);
	school->cache = profile_cache_new();
	world_open_store(world);
}

/* How the transaction of an event ends; most often as it should. */
enum ending { ENDS_COMMITTED, ENDS_GIVEN_UP, ENDS_KILLED };

static enum ending pick_ending(struct world *world)
{
	switch (pick(world, 24)) {
	case 0:
		return ENDS_KILLED;
	case 1:
	case 2:
		return ENDS_GIVEN_UP;
	default:
		return ENDS_COMMITTED;
	}
}

static void end_transaction(struct world *world, const struct world *before, enum ending ending)
{
	struct school *school = &world->school;
	struct world given_up = *before;

	if (ending == ENDS_COMMITTED) {
		must(school, store_commit(school->store, &school->err));
		return;
	}
	say(world, ending == ENDS_KILLED ? ", and the collector is killed" : ", which is given up");
	/* What is not committed did not happen, to devices neither. */
	given_up.school.store = school->store;
	given_up.school.cache = school->cache;
	given_up.random = world->random;
	*world = given_up;
	if (ending == ENDS_KILLED)
		start_anew(world);
	else
		store_rollback(school->store);
}

void event_happen(struct world *world, const struct event *event)
{
	const struct happening *happening = &happenings[event->kind];
	struct world before = *world;
	enum ending ending;

	world->random = event->seed | 1;
	world->is_refused = false;
	world->school.now_ms += pick(world, 1000) + 1;
	world_seed_ids(event->seed);
	say(world, "  ");
	if (happening->is_alone) {
		happening->run(world);
	} else {
		must(&world->school, store_begin(world->school.store, &world->school.err));
		ending = pick_ending(world);
		happening->run(world);
		if (world->is_refused && ending == ENDS_COMMITTED)
			ending = ENDS_GIVEN_UP;
		end_transaction(world, &before, ending);
	}
	say(world, "\n");
}
