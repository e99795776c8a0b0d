/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * A report that was carried by hand, as `testready-agent export` writes it:
 * {"export": 1, "device_id", "boot_id", "sequence", "body", "mac"}. The body is the
 * report's very bytes; the mac is HMAC-SHA-256 of them in hexadecimal, whose key is
 * the SHA-256 of the device's key: the collector has no more of it than that. PURE.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include "common/base/err.h"
#include "common/base/id.h"
#include "common/model/report.h"

/* A body of JSON doubles where every character of it needs a backslash. */
#define EXPORT_BYTES_MAX (2 * REPORT_BYTES_MAX + 4096)

struct export_file {
	json_t *json; /* owns what the texts borrow */
	const char *device_id;
	const char *boot_id;
	int64_t sequence;
	const char *body;
	const char *mac;
};

/* On success export_file_done() *@ret_file. -EINVAL, -E2BIG: @err says what is wrong where. */
int export_file_parse(const char *text, size_t len, struct export_file *ret_file,
		      struct err *err) _must_check_;
void export_file_done(struct export_file *file);

/* Whether the body is of who has the key that hashes to @key_hash (hexadecimal). */
bool export_file_is_of(const struct export_file *file, const char *key_hash);
