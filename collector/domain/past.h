/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * What is remembered of the reports of a device: the newest by their numbers, so that
 * one that comes again is known, and which boots they were of, so that two machines with
 * one key are found (docs/decisions/0014-one-key-two-machines.md). It is bounded: of
 * what is older it is only known up to which number that was. PURE.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/base.h"
#include "common/base/err.h"
#include "common/model/report.h"
#include "common/model/result.h"

enum {
	PAST_REPORTS = 16,
	PAST_BOOTS = PAST_REPORTS + 4,
	PAST_BOOT_BYTES = 16,
	PAST_BYTES_MAX = 4 + PAST_BOOTS * (PAST_BOOT_BYTES + 1) + PAST_REPORTS * 18 + 9,
};

struct past {
	struct past_boot {
		unsigned char id[PAST_BOOT_BYTES];
		bool is_met; /* past_meet() saw it */
	} boots[PAST_BOOTS]; /* the last used at the end */
	struct past_report {
		uint8_t boot; /* its place above */
		enum device_state state;
		int64_t sequence, observed_ms;
	} reports[PAST_REPORTS]; /* by number */
	size_t n_boots, n_reports;
	bool has_edge;         /* something was forgotten, … */
	uint8_t edge_boot;     /* … of this boot … */
	int64_t edge_sequence; /* … with this number, the highest */
};

/* The boot of a report with the nearest number that a device has; boot_id "": there is none. */
struct report_neighbour {
	char boot_id[REPORT_BOOT_ID_SIZE];
	int64_t sequence;
};

/* Where a report stands among those of its device. */
struct report_place {
	bool is_there;           /* one of its boot and number came before, … */
	int64_t observed_ms;     /* … was observed then, … */
	enum device_state state; /* … and this was answered */
	bool is_old; /* it may have come: its number is among those that were forgotten */
	/* Below it, or of the same number and another boot; and above it. */
	struct report_neighbour below, above;
};
void past_place(const struct past *past, const struct report *report,
		struct report_place *ret_place);

/* Remember @report, to which @state was answered. */
void past_add(struct past *past, const struct report *report, enum device_state state);
/* Whether @report is the first of its boot that is met; from now on it is not. */
bool past_meet(struct past *past, const struct report *report);
/* No boot was met. */
void past_forget_boots(struct past *past);
/* The highest number; 0: none. */
int64_t past_newest(const struct past *past);

/* As it is stored; returns how many bytes. */
size_t past_write(const struct past *past, unsigned char ret_bytes[static PAST_BYTES_MAX]);
/*
 * What past_write() wrote, or the text "BOOT_ID SEQUENCE OBSERVED_MS STATE" of a store
 * that was migrated, or nothing at all. -EUCLEAN: it is neither.
 */
int past_read(const void *bytes, size_t size, struct past *ret_past, struct err *err) _must_check_;
