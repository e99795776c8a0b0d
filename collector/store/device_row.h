/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The columns of a device and how names match, for the files of the store that read devices. */

#include "collector/store/store_device.h"

/* In the order that device_row_read() expects, and how many these are; others may follow. */
#define DEVICE_ROW                                                                        \
	"id, site_code, role, room, is_expected, asset_tag, serial, host_name, model, "   \
	"enrolled_ms, "                                                                   \
	"seen_ms, agent_version, state, since_ms, profile_id, profile_version, results, " \
	"browser_result, facts_hash"
#define DEVICE_COLUMNS 19

/* The column seen_hour of a seen_ms, by which those that age are found; NULL of NULL. */
#define SEEN_HOUR(seen_ms) seen_ms " / 3600000"
#define SEEN_HOUR_MS (INT64_C(60) * 60 * 1000)

/* Without facts. */
int device_row_read(struct db_rows *rows, struct device *ret_device, struct err *err) _must_check_;
/* All rows that are left. */
int device_list_read(struct db_rows *rows, struct device_list *ret_list,
		     struct err *err) _must_check_;
/*
 * Of rows of id and whether it enrolled: the one that enrolled, then the first id.
 * Not ordered by the database, which would build a table for one or two rows.
 * Returns 1, or 0: there is no row.
 */
int device_id_best(struct db_rows *rows, char ret_id[static ID_SIZE], struct err *err) _must_check_;

/* A device of the site $1 whose name is $2; the second half lets a partial index serve. */
#define MATCH_ASSET_TAG "asset_tag = $2 AND asset_tag <> ''"
#define MATCH_SERIAL "serial = $2 AND serial <> ''"
#define MATCH_HOST "lower(host_name) = lower($2) AND host_name <> ''"

/* What store_device_list() asks of the database; owned by the caller. For tests of its plan. */
char *device_query_sql(const struct device_query *query) _must_check_;
