/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Every limit on what comes over HTTP, in one place: the values here, what they
 * mean and what a client is told in the table, which docs/limits.md repeats for
 * people (a test compares them).
 */

#include <stddef.h>
#include <stdint.h>

enum {
	LIMIT_TARGET_BYTES = 8 * 1024,
	LIMIT_PATH_SEGMENTS = 8,
	LIMIT_QUERY_PARAMETERS = 32,
	LIMIT_HEADER_BYTES = 16 * 1024,
	LIMIT_BODY_BYTES = 256 * 1024,
	LIMIT_ENROLL_BYTES = 16 * 1024,
	LIMIT_HEARTBEAT_BYTES = 8 * 1024,
	LIMIT_RESOLUTION_BYTES = 1024,
	LIMIT_WAIVER_BYTES = 8 * 1024,
	LIMIT_SIGN_IN_BYTES = 8 * 1024,
	LIMIT_PERSON_BYTES = 16 * 1024,
	LIMIT_PASSWORD = 128,
	LIMIT_GRANTS = 64,
	LIMIT_SESSIONS = 20,
	LIMIT_SESSION_SECONDS = 12 * 60 * 60,
	LIMIT_SESSION_IDLE_SECONDS = 2 * 60 * 60,
	LIMIT_TOKEN_BYTES = 4 * 1024,
	LIMIT_KEY_BYTES = 1024,
	LIMIT_PLACEMENT_BYTES = 4 * 1024,
	LIMIT_PLAN_DAYS = 400,
	LIMIT_PEOPLE_BYTES = 4 * 1024 * 1024,
	LIMIT_PEOPLE_ROWS = 5000,
	LIMIT_IMPORT_BYTES = 4 * 1024 * 1024,
	LIMIT_IMPORT_ROWS = 20000,
	LIMIT_SITE_BYTES = 256 * 1024,
	LIMIT_IDEMPOTENCY_KEY = 64,
	LIMIT_ANSWERS_SECONDS = 24 * 60 * 60,
	LIMIT_ANSWERS = 256,
	LIMIT_ANSWERS_BYTES = 4 * 1024 * 1024,
	LIMIT_DRAIN_BYTES = 16 * 1024 * 1024,
	LIMIT_INFLATED_BYTES = 1024 * 1024,
	LIMIT_INFLATION = 20,
	LIMIT_JSON_DEPTH = 32,
	LIMIT_TEXT_BYTES = 4096,
	LIMIT_LIST_ITEMS = 1024,
	LIMIT_ROWS = 500,
	LIMIT_CURSOR_BYTES = 2048,
	LIMIT_CONNECTIONS = 16384,
	LIMIT_CONNECTIONS_CALM = 12288,
	LIMIT_REQUEST_SECONDS = 30,
	LIMIT_IDLE_SECONDS = 60,
	LIMIT_HURRIED_SECONDS = 5,
	LIMIT_ANSWER_SECONDS = 120,
	LIMIT_DEVICE_BURST = 2000,
	LIMIT_DEVICE_MS = 1000,
	LIMIT_STAFF_BURST = 2000,
	LIMIT_STAFF_MS = 10,
	LIMIT_RATE_KEYS = 65536,
	LIMIT_GROUPS_BYTES = 32 * 1024 * 1024,
	LIMIT_EXPORTS = 4,
	LIMIT_EXPORT_SECONDS = 300,
	LIMIT_QUEUE_JOBS = 2048,
	LIMIT_QUEUE_BYTES = 32 * 1024 * 1024,
	LIMIT_QUEUE_TREE = 8, /* what a parsed body takes, in times its size */
	LIMIT_QUEUE_DEVICE = 16,
	LIMIT_QUEUE_ENROLLMENTS = 128,
	LIMIT_QUEUE_STAFF = 32,
	LIMIT_READS = 256,
	LIMIT_READS_STAFF = 128,
	LIMIT_SIGN_ONS = 64,
	LIMIT_SIGN_ONS_NETWORK = 32,
	LIMIT_PROVIDER_BYTES = 64 * 1024,
	LIMIT_PROVIDER_SECONDS = 5,
	LIMIT_LOG_LINES = 30,
	LIMIT_ASSET_FILES = 64,
	LIMIT_ASSET_BYTES = 4 * 1024 * 1024,
	LIMIT_CONNECTION_MEMORY = 24 * 1024, /* cleared by the HTTP library after every request */
};

struct limit {
	const char *name;
	int64_t value;
	const char *unit;    /* "bytes", "seconds", "" for a count */
	int status;          /* what the client gets; 0: the connection is cut or kept waiting */
	const char *meaning; /* what is limited, and what to do about it */
};

extern const struct limit limits[];
extern const size_t n_limits;
