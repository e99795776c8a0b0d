/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <inttypes.h>
#include <time.h>

#include "collector/act/act_profile.h"
#include "collector/ingest/judging.h"
#include "collector/store/store_rejudge.h"
#include "common/base/clock.h"
#include "common/base/log.h"

#define SECOND_US INT64_C(1000000)

/* Of a slice while devices report: what one of them may have to wait for, beside the commit. */
#define SLICE_US INT64_C(3000)
/* While none does: one that comes waits once, and fewer commits are less work. */
#define QUIET_SLICE_US INT64_C(10000)
/* Devices of a slice: what is read of others, which the time is then over for, is in vain. */
#define SLICE_MIN 8
#define SLICE_MAX 1024
/* A slice, and this many times as long for what devices send … */
#define REST_TIMES 7
/* … unless nothing came for so long; whoever sends one report after the other is faster. */
#define QUIET_US (SECOND_US / 50)
/* Another process may put sites into the queue. */
#define LOOK_US SECOND_US
/* After a failure of the store: what devices send tells first that it works again. */
#define FAILED_US (60 * SECOND_US)

static int64_t now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * SECOND_US + now.tv_nsec / 1000;
}

void judging_note_jobs(struct judging *judging)
{
	judging->jobs_us = now_us();
}

void judging_wake(struct judging *judging)
{
	if (!judging->is_going_on)
		judging->next_us = 0;
}

int64_t judging_wait_ms(const struct judging *judging)
{
	int64_t due_us = judging->next_us, left_us;

	if (judging->is_going_on && !judging->is_failing &&
	    judging->jobs_us + QUIET_US < judging->next_us)
		due_us = judging->jobs_us + QUIET_US;
	left_us = due_us - now_us();
	return left_us > 0 ? (left_us + 999) / 1000 : 0;
}

static void log_start(struct judging *judging, struct store *store)
{
	struct rejudge_left left = { 0 };

	judging->started_us = now_us();
	judging->n_judged = 0;
	judging->is_going_on = true;
	if (store_rejudge_left(store, NULL, &left, NULL) >= 0)
		log_line(LOG_NOTICE,
			 "what sites are judged by has changed: judging %" PRId64
			 " devices again, sites: %" PRId64,
			 left.n_devices, left.n_sites);
}

static void log_end(struct judging *judging)
{
	judging->is_going_on = false;
	log_line(LOG_NOTICE, "judged %" PRId64 " devices again in %" PRId64 " s", judging->n_judged,
		 (now_us() - judging->started_us) / SECOND_US);
}

/* Whether something is in the queue: 1, 0 or an error. */
static int look(struct store *store, struct err *err)
{
	struct rejudge next = { 0 };
	int r = store_rejudge_next(store, &next, err);

	rejudge_done(&next);
	return r == -ENOENT ? 0 : r < 0 ? r : 1;
}

static void log_unreadable(struct profile_cache *profiles)
{
	struct err err;

	while (profile_cache_unreadable(profiles, &err))
		log_line(LOG_ERR,
			 "what sites are judged by cannot be read, so their devices are unknown "
			 "until it is published anew or a newer collector runs: %s",
			 err.text);
}

/* There was time for @n of at most @max devices: how many there may be next time. */
static int64_t next_max(int64_t max, int64_t n)
{
	int64_t next = n < max ? n + n / 4 + 1 : n * 2;

	return next < SLICE_MIN ? SLICE_MIN : next > SLICE_MAX ? SLICE_MAX : next;
}

/* Judge as many devices as there is time for; as act_rejudge(). */
static int judge_slice(struct judging *judging, struct store *store, struct profile_cache *profiles,
		       struct err *err)
{
	bool is_quiet = now_us() - judging->jobs_us > QUIET_US;
	const struct rejudge_budget budget = {
		.us = is_quiet ? QUIET_SLICE_US : SLICE_US,
		.devices = judging->slice_max > 0 ? judging->slice_max : SLICE_MIN,
	};
	int64_t n = 0;
	int r = act_rejudge(store, profiles, clock_now_ms(), &budget, &n, err);

	judging->n_judged += n;
	if (r > 0)
		judging->slice_max = next_max(budget.devices, n);
	return r;
}

void judging_run(struct judging *judging, struct store *store, struct profile_cache *profiles)
{
	int64_t start_us = now_us();
	struct err err = { 0 };
	int r = judging->is_going_on ? 1 : look(store, &err);

	if (r > 0 && !judging->is_going_on)
		log_start(judging, store);
	if (r > 0)
		r = judge_slice(judging, store, profiles, &err);
	log_unreadable(profiles);
	if (r < 0 && !judging->is_failing)
		log_line(LOG_ERR, "devices cannot be judged again, which is tried every minute: %s",
			 err.text);
	if (r == 0 && judging->is_going_on)
		log_end(judging);
	judging->is_failing = r < 0;
	judging->next_us = now_us();
	if (r < 0)
		judging->next_us += FAILED_US;
	else if (r == 0)
		judging->next_us += LOOK_US;
	else
		judging->next_us += (judging->next_us - start_us) * REST_TIMES;
}
