/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * When the writer judges stored devices again, beside what devices send: at once
 * while none does, else for a part of its time, in slices of as many devices as a report can
 * wait for.
 */

#include <stdbool.h>
#include <stdint.h>

#include "collector/store/profile_cache.h"
#include "collector/store/store.h"

/* Of the writer's thread. All zero at the start. Times are monotonic. */
struct judging {
	bool is_going_on;   /* there was something in the queue */
	bool is_failing;    /* and it was logged */
	int64_t next_us;    /* when to look for it or go on */
	int64_t jobs_us;    /* when the last job was run */
	int64_t started_us; /* of what goes on: when, … */
	int64_t n_judged;   /* … and how many devices since */
	int64_t slice_max;  /* devices of the next slice, by how long the last one took */
};

/* Jobs came, and were run. */
void judging_note_jobs(struct judging *judging);
/* Something may be in the queue now, so that nobody waits for the next look. */
void judging_wake(struct judging *judging);
/* In how many ms judging_run() is due; 0: now. */
int64_t judging_wait_ms(const struct judging *judging);
/* Judge a slice of what is in the queue, or find that it is empty. Logs when it begins and ends. */
void judging_run(struct judging *judging, struct store *store, struct profile_cache *profiles);
