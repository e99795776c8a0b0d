/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * When a day begins somewhere, by a file of the time zone database (TZif, RFC 8536, versions 2
 * to 4). PURE: who reads the file is collector/act/day_begin.h. The C library tells this only of
 * one zone for all threads.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/err.h"

/* A rule of the footer: "M3.2.0/2", "J60" or "59". */
struct zone_rule {
	char kind; /* M, J or 0 (the day from 0) */
	int month, week, day;
	int64_t time_s; /* of that day, by the clock before it */
};

/* The bytes are borrowed from the file. */
struct zone {
	const unsigned char *times, *types_of, *types; /* as the file has them */
	size_t n_times, n_types;
	bool has_footer;      /* says what holds after the last of the times: */
	int64_t std_s, dst_s; /* seconds east of UTC */
	bool has_dst;
	struct zone_rule begin, end; /* of daylight saving */
};

#define ZONE_BYTES_MAX ((size_t)256 * 1024) /* the largest that there is has 4 KiB */

/* -EINVAL: the @len bytes are no such file. */
int zone_parse(const void *bytes, size_t len, struct zone *ret_zone, struct err *err) _must_check_;

/* Seconds east of UTC at @at_s, in seconds since 1970. */
int64_t zone_offset(const struct zone *zone, int64_t at_s);

/*
 * When @day begins, in ms since 1970. Where clocks skip midnight, within the first hour of the
 * day; where they show it twice, the first time.
 */
int64_t zone_day_begin(const struct zone *zone, int32_t day);
