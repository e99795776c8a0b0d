/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * What devices send again and again, read without a tree. Most of a report is what the
 * device sent before, byte for byte; it was checked then, and is known again by its digest
 * without being parsed. A heartbeat is so small that all of it is read. PURE.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/base.h"
#include "common/base/id.h"
#include "common/model/report.h"
#include "common/model/span.h"

#define KNOWN_VERSION_SIZE 65 /* an agent's version and NUL */

struct known_head {
	char device_id[ID_SIZE];
	char boot_id[REPORT_BOOT_ID_SIZE];
	int64_t sequence;
	int64_t observed_ms;
	int64_t age_ms; /* -1: not told */
	/*
	 * Two digests, BLAKE2b-128 in hexadecimal, of all other members, names and values
	 * as they stand: of those around the facts, CONTENTS_AROUND digits, and of the
	 * facts. They say nothing of whether they are a report: that somebody must have
	 * found out who stored the same.
	 */
	char contents[HASH_SIZE];
	struct span facts; /* their value, in the body */
};

/*
 * Read what changes from report to report and digest the rest.
 * -EAGAIN: this is not for here, and may be wrong; accept_report() says so.
 */
int known_read(const char *body, size_t len, struct known_head *ret_head) _must_check_;

/* Whether all but the facts of @head is what @contents are the digest of. */
bool known_is_around(const struct known_head *head, const char *contents);

/* A heartbeat, wholly. */
struct known_beat {
	struct known_head head; /* its contents are "": nothing is left to be digested */
	char agent_version[KNOWN_VERSION_SIZE];
	char facts_hash[HASH_SIZE];
	bool has_fingerprint;
	struct fingerprint fingerprint;
};

/*
 * Read a heartbeat as agents write it. What is read here is what accept_heartbeat()
 * would make of it. -EAGAIN: this is not for here, and may be wrong; accept_heartbeat() says so.
 */
int known_read_beat(const char *body, size_t len, struct known_beat *ret_beat) _must_check_;
/* The same as others take it; its texts are @beat's. */
struct heartbeat known_heartbeat(const struct known_beat *beat);
