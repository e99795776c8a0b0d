/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Plan: what the service does next, and when. PURE: clocks and random numbers
 * are parameters, so that a week of outages is tested in no time. All times
 * are readings of clock_boot_ms(): the clock of a device in a cart is often
 * wrong, and somebody will set it.
 */

#include <stdbool.h>
#include <stdint.h>

#include "common/base/id.h"

#define PLAN_NEVER INT64_MAX
/* What was plugged in while the secure browser runs is looked at when it has ended. */
#define PLAN_BROWSER_MS INT64_C(600000)

/* What an errand does; bits. */
enum {
	ERRAND_LOOK = 1,  /* observe; store a report unless its facts are those last told */
	ERRAND_TALK = 2,  /* deliver what waits */
	ERRAND_GREET = 4, /* and say that the facts still hold, if that is all there is */
	ERRAND_STORE = 8, /* observe, and store a report whatever the facts are */
};

struct plan {
	char device_id[ID_SIZE]; /* "": not enrolled yet */
	int64_t period_ms, spread_ms;
	int64_t settle_ms;  /* of a hotplug: how long it must have been calm */
	int64_t contact_ms; /* when to look and tell */
	int64_t retry_ms;   /* the collector is left alone before; PLAN_NEVER: nothing failed */
	int64_t look_ms;    /* when to look at what was plugged in; PLAN_NEVER: nothing was */
	int64_t event_ms;   /* the first of these events */
	int64_t looked_ms;  /* the last look for such a reason */
	bool is_looking;    /* the errand under way is such a look */
	unsigned n_looks;   /* that followed each other closely */
	unsigned n_failed;  /* in a row */
};

/* Begin at @now_ms, with a first contact at any time within @start_ms. */
void plan_init(struct plan *plan, int64_t start_ms, int64_t settle_ms, int64_t now_ms,
	       uint64_t random);

/* Something was plugged in or out. Call it again when more is, as long as plan_is_restless(). */
void plan_event(struct plan *plan, int64_t now_ms);
/* Whether to wait for calm again, and not just look. */
bool plan_is_restless(const struct plan *plan, int64_t now_ms);

/*
 * What is due at @now_ms, as bits; 0: nothing before *@ret_at_ms. In a
 * back-off the device is looked at as always, and only talks when it is over.
 */
unsigned plan_due(const struct plan *plan, int64_t now_ms, int64_t *ret_at_ms);

/* Do nothing before @until_ms. */
void plan_hold(struct plan *plan, int64_t until_ms);

/*
 * Awake at @now_ms: what was due more than a minute ago, since the device was suspended,
 * comes at any time within @spread_ms, or a school that opens its lids would come at once.
 */
void plan_wake(struct plan *plan, int64_t now_ms, int64_t spread_ms, uint64_t random);

/* Nothing is due any more of what @errand does. */
void plan_begin(struct plan *plan, unsigned errand, int64_t now_ms);

struct plan_result {
	bool was_talking; /* the collector was asked */
	bool has_failed;  /* and is to be asked again, or it did not come to that */
	bool has_looked;  /* the device was observed, and what is new is stored */
	bool has_browser; /* the secure browser runs */
	bool has_news;    /* what to look at has changed: a new profile */
	int64_t retry_after_ms;
	int64_t period_ms, spread_ms; /* that the collector names; 0: it does not */
};

/* @errand is over. */
void plan_end(struct plan *plan, unsigned errand, const struct plan_result *result, int64_t now_ms,
	      uint64_t random);

/* A person changed something, so that what failed may work now. */
void plan_hurry(struct plan *plan, int64_t now_ms);
