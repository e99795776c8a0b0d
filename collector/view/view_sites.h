/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "collector/view/view.h"

enum site_order {
	SITE_ORDER_CODE,
	SITE_ORDER_NAME,
	SITE_ORDER_RISK, /* the highest first */
	SITE_ORDER_MAX_,
};
extern const char *const site_order_words[]; /* ended by NULL */

/* A part of all sites. */
int view_site_list(const struct view *view, enum site_order order, const struct page *page,
		   json_t **ret_json, struct err *err) _must_check_;

/* One sentence, the totals of all sites, and a part of them by risk. */
int view_overview(const struct view *view, const struct page *page, json_t **ret_json,
		  struct err *err) _must_check_;
