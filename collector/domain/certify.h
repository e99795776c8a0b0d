/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Whether a site can be certified for its window: every rule with its evidence.
 * PURE.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/domain/site_count.h"
#include "collector/domain/window.h"
#include "common/model/profile.h"

enum certify_rule_id {
	CERTIFY_WINDOW,
	CERTIFY_COVERAGE,
	CERTIFY_DEVICES,
	CERTIFY_BROWSER,
	CERTIFY_MAX_,
};

struct certify_rule {
	const char *id;    /* static */
	const char *title; /* static */
	bool is_met;
	char evidence[256]; /* a sentence: "34 of 40 expected devices are ready (85.00 %); 95 % are
			       needed." */
};

/*
 * Judge a site. @window is NULL where it has none, @profile NULL where the
 * window's profile was not published: then nothing is met that needs it.
 * Returns whether every rule is met.
 */
bool certify_site(const struct site_count *count, const struct window *window,
		  const struct profile *profile, int32_t today,
		  struct certify_rule rules[static CERTIFY_MAX_]);
