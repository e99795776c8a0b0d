/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * What a device sends: docs/schema/report-1.json.
 */

#include <stdbool.h>
#include <stdint.h>

#include <jansson.h>

#include "common/base/err.h"
#include "common/base/id.h"
#include "common/model/document.h"
#include "common/model/fingerprint.h"

#define REPORT_BYTES_MAX ((size_t)256 * 1024)
#define REPORT_DEPTH_MAX 32
#define REPORT_NAME_MAX 255
#define REPORT_BOOT_ID_SIZE 37 /* a UUID and NUL */

/* What a person would look for on the device's label; "" where it does not say. */
struct device_names {
	const char *host_name;
	const char *serial;
	const char *asset_tag;
	const char *model;
};

enum device_role {
	ROLE_STUDENT,
	ROLE_TA,
	ROLE_SHARED,
	ROLE_SPARE,
	ROLE_MAX_,
};

/* The names are part of the wire format and of the database: never change one. */
extern const char *const device_role_words[]; /* ended by NULL */
const char *device_role_text(enum device_role role);
int device_role_parse(const char *text, enum device_role *ret_role) _must_check_;

/* Whether @text is a boot's id: a UUID in lower case. */
bool report_boot_id_is_valid(const char *text);

struct report {
	const char *device_id;
	const char *agent_version;
	const char *boot_id;
	int64_t sequence;    /* from 1, grows with every report of a device */
	int64_t observed_ms; /* by the device's clock, which may lie */
	int64_t age_ms;      /* by a clock that nobody sets; -1: not known, since it restarted */
	struct device_names device;
	bool has_fingerprint; /* an older agent sends none */
	struct fingerprint fingerprint;
	const json_t *facts;
};

/*
 * Check @json, a parsed report, wholly: members, types, limits and facts.
 *
 * On success everything in *@ret_report is borrowed from @json.
 * -EINVAL: the place is in @err, and its JSON pointer in *@ret_pointer, owned
 * by the caller, if @ret_pointer is not NULL.
 */
int report_read(const json_t *json, struct report *ret_report, char **ret_pointer,
		struct err *err) _must_check_;

/* The same where the facts in it were checked before; *@ret_report has them. */
int report_read_around(const json_t *json, struct report *ret_report, char **ret_pointer,
		       struct err *err) _must_check_;

/* The report as JSON, owned by the caller. Everything in @report is copied. */
json_t *report_write(const struct report *report) _must_check_;

/*
 * A heartbeat says that the facts of the last report still hold, within the
 * steps of the table (facts_same()). It counts as fresh as a report would; a
 * collector that does not know those facts asks for the report.
 */
struct heartbeat {
	struct report head;     /* but ->device and ->facts, which it has not */
	const char *facts_hash; /* SHA-256 of the canonical JSON of the facts last reported */
};

/* As report_read() and report_write(). Numbers are taken from the same sequence. */
int heartbeat_read(const json_t *json, struct heartbeat *ret_heartbeat, char **ret_pointer,
		   struct err *err) _must_check_;
json_t *heartbeat_write(const struct heartbeat *heartbeat) _must_check_;

/* The "device" member alone, as enrolment sends it. */
int device_names_read(const struct node *node, struct device_names *ret_names,
		      struct err *err) _must_check_;
json_t *device_names_write(const struct device_names *names) _must_check_;
