/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What there is in all sites together, from the counts that are kept: a few rows a site at most. */

#include <stdint.h>

#include "collector/domain/site_count.h"
#include "collector/store/store.h"

struct totals {
	int64_t n_sites;
	struct site_count count;
	int64_t n_conflicts; /* open ones */
	int64_t n_queued_sites;
	int64_t n_queued_devices; /* of those sites, that are not judged again yet */
};

int store_totals(struct store *store, struct totals *ret_totals, struct err *err) _must_check_;
