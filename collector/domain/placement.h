/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Placements: where a device is moved to, that it is retired, and that it is restored, now or
 * on a day to come, and when one can be taken back. PURE.
 * docs/decisions/0030-devices-that-move.md says why it is as it is.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/err.h"
#include "common/base/id.h"
#include "common/model/profile.h"

/* The words of all three are the store's and the API's: never change one. Ended by NULL. */
enum placement_kind {
	PLACEMENT_MOVE,
	PLACEMENT_RETIRE,
	PLACEMENT_RESTORE,
	PLACEMENT_KIND_MAX_,
};
extern const char *const placement_kind_words[];
/* moved, retired, restored; for sentences */
extern const char *const placement_done_words[];

enum placement_status {
	PLACEMENT_PLANNED,
	PLACEMENT_DONE,
	PLACEMENT_FAILED, /* its day came, and it could not be done; ->why says so */
	PLACEMENT_CANCELLED,
	PLACEMENT_UNDONE,
	PLACEMENT_STATUS_MAX_,
};
extern const char *const placement_status_words[];

enum retire_reason {
	RETIRE_LOST,
	RETIRE_BROKEN,
	RETIRE_SOLD,
	RETIRE_REPLACED,
	RETIRE_OTHER, /* then there is a note */
	RETIRE_REASON_MAX_,
};
extern const char *const retire_reason_words[];

#define PLACEMENT_NOTE_MAX 500   /* bytes */
#define PLACEMENT_ROOM_MAX 128   /* bytes, as files of inventories may have */
#define PLACEMENT_DAYS_AHEAD 400 /* how far a plan may reach: a school year and the summer */
#define PLACEMENT_UNDO_DAYS 30   /* how long it can be taken back */

/* Where a device is, and whether it counts there. Texts are owned by who has it. */
struct spot {
	char *site_code;
	char *room; /* NULL: of a plan, as it is then */
	bool has_role;
	enum device_role role;
	bool is_expected;
};

/* placement_done() frees the texts. */
struct placement {
	char device_id[ID_SIZE];
	int64_t number;
	enum placement_kind kind;
	enum placement_status status;
	int64_t asked_ms;
	char *asked_by;
	char *account_id; /* "": nobody's */
	int32_t on;       /* 0: at once */
	int64_t due_ms;   /* 0: at once */
	struct spot to;
	struct spot was;        /* of a plan, as of when it was made */
	char *was_lea, *to_lea; /* of a plan: whose the two sites were when it was made; else "" */
	char *was_tag;
	char *reason; /* "": it is not retired */
	char *note;
	char *line;    /* "": none */
	char *dropped; /* JSON of the line that an undo took away; NULL: none; not stored */
	int64_t turn;  /* 0: not done yet */
	int64_t done_ms;
	int64_t ended_ms; /* 0: it holds */
	char *ended_by;
	char *why;
	char *damage; /* NULL, or what of the row cannot be read: then only its key is here */
};
void placement_done(struct placement *placement);

/*
 * Whether the sites of a plan are still of the LEAs that they were of when it was made; @was_lea
 * and @to_lea: whose they are now. Who planned it may have no say at the other place any more, and
 * who has one did not want it. -EALREADY: not; @err names neither site nor LEA.
 */
int placement_check_leas(const struct placement *placement, const char *was_lea, const char *to_lea,
			 struct err *err) _must_check_;
/* Whether @why is of placement_check_leas(): that may be told whoever sees the device. */
bool placement_why_is_of_leas(const char *why);

struct placement_list {
	struct placement *placements;
	size_t n_placements;
};
void placement_list_done(struct placement_list *list);

/* Until when @placement can be taken back, by the clock alone. */
int64_t placement_undo_until(const struct placement *placement);

/* What a device is at the moment. Texts are borrowed. */
struct placement_scene {
	const char *site_code;
	const char *room;
	enum device_role role;
	bool is_expected;
	bool is_retired;
	bool is_in_conflict;
	int64_t newest_turn; /* of those of the device that were done and hold; 0: none */
	int64_t now_ms;
};

/*
 * Whether @placement can be taken back: what is planned is cancelled, what is done is undone
 * where all is still as it left it. -EALREADY: not; @err says why, and what to do.
 */
int placement_check_undo(const struct placement *placement, const struct placement_scene *scene,
			 struct err *err) _must_check_;
