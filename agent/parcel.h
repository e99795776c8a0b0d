/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Parcel
 *
 * A report as it lies in the spool: {"boot_ms": …, "report": {…}}. How old it
 * is can only be said when it is sent, by a clock that nobody can set and that
 * starts again with every boot; so the reading of that clock is kept with it.
 * A parcel that was refused also says why: {"refused": {…}}.
 *
 * Nothing here touches a file or a clock.
 */

#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include "common/base/err.h"
#include "common/base/id.h"
#include "common/model/report.h"

/* A moment of one boot. */
struct moment {
	char boot_id[REPORT_BOOT_ID_SIZE];
	int64_t boot_ms; /* see clock_boot_ms() */
};

/*
 * The parcel of @report, whose age is left out, observed at @boot_ms. The text
 * is owned by the caller.
 * -E2BIG: no collector would take it.
 */
int parcel_pack(const struct report *report, int64_t boot_ms, char **ret_text,
		struct err *err) _must_check_;

/* What is needed to send it. */
struct parcel {
	char device_id[ID_SIZE];
	char boot_id[REPORT_BOOT_ID_SIZE];
	int64_t sequence;
	char *body;    /* of the request, with its age at @now if that is the same boot */
	json_t *facts; /* as they are, unchecked */
};

/*
 * Only what delivery needs is checked: an older agent may have written it, and
 * it is the collector who judges a report. parcel_done() @ret_parcel.
 * -EINVAL, -E2BIG: damaged.
 */
int parcel_unpack(const char *text, size_t len, const struct moment *now, struct parcel *ret_parcel,
		  struct err *err) _must_check_;
void parcel_done(struct parcel *parcel);

/* Why a report was refused. */
struct refusal {
	int64_t at_ms;
	long http_status; /* 0: it was not even sent */
	char *reason;
};

/* The parcel @text with @refusal added; owned by the caller. -EINVAL: damaged. */
int parcel_refuse(const char *text, size_t len, const struct refusal *refusal, char **ret_text,
		  struct err *err) _must_check_;

/*
 * Read it back. A parcel without one, or that is damaged, gets a reason that
 * says so. refusal_done() @ret_refusal.
 */
void parcel_refusal(const char *text, size_t len, struct refusal *ret_refusal);
void refusal_done(struct refusal *refusal);
