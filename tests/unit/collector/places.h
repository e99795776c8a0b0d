/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* People who place devices of two schools, and words for what they do. */

#include <errno.h>

#include "collector/act/act_place.h"
#include "tests/unit/collector/asked.h"

static const struct grants coordinator_here = {
	.grants = { { PERSON_SITE_COORDINATOR, SCOPE_SITE, SITE, "00" } },
	.n_grants = 1,
};
static const struct grants technician_here = {
	.grants = { { PERSON_TECH_COORDINATOR, SCOPE_SITE, SITE, "00" } },
	.n_grants = 1,
};
static const struct grants technician_there = {
	.grants = { { PERSON_TECH_COORDINATOR, SCOPE_SITE, OTHER_SITE, "00" } },
	.n_grants = 1,
};
static const struct grants technician_both = {
	.grants = { { PERSON_TECH_COORDINATOR, SCOPE_SITE, SITE, "00" },
		    { PERSON_TECH_COORDINATOR, SCOPE_SITE, OTHER_SITE, "00" } },
	.n_grants = 2,
};

static inline struct moment moment_of(struct school *school)
{
	return (struct moment){ school->store, school->cache, ++school->now_ms };
}

/* In a transaction, which is given up where it is refused. */
static inline int finish(struct school *school, int r)
{
	if (r < 0)
		store_rollback(school->store);
	else
		must(school, store_commit(school->store, &school->err));
	return r;
}

static inline int try_place(struct school *school, const struct grants *grants,
			    const struct place_wish *wish)
{
	const struct actor actor = { "Ada Kim (akim)", "", "", grants };
	const struct moment moment = moment_of(school);
	int64_t number;

	must(school, store_begin(school->store, &school->err));
	return finish(school, act_place(&moment, &actor, wish, &number, &school->err));
}

static inline int try_end(struct school *school, const struct grants *grants, const char *id,
			  int64_t number)
{
	const struct actor actor = { "Ada Kim (akim)", "", "", grants };
	const struct place_end end = { .device_id = id, .number = number };
	const struct moment moment = moment_of(school);
	int64_t ended;

	must(school, store_begin(school->store, &school->err));
	return finish(school, act_place_end(&moment, &actor, &end, &ended, &school->err));
}

static inline void place(struct school *school, const struct place_wish *wish)
{
	must(school, try_place(school, &access_everything, wish));
}

static inline void undo(struct school *school, const char *id)
{
	must(school, try_end(school, &access_everything, id, 0));
}

static inline struct place_wish move_to(const char *id, const char *site_code)
{
	return (struct place_wish){ .device_id = id, .site_code = site_code };
}

static inline struct place_wish retire(const char *id)
{
	return (struct place_wish){ .device_id = id, .kind = PLACEMENT_RETIRE };
}

static inline struct place_wish restore(const char *id)
{
	return (struct place_wish){ .device_id = id, .kind = PLACEMENT_RESTORE };
}

static inline void expect_refused(struct school *school, const struct place_wish *wish,
				  const char *why)
{
	assert_int_equal(try_place(school, &access_everything, wish), -EALREADY);
	assert_non_null(strstr(school->err.text, why));
}
