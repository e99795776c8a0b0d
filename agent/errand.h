/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Errand: everything that is done between two sleeps of the service, and by
 * `report`: look at the device, store a report if there is something new,
 * deliver what waits, say that nothing changed, fetch the profile. It may take
 * minutes and loads libraries, so the service does it in a child, which can be
 * killed at any moment: whatever must last is on the disk before it is sent.
 */

#include <stdbool.h>
#include <stdint.h>

#include "agent/config.h"
#include "agent/plan.h"

struct errand {
	const char *state; /* the folder */
	const char *root;  /* folder to look at; NULL: this machine */
	const struct config *config;
	long timeout_ms;
	unsigned what; /* ERRAND_… */

	/* Of the service; NULL for one that a person asked for, also during a test. */
	const struct plan *plan;
	uint64_t random; /* that plan_end() will get */
};

/* What the service keeps in memory from one errand to the next. */
struct standing {
	/* When the facts last reported were last seen to hold, which nobody was told; -1: never. */
	int64_t held_boot_ms, held_ms;
	/* Numbers that were taken before and not used, so that a heartbeat needs no disk. */
	int64_t number, last_number;
};

#define ERRAND_TEXT_SIZE 1024

struct errand_result {
	struct plan_result plan;
	struct standing standing;
	char device_id[ID_SIZE]; /* "": not enrolled */
	bool has_waiting, has_refused;
	bool is_stored;              /* not so: a report was to be stored and could not be */
	char text[ERRAND_TEXT_SIZE]; /* what came of it, for a person */
};

/*
 * Do @errand, with what @standing says. Fails where it could not even begin;
 * *@ret_result is filled in also then, as far as it came.
 *
 * -ENOENT, and what identity_settle() returns: the device is not enrolled, and
 * cannot be now. @err is a whole sentence.
 */
int errand_run(const struct errand *errand, const struct standing *standing,
	       struct errand_result *ret_result, struct err *err) _must_check_;
