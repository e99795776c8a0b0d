/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files of sites, and of rooms: what is taken is as it has to be, and what is not has a place in
 * the file. Rooms have a header without lea_code.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "collector/domain/time_zone.h"
#include "collector/io/csv.h"
#include "collector/io/room_csv.h"
#include "collector/io/site_csv.h"
#include "common/base/mem.h"
#include "common/base/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
	if (!holds)
		abort();
}

static void check_text(const char *text, size_t max)
{
	if (!text)
		return;
	must(strlen(text) <= max && text_is_utf8(text, strlen(text)));
	for (; *text; text++)
		must((unsigned char)*text >= 0x20 && *text != 0x7f);
}

static void check_code(const char *code)
{
	must(site_code_check(code, NULL) == 0 && !csv_is_formula(code));
}

static void check_site(const struct site_row *row)
{
	char tracks[TRACKS_BYTES];

	check_code(row->code);
	check_code(row->lea_code);
	check_text(row->name, SITE_NAME_MAX);
	check_text(row->lea_name, SITE_NAME_MAX);
	must(row->name[0] && row->lea_name[0] && !csv_is_formula(row->name));
	must(!row->zone || time_zone_is_known(row->zone));
	for (size_t role = 0; role < CONTACT_ROLE_MAX_; role++) {
		for (unsigned i = 0; i < CONTACT_TEXT_MAX_; i++) {
			const char *text = row->contacts[role].texts[i];

			check_text(text, CONTACT_BYTES_MAX);
			must(!text || !text[0] ||
			     contact_text_check((enum contact_text)i, text, NULL) == 0);
		}
	}
	/* What was read is read as the same again. */
	must(!row->tracks ||
	     (tracks_read(row->tracks, tracks, NULL) == 0 && strcmp(tracks, row->tracks) == 0));
	if (row->has_window) {
		must(row->window.programme[0] && row->window.profile_id[0]);
		must(row->window.first <= row->window.last);
		must(!row->tracks || !row->window.track || !row->window.track[0] ||
		     tracks_have(row->tracks, row->window.track));
	}
}

static void check_problems(struct problems *problems)
{
	for (size_t i = 0; i < problems->n && i < PROBLEMS_SHOWN_MAX; i++)
		must(problems->places[i].line > 0 && problems->places[i].column > 0 &&
		     problems->texts[i][problems->places[i].at]);
	problems_done(problems);
}

static void read_sites(FILE *in)
{
	struct problems problems = { 0 };
	struct site_csv csv;

	must(site_csv_read(in, "f", &problems, &csv, NULL) == 0);
	must(csv.n_rows > 0 || problems.n > 0);
	for (size_t i = 0; problems.n == 0 && i < csv.n_rows; i++)
		check_site(&csv.rows[i]);
	for (unsigned at = 0; at < SITE_TEXT_MAX_ && csv.n_rows > 0; at++)
		site_csv_refuse(&csv, csv.n_rows - 1, at, &problems, "no");
	site_csv_done(&csv);
	check_problems(&problems);
}

static void read_rooms(FILE *in)
{
	struct problems problems = { 0 };
	struct room_csv csv;

	must(room_csv_read(in, "f", &problems, &csv, NULL) == 0);
	must(csv.n_rows > 0 || problems.n > 0);
	for (size_t i = 0; problems.n == 0 && i < csv.n_rows; i++) {
		const struct room_row *row = &csv.rows[i];

		check_code(row->site_code);
		check_text(row->room, ROOM_NAME_MAX);
		check_text(row->track, TRACK_NAME_MAX);
		must(row->room[0] && row->seats >= -1 && row->seats <= ROOM_SEATS_MAX);
		must(i == 0 || strcmp(csv.rows[i - 1].site_code, row->site_code) <= 0);
	}
	room_csv_done(&csv);
	check_problems(&problems);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_free_ char *text = xstrndup((const char *)data, size);
	size_t len = strlen(text);
	FILE *in = len > 0 ? fmemopen(text, len, "r") : NULL;

	if (!in)
		return 0;
	if (strstr(text, "lea_code"))
		read_sites(in);
	else
		read_rooms(in);
	fclose(in);
	return 0;
}
