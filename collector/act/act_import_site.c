/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sites of files. A row is compared with what is there, text by text, and only what differs is
 * written: a file of ten thousand sites that comes again is ten thousand looks.
 */
#include <assert.h>
#include <errno.h>
#include <string.h>

#include "collector/act/act_import.h"
#include "collector/act/act_profile.h"
#include "collector/act/site_parts.h"
#include "collector/store/store_site.h"
#include "common/base/civil.h"
#include "common/base/mem.h"

#define DEFAULT_ZONE "UTC" /* of a site without one, whose LEA is new as well */

const char *const import_act_words[] = { "new", "changed", "removed", "unexpected", "moved", NULL };
static_assert(ARRAY_SIZE(import_act_words) == IMPORT_MAX_ + 1, "every act has a word");
const char *const import_site_words[] = { "new", "changed", NULL };
const char *const import_room_words[] = { "new", "changed", "removed", NULL };

/* A site while its row is taken in. */
struct taking {
	struct sites_import *import;
	const struct site_row *row;
	bool is_there;
	struct site old;
	struct site_parts parts; /* before */
	struct window window;    /* what it is to be, where the row has one; borrowed */
	/* By enum site_text; NULL: the row does not say. */
	const char *before[SITE_TEXT_MAX_], *after[SITE_TEXT_MAX_];
	char days[2][2][CIVIL_TEXT_SIZE];
};

static void taking_done(struct taking *taking)
{
	site_done(&taking->old);
	site_parts_done(&taking->parts);
}

static bool differs(const struct taking *taking, enum site_text first, size_t n)
{
	for (size_t i = first; i < first + n; i++) {
		if (taking->after[i] &&
		    (!taking->before[i] || strcmp(taking->before[i], taking->after[i]) != 0))
			return true;
	}
	return false;
}

/* --- what the row says, and what was ------------------------------------------------- */

static void say_window(const struct window *window, const char **texts,
		       char days[2][CIVIL_TEXT_SIZE])
{
	texts[SITE_PROGRAMME] = window->programme;
	texts[SITE_WINDOW_TRACK] = window->track;
	texts[SITE_FIRST] = civil_text(window->first, days[0]);
	texts[SITE_LAST] = civil_text(window->last, days[1]);
	texts[SITE_PROFILE] = window->profile_id;
}

static void say_after(struct taking *taking)
{
	const struct site_row *row = taking->row;
	const char **texts = taking->after;

	texts[SITE_LEA_CODE] = row->lea_code;
	texts[SITE_LEA_NAME] = row->lea_name;
	texts[SITE_CODE] = row->code;
	texts[SITE_NAME] = row->name;
	texts[SITE_ZONE] = row->zone;
	texts[SITE_TRACKS] = row->tracks;
	for (unsigned role = 0; role < CONTACT_ROLE_MAX_; role++)
		memcpy(&texts[site_text_of_contact[role]], row->contacts[role].texts,
		       sizeof(row->contacts[role].texts));
	if (row->has_window)
		say_window(&row->window, texts, taking->days[0]);
}

/* Only of what the row says something. */
static void say_before(struct taking *taking)
{
	const char **texts = taking->before;

	texts[SITE_LEA_CODE] = taking->old.lea_code;
	texts[SITE_LEA_NAME] = taking->old.lea_name;
	texts[SITE_CODE] = taking->old.code;
	texts[SITE_NAME] = taking->old.name;
	texts[SITE_ZONE] = taking->old.zone;
	texts[SITE_TRACKS] = taking->parts.tracks;
	for (unsigned role = 0; role < CONTACT_ROLE_MAX_; role++)
		memcpy(&texts[site_text_of_contact[role]], taking->parts.contacts[role].texts,
		       sizeof(taking->parts.contacts[role].texts));
	if (taking->old.has_window)
		say_window(&taking->old.window, texts, taking->days[1]);
	for (size_t i = 0; i < SITE_TEXT_MAX_; i++)
		texts[i] = taking->after[i] ? (texts[i] ? texts[i] : "") : NULL;
}

/* Only what the row says something about is read. */
static int look(struct taking *taking, struct err *err)
{
	const struct site_row *row = taking->row;
	const struct site_parts_wanted wanted = {
		.contacts_of_site = row->contacts[CONTACT_COORDINATOR].texts[0] ||
				    row->contacts[CONTACT_COORDINATOR].texts[1] ||
				    row->contacts[CONTACT_COORDINATOR].texts[2] ||
				    row->contacts[CONTACT_TECHNOLOGY].texts[0] ||
				    row->contacts[CONTACT_TECHNOLOGY].texts[1] ||
				    row->contacts[CONTACT_TECHNOLOGY].texts[2],
		.contact_of_lea = row->contacts[CONTACT_OF_LEA].texts[0] ||
				  row->contacts[CONTACT_OF_LEA].texts[1] ||
				  row->contacts[CONTACT_OF_LEA].texts[2],
		.tracks = row->tracks != NULL || (row->has_window && taking->import->is_careful),
	};
	int r = store_site_get(taking->import->store, row->code, &taking->old, err);

	if (r < 0 && r != -ENOENT)
		return r;
	taking->is_there = r >= 0;
	r = site_parts_read(taking->import->store, row->code, row->lea_code, &wanted,
			    &taking->parts, err);
	if (r < 0)
		return r;
	say_after(taking);
	if (taking->is_there)
		say_before(taking);
	return 0;
}

/* --- what is refused ----------------------------------------------------------------- */

static int refuse(struct taking *taking, enum site_text at, int r)
{
	taking->import->at = at;
	return r;
}

/* A code that is new here, and one that is there has more zeros before it. */
static int check_zeros(struct taking *taking, enum site_text at, struct err *err)
{
	const char *code = taking->after[at];
	_cleanup_free_ char *longer = NULL;
	int r;

	if (!site_code_is_digits(code))
		return 0;
	r = at == SITE_CODE ? store_site_longer(taking->import->store, code, &longer, err)
			    : store_lea_longer(taking->import->store, code, &longer, err);
	if (r <= 0)
		return r;
	return refuse(taking, at,
		      err_set(err, -EINVAL,
			      "'%s' is new, and there is '%s': did a spreadsheet take its leading "
			      "zero? Make the column text and write the code as the state does",
			      code, longer));
}

static int check_careful(struct taking *taking, struct err *err)
{
	const char *track = taking->after[SITE_WINDOW_TRACK];
	int r = 0;

	if (taking->is_there && strcmp(taking->old.lea_code, taking->row->lea_code) != 0)
		return refuse(taking, SITE_LEA_CODE,
			      err_set(err, -EXDEV,
				      "the site %s is of the LEA %s %s; a file does not move it "
				      "to another, change the site itself",
				      taking->row->code, taking->old.lea_code,
				      taking->old.lea_name));
	if (!taking->is_there) {
		r = check_zeros(taking, SITE_LEA_CODE, err);
		if (r >= 0)
			r = check_zeros(taking, SITE_CODE, err);
	}
	if (r >= 0 && track && track[0] && !taking->row->tracks &&
	    !tracks_have(taking->parts.tracks, track))
		r = refuse(taking, SITE_WINDOW_TRACK,
			   err_set(err, -EINVAL,
				   "the site %s has no track '%s'; name it in the column tracks",
				   taking->row->code, track));
	return r;
}

/* --- what is written ----------------------------------------------------------------- */

/* What a device's results and freshness depend on. */
static bool is_judgement_changed(const struct site *old, const struct window *new)
{
	return !old->has_window || strcmp(old->window.profile_id, new->profile_id) != 0 ||
	       old->window.first != new->first || old->window.last != new->last;
}

static bool is_window_changed(const struct site *old, const struct window *new)
{
	return is_judgement_changed(old, new) || strcmp(old->window.id, new->id) != 0 ||
	       strcmp(old->window.programme, new->programme) != 0 ||
	       strcmp(old->window.track, new->track) != 0;
}

/*
 * Say what the site is judged by, where that depends on what changed, and have its devices
 * judged again where it or the day that they are judged for is another.
 */
static int judge_by(struct taking *taking, struct err *err)
{
	const struct site *old = &taking->old;
	const struct site_row *row = taking->row;
	struct store *store = taking->import->store;
	int64_t now_ms = taking->import->now_ms;
	const char *profile_id = row->has_window   ? row->window.profile_id
				 : old->has_window ? old->window.profile_id
						   : NULL;
	bool is_for_another_day =
		row->has_window && old->has_window && is_judgement_changed(old, &row->window);
	const struct audience audience = { SCOPE_SITE, row->code };
	struct reach reach = { 0 };
	int r = profile_id ? act_compose(store, profile_id, &audience, now_ms, &reach, err) : 0;

	if (r == -EINVAL)
		return refuse(taking, SITE_PROFILE, r);
	if (r >= 0 && is_for_another_day)
		r = act_judge_site(store, row->code, now_ms, &reach.n_devices, err);
	return r;
}

static int put_site(struct taking *taking, struct err *err)
{
	const struct site_row *row = taking->row;
	struct store *store = taking->import->store;
	_cleanup_free_ char *of_lea = NULL;
	int r = 0;
	/* Nothing of it is freed: all texts are borrowed. */
	struct site site = {
		.code = (char *)row->code,
		.name = (char *)row->name,
		.lea_code = (char *)row->lea_code,
		.lea_name = (char *)row->lea_name,
		.zone = (char *)row->zone,
	};

	if (!site.zone && taking->is_there)
		site.zone = taking->old.zone;
	if (!site.zone)
		r = store_lea_zone(store, row->lea_code, &of_lea, err);
	if (!site.zone)
		site.zone = of_lea ? of_lea : (char *)DEFAULT_ZONE;
	return r < 0 ? r : store_site_put(store, &site, err);
}

static int put_window(struct taking *taking, struct err *err)
{
	const struct window *window = &taking->window;
	struct store *store = taking->import->store;
	int r = store_window_put(store, taking->row->code, window, err);

	if (r == -EEXIST)
		return refuse(taking, SITE_PROGRAMME, r);
	/* A program that names a track means it. */
	if (r >= 0 && window->track[0] && !taking->row->tracks)
		r = store_track_put(store, taking->row->code, window->track, err);
	return r;
}

static int put_contacts(struct taking *taking, struct err *err)
{
	const struct site_row *row = taking->row;
	int r = 0;

	for (unsigned role = 0; role < CONTACT_ROLE_MAX_ && r >= 0; role++) {
		if (differs(taking, site_text_of_contact[role], CONTACT_TEXT_MAX_))
			r = site_contact_change(taking->import->store, (enum contact_role)role,
						role == CONTACT_OF_LEA ? row->lea_code : row->code,
						&taking->parts.contacts[role], &row->contacts[role],
						err);
	}
	return r;
}

static int put_tracks(struct taking *taking, struct err *err)
{
	const struct window *window = taking->row->has_window  ? &taking->window
				      : taking->old.has_window ? &taking->old.window
							       : NULL;
	const struct site_tracks_change change = {
		.site_code = taking->row->code,
		.before = taking->parts.tracks,
		.after = taking->row->tracks,
		.window_track = window ? window->track : "",
	};
	int r = site_tracks_change(taking->import->store, &change, err);

	return r == -EINVAL ? refuse(taking, SITE_TRACKS, r) : r;
}

/* What the row leaves open of its window is as it was. */
static void complete_window(struct taking *taking)
{
	const struct site *old = &taking->old;

	taking->window = taking->row->window;
	if (!taking->window.id)
		taking->window.id = old->has_window ? old->window.id : taking->row->code;
	if (!taking->window.track)
		taking->window.track = old->has_window ? old->window.track : "";
}

static int write_down(struct taking *taking, bool *ret_is_changed, struct err *err)
{
	bool is_site = differs(taking, SITE_LEA_CODE, 2) || differs(taking, SITE_CODE, 3);
	bool has_window = taking->row->has_window;
	bool is_window = has_window && is_window_changed(&taking->old, &taking->window);
	bool is_tracks = taking->row->tracks && differs(taking, SITE_TRACKS, 1);
	int r = 0;

	if (!taking->is_there || is_site)
		r = put_site(taking, err);
	if (r >= 0 && is_window)
		r = put_window(taking, err);
	if (r >= 0 && (is_tracks || (is_window && taking->row->tracks)))
		r = put_tracks(taking, err);
	if (r >= 0)
		r = put_contacts(taking, err);
	*ret_is_changed = !taking->is_there || is_window || differs(taking, 0, SITE_TEXT_MAX_);
	return r < 0 || !(is_site || is_window || !taking->is_there) ? r : judge_by(taking, err);
}

int sites_import_take(struct sites_import *import, const struct site_row *row, struct err *err)
{
	_cleanup_(taking_done) struct taking taking = { .import = import, .row = row };
	bool is_changed = false;
	int r = look(&taking, err);

	if (r >= 0 && import->is_careful)
		r = check_careful(&taking, err);
	if (r < 0)
		return r;
	complete_window(&taking);
	r = write_down(&taking, &is_changed, err);
	if (r < 0)
		return r;
	import->count.sites++;
	import->count.windows += row->has_window;
	import->count.new_sites += !taking.is_there;
	import->count.changed += taking.is_there && is_changed;
	if (is_changed && import->note)
		import->note(import->arg, taking.is_there ? taking.before : NULL, taking.after);
	if (is_changed && import->log)
		import_log_site(import->log, taking.is_there ? taking.before : NULL, taking.after);
	return 0;
}

bool sites_import_is_refusal(int r)
{
	return r == -EEXIST || r == -EINVAL || r == -EXDEV;
}

int act_import_site(struct store *store, const struct site_row *row, int64_t now_ms,
		    struct import_sites_count *count, struct err *err)
{
	struct sites_import import = { .store = store, .now_ms = now_ms, .count = *count };
	int r = sites_import_take(&import, row, err);

	*count = import.count;
	return r;
}
