/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "collector/domain/placement.h"
#include "common/base/base.h"
#include "common/base/civil.h"

#define DAY_MS INT64_C(86400000)

const char *const placement_kind_words[] = { "move", "retire", "restore", NULL };
static_assert(ARRAY_SIZE(placement_kind_words) == PLACEMENT_KIND_MAX_ + 1, "every kind has one");

const char *const placement_done_words[] = { "moved", "retired", "restored", NULL };
static_assert(ARRAY_SIZE(placement_done_words) == PLACEMENT_KIND_MAX_ + 1, "every kind has one");

const char *const placement_status_words[] = {
	"planned", "done", "failed", "cancelled", "undone", NULL,
};
static_assert(ARRAY_SIZE(placement_status_words) == PLACEMENT_STATUS_MAX_ + 1,
	      "every status has one");

const char *const retire_reason_words[] = { "lost", "broken", "sold", "replaced", "other", NULL };
static_assert(ARRAY_SIZE(retire_reason_words) == RETIRE_REASON_MAX_ + 1, "every reason has one");

static void spot_done(struct spot *spot)
{
	free(spot->site_code);
	free(spot->room);
}

void placement_done(struct placement *placement)
{
	spot_done(&placement->to);
	spot_done(&placement->was);
	free(placement->asked_by);
	free(placement->account_id);
	free(placement->was_lea);
	free(placement->to_lea);
	free(placement->was_tag);
	free(placement->reason);
	free(placement->note);
	free(placement->line);
	free(placement->dropped);
	free(placement->ended_by);
	free(placement->why);
	free(placement->damage);
	*placement = (struct placement){ 0 };
}

void placement_list_done(struct placement_list *list)
{
	for (size_t i = 0; i < list->n_placements; i++)
		placement_done(&list->placements[i]);
	free(list->placements);
	*list = (struct placement_list){ 0 };
}

enum { LEA_OF_WAS, LEA_OF_TO };
static const char *const lea_whys[] = {
	[LEA_OF_WAS] =
		"The site of the device belongs to another LEA than when this was planned, so "
		"nothing was changed. If it is still wanted, whoever may change devices "
		"there now plans it anew.",
	[LEA_OF_TO] =
		"The site where the device was to go belongs to another LEA than when this was "
		"planned, so nothing was changed. If it is still wanted, somebody who may "
		"change devices at both sites plans it anew.",
};

int placement_check_leas(const struct placement *placement, const char *was_lea, const char *to_lea,
			 struct err *err)
{
	if (strcmp(placement->was_lea, was_lea) != 0)
		return err_set(err, -EALREADY, "%s", lea_whys[LEA_OF_WAS]);
	if (strcmp(placement->to_lea, to_lea) != 0)
		return err_set(err, -EALREADY, "%s", lea_whys[LEA_OF_TO]);
	return 0;
}

bool placement_why_is_of_leas(const char *why)
{
	for (size_t i = 0; i < ARRAY_SIZE(lea_whys); i++) {
		if (strcmp(lea_whys[i], why) == 0)
			return true;
	}
	return false;
}

int64_t placement_undo_until(const struct placement *placement)
{
	/* Whole days, so that what is answered once is right until the day is over. */
	return (civil_of_ms(placement->done_ms) + PLACEMENT_UNDO_DAYS + 1) * DAY_MS;
}

/* Whether the device is where @placement left it, and counts as it did then. */
static bool is_as_left(const struct placement *placement, const struct placement_scene *scene)
{
	const struct spot *to = &placement->to;

	return strcmp(to->site_code, scene->site_code) == 0 && strcmp(to->room, scene->room) == 0 &&
	       to->role == scene->role && to->is_expected == scene->is_expected &&
	       (placement->kind == PLACEMENT_RETIRE) == scene->is_retired;
}

static int check_done(const struct placement *placement, const struct placement_scene *scene,
		      struct err *err)
{
	const char *done = placement_done_words[placement->kind];
	char day[CIVIL_WORDS_SIZE];

	if (placement->turn != scene->newest_turn)
		return err_set(err, -EALREADY,
			       "Something was done with the device after it was %s so; take that "
			       "back first.",
			       done);
	if (scene->now_ms >= placement_undo_until(placement))
		return err_set(err, -EALREADY,
			       "It was %s on %s, more than %d days ago. Say anew where the device "
			       "is to be.",
			       done, civil_words(civil_of_ms(placement->done_ms), day),
			       PLACEMENT_UNDO_DAYS);
	if (!is_as_left(placement, scene))
		return err_set(
			err, -EALREADY,
			"Since it was %s, an inventory, an enrolment or a conflict changed "
			"where the device is, its role, or whether it counts. Say anew where "
			"it is to be.",
			done);
	if (placement->kind == PLACEMENT_RESTORE && scene->is_in_conflict)
		return err_set(
			err, -EALREADY,
			"The device is in conflict since it was restored; settle that first.");
	return 0;
}

int placement_check_undo(const struct placement *placement, const struct placement_scene *scene,
			 struct err *err)
{
	static const char *const over[PLACEMENT_STATUS_MAX_] = {
		[PLACEMENT_FAILED] = "It could not be done on its day; nothing was changed.",
		[PLACEMENT_CANCELLED] = "It was cancelled before.",
		[PLACEMENT_UNDONE] = "It was undone before.",
	};

	if (placement->status == PLACEMENT_PLANNED)
		return 0;
	if (over[placement->status])
		return err_set(err, -EALREADY, "%s", over[placement->status]);
	return check_done(placement, scene, err);
}
