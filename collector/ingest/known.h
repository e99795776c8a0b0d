/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Reports of which only the counters are new. Most of a report is what the device
 * sent before, byte for byte; it was checked then, and is known again by its digest
 * without being parsed. PURE.
 */

#include <stddef.h>
#include <stdint.h>

#include "common/base/base.h"
#include "common/base/id.h"
#include "common/model/report.h"

struct known_head {
	char device_id[ID_SIZE];
	char boot_id[REPORT_BOOT_ID_SIZE];
	int64_t sequence;
	int64_t observed_ms;
	int64_t age_ms; /* -1: not told */
	/*
	 * BLAKE2b-256 of all other members, names and values as they stand, in
	 * hexadecimal. It says nothing of whether they are a report: that somebody
	 * must have found out who stored the same digest.
	 */
	char contents[HASH_SIZE];
};

/*
 * Read what changes from report to report and digest the rest.
 * -EAGAIN: this is not for here, and may be wrong; accept_report() says so.
 */
int known_read(const char *body, size_t len, struct known_head *ret_head) _must_check_;
