/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <errno.h>
#include <string.h>

#include "collector/act/judge.h"
#include "collector/act/rollup.h"
#include "collector/domain/readiness.h"
#include "collector/store/store_device.h"
#include "collector/store/store_site.h"
#include "common/eval/evaluate.h"

/* By how much our clock may be set back before what it said is not believed any more. */
#define CLOCK_SLACK_MS (INT64_C(10) * 60 * 1000)

int64_t judge_fresh_until(int64_t now_ms)
{
	return now_ms + CLOCK_SLACK_MS;
}

int judge_open_site(struct store *store, struct profile_cache *cache, struct site *site,
		    int64_t now_ms, struct judge *ret_judge, struct err *err)
{
	struct judge judge = { .store = store, .cache = cache };
	int r;

	if (site->has_window && site->window.profile_version[0]) {
		r = profile_cache_get(cache, store, site->window.profile_version, &judge.profile,
				      err);
		/* Devices report all the same; the cache tells why they are unknown. */
		if (r < 0 && r != -ENOENT && r != -EUCLEAN)
			return r;
	}
	judge.site = *site;
	*site = (struct site){ 0 };
	judge_set_time(&judge, now_ms);
	*ret_judge = judge;
	return 0;
}

int judge_open(struct store *store, struct profile_cache *cache, const char *site_code,
	       int64_t now_ms, struct judge *ret_judge, struct err *err)
{
	_cleanup_(site_done) struct site site = { 0 };
	int r = store_site_get(store, site_code, &site, err);

	return r < 0 ? r : judge_open_site(store, cache, &site, now_ms, ret_judge, err);
}

void judge_set_time(struct judge *judge, int64_t now_ms)
{
	const struct profile *profile = judge->profile;

	judge->now_ms = now_ms;
	judge->fresh_until_ms = judge_fresh_until(now_ms);
	judge->fresh_since_ms =
		profile ? readiness_fresh_since(&profile->freshness, &judge->site.window, now_ms)
			: 0;
}

void judge_done(struct judge *judge)
{
	site_done(&judge->site);
	*judge = (struct judge){ 0 };
}

void judge_results(const struct judge *judge, const json_t *facts, struct device *device)
{
	const struct profile *profile = judge->profile;
	enum result results[PROFILE_REQUIREMENTS_MAX];
	char letters[PROFILE_REQUIREMENTS_MAX + 1];
	int browser;

	if (!profile || !facts) {
		device_set(&device->profile_id, "");
		device_set(&device->profile_version, "");
		device_set(&device->results, "");
		device->browser = RESULT_UNKNOWN;
		return;
	}
	evaluate(profile, facts, device->role, judge->site.window.last, results);
	for (size_t i = 0; i < profile->n_requirements; i++)
		letters[i] = result_letter(results[i]);
	letters[profile->n_requirements] = '\0';

	browser = profile_find(profile, REQUIREMENT_BROWSER);
	device_set(&device->profile_id, profile->id);
	device_set(&device->profile_version, profile->version);
	device_set(&device->results, letters);
	device->browser = browser < 0 ? RESULT_NOT_APPLICABLE : results[browser];
}

static int read_results(const struct profile *profile, const struct device *device,
			enum result *results, struct err *err)
{
	if (strlen(device->results) != profile->n_requirements)
		return err_set(err, -EUCLEAN, "device %s: '%s' are not results of %s", device->id,
			       device->results, profile->id);
	for (size_t i = 0; i < profile->n_requirements; i++) {
		if (result_of_letter(device->results[i], &results[i]) < 0)
			return err_set(err, -EUCLEAN, "device %s: no result '%c'", device->id,
				       device->results[i]);
	}
	return 0;
}

/*
 * The version that judged @device, which may be older than what the site is judged by;
 * NULL: nothing did, or this version of the collector cannot read it any more.
 */
static int judged_by(const struct judge *judge, const struct device *device,
		     const struct profile **ret_profile, struct err *err)
{
	const char *version = device->profile_version;
	int r = 0;

	*ret_profile = NULL;
	if (judge->profile && strcmp(judge->profile->version, version) == 0)
		*ret_profile = judge->profile;
	else if (version[0])
		r = profile_cache_get(judge->cache, judge->store, version, ret_profile, err);
	return r == -ENOENT || r == -EUCLEAN ? 0 : r;
}

/* What the results of @device come to. */
static int state_of_results(const struct judge *judge, const struct device *device,
			    enum device_state *ret_state, struct err *err)
{
	enum result results[PROFILE_REQUIREMENTS_MAX];
	const struct profile *profile;
	int r = judged_by(judge, device, &profile, err);

	*ret_state = STATE_UNKNOWN;
	if (r < 0 || !profile)
		return r;
	r = read_results(profile, device, results, err);
	if (r >= 0)
		*ret_state = evaluate_state(profile, results);
	return r;
}

int judge_state(const struct judge *judge, struct device *device, struct err *err)
{
	enum device_state state;
	int r;

	/* These two are a person's to end. */
	if (device->state == STATE_RETIRED || device->state == STATE_CONFLICT)
		return 0;
	if (device->seen_ms == 0) {
		state = STATE_NEVER_SEEN;
	} else if (!judge->profile || device->results[0] == '\0') {
		state = STATE_UNKNOWN;
	} else if (device->seen_ms < judge->fresh_since_ms ||
		   device->seen_ms > judge->fresh_until_ms) {
		state = STATE_STALE;
	} else {
		r = state_of_results(judge, device, &state, err);
		if (r < 0)
			return r;
	}
	if (state != device->state) {
		device->state = state;
		device->since_ms = judge->now_ms;
	}
	return 0;
}

/* The word of a letter, "" where there is none. */
static const char *result_text(const char *results, int place)
{
	enum result result;

	if (place < 0 || (size_t)place >= strlen(results) ||
	    result_of_letter(results[place], &result) < 0)
		return "";
	return result_words[result];
}

/* The changes of a device while they are written. */
struct saving {
	const struct judge *judge;
	const char *device_id;
	bool is_looked;
	struct code_list full; /* requirements that have their rows of the day */
};

static void saving_done(struct saving *saving)
{
	code_list_done(&saving->full);
}

static bool is_full(const struct saving *saving, const char *requirement)
{
	for (size_t i = 0; i < saving->full.n_codes; i++) {
		if (strcmp(saving->full.codes[i], requirement) == 0)
			return true;
	}
	return false;
}

static int save_transition(struct saving *saving, const char *requirement, const char *old_result,
			   const char *new_result, struct err *err)
{
	const struct judge *judge = saving->judge;
	const struct transition transition = {
		.at_ms = judge->now_ms,
		.requirement = (char *)requirement,
		.old_result = (char *)old_result,
		.new_result = (char *)new_result,
	};
	int r = 0;

	if (strcmp(old_result, new_result) == 0)
		return 0;
	/* Most devices have no change at all. */
	if (!saving->is_looked)
		r = store_transition_full(judge->store, saving->device_id, judge->now_ms,
					  &saving->full, err);
	if (r < 0)
		return r;
	saving->is_looked = true;
	return is_full(saving, requirement)
		       ? store_transition_put_last(judge->store, saving->device_id, &transition,
						   err)
		       : store_transition_put(judge->store, saving->device_id, &transition, err);
}

/* The place of @id, which is mostly the one that it has in another version. */
static int place_of(const struct profile *profile, const char *id, size_t likely)
{
	if (!profile)
		return -1;
	if (likely < profile->n_requirements && strcmp(profile->requirements[likely].id, id) == 0)
		return (int)likely;
	return profile_find(profile, id);
}

static int save_transitions(const struct judge *judge, const struct device *before,
			    const struct device *after, struct err *err)
{
	_cleanup_(saving_done) struct saving saving = { .judge = judge, .device_id = after->id };
	const struct profile *old, *new;
	int r;

	if (strcmp(before->profile_version, after->profile_version) == 0 &&
	    strcmp(before->results, after->results) == 0)
		return 0;
	r = judged_by(judge, before, &old, err);
	if (r >= 0)
		r = judged_by(judge, after, &new, err);
	if (r < 0)
		return r;
	for (size_t i = 0; new &&i < new->n_requirements &&r >= 0; i++) {
		const char *id = new->requirements[i].id;
		int place = place_of(old, id, i);

		r = save_transition(&saving, id, result_text(before->results, place),
				    result_text(after->results, (int)i), err);
	}
	if (old == new)
		return r;
	for (size_t i = 0; old && i < old->n_requirements && r >= 0; i++) {
		const char *id = old->requirements[i].id;

		if (place_of(new, id, i) < 0)
			r = save_transition(&saving, id, result_text(before->results, (int)i), "",
					    err);
	}
	return r;
}

int judge_save(const struct judge *judge, const struct device *before, const struct device *after,
	       struct err *err)
{
	int r = store_device_update(judge->store, before, after, err);

	if (r >= 0)
		r = save_transitions(judge, before, after, err);
	if (r < 0)
		return r;
	return judge->sum ? rollup_sum_change(judge->sum, judge->store, before, after, err)
			  : rollup_change(judge->store, before, after, err);
}

int judge_again(const struct judge *judge, struct device *device, struct err *err)
{
	json_t *facts = NULL;

	if (device->facts) {
		facts = json_loads(device->facts, 0, NULL);
		if (!facts)
			return err_set(err, -EUCLEAN, "device %s: its facts are not JSON",
				       device->id);
	}
	judge_results(judge, facts, device);
	json_decref(facts);
	return judge_state(judge, device, err);
}
