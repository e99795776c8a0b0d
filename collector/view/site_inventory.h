/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * The inventory of one site beside what was seen there, for the views that tell of it: of one
 * site, of many, and as a file.
 */

#include "collector/store/store_site.h"
#include "collector/view/inventory_findings.h"
#include "collector/view/view.h"

struct site_inventory {
	struct site site;
	struct inventory_device_list devices;
	struct inventory_twin_list twins;
	struct finding_list list; /* of these */
};

/*
 * Read it; what was not seen for @days is missing. Of other sites only those are told of that may
 * be seen. -ENOENT: there is no such site. site_inventory_done() *@ret_inventory.
 */
int site_inventory_read(const struct view *view, const char *site_code, int64_t days,
			struct site_inventory *ret_inventory, struct err *err) _must_check_;
void site_inventory_done(struct site_inventory *inventory);

/* Where the other one is that @finding names: its id and site, borrowed; false: it names none. */
struct finding_other {
	const char *id;
	const char *site_code, *site_name;
	bool is_expected, is_enrolled;
	int64_t seen_ms; /* 0: no report yet */
};
bool finding_other(const struct site *site, const struct finding *finding,
		   struct finding_other *ret_other);

/* -EINVAL: @word is no kind. NULL is all: FINDING_MAX_. */
int finding_kind_read(const char *word, enum finding_kind *ret_kind, struct err *err) _must_check_;

/*
 * The codes of at most @limit sites behind @after ("" for the first), by code: of the LEA @lea, or
 * where that is NULL of all that may be seen. -EINVAL: no such LEA may be seen.
 */
struct inventory_sites {
	const char *lea;
	const char *after;
	size_t limit;
};
int inventory_sites_find(const struct view *view, const struct inventory_sites *asked,
			 struct code_list *ret_codes, struct err *err) _must_check_;
