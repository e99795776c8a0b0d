/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "collector/store/store_site.h"
#include "collector/view/cursor.h"
#include "collector/view/view_devices.h"
#include "common/model/result.h"

#define LIST "devices"
#define CURSOR_TEXTS 4 /* LIST, room, host name, id */
#define CHUNK 500      /* rows read at a time where not every row is wanted */
#define FRESH_STATES                                                                     \
	(1U << STATE_NOT_READY | 1U << STATE_UNKNOWN | 1U << STATE_READY_WITH_WARNINGS | \
	 1U << STATE_READY)
#define NO_REQUIREMENT (-1)

/* A filter with its words looked up in the site's profile. */
struct sieve {
	const struct profile *profile; /* NULL: not published */
	bool has_fix;
	uint64_t fix[(PROFILE_REQUIREMENTS_MAX + 63) / 64]; /* bits of the requirements with it */
	int requirement;
	int passes;
	int waives;
	int is_waived;  /* -1: both */
	bool is_queued; /* some devices were judged by another version than @profile */
};

static int find_requirement(const struct profile *profile, const char *id, int *ret_index,
			    struct err *err)
{
	*ret_index = NO_REQUIREMENT;
	if (!id)
		return 0;
	*ret_index = profile ? profile_find(profile, id) : NO_REQUIREMENT;
	if (*ret_index < 0)
		return err_set(err, -EINVAL,
			       "The profile of this site has no requirement '%.64s'; open the site "
			       "again.",
			       id);
	return 0;
}

static int find_fix(const struct profile *profile, const char *id, struct sieve *sieve,
		    struct err *err)
{
	bool is_found = false;

	sieve->has_fix = id != NULL;
	for (size_t i = 0; id && profile && i < profile->n_requirements; i++) {
		if (strcmp(profile->requirements[i].fix.id, id) == 0) {
			sieve->fix[i / 64] |= UINT64_C(1) << (i % 64);
			is_found = true;
		}
	}
	if (id && !is_found)
		return err_set(err, -EINVAL,
			       "The profile of this site has no fix '%.64s'; open the site again.",
			       id);
	return 0;
}

static int make_sieve(const struct profile *profile, const struct device_filter *filter,
		      struct sieve *ret_sieve, struct err *err)
{
	struct sieve sieve = { .profile = profile, .is_waived = filter->is_waived };
	int r = find_fix(profile, filter->fix, &sieve, err);

	if (r >= 0)
		r = find_requirement(profile, filter->requirement, &sieve.requirement, err);
	if (r >= 0)
		r = find_requirement(profile, filter->passes, &sieve.passes, err);
	if (r >= 0)
		r = find_requirement(profile, filter->waives, &sieve.waives, err);
	if (r >= 0)
		*ret_sieve = sieve;
	return r;
}

static bool is_result(const struct device *device, int place, enum result wanted)
{
	enum result result;

	return place >= 0 && (size_t)place < strlen(device->results) &&
	       result_of_letter(device->results[place], &result) >= 0 && result == wanted;
}

/* Whether @device was judged by what its site is judged by now. */
static bool is_current(const struct sieve *sieve, const struct device *device)
{
	return sieve->profile && strcmp(device->profile_version, sieve->profile->version) == 0;
}

/*
 * The place of a requirement of the sieve in the results of a device that @judge judged:
 * until it is judged again, an older version's counts, as it does in the site's numbers.
 */
static int place_in(const struct sieve *sieve, const struct profile *judge, int place)
{
	if (!judge || judge == sieve->profile)
		return judge ? place : NO_REQUIREMENT;
	return profile_find(judge, sieve->profile->requirements[place].id);
}

static bool passes(const struct device *device, int place)
{
	return (FRESH_STATES >> device->state & 1) && is_result(device, place, RESULT_PASS);
}

static bool needs_fix(const struct sieve *sieve, const struct device *device)
{
	if (!(FRESH_STATES >> device->state & 1) || !is_current(sieve, device))
		return false;
	for (size_t i = 0; i < sieve->profile->n_requirements; i++) {
		if ((sieve->fix[i / 64] >> (i % 64) & 1) && is_result(device, (int)i, RESULT_FAIL))
			return true;
	}
	return false;
}

/* By whatever version judged it: the letter means the same in all of them. */
static bool has_waived(const struct device *device)
{
	return strchr(device->results, result_letter(RESULT_WAIVED)) != NULL;
}

static bool is_missing(const struct device *device, int place)
{
	return !passes(device, place) && !is_result(device, place, RESULT_NOT_APPLICABLE);
}

/* @judge: what judged @device, or NULL. */
static bool is_wanted(const struct sieve *sieve, const struct profile *judge,
		      const struct device *device)
{
	if (sieve->has_fix && !needs_fix(sieve, device))
		return false;
	if (sieve->passes >= 0 && !passes(device, place_in(sieve, judge, sieve->passes)))
		return false;
	if (sieve->waives >= 0 &&
	    !(is_current(sieve, device) && is_result(device, sieve->waives, RESULT_WAIVED)))
		return false;
	if (sieve->is_waived >= 0 && has_waived(device) != sieve->is_waived)
		return false;
	return sieve->requirement < 0 ||
	       is_missing(device, place_in(sieve, judge, sieve->requirement));
}

/* Titles of the requirements with one of these results, the required ones first. */
static json_t *titles(const struct profile *profile, const struct device *device, unsigned results)
{
	json_t *json = json_array();

	if (!profile)
		return json;
	for (unsigned severity = 0; severity < SEVERITY_MAX_; severity++) {
		for (size_t i = 0; i < profile->n_requirements && device->results[i]; i++) {
			enum result result;

			if (profile->requirements[i].severity == severity &&
			    result_of_letter(device->results[i], &result) >= 0 &&
			    (results >> result & 1))
				json_array_append_new(json,
						      view_text(profile->requirements[i].title));
		}
	}
	return json;
}

static json_t *summary(const struct profile *profile, const struct device *device)
{
	return json_pack("{s:s, s:o, s:s, s:o, s:b, s:s, s:o, s:o, s:o, s:o}", "id", device->id,
			 "names", view_device_names(device), "role", device_role_text(device->role),
			 "room", view_text(device->room), "expected", device->is_expected, "state",
			 device_state_words[device->state], "since", view_time(device->since_ms),
			 "seen_at", view_time(device->seen_ms), "needs",
			 titles(profile, device, 1U << RESULT_FAIL | 1U << RESULT_UNKNOWN),
			 "waived", titles(profile, device, 1U << RESULT_WAIVED));
}

/* A part of the list as it grows. */
struct part {
	const struct view *view;
	const struct sieve *sieve;
	const struct profile *was; /* the last other version that judged a device, or NULL */
	const struct page *page;
	struct device_place place; /* where the next chunk begins */
	json_t *rows;
	char *cursor;  /* of the last row, once there are as many as wanted; owned */
	bool has_next; /* and there is another one */
};

/* What judged @device; *@ret_judge is NULL where nothing did that is known here. */
static int find_judge(struct part *part, const struct device *device,
		      const struct profile **ret_judge, struct err *err)
{
	int r = 0;

	*ret_judge = part->sieve->profile;
	if (is_current(part->sieve, device))
		return 0;
	if (!part->was || strcmp(part->was->version, device->profile_version) != 0)
		r = view_profile(part->view, device->profile_version, &part->was, err);
	*ret_judge = part->was;
	return r == -EUCLEAN ? 0 : r;
}

/* 1: more rows are wanted; 0. */
static int part_add(struct part *part, const struct device *device, struct err *err)
{
	const struct profile *judge;
	int r = find_judge(part, device, &judge, err);

	if (r < 0)
		return r;
	if (!is_wanted(part->sieve, judge, device))
		return 1;
	if (json_array_size(part->rows) == part->page->limit) {
		part->has_next = true;
		return 0;
	}
	json_array_append_new(part->rows, summary(judge, device));
	if (json_array_size(part->rows) == part->page->limit)
		part->cursor = cursor_write(
			(const char *[]){ LIST, device->room, device->host_name, device->id },
			CURSOR_TEXTS);
	return 1;
}

static int part_add_all(struct part *part, const struct device_list *chunk, struct err *err)
{
	int r = 1;

	for (size_t i = 0; i < chunk->n_devices && r > 0; i++)
		r = part_add(part, &chunk->devices[i], err);
	return r;
}

/* Read chunks until @part has its rows and knows whether there is another one. */
static int part_fill(struct store *store, struct device_query *query, struct part *part,
		     struct err *err)
{
	struct device_list chunk = { 0 };
	bool is_more;

	do {
		struct device_list next;
		int r = store_device_list(store, query, &next, err);

		/* Only now: the place where the query began is borrowed from it. */
		device_list_done(&chunk);
		if (r < 0)
			return r;
		chunk = next;
		r = part_add_all(part, &chunk, err);
		if (r < 0) {
			device_list_done(&chunk);
			return r;
		}
		is_more = r > 0 && chunk.n_devices == query->limit;
		if (is_more) {
			const struct device *last = &chunk.devices[chunk.n_devices - 1];

			part->place =
				(struct device_place){ last->room, last->host_name, last->id };
			query->after = &part->place;
		}
	} while (is_more);
	device_list_done(&chunk);
	return 0;
}

/*
 * Let the store leave away what the sieve would; what it can say in one question, which is
 * of one version.
 */
static void narrow(const struct sieve *sieve, struct device_query *query, uint64_t *passes_bits)
{
	if (!sieve->has_fix && (sieve->passes < 0 || sieve->is_queued))
		return;
	query->profile_version = sieve->profile->version;
	if (sieve->has_fix) {
		query->requirements = sieve->fix;
		query->results = 1U << RESULT_FAIL;
		return;
	}
	passes_bits[sieve->passes / 64] |= UINT64_C(1) << (sieve->passes % 64);
	query->requirements = passes_bits;
	query->results = 1U << RESULT_PASS;
}

static int list(const struct view *view, const char *code, const struct device_filter *filter,
		struct part *part, struct err *err)
{
	const struct sieve *sieve = part->sieve;
	bool is_sieved = sieve->has_fix || sieve->passes >= 0 || sieve->requirement >= 0 ||
			 sieve->waives >= 0 || sieve->is_waived >= 0;
	uint64_t passes_bits[(PROFILE_REQUIREMENTS_MAX + 63) / 64] = { 0 };
	const char *texts[CURSOR_TEXTS] = { 0 };
	struct device_query query = { .site_code = code,
				      .states = filter->states,
				      .room = filter->room,
				      .is_expected = filter->is_expected,
				      .limit = is_sieved ? CHUNK : part->page->limit + 1 };
	json_t *cursor = NULL;
	int r = 0;

	narrow(sieve, &query, passes_bits);
	if (part->page->cursor) {
		r = cursor_read(part->page->cursor, LIST, CURSOR_TEXTS, texts, &cursor, err);
		part->place = (struct device_place){ texts[1], texts[2], texts[3] };
		query.after = &part->place;
	}
	if (r >= 0)
		r = part_fill(view->store, &query, part, err);
	json_decref(cursor);
	return r;
}

int view_devices(const struct view *view, const char *code, const struct device_filter *filter,
		 const struct page *page, json_t **ret_json, struct err *err)
{
	const struct profile *profile = NULL;
	struct sieve sieve;
	struct part part = { .view = view, .sieve = &sieve, .page = page };
	struct site site;
	int r = store_site_get(view->store, code, &site, err);

	if (r < 0)
		return r;
	r = view_profile(view, site.has_window ? site.window.profile_version : NULL, &profile, err);
	if (r >= 0)
		r = make_sieve(profile, filter, &sieve, err);
	sieve.is_queued = site.is_queued;
	site_done(&site);
	if (r < 0)
		return r;
	part.rows = json_array();
	r = list(view, code, filter, &part, err);
	if (r < 0)
		json_decref(part.rows);
	else
		*ret_json = json_pack("{s:o, s:o}", "devices", part.rows, "next_cursor",
				      part.has_next ? json_string(part.cursor) : json_null());
	free(part.cursor);
	return r;
}
