/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * A heartbeat instead of a report, where the facts are those last sent. It is
 * never stored: what it says is said again, and truer, the next time.
 */

#include "agent/deliver.h"

struct greeting {
	int64_t sequence;
	/* When the facts were last seen to hold, by both clocks. */
	int64_t boot_ms, observed_ms;
	const char *facts_hash;                /* see struct sent */
	const struct fingerprint *fingerprint; /* NULL: not told */
};

/*
 * Send it by @deliverer. What came of it is in *@run as after deliver(), with
 * ->said if it was taken; a collector that is too old for heartbeats says by
 * ->said.is_report_wanted that it wants the report. Logs nothing, fails never.
 */
enum delivery heartbeat_send(const struct deliverer *deliverer, const struct greeting *greeting,
			     struct delivery_run *run);
