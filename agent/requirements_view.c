/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "agent/requirements.h"
#include "agent/requirements_view.h"
#include "common/base/civil.h"
#include "common/base/clock.h"

#define VERSION_SHOWN 8 /* digits: as many as the pages and the commands show */

int requirements_view_read(const struct state *state, const char *device_id,
			   struct requirements_view *ret_view, struct err *err)
{
	_cleanup_(profile_freep) struct profile *profile = NULL;
	int r = requirements_read(NULL, state->path, &profile, err), noted;

	*ret_view = (struct requirements_view){ 0 };
	if (r >= 0) {
		snprintf(ret_view->profile_id, sizeof(ret_view->profile_id), "%s", profile->id);
		snprintf(ret_view->version, sizeof(ret_view->version), "%s", profile->version);
	}
	if (r == -ENOENT)
		r = 0;
	noted = requirements_note_read(state, device_id, &ret_view->note, r < 0 ? NULL : err);
	return r >= 0 && noted < 0 && noted != -ENOENT ? noted : r;
}

void requirements_view_done(struct requirements_view *view)
{
	requirements_note_done(&view->note);
}

bool requirements_view_is_behind(const struct requirements_view *view)
{
	const struct requirements_note *note = &view->note;

	return note->wanted_id[0] && strcmp(view->version, note->wanted_version) != 0;
}

/* When these were first kept, if it is still these; 0: not known. */
static int64_t since_ms(const struct requirements_view *view)
{
	return strcmp(view->version, view->note.version) == 0 ? view->note.since_ms : 0;
}

void requirements_view_print(const struct requirements_view *view, FILE *out)
{
	const struct requirements_note *note = &view->note;
	char at[CLOCK_TEXT_SIZE], day[CIVIL_TEXT_SIZE];

	if (view->profile_id[0])
		fprintf(out, "Requirements  %s, version %.*s", view->profile_id, VERSION_SHOWN,
			view->version);
	else
		fputs("Requirements  none", out);
	if (since_ms(view))
		fprintf(out, ", since %s", clock_text(since_ms(view), at));
	fputc('\n', out);
	if (note->judged_for)
		fprintf(out, "            Judged for %s, the window's last day.\n",
			civil_text(note->judged_for, day));
	if (requirements_view_is_behind(view))
		fprintf(out, "            The collector judges by %s, version %.*s.\n",
			note->wanted_id, VERSION_SHOWN, note->wanted_version);
	if (note->trouble)
		fprintf(out, "            Since %s: %s.\n", clock_text(note->trouble_ms, at),
			note->trouble);
}

/* null where there is none. */
static json_t *profile_json(const char *id, const char *version)
{
	return id[0] ? json_pack("{s:s, s:s}", "id", id, "version", version) : json_null();
}

static json_t *time_json(int64_t ms)
{
	char text[CLOCK_TEXT_SIZE];

	return ms ? json_string(clock_text(ms, text)) : json_null();
}

json_t *requirements_view_json(const struct requirements_view *view)
{
	const struct requirements_note *note = &view->note;
	char day[CIVIL_TEXT_SIZE];

	return json_pack(
		"{s:o, s:o, s:o, s:o, s:s, s:o}", "kept",
		profile_json(view->profile_id, view->version), "since", time_json(since_ms(view)),
		"judged_for",
		note->judged_for ? json_string(civil_text(note->judged_for, day)) : json_null(),
		"announced", profile_json(note->wanted_id, note->wanted_version), "trouble",
		note->trouble ? note->trouble : "", "trouble_since", time_json(note->trouble_ms));
}
