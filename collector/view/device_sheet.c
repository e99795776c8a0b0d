/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "collector/view/device_sheet.h"
#include "collector/view/device_summary.h"
#include "common/base/clock.h"
#include "common/base/mem.h"
#include "common/model/result.h"

#define CHANGES 500 /* read at a time of one device */

struct device_sheet {
	struct sheet sheet; /* first, so that it is one */
	struct view view;
	enum device_sheet_kind kind;
	struct device_filter filter; /* which the walk borrows */
	struct device_walk *walk;

	/* Of SHEET_TRANSITIONS: the device whose changes are written, and those at hand. */
	bool is_in_device;
	struct device_found found;
	struct transition_list changes;
};

/* --- cells of devices ------------------------------------------------------------- */

/* A time is empty, or null, where there is none. */
static void put_time(struct table_out *out, int64_t ms)
{
	char text[CLOCK_TEXT_SIZE];

	table_out_text(out, ms ? clock_text(ms, text) : NULL);
}

static void put_titles(struct table_out *out, const struct device_found *found, unsigned results)
{
	const char *titles[PROFILE_REQUIREMENTS_MAX];
	size_t n = device_titles(found->judge, found->device, results, titles);

	table_out_list(out, titles, n);
}

static const char *or_null(const char *text)
{
	return text[0] ? text : NULL;
}

static const char *const device_columns[] = {
	"site_code", "site_name", "lea_code",    "device_id", "asset_tag", "serial",
	"host_name", "model",     "role",        "room",      "expected",  "state",
	"since",     "enrolled",  "seen",        "agent",     "profile",   "profile_version",
	"needs",     "waived",    "next_action", NULL,
};

static int put_device(struct device_sheet *sheet, const struct device_found *found, struct err *err)
{
	const struct device *device = found->device;
	struct table_out *out = &sheet->sheet.out;

	(void)err;
	table_out_text(out, device->site_code);
	table_out_text(out, found->site->name);
	table_out_text(out, found->site->lea_code);
	table_out_text(out, device->id);
	table_out_text(out, device->asset_tag);
	table_out_text(out, device->serial);
	table_out_text(out, device->host_name);
	table_out_text(out, device->model);
	table_out_text(out, device_role_text(device->role));
	table_out_text(out, device->room);
	table_out_flag(out, device->is_expected);
	table_out_text(out, device_state_words[device->state]);
	put_time(out, device->since_ms);
	put_time(out, device->enrolled_ms);
	put_time(out, device->seen_ms);
	table_out_text(out, device->agent_version);
	table_out_text(out, or_null(device->profile_id));
	table_out_text(out, or_null(device->profile_version));
	put_titles(out, found, DEVICE_NEEDS);
	put_titles(out, found, 1U << RESULT_WAIVED);
	table_out_text(out, device_next_action(found->judge, device));
	table_out_row(out);
	return 0;
}

static const char *const result_columns[] = {
	"site_code", "device_id", "host_name", "state",           "requirement", "title",
	"severity",  "result",    "fix",       "profile_version", NULL,
};

static void put_result(struct table_out *out, const struct device_found *found, size_t place,
		       enum result result)
{
	const struct requirement *requirement = &found->judge->requirements[place];
	const struct device *device = found->device;

	table_out_text(out, device->site_code);
	table_out_text(out, device->id);
	table_out_text(out, device->host_name);
	table_out_text(out, device_state_words[device->state]);
	table_out_text(out, requirement->id);
	table_out_text(out, requirement->title);
	table_out_text(out, severity_words[requirement->severity]);
	table_out_text(out, result_words[result]);
	table_out_text(out, or_null(requirement->fix.id));
	table_out_text(out, device->profile_version);
	table_out_row(out);
}

static int put_results(struct device_sheet *sheet, const struct device_found *found,
		       struct err *err)
{
	const char *letters = found->device->results;

	(void)err;
	for (size_t i = 0; found->judge && i < found->judge->n_requirements && letters[i]; i++) {
		enum result result;

		if (result_of_letter(letters[i], &result) >= 0)
			put_result(&sheet->sheet.out, found, i, result);
	}
	return 0;
}

static const char *const transition_columns[] = {
	"site_code", "device_id", "host_name", "at", "requirement", "from", "to", "left_out", NULL,
};

static void put_change(struct table_out *out, const struct device *device,
		       const struct transition *change)
{
	char left_out[24];

	table_out_text(out, device->site_code);
	table_out_text(out, device->id);
	table_out_text(out, device->host_name);
	put_time(out, change->at_ms);
	table_out_text(out, change->requirement);
	table_out_text(out, or_null(change->old_result));
	table_out_text(out, or_null(change->new_result));
	snprintf(left_out, sizeof(left_out), "%" PRId64, change->left_out);
	table_out_text(out, left_out);
	table_out_row(out);
}

/* The next changes of the device at hand; the device is over where there are no more. */
static int put_changes(struct device_sheet *sheet, const struct device_found *found,
		       struct err *err)
{
	const struct transition_list *was = &sheet->changes;
	const struct transition *last =
		was->n_transitions > 0 ? &was->transitions[was->n_transitions - 1] : NULL;
	const struct transition_place place = { last ? last->at_ms : INT64_MIN,
						last ? last->requirement : "" };
	struct transition_list next;
	int r = store_transition_page(sheet->view.store, found->device->id, &place, CHANGES, &next,
				      err);

	if (r < 0)
		return r;
	transition_list_done(&sheet->changes);
	for (size_t i = 0; i < next.n_transitions; i++)
		put_change(&sheet->sheet.out, found->device, &next.transitions[i]);
	sheet->is_in_device = next.n_transitions == CHANGES;
	if (sheet->is_in_device)
		sheet->changes = next;
	else
		transition_list_done(&next);
	return 0;
}

/* --- the sheet -------------------------------------------------------------------- */

const char *const device_sheet_words[] = {
	[SHEET_DEVICES] = "devices",
	[SHEET_RESULTS] = "results",
	[SHEET_TRANSITIONS] = "transitions",
	[SHEET_MAX_] = NULL,
};

static int (*const puts_rows[])(struct device_sheet *sheet, const struct device_found *found,
				struct err *err) = {
	/* Write rows of a device; again while is_in_device. */
	[SHEET_DEVICES] = put_device,
	[SHEET_RESULTS] = put_results,
	[SHEET_TRANSITIONS] = put_changes,
};
static_assert(ARRAY_SIZE(puts_rows) == SHEET_MAX_, "every kind has rows");

static int step(struct sheet *base, struct err *err)
{
	struct device_sheet *sheet = (struct device_sheet *)base;
	int r = 1;

	if (!sheet->is_in_device)
		r = device_walk_next(sheet->walk, &sheet->found, err);
	if (r != 1)
		return r;
	r = puts_rows[sheet->kind](sheet, &sheet->found, err);
	return r < 0 ? r : 1;
}

static void done(struct sheet *base)
{
	struct device_sheet *sheet = (struct device_sheet *)base;

	device_walk_free(sheet->walk);
	transition_list_done(&sheet->changes);
}

static const struct sheet_kind kinds[] = {
	[SHEET_DEVICES] = { "devices", device_columns, step, done },
	[SHEET_RESULTS] = { "results", result_columns, step, done },
	[SHEET_TRANSITIONS] = { "transitions", transition_columns, step, done },
};
static_assert(ARRAY_SIZE(kinds) == SHEET_MAX_, "every kind has columns");

const char *const *device_sheet_columns(enum device_sheet_kind kind)
{
	return kinds[kind].columns;
}

int device_sheet_open(const struct view *view, const struct device_sheet_asked *asked,
		      struct sheet **ret_sheet, struct err *err)
{
	struct device_sheet *sheet = xcalloc(1, sizeof(*sheet));
	struct device_asked devices = asked->devices;
	int r;

	sheet->view = *view;
	sheet->kind = asked->kind;
	sheet->filter = *asked->devices.filter;
	devices.filter = &sheet->filter;
	r = device_walk_open(view, &devices, NULL, &sheet->walk, err);
	if (r < 0) {
		free(sheet);
		return r;
	}
	sheet_begin(&sheet->sheet, &kinds[asked->kind], &asked->form);
	*ret_sheet = &sheet->sheet;
	return 0;
}
