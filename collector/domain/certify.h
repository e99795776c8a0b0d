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
	CERTIFY_JUDGED,
	CERTIFY_COVERAGE,
	CERTIFY_DEVICES,
	CERTIFY_BROWSER,
	CERTIFY_MAX_,
};

struct certify_rule {
	const char *id;    /* static */
	const char *title; /* static */
	bool is_met;
	int64_t needed_percent; /* of the devices that it counts; -1: it asks for no share */
	char evidence[256]; /* a sentence: "34 of 40 expected devices are ready (85.00 %); 95 % are
			       needed." */
};

/* What is known of a site. */
struct certify_evidence {
	const struct site_count *count;
	const struct window *window; /* NULL: none */
	/* Of the version that the window names; NULL: it is not published, and nothing is met
	 * that needs it. */
	const struct certification_rules *rules;
	int64_t n_waived;     /* of the ready devices: those with something waived */
	bool is_queued;       /* its devices are being judged again … */
	int64_t n_left;       /* … and so many of them are left */
	bool lacks_inventory; /* then its devices are those that enrolled, and none is missed */
};

/*
 * Judge a site. Returns whether every rule is met. *@ret_rules are CERTIFY_MAX_; NULL: only
 * that is asked, and no evidence, which is most of the work.
 */
bool certify_site(const struct certify_evidence *evidence, int32_t today,
		  struct certify_rule *ret_rules);
