/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "collector/view/inventory_findings.h"
#include "collector/view/view.h"

#define INVENTORY_DAYS 30 /* without a word, unless somebody asks for another number */
#define INVENTORY_DAYS_MAX 366

struct inventory_asked {
	const char *site_code;
	const char *kind; /* a word of finding_kind_words[]; NULL: all */
	int64_t days;     /* 1 to INVENTORY_DAYS_MAX: what was not seen for so long is missing */
};

/*
 * How the inventory of a site and what was seen there fit together: numbers, and what does not
 * fit, a part at a time. Of other sites only those are told of that may be seen.
 */
int view_inventory(const struct view *view, const struct inventory_asked *asked,
		   const struct page *page, json_t **ret_json, struct err *err) _must_check_;

/* How many findings there are of each kind. */
json_t *inventory_totals_json(const struct finding_list *list) _must_check_;
