/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/plan.h"
#include "agent/backoff.h"
#include "agent/schedule.h"

/* Something that never is calm is looked at all the same, after so many times ->settle_ms. */
#define RESTLESS_TIMES 10
/* Looks this close to each other make the next one wait twice as long, up to 2⁵ times. */
#define CLOSE_MS INT64_C(300000)
#define CLOSE_MAX 5
#define LATE_MS INT64_C(60000)

void plan_init(struct plan *plan, int64_t start_ms, int64_t settle_ms, int64_t now_ms,
	       uint64_t random)
{
	*plan = (struct plan){
		.period_ms = SCHEDULE_PERIOD_MS,
		.settle_ms = settle_ms,
		.contact_ms = now_ms + schedule_part(start_ms, random),
		.retry_ms = PLAN_NEVER,
		.look_ms = PLAN_NEVER,
		.looked_ms = PLAN_NEVER,
	};
}

/* A plug with a loose contact must not keep the device, and the collector, busy. */
static int64_t settle_ms(const struct plan *plan)
{
	return plan->settle_ms << (plan->n_looks < CLOSE_MAX ? plan->n_looks : CLOSE_MAX);
}

void plan_event(struct plan *plan, int64_t now_ms)
{
	if (plan->look_ms == PLAN_NEVER) {
		plan->event_ms = now_ms;
		if (plan->looked_ms == PLAN_NEVER || now_ms - plan->looked_ms > CLOSE_MS)
			plan->n_looks = 0;
	}
	plan->look_ms = now_ms + settle_ms(plan);
}

bool plan_is_restless(const struct plan *plan, int64_t now_ms)
{
	return now_ms - plan->event_ms < RESTLESS_TIMES * settle_ms(plan);
}

static int64_t least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

unsigned plan_due(const struct plan *plan, int64_t now_ms, int64_t *ret_at_ms)
{
	unsigned errand = 0;

	*ret_at_ms = least(plan->contact_ms, least(plan->look_ms, plan->retry_ms));
	if (plan->contact_ms <= now_ms)
		errand |= ERRAND_LOOK | ERRAND_TALK | ERRAND_GREET;
	if (plan->look_ms <= now_ms)
		errand |= ERRAND_LOOK | ERRAND_TALK;
	if (plan->retry_ms <= now_ms)
		errand |= ERRAND_TALK | ERRAND_GREET;
	else if (plan->retry_ms != PLAN_NEVER)
		errand &= ~(unsigned)ERRAND_TALK;
	return errand;
}

static void hold(int64_t *at_ms, int64_t until_ms)
{
	if (*at_ms < until_ms)
		*at_ms = until_ms;
}

void plan_hold(struct plan *plan, int64_t until_ms)
{
	hold(&plan->contact_ms, until_ms);
	hold(&plan->look_ms, until_ms);
	hold(&plan->retry_ms, until_ms);
}

void plan_wake(struct plan *plan, int64_t now_ms, int64_t spread_ms, uint64_t random)
{
	int64_t until_ms = now_ms + schedule_part(spread_ms, random);

	if (now_ms - plan->contact_ms > LATE_MS)
		hold(&plan->contact_ms, until_ms);
	if (now_ms - plan->retry_ms > LATE_MS)
		hold(&plan->retry_ms, until_ms);
}

void plan_begin(struct plan *plan, unsigned errand, int64_t now_ms)
{
	plan->is_looking = plan->look_ms != PLAN_NEVER && errand & ERRAND_LOOK;
	if (plan->is_looking) {
		plan->look_ms = PLAN_NEVER;
		plan->looked_ms = now_ms;
		plan->n_looks++;
	}
	if (errand & ERRAND_LOOK && errand & ERRAND_GREET)
		plan->contact_ms = PLAN_NEVER;
}

static void plan_retry(struct plan *plan, const struct plan_result *result, int64_t now_ms,
		       uint64_t random)
{
	struct backoff backoff = {
		.n_failed = ++plan->n_failed,
		.retry_after_ms = result->retry_after_ms,
		.spread_ms = plan->spread_ms,
	};

	plan->retry_ms = now_ms + backoff_ms(&backoff, random);
}

/* Where an errand was to look and could not. */
static void plan_look_again(struct plan *plan, const struct plan_result *result, int64_t now_ms)
{
	if (plan->is_looking && plan->look_ms == PLAN_NEVER)
		plan->look_ms = now_ms + PLAN_BROWSER_MS;
	if (!result->has_browser && result->has_failed)
		plan->contact_ms = plan->retry_ms;
}

void plan_end(struct plan *plan, unsigned errand, const struct plan_result *result, int64_t now_ms,
	      uint64_t random)
{
	if (result->period_ms > 0)
		plan->period_ms = result->period_ms;
	if (result->spread_ms > 0)
		plan->spread_ms = result->spread_ms;
	if (result->has_failed) {
		plan_retry(plan, result, now_ms, random);
	} else if (errand & ERRAND_TALK) {
		plan->n_failed = 0;
		plan->retry_ms = PLAN_NEVER;
	}
	if (plan->contact_ms == PLAN_NEVER || (result->was_talking && !result->has_failed))
		plan->contact_ms = schedule_next(plan->device_id, plan->period_ms, now_ms, random);
	if (errand & ERRAND_LOOK && !result->has_looked)
		plan_look_again(plan, result, now_ms);
	if (result->has_news)
		plan->look_ms = now_ms;
	plan->is_looking = false;
}

void plan_hurry(struct plan *plan, int64_t now_ms)
{
	if (plan->retry_ms != PLAN_NEVER)
		plan->retry_ms = now_ms;
	plan->n_failed = 0;
}
