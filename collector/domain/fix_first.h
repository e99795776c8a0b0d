/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * The order of fixes that makes the most devices ready per minute, given that a
 * device may need several. PURE.
 */

#include <stddef.h>
#include <stdint.h>

#include "common/model/profile.h"

/* Devices of one room with the same results; a row of site_pattern. */
struct pattern {
	const char *room;
	enum device_state state;
	const char *results; /* letters, see result_letter() */
	int64_t n;
};

struct fix_work {
	const struct fix *fix;
	enum severity severity; /* required where a device is not ready because of it */
	uint64_t requirements[(PROFILE_REQUIREMENTS_MAX + 63) / 64]; /* bits: those that fail */
	int64_t devices;
	int64_t makes_ready; /* devices that this makes ready, the fixes above it being done */
	int64_t minutes;
	const char **rooms; /* distinct, sorted; borrowed from the patterns */
	size_t n_rooms;
};

struct fix_list {
	struct fix_work *works;
	size_t n_works;
};

/*
 * The work of a site from its @patterns (fresh states count; others are passed
 * over). Required fixes first, then recommended ones by devices per minute.
 * Two requirements with the same fix id are one fix. fix_list_done() the result.
 */
void fix_first(const struct profile *profile, const struct pattern *patterns, size_t n_patterns,
	       struct fix_list *ret_list);
void fix_list_done(struct fix_list *list);
