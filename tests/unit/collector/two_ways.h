/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * A report taken by what is remembered of groups must be what it is when it is read
 * whole. For the test and the fuzzer.
 */

#include <stdbool.h>
#include <string.h>

#include "collector/ingest/accept_groups.h"

static inline bool same_report(const struct report *a, const struct report *b)
{
	const struct device_names *x = &a->device, *y = &b->device;

	return strcmp(a->device_id, b->device_id) == 0 &&
	       strcmp(a->agent_version, b->agent_version) == 0 &&
	       strcmp(a->boot_id, b->boot_id) == 0 && a->sequence == b->sequence &&
	       a->observed_ms == b->observed_ms && a->age_ms == b->age_ms &&
	       strcmp(x->host_name, y->host_name) == 0 && strcmp(x->serial, y->serial) == 0 &&
	       strcmp(x->asset_tag, y->asset_tag) == 0 && strcmp(x->model, y->model) == 0 &&
	       a->has_fingerprint == b->has_fingerprint &&
	       (!a->has_fingerprint || fingerprint_equal(&a->fingerprint, &b->fingerprint)) &&
	       json_equal(a->facts, b->facts);
}

static inline bool same_accepted(const struct accepted_report *a, const struct accepted_report *b)
{
	return json_equal(a->json, b->json) && strcmp(a->facts_text, b->facts_text) == 0 &&
	       strcmp(a->facts_hash, b->facts_hash) == 0 &&
	       strcmp(a->sent_hash, b->sent_hash) == 0 && same_report(&a->report, &b->report);
}

/*
 * Whether @body is taken alike: what is taken by @memo is taken whole, and gives the same. A
 * report that is refused whole must not be taken. *@ret_is_taken: by @memo.
 */
static inline bool two_ways_agree(struct group_memo *memo, const char *body, size_t len,
				  bool *ret_is_taken)
{
	struct accepted_report whole, quick;
	bool is_right = accept_report(body, len, &whole, NULL, NULL) >= 0;
	bool agree = true;

	*ret_is_taken = accept_groups(memo, body, len, &quick) >= 0;
	if (*ret_is_taken) {
		agree = is_right && same_accepted(&whole, &quick);
		accepted_report_done(&quick);
	}
	if (is_right)
		accepted_report_done(&whole);
	return agree;
}
