/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Which reports were accepted, what was answered, and of which boots they were. */

#include <stdbool.h>
#include <stdint.h>

#include "collector/store/store.h"
#include "common/model/report.h"
#include "common/model/result.h"

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
	/* Below it, or of the same number and another boot; and above it. */
	struct report_neighbour below, above;
};

int store_report_place(struct store *store, const struct report *report,
		       struct report_place *ret_place, struct err *err) _must_check_;
int store_report_put(struct store *store, const struct report *report, int64_t received_ms,
		     enum device_state state, struct err *err) _must_check_;

/* Whether @report is the first of its boot; from now on it is not. 1: it is; 0. */
int store_boot_put(struct store *store, const struct report *report, struct err *err) _must_check_;
/* No boot of @device_id has reported. */
int store_boot_forget(struct store *store, const char *device_id, struct err *err) _must_check_;
/* The highest number of a report of @device_id; 0: none. */
int store_report_newest(struct store *store, const char *device_id, int64_t *ret_sequence,
			struct err *err) _must_check_;

/*
 * The numbers of @device_id begin anew: its reports stay, and none that comes is
 * taken for one of them. @now_ms tells these from others that are put aside.
 */
int store_report_set_aside(struct store *store, const char *device_id, int64_t now_ms,
			   struct err *err) _must_check_;
