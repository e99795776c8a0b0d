/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * The devices as they are stored, read by one plain question and looked at one by one:
 * what every count is compared with. Nothing of how the collector counts is used.
 */

#include "collector/view/view_devices.h"
#include "tests/property/world.h"

struct row {
	char id[ID_SIZE], site[8], room[16], version[HASH_SIZE], results[REQUIREMENTS_MAX + 1];
	enum device_role role;
	enum device_state state;
	enum result browser;
	bool is_expected;
	bool has_reported;
	int64_t seen_ms;
	const struct profile *judge; /* what judged it; NULL: nothing did */
};

/* A site as it is stored: what judges it, and whether it waits for that. */
struct stored_site {
	const char *code;
	char version[HASH_SIZE]; /* "": nothing does */
	bool is_queued;
	char after_id[ID_SIZE];
	const struct profile *profile; /* NULL: none */
	struct window window;          /* only its days, and only where there is a profile */
};

struct rows {
	struct row rows[DEVICES_MAX * 8];
	size_t n;
	struct stored_site places[SITES];
	size_t n_sites; /* of those, as many are there; they come first */
};

void rows_read(struct world *world, struct rows *rows);
/* Its facts, which the caller json_decref()s. */
json_t *rows_facts(struct world *world, const struct row *row);

/* Expected, and not retired: what counts are of. */
bool row_counts(const struct row *row);
/* Its report counts, as old as it is. */
bool row_is_fresh(const struct row *row);
bool row_is_ready(const struct row *row);
/* The letter of its result of @requirement, by what judged it; '\0': there is none. */
char row_letter(const struct row *row, const char *requirement);
/* Whether it belongs into the list of its site that @filter asks for. */
bool row_fits(const struct rows *rows, const struct row *row, const struct device_filter *filter);
const struct stored_site *rows_place(const struct rows *rows, const char *site);

/* Lists of sites and the totals of all are what the plain way to make them gives. */
void check_order(const struct view *view, struct school *school);
