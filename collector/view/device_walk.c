/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <errno.h>
#include <string.h>

#include "collector/store/store_profile.h"
#include "collector/view/device_walk.h"
#include "common/base/mem.h"

enum {
	CHUNK = 500,        /* devices read at a time … */
	CHUNK_FIRST = 128,  /* … after the first, which a page of a list mostly is content with */
	SITES = 64,         /* sites read at a time */
	LOOKED_MAX = 10000, /* devices looked at before somebody is told */
	SITE_COST = 10,     /* a site costs as much as so many devices */
	VERSIONS_LOOKED = 256,
};

const char *const device_sort_words[] = {
	[DEVICE_SORT_PLACE] = "place",    [DEVICE_SORT_STATE] = "state",
	[DEVICE_SORT_HOST] = "host_name", [DEVICE_SORT_SEEN] = "seen",
	[DEVICE_SORT_MAX_] = NULL,
};

static const enum device_order orders[] = {
	[DEVICE_SORT_PLACE] = DEVICE_ORDER_PLACE,
	[DEVICE_SORT_STATE] = DEVICE_ORDER_PLACE,
	[DEVICE_SORT_HOST] = DEVICE_ORDER_HOST,
	[DEVICE_SORT_SEEN] = DEVICE_ORDER_SEEN,
};
static_assert(ARRAY_SIZE(orders) == DEVICE_SORT_MAX_, "every sort has an order at a site");

struct device_walk {
	struct view view;
	struct sight sight; /* of whoever asks */
	struct device_asked asked;
	unsigned state; /* that is looked for now, with DEVICE_SORT_STATE; else 0 */

	struct site_list sites;
	size_t site_at;     /* in @sites */
	bool has_sites;     /* @sites were read */
	bool is_in_site;    /* @sieve is of the one at @site_at */
	char *from_code;    /* where @sites begin, or where the next ones do … */
	bool is_from_after; /* … behind that site */
	struct device_sieve sieve;

	struct device_list chunk;
	size_t at;         /* the next one in @chunk */
	size_t limit;      /* how many are asked for */
	bool is_site_done; /* there is none behind @chunk */

	/* Where it was told to go on, until it has. */
	bool is_resumed;
	char *room, *host;
	char id[ID_SIZE];
	int64_t seen_ms;
	size_t n_looked;
};

/* --- from site to site --------------------------------------------------------------- */

/* The states that are looked for at the moment; 0: all but retired. */
static unsigned states_of(const struct device_walk *walk)
{
	return walk->asked.sort == DEVICE_SORT_STATE ? 1U << walk->state
						     : walk->asked.filter->states;
}

static const struct site *site_of(const struct device_walk *walk)
{
	return &walk->sites.sites[walk->site_at];
}

static int read_sites(struct device_walk *walk, struct err *err)
{
	const struct device_filter *filter = walk->asked.filter;
	const struct site_query query = {
		.code = walk->asked.site_code,
		.lea_code = filter->lea,
		.profile_id = filter->profile,
		.states = states_of(walk),
		.is_expected = filter->is_expected,
		.from_code = walk->from_code,
		.limit = SITES,
		.sight = &walk->sight,
	};

	site_list_done(&walk->sites);
	walk->site_at = 0;
	walk->has_sites = true;
	return store_site_list(walk->view.store, &query, &walk->sites, err);
}

static void set_from(struct device_walk *walk, const char *code, bool is_after)
{
	char *copy = xstrdup(code);

	free(walk->from_code);
	walk->from_code = copy;
	walk->is_from_after = is_after;
}

/* Be at the next site. 1, or 0: there is none. */
static int step_site(struct device_walk *walk, struct err *err)
{
	int r;

	if (walk->is_in_site) {
		walk->is_in_site = false;
		walk->site_at++;
	}
	while (walk->site_at == walk->sites.n_sites) {
		if (walk->has_sites && walk->sites.n_sites < SITES)
			return 0;
		if (walk->sites.n_sites > 0)
			set_from(walk, walk->sites.sites[walk->sites.n_sites - 1].code, true);
		r = read_sites(walk, err);
		if (r < 0)
			return r;
		if (walk->is_from_after && walk->sites.n_sites > 0 &&
		    strcmp(walk->sites.sites[0].code, walk->from_code) == 0)
			walk->site_at = 1;
	}
	return 1;
}

/* Make ready to read the site that it is at. */
static int enter_site(struct device_walk *walk, struct err *err)
{
	int r;

	/* Each site may have a document of its own, and nothing of the last one is needed. */
	profile_cache_trim(walk->view.profiles);
	walk->is_in_site = true;
	walk->is_site_done = false;
	device_list_done(&walk->chunk);
	walk->at = 0;
	walk->n_looked += SITE_COST;
	r = device_sieve_make(&walk->view, site_of(walk), walk->asked.filter, &walk->sieve, err);
	if (r != -EINVAL || walk->asked.site_code)
		return r;
	/* Its profile has no such requirement, so nothing there is wanted. */
	walk->is_site_done = true;
	return 0;
}

/* The state after @state that is asked for, the worst first; STATE_MAX_: none. */
static unsigned next_state(const struct device_filter *filter, unsigned state)
{
	while (++state < STATE_MAX_) {
		if (!filter->states || filter->states >> state & 1)
			return state;
	}
	return STATE_MAX_;
}

/* The worst state; one that does not count, and so is asked for by name alone, comes first. */
static unsigned first_state(const struct device_filter *filter)
{
	return filter->states & 1U << STATE_RETIRED ? STATE_RETIRED
						    : next_state(filter, STATE_RETIRED);
}

/* All sites once more for the next state. 1, or 0: there is none. */
static int step_state(struct device_walk *walk)
{
	unsigned state = STATE_MAX_;

	if (walk->asked.sort == DEVICE_SORT_STATE)
		state = next_state(walk->asked.filter, walk->state);
	if (state == STATE_MAX_)
		return 0;
	walk->state = state;
	site_list_done(&walk->sites);
	walk->site_at = 0;
	walk->has_sites = false;
	set_from(walk, "", false);
	return 1;
}

/* --- from device to device ------------------------------------------------------------- */

static struct device_place place_of(const struct device *device)
{
	return (struct device_place){ device->room, device->host_name, device->id,
				      device->seen_ms };
}

/* Where to go on at the site that it is at; false: from the start. */
static bool find_place(const struct device_walk *walk, struct device_place *ret_place)
{
	if (walk->chunk.n_devices > 0) {
		*ret_place = place_of(&walk->chunk.devices[walk->chunk.n_devices - 1]);
		return true;
	}
	if (!walk->is_resumed || strcmp(site_of(walk)->code, walk->from_code) != 0)
		return false;
	*ret_place = (struct device_place){ walk->room, walk->host, walk->id, walk->seen_ms };
	return true;
}

static int read_chunk(struct device_walk *walk, struct err *err)
{
	const struct device_filter *filter = walk->asked.filter;
	struct device_place place;
	struct device_query query = {
		.site_code = site_of(walk)->code,
		.states = states_of(walk),
		.roles = filter->roles,
		.room = filter->room,
		.model = filter->model,
		.is_expected = filter->is_expected,
		.order = orders[walk->asked.sort],
		.limit = walk->limit,
	};
	struct device_list next;
	int r;

	device_sieve_narrow(&walk->sieve, &query);
	if (find_place(walk, &place))
		query.after = &place;
	r = store_device_list(walk->view.store, &query, &next, err);
	if (r < 0)
		return r;
	/* Only now: the place where the query began is borrowed from it. */
	if (next.n_devices > 0) {
		device_list_done(&walk->chunk);
		walk->chunk = next;
		walk->at = 0;
	}
	walk->is_resumed = false;
	walk->is_site_done = next.n_devices < walk->limit;
	walk->limit = CHUNK;
	return 0;
}

/* 1: @ret_found is wanted; 0: go on. */
static int look(struct device_walk *walk, struct device_found *ret_found, struct err *err)
{
	const struct device *device = &walk->chunk.devices[walk->at++];

	walk->n_looked++;
	ret_found->device = device;
	ret_found->site = site_of(walk);
	return device_sieve_wants(&walk->sieve, device, &ret_found->judge, err);
}

int device_walk_next(struct device_walk *walk, struct device_found *ret_found, struct err *err)
{
	int r = 0;

	while (r == 0) {
		if (walk->is_in_site && walk->at < walk->chunk.n_devices) {
			r = look(walk, ret_found, err);
			continue;
		}
		if (walk->n_looked >= LOOKED_MAX) {
			walk->n_looked = 0;
			return 2;
		}
		if (walk->is_in_site && !walk->is_site_done) {
			r = read_chunk(walk, err);
			continue;
		}
		r = step_site(walk, err);
		if (r == 0 && step_state(walk) == 0)
			return 0;
		if (r > 0)
			r = enter_site(walk, err);
	}
	return r;
}

void device_walk_mark(const struct device_walk *walk, struct device_mark *ret_mark)
{
	struct device_mark mark = { walk->state, walk->from_code, { "", "", "", 0 } };

	if (walk->site_at < walk->sites.n_sites)
		mark.site_code = site_of(walk)->code;
	if (walk->is_in_site && walk->at > 0)
		mark.device = place_of(&walk->chunk.devices[walk->at - 1]);
	*ret_mark = mark;
}

/* --- open and close ------------------------------------------------------------------ */

/*
 * Whether some profile has the requirements and fixes of a filter for all sites: a word
 * that is mistyped must not look like a list of devices that have nothing to do.
 */
static int check_words(const struct view *view, const struct device_filter *filter, struct err *err)
{
	_cleanup_(code_list_done) struct code_list versions = { 0 };
	int r;

	if (!filter->fix && !filter->requirement && !filter->passes && !filter->waives)
		return 0;
	r = store_window_versions(view->store, VERSIONS_LOOKED, &versions, err);
	for (size_t i = 0; r >= 0 && i < versions.n_codes; i++) {
		struct site site = { .has_window = true,
				     .window = { .profile_version = versions.codes[i] } };
		struct device_sieve sieve;

		profile_cache_trim(view->profiles);
		r = device_sieve_make(view, &site, filter, &sieve, err);
		if (r >= 0)
			return 0;
		if (r == -EINVAL)
			r = 0;
	}
	/* There are too many to look at all; what sites lack is then simply not found there. */
	if (r < 0 || versions.n_codes == VERSIONS_LOOKED)
		return r;
	return err_set(err, -EINVAL,
		       "No site is judged by a profile with this requirement or fix: '%.64s'.",
		       filter->requirement ? filter->requirement
		       : filter->fix       ? filter->fix
		       : filter->passes    ? filter->passes
					   : filter->waives);
}

/* A code that is mistyped must not look like a place without devices. */
static int check_codes(const struct view *view, const struct device_filter *filter, struct err *err)
{
	char version[HASH_SIZE];
	int r = filter->lea ? store_lea_has(view->store, filter->lea, err) : 1;

	if (r == 0 || (filter->lea && !view_knows_lea(view, filter->lea)))
		return err_set(err, -EINVAL, "no LEA has the code '%.64s'", filter->lea);
	if (r >= 0 && filter->profile)
		r = store_profile_version(view->store, filter->profile, version, err);
	if (r == -ENOENT)
		return err_set(err, -EINVAL, "no profile '%.64s' is published", filter->profile);
	return r;
}

static int check_asked(const struct view *view, const struct device_asked *asked, struct err *err)
{
	_cleanup_(site_done) struct site site = { 0 };
	struct device_sieve sieve;
	int r;

	if (asked->filter->results && !asked->filter->requirement)
		return err_set(err, -EINVAL,
			       "result is of a requirement; name that one with requirement.");
	if (asked->site_code) {
		r = store_site_get(view->store, asked->site_code, &site, err);
		if (r >= 0 && !view_sees(view, site.lea_code, site.code))
			r = err_set(err, -ENOENT, "no site has the code '%s'", asked->site_code);
		return r < 0 ? r : device_sieve_make(view, &site, asked->filter, &sieve, err);
	}
	/* When a device was seen changes with every report: no index of all of them is worth it. */
	if (orders[asked->sort] != DEVICE_ORDER_PLACE)
		return err_set(err, -EINVAL,
			       "sort=%s is for the devices of one site; name it with site, or "
			       "sort by place or state.",
			       device_sort_words[asked->sort]);
	r = check_codes(view, asked->filter, err);
	return r < 0 ? r : check_words(view, asked->filter, err);
}

static void resume(struct device_walk *walk, const struct device_mark *after)
{
	walk->state = after->state;
	set_from(walk, after->site_code, false);
	walk->is_resumed = after->device.id[0] != '\0';
	walk->room = xstrdup(after->device.room);
	walk->host = xstrdup(after->device.host_name);
	snprintf(walk->id, sizeof(walk->id), "%s", after->device.id);
	walk->seen_ms = after->device.seen_ms;
}

int device_walk_open(const struct view *view, const struct device_asked *asked,
		     const struct device_mark *after, struct device_walk **ret_walk,
		     struct err *err)
{
	struct device_walk *walk;
	int r = check_asked(view, asked, err);

	if (r < 0)
		return r;
	walk = xcalloc(1, sizeof(*walk));
	walk->view = *view;
	access_sight(view->grants, MAY_SEE, &walk->sight);
	walk->asked = *asked;
	walk->limit = CHUNK_FIRST;
	if (asked->sort == DEVICE_SORT_STATE)
		walk->state = first_state(asked->filter);
	set_from(walk, "", false);
	if (after)
		resume(walk, after);
	*ret_walk = walk;
	return 0;
}

void device_walk_free(struct device_walk *walk)
{
	if (!walk)
		return;
	device_list_done(&walk->chunk);
	site_list_done(&walk->sites);
	sight_done(&walk->sight);
	free(walk->from_code);
	free(walk->room);
	free(walk->host);
	free(walk);
}
