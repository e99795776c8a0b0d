/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "collector/act/audience.h"
#include "collector/act/compose.h"
#include "collector/act/verdict.h"
#include "collector/act/what_if.h"
#include "collector/domain/readiness.h"
#include "collector/store/store_profile.h"
#include "common/base/mem.h"

enum {
	PAGE = 256,       /* devices held at once */
	MEMO_SETS = 2048, /* of verdicts, 3 MB */
};

struct run {
	struct store *store;
	const struct what_if_request *request;
	const char *profile_id;
	struct profile_cache *cache; /* of what sites are judged by now */
	struct composer *composer;
	struct profile *then; /* what the last site would be judged by */
	struct verdict_memo *memo;
	struct what_if_tally tally;
	int64_t n_done, n_all;
};

/* What one site is and would be judged by. */
struct site_run {
	struct run *run;
	struct judge now, then;
};

/* --- devices ------------------------------------------------------------------------- */

static void run_done(struct run *run)
{
	verdict_memo_free(run->memo);
	what_if_tally_done(&run->tally);
	profile_cache_free(run->cache);
	composer_free(run->composer);
	profile_free(run->then);
}

/* The stored facts of a device, read when they are first needed. */
struct stored_facts {
	bool is_read;
	json_t *json; /* NULL: it has none, or they cannot be read */
};

static int facts_read(struct store *store, const struct device *device, struct stored_facts *facts,
		      struct err *err)
{
	_cleanup_free_ char *text = NULL;
	int r;

	if (facts->is_read)
		return 0;
	r = store_device_facts(store, device->id, &text, err);
	if (r < 0 && r != -ENOENT && r != -EBADMSG)
		return r;
	/* As where it is judged: what cannot be read says nothing. */
	facts->json = text ? json_loads(text, 0, NULL) : NULL;
	facts->is_read = true;
	return 0;
}

/*
 * Give @device, whose texts are borrowed, the results that its facts have by @judge, and
 * its state.
 */
static int judge_borrowed(struct run *run, const struct judge *judge, struct stored_facts *facts,
			  struct device *device, struct err *err)
{
	const struct verdict *verdict;
	int r;

	device->results = device->profile_version = (char *)"";
	if (!judge->profile)
		return judge_state(judge, device, err);
	verdict = verdict_find(run->memo, judge, device);
	if (!verdict) {
		r = facts_read(run->store, device, facts, err);
		if (r < 0)
			return r;
		if (!facts->json)
			return judge_state(judge, device, err);
		verdict = verdict_add(run->memo, judge, device, facts->json);
	}
	device->results = verdict->results;
	device->profile_version = (char *)judge->profile->version;
	return judge_state(judge, device, err);
}

static bool is_judged_now(const struct site_run *site, const struct device *device)
{
	/* Of a site in the queue, what is stored may be old though it is of this version. */
	return !site->now.site.is_queued && site->now.profile &&
	       strcmp(device->profile_version, site->now.profile->version) == 0;
}

static void count(struct site_run *site, const struct device *before, const struct device *after)
{
	const struct what_if_view was = { before->state, before->results };
	const struct what_if_view is = { after->state, after->results };
	const struct what_if_device device = { before, after, site->now.profile,
					       site->then.profile };
	const struct what_if_request *request = site->run->request;

	what_if_tally_device(&site->run->tally, before->is_expected, &was, &is);
	if (request->device && before->state != after->state)
		request->device(request->arg, &device);
}

static int look_at(struct site_run *site, const struct device *stored, struct err *err)
{
	struct device before = *stored, after = *stored;
	struct stored_facts facts = { 0 };
	struct verdict was = { 0 };
	int r;

	/* The state is told anew in any case, since the clock went on since it was stored. */
	if (is_judged_now(site, stored))
		r = judge_state(&site->now, &before, err);
	else
		r = judge_borrowed(site->run, &site->now, &facts, &before, err);
	/* What comes next may take the place of the verdict that these are borrowed of. */
	before.results = was.results = xstrdup(before.results);
	if (r >= 0)
		r = judge_borrowed(site->run, &site->then, &facts, &after, err);
	if (r >= 0)
		count(site, &before, &after);
	free(was.results);
	json_decref(facts.json);
	return r;
}

static int look_at_page(struct site_run *site, const char *after_id, struct device_list *ret_page,
			struct err *err)
{
	struct run *run = site->run;
	int r = store_device_reported(run->store, site->now.site.code, after_id, PAGE, ret_page,
				      err);

	for (size_t i = 0; i < ret_page->n_devices && r >= 0; i++)
		r = look_at(site, &ret_page->devices[i], err);
	run->n_done += (int64_t)ret_page->n_devices;
	if (r >= 0 && run->request->progress)
		run->request->progress(run->request->arg, run->n_done, run->n_all);
	return r;
}

static int look_at_devices(struct site_run *site, struct err *err)
{
	char after_id[ID_SIZE] = "";
	size_t n;

	do {
		_cleanup_(device_list_done) struct device_list page = { 0 };
		int r = look_at_page(site, after_id, &page, err);

		if (r < 0)
			return r;
		n = page.n_devices;
		if (n > 0)
			snprintf(after_id, sizeof(after_id), "%s", page.devices[n - 1].id);
	} while (n == PAGE);
	return 0;
}

/* Those that never reported are not looked at: there is nothing to judge. */
static void count_silent(struct site_run *site)
{
	static const struct what_if_view silent = { STATE_NEVER_SEEN, "" };

	for (int64_t i = 0; i < site->now.site.count.states[STATE_NEVER_SEEN]; i++)
		what_if_tally_device(&site->run->tally, true, &silent, &silent);
}

/* --- sites ---------------------------------------------------------------------------- */

static int look_at_site(struct run *run, struct judge *now, struct err *err)
{
	struct site_run site = { .run = run, .now = *now, .then = *now };
	int r;

	site.then.profile = run->then;
	site.then.fresh_since_ms = readiness_fresh_since(&run->then->freshness, &now->site.window,
							 run->request->now_ms);
	what_if_tally_site(&run->tally, now->site.code, now->site.name, now->profile, run->then);
	count_silent(&site);
	r = look_at_devices(&site, err);
	what_if_tally_site_end(&run->tally);
	return r;
}

/* Make @run->then what @version's site would be judged by. 1: it is another; 0: it stays. */
static int find_then(struct run *run, const struct site_version *version, struct err *err)
{
	struct profile *then = NULL;
	struct composition composition;
	int r = composer_get(run->composer, version->site_code, version->lea_code, &composition,
			     err);

	if (r < 0 || strcmp(composition.version, version->version) == 0)
		return r;
	/* Most sites of a state have the same. */
	if (run->then && strcmp(run->then->version, composition.version) == 0)
		return 1;
	r = composer_profile(run->composer, version->site_code, version->lea_code, &then, err);
	if (r < 0)
		return r;
	profile_free(run->then);
	run->then = then;
	return 1;
}

static int take_site(struct run *run, const struct site_version *version, struct err *err)
{
	_cleanup_(judge_done) struct judge now = { 0 };
	int64_t n = 0;
	int r = find_then(run, version, err);

	if (r < 0)
		return r;
	if (r == 0) {
		r = store_device_count_reported(run->store, version->site_code, &n, err);
		run->n_done += n;
		return r;
	}
	r = judge_open(run->store, run->cache, version->site_code, run->request->now_ms, &now, err);
	if (r >= 0)
		r = look_at_site(run, &now, err);
	profile_cache_trim(run->cache);
	return r;
}

static int count_devices(struct run *run, const struct site_version_list *list, struct err *err)
{
	int r = 0;

	for (size_t i = 0; i < list->n_sites && r >= 0; i++) {
		int64_t n = 0;

		r = store_device_count_reported(run->store, list->sites[i].site_code, &n, err);
		run->n_all += n;
	}
	return r;
}

static int take_sites(struct run *run, struct err *err)
{
	_cleanup_(site_version_list_done) struct site_version_list list = { 0 };
	int r = store_site_versions(run->store, run->profile_id, NULL, &list, err);

	if (r >= 0)
		r = count_devices(run, &list, err);
	for (size_t i = 0; i < list.n_sites && r >= 0; i++)
		r = take_site(run, &list.sites[i], err);
	run->tally.sum.n_sites = (int64_t)list.n_sites;
	return r;
}

/* What would be refused changes nothing. */
static int check(struct run *run, struct err *err)
{
	const struct supplement *supplement = run->request->supplement;
	const struct composer_change change = { .base = run->request->profile,
						.supplement = supplement };
	const struct audience audience =
		supplement ? (struct audience){ supplement->scope, supplement->scope_code }
			   : (struct audience){ SCOPE_STATE, "" };
	int r = composer_open(run->store, run->profile_id, &change, &run->composer, err);

	if (r >= 0 && supplement)
		r = audience_check(run->store, &audience, err);
	return r < 0 ? r : composer_check(run->composer, &audience, err);
}

int act_what_if(struct store *store, const struct what_if_request *request,
		struct what_if *ret_what_if, struct err *err)
{
	struct run run = {
		.store = store,
		.request = request,
		.profile_id = request->supplement ? request->supplement->profile_id
						  : request->profile->id,
		.cache = profile_cache_new(),
		.memo = verdict_memo_new(MEMO_SETS),
	};
	int r = check(&run, err);

	if (r >= 0)
		r = take_sites(&run, err);
	if (r >= 0)
		what_if_tally_finish(&run.tally, ret_what_if);
	run_done(&run);
	return r;
}
