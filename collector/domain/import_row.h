/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What files of sites and inventories say, between who reads them and who stores it. */

#include <stdbool.h>
#include <stdint.h>

#include "collector/domain/access.h"
#include "collector/domain/site_text.h"
#include "collector/domain/window.h"
#include "common/model/report.h"

/* One site of a file. Its texts are borrowed from it. */
struct site_row {
	const char *code;
	const char *name;
	const char *lea_code;
	const char *lea_name;
	const char *zone; /* NULL: not said */
	bool has_window;
	struct window window; /* its id and track may be NULL: not said */
	struct contact_person contacts[CONTACT_ROLE_MAX_]; /* each text may be NULL: not said */
	const char *tracks; /* as tracks_read() makes them; NULL: not said */
};

/* The columns of a file of rooms. */
enum room_column {
	ROOM_COLUMN_SITE,
	ROOM_COLUMN_ROOM,
	ROOM_COLUMN_TRACK,
	ROOM_COLUMN_SEATS,
	ROOM_COLUMN_MAX_,
};

/* One room of a file; texts are borrowed from it. */
struct room_row {
	const char *site_code;
	const char *room;  /* not "" */
	const char *track; /* "": none; NULL: not said */
	bool has_seats;
	int64_t seats; /* negative: not known */
};

/* One device of an inventory; "" where the file does not say. */
struct inventory_row {
	const char *site_code;
	const char *asset_tag;
	const char *serial;
	const char *host_name;
	bool has_role;
	enum device_role role;
	bool has_room;
	const char *room;
};

/* One role of one person; texts are owned by the file. */
struct person_row {
	char *login; /* in lower case */
	char *name;
	struct grant grant;
	unsigned line;
	unsigned column; /* of the code */
};
