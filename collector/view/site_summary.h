/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* A site judged, and its numbers as every list and page of it show them. */

#include <stdbool.h>

#include "collector/domain/certify.h"
#include "collector/store/store_site.h"
#include "collector/view/view.h"

struct judged_site {
	const struct site *site;
	const struct window *window; /* NULL: none */
	bool is_certifiable;
	double risk;
};

/* What a site's own page knows beyond what lists do. */
struct site_detail {
	int64_t n_waived; /* ready devices with something waived */
	int64_t n_left;   /* devices that wait to be judged again */
	struct certify_rule rules[CERTIFY_MAX_];
};

/*
 * Judge @site by @rules, NULL where its profile is not published, on @today. The numbers of
 * @detail are told in the evidence of its rules, which are set; it is NULL where that is not
 * shown. PURE.
 */
void site_judge(const struct site *site, const struct certification_rules *rules,
		struct site_detail *detail, int32_t today, struct judged_site *ret_judged);

/* The members of SiteSummary; a new reference. */
json_t *site_summary(const struct judged_site *judged, int32_t today);
