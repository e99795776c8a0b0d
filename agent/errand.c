/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "agent/attempt.h"
#include "agent/env.h"
#include "agent/errand.h"
#include "agent/heartbeat.h"
#include "agent/identity_settle.h"
#include "agent/key_rotate.h"
#include "agent/machine.h"
#include "agent/names.h"
#include "agent/observe.h"
#include "agent/probe/browser_running.h"
#include "agent/profile_fetch.h"
#include "agent/requirements.h"
#include "agent/sent.h"
#include "common/base/clock.h"
#include "common/base/file.h"
#include "common/base/log.h"
#include "common/base/mem.h"
#include "common/model/facts.h"

#define BOOT_ID_FILE "/proc/sys/kernel/random/boot_id"
/* Taken at once by a service; those that are not used are never used. */
#define NUMBERS_AT_ONCE 32

/* What one errand works with. */
struct work {
	const struct errand *errand;
	struct errand_result *result;
	struct state *state;
	struct spool *waiting, *refused;
	struct identity identity;
	struct attempt attempt; /* becomes this one */
	struct sent sent;
	struct moment moment; /* when the device was observed */
	int64_t now_ms;
	json_t *facts; /* NULL: it was not looked at */
	struct http_settings http_settings;
	struct http *http;
	struct delivery_run run;
	struct fingerprint fingerprint;
	bool is_silent; /* the secure browser runs */
	bool is_greeted;
};

static void work_done(struct work *work)
{
	delivery_run_done(&work->run);
	http_close(work->http);
	json_decref(work->facts);
	sent_done(&work->sent);
	attempt_done(&work->attempt);
	identity_done(&work->identity);
	spool_close(work->waiting);
	spool_close(work->refused);
	state_close(work->state);
}

static int read_boot_id(struct moment *moment, struct err *err)
{
	_cleanup_free_ char *text = NULL;
	int r = file_read_at(AT_FDCWD, BOOT_ID_FILE, 64, &text, NULL, err);

	if (r < 0)
		return r;
	text[strcspn(text, "\n")] = '\0';
	if (strlen(text) + 1 != sizeof(moment->boot_id))
		return err_set(err, -EINVAL, BOOT_ID_FILE ": not a UUID");
	memcpy(moment->boot_id, text, sizeof(moment->boot_id));
	return 0;
}

/* --- looking --- */

/* Where the processes of others are hidden this says no, and the device is looked at. */
static bool browser_runs(const struct errand *errand)
{
	struct env env;
	bool is_running;

	if (env_init(&env, errand->root ? errand->root : "", NULL) < 0)
		return false;
	is_running = browser_is_running(&env, NULL) > 0;
	env_done(&env);
	return is_running;
}

/* Requirements are not needed for a report: without them no server is tried, and it says so. */
static struct profile *kept_profile(const struct work *work)
{
	struct profile *profile = NULL;
	struct err err = { 0 };
	int r = requirements_read(NULL, work->state->path, &profile, &err);

	if (r < 0 && r != -ENOENT)
		log_line(LOG_WARNING, "testready-agent: cannot read the requirements: %s",
			 err.text);
	return profile;
}

static int look(struct work *work, struct err *err)
{
	_cleanup_(profile_freep) struct profile *profile = kept_profile(work);
	struct observation observation = { .root = work->errand->root,
					   .endpoints = profile ? profile->endpoints : NULL };

	work->moment.boot_ms = clock_boot_ms();
	work->now_ms = clock_now_ms();
	return observe(&observation, &work->facts, NULL, err);
}

/* --- storing --- */

/* See that we are who we say we are: a copied disk must not speak for the device it came from. */
static int settle(struct work *work, bool is_key_refused, struct err *err)
{
	const struct errand *errand = work->errand;
	const char *root = errand->root ? errand->root : "";
	struct names names = { 0 };
	struct settling settling = {
		.root = root,
		.config = errand->config,
		.fingerprint = &work->fingerprint,
		.is_key_refused = is_key_refused,
		.now_ms = clock_now_ms(),
		.timeout_ms = errand->timeout_ms,
	};
	int r;

	identity_done(&work->identity);
	names_read(root, &names);
	settling.names = names_view(&names);
	r = identity_settle(work->state, &settling, &work->identity, err);
	names_done(&names);
	if (r < 0)
		return r;
	memcpy(work->result->device_id, work->identity.device_id, ID_SIZE);
	sent_done(&work->sent);
	sent_read(work->state, work->identity.device_id, &work->sent);
	attempt_done(&work->attempt);
	if (attempt_read(work->state, &work->attempt, NULL) < 0)
		work->attempt = (struct attempt){ 0 };
	return r;
}

static int open_spools(struct work *work, struct err *err)
{
	int dir_fd = work->state->dir_fd;
	int r = state_lock(work->state, err);

	if (r >= 0)
		r = spool_open(dir_fd, STATE_DIR_SPOOL, &spool_limits_waiting, &work->waiting, err);
	if (r >= 0)
		r = spool_open(dir_fd, STATE_DIR_REFUSED, &spool_limits_refused, &work->refused,
			       err);
	/* Only now: it may have enrolled anew while we waited for the lock. */
	return r < 0 ? r : settle(work, false, err);
}

static int newest_in(const struct spool *spool, int64_t *newest, struct err *err)
{
	struct spool_list list = { 0 };
	int r = spool_list(spool, &list, err);

	if (r >= 0 && list.n > 0 && list.sequences[list.n - 1] > *newest)
		*newest = list.sequences[list.n - 1];
	spool_list_done(&list);
	return r;
}

static int take_number(struct work *work, int64_t *ret_number, struct err *err)
{
	struct standing *standing = &work->result->standing;
	int64_t newest = work->attempt.sequence, n = work->errand->plan ? NUMBERS_AT_ONCE : 1;
	int r = 0;

	/* Unless another agent has numbered a report since. */
	if (standing->number > standing->last_number ||
	    state_last_sequence(work->state) != standing->last_number) {
		r = newest_in(work->waiting, &newest, err);
		if (r >= 0)
			r = newest_in(work->refused, &newest, err);
		if (r >= 0)
			r = state_next_sequences(work->state, newest, n, &standing->number, err);
		if (r < 0)
			return r;
		standing->last_number = standing->number + n - 1;
		work->attempt.sequence = standing->last_number;
	}
	*ret_number = standing->number++;
	return 0;
}

/* Number the report and put it on disk, before anything is sent. */
static int store(struct work *work, struct err *err)
{
	_cleanup_free_ char *text = NULL;
	struct names names = { 0 };
	struct report report = {
		.device_id = work->identity.device_id,
		.agent_version = VERSION,
		.boot_id = work->moment.boot_id,
		.observed_ms = work->now_ms,
		.age_ms = -1,
		.has_fingerprint = work->fingerprint.n > 0,
		.fingerprint = work->fingerprint,
		.facts = work->facts,
	};
	size_t discarded = 0;
	int r = take_number(work, &report.sequence, err);

	if (r < 0)
		return r;
	names_read(work->errand->root ? work->errand->root : "", &names);
	report.device = names_view(&names);
	r = parcel_pack(&report, work->moment.boot_ms, &text, err);
	names_done(&names);
	if (r >= 0)
		r = spool_add(work->waiting, report.sequence, text, strlen(text), &discarded, err);
	if (r < 0)
		return r;
	work->result->standing.held_boot_ms = -1;
	work->attempt.discarded += (int64_t)discarded;
	if (discarded > 0)
		log_line(LOG_WARNING,
			 "testready-agent: the spool is full; %zu of the oldest reports are lost",
			 discarded);
	return 0;
}

/* The facts of the newest report that waits, if it is ours and whole; owned by the caller. */
static json_t *newest_facts(const struct work *work, int64_t sequence)
{
	_cleanup_free_ char *text = NULL;
	struct parcel parcel = { 0 };
	json_t *facts = NULL;
	size_t len;

	if (spool_read(work->waiting, sequence, &text, &len, NULL) < 0 ||
	    parcel_unpack(text, len, &work->moment, &parcel, NULL) < 0)
		return NULL;
	if (strcmp(parcel.device_id, work->identity.device_id) == 0 &&
	    facts_check(parcel.facts, "facts", NULL, NULL) >= 0)
		facts = json_incref(parcel.facts);
	parcel_done(&parcel);
	return facts;
}

/* Whether the newest report, delivered or not, says the same as what was just seen. */
static bool is_known(const struct work *work)
{
	int64_t newest = 0;
	json_t *facts;
	bool is_same;

	if (newest_in(work->waiting, &newest, NULL) < 0)
		return false;
	facts = newest > 0 ? newest_facts(work, newest) : json_incref(work->sent.facts);
	is_same = facts && facts_same(facts, work->facts);
	json_decref(facts);
	return is_same;
}

/* A device that was off-line for weeks has its changes in the spool, not the same a hundred times.
 */
static int store_news(struct work *work, struct err *err)
{
	if (!(work->errand->what & ERRAND_STORE) && is_known(work)) {
		work->result->standing.held_boot_ms = work->moment.boot_ms;
		work->result->standing.held_ms = work->now_ms;
		return 0;
	}
	return store(work, err);
}

/* --- talking --- */

static int open_http(struct work *work, struct err *err)
{
	const struct errand *errand = work->errand;

	work->http_settings = config_http(errand->config, &work->identity, errand->timeout_ms);
	return http_open(&work->http_settings, &work->http, err);
}

static struct deliverer deliverer_of(const struct work *work)
{
	return (struct deliverer){
		.identity = &work->identity,
		.waiting = work->waiting,
		.refused = work->refused,
		.http = work->http,
		.boot_id = work->moment.boot_id,
		.now_ms = clock_now_ms(),
	};
}

static int deliver_round(struct work *work, struct err *err)
{
	struct deliverer deliverer = deliverer_of(work);
	struct delivery_run run = { 0 };
	struct err why = { 0 };
	int r = deliver(&deliverer, &run, err);

	if (run.facts) {
		sent_done(&work->sent);
		sent_of(run.facts, &work->sent);
		/* Without it the next report is a whole one, or is asked for. */
		if (sent_write(work->state, work->identity.device_id, run.facts, &why) < 0)
			log_line(LOG_WARNING, "testready-agent: %s", why.text);
	}
	delivery_run_add(&work->run, &run);
	return r;
}

/* Whether there is something to say that no report says. */
static bool is_greeting_due(const struct work *work)
{
	return work->errand->what & ERRAND_GREET && work->result->standing.held_boot_ms >= 0 &&
	       work->sent.facts && work->run.n_waiting == 0 && !work->run.trouble;
}

/* 1: the collector wants the whole report. */
static int greet(struct work *work, struct err *err)
{
	struct standing *standing = &work->result->standing;
	struct deliverer deliverer = deliverer_of(work);
	struct greeting greeting = {
		.boot_ms = standing->held_boot_ms,
		.observed_ms = standing->held_ms,
		.facts_hash = work->sent.hash,
		.fingerprint = work->fingerprint.n > 0 ? &work->fingerprint : NULL,
	};
	enum delivery delivery;
	int r = take_number(work, &greeting.sequence, err);

	if (r < 0)
		return r;
	delivery = heartbeat_send(&deliverer, &greeting, &work->run);
	if (delivery == DELIVERY_WAITS || delivery == DELIVERY_NO_KEY)
		return 0;
	standing->held_boot_ms = -1;
	/* Whatever it has against a heartbeat, a report says all there is, and is answered. */
	if (delivery == DELIVERY_REFUSED || work->run.said.is_report_wanted)
		return 1;
	work->is_greeted = true;
	return 0;
}

static int report_all(struct work *work, struct err *err)
{
	int r;

	free(work->run.trouble);
	work->run.trouble = NULL;
	/* Not now: it asks again when the test is over. */
	if (work->is_silent)
		return 0;
	r = work->facts ? 0 : look(work, err);
	if (r >= 0)
		r = store(work, err);
	return r < 0 ? r : deliver_round(work, err);
}

/* 1: the key was refused, and there is another one, under which to begin again. */
static int renew(struct work *work, struct err *err)
{
	struct err why = { 0 };
	int r = settle(work, true, &why);

	if (r != SETTLED_RENEWED) {
		if (r < 0)
			log_line(LOG_WARNING, "testready-agent: %s", why.text);
		return 0;
	}
	work->run.has_no_key = false;
	work->result->standing.held_boot_ms = -1;
	/* What trusts the collector is the identity's, and the old one's is freed. */
	http_close(work->http);
	work->http = NULL;
	r = open_http(work, err);
	return r < 0 ? r : 1;
}

/* What is not the errand itself: that it fails is worth a line, and it is tried again. */
static int warned(int r, const struct err *err)
{
	if (r < 0)
		log_line(LOG_WARNING, "testready-agent: %s", err->text);
	return r;
}

/* The collector may have moved, have another profile, or a new key for us. */
static void do_chores(struct work *work)
{
	const struct answer_reported *said = &work->run.said;
	const struct profile_contact contact = { work->state, work->http, &work->identity, said,
						 clock_now_ms() };
	struct err err = { 0 };

	if (said->moved_url)
		(void)warned(identity_move(work->state, &work->identity, said->moved_url,
					   said->moved_signature, &err),
			     &err);
	/* It answered, and not only as one that is too old for a heartbeat. */
	if (said->state[0])
		work->result->plan.has_news = warned(profile_fetch(&contact, &err), &err) > 0;
	if (!work->run.trouble && !work->run.has_no_key)
		(void)warned(
			key_rotate(work->state, work->http, &work->identity, clock_now_ms(), &err),
			&err);
}

static int talk(struct work *work, struct err *err)
{
	int r = open_http(work, err);

	if (r >= 0 && !work->is_silent)
		r = deliver_round(work, err);
	if (r >= 0 && is_greeting_due(work))
		r = greet(work, err);
	if (r >= 0 && work->run.has_no_key)
		r = renew(work, err);
	if (r > 0)
		r = report_all(work, err);
	/* Without a key there is nobody to ask as. */
	if (r >= 0 && !work->is_silent && work->identity.url)
		do_chores(work);
	return r;
}

/* --- what came of it --- */

static char *result_text(const struct work *work)
{
	const struct delivery_run *run = &work->run;

	if (work->is_greeted && run->n_delivered == 0 && run->n_refused == 0)
		return xasprintf("Nothing has changed; the collector says: %s.", run->said.state);
	if (run->trouble && run->n_waiting == 0)
		return xasprintf("%s.", run->trouble);
	return delivery_run_text(run, work->state->path);
}

/* When the service comes again, by the clock on the wall; 0: there is no service. */
static int64_t next_ms(const struct work *work)
{
	struct plan plan;
	int64_t at_ms, boot_ms = clock_boot_ms();

	if (!work->errand->plan)
		return work->attempt.next_ms;
	plan = *work->errand->plan;
	plan_end(&plan, work->errand->what, &work->result->plan, boot_ms, work->errand->random);
	(void)plan_due(&plan, boot_ms, &at_ms);
	return clock_now_ms() + at_ms - boot_ms;
}

/* Keep what came of it, for `status`. That it cannot be kept is worth a line, not a failure. */
static void remember(struct work *work)
{
	const struct delivery_run *run = &work->run;
	struct attempt *attempt = &work->attempt;
	struct err err = { 0 };

	attempt->at_ms = clock_now_ms();
	attempt->http_status = run->http_status;
	attempt->retry_at_ms =
		run->retry_after_s > 0 ? attempt->at_ms + run->retry_after_s * 1000 : 0;
	if (run->n_delivered > 0)
		attempt->delivered = run->delivered_last;
	if (run->n_delivered > 0 || work->is_greeted) {
		attempt->delivered_ms = attempt->at_ms;
		memcpy(attempt->state, run->said.state, sizeof(attempt->state));
	}
	if (run->said.period_ms > 0)
		attempt->period_ms = run->said.period_ms;
	if (run->said.spread_ms > 0)
		attempt->spread_ms = run->said.spread_ms;
	attempt->next_ms = next_ms(work);
	free(attempt->sentence);
	attempt->sentence = xstrdup(work->result->text);
	if (attempt_write(work->state, attempt, &err) < 0)
		log_line(LOG_WARNING, "testready-agent: %s", err.text);
}

static void conclude(struct work *work, int r)
{
	struct errand_result *result = work->result;
	const struct delivery_run *run = &work->run;
	_cleanup_free_ char *text = r < 0 ? NULL : result_text(work);

	result->plan.was_talking = run->http_status != 0 || run->trouble != NULL;
	result->plan.has_failed = r < 0 || run->trouble != NULL;
	result->plan.retry_after_ms = run->retry_after_s * 1000;
	result->plan.period_ms = run->said.period_ms;
	result->plan.spread_ms = run->said.spread_ms;
	result->has_waiting = run->n_waiting > 0;
	result->has_refused = run->n_refused > 0;
	if (text)
		snprintf(result->text, sizeof(result->text), "%s", text);
	/* Not while a test is taken. */
	if (text && !work->is_silent)
		remember(work);
}

/* Whether there is any sense in looking before it is known who we are. */
static bool is_enrolled(struct work *work)
{
	bool is = identity_read(work->state, &work->identity, NULL) >= 0;

	identity_done(&work->identity);
	return is;
}

static int prepare(struct work *work, struct err *err)
{
	const struct errand *errand = work->errand;
	bool is_look = errand->what & (ERRAND_LOOK | ERRAND_STORE);
	int r = state_open(errand->state, false, &work->state, err);

	if (r == -ENOENT)
		return err_set(err, r,
			       "this device is not enrolled (there is no %s): run testready-agent "
			       "enroll --url URL --key-file FILE",
			       errand->state);
	if (r >= 0)
		r = read_boot_id(&work->moment, err);
	if (r < 0)
		return r;
	machine_fingerprint(errand->root ? errand->root : "", &work->fingerprint);
	work->is_silent = errand->plan && browser_runs(errand);
	work->result->plan.has_browser = work->is_silent;
	is_look = is_look && !work->is_silent;
	/* Before the lock is taken: another agent that delivers must not make facts old. */
	if (is_look && is_enrolled(work))
		r = look(work, err);
	if (r >= 0)
		r = open_spools(work, err);
	return r >= 0 && is_look && !work->facts ? look(work, err) : r;
}

/* The facts are taken to hold during a test: nothing may be done to see. */
static void hold_still(struct work *work)
{
	struct spool_list list = { 0 };

	work->moment.boot_ms = clock_boot_ms();
	if (spool_list(work->waiting, &list, NULL) >= 0 && list.n == 0) {
		work->result->standing.held_boot_ms = work->moment.boot_ms;
		work->result->standing.held_ms = clock_now_ms();
	}
	spool_list_done(&list);
}

static int work_run(struct work *work, struct err *err)
{
	struct err why = { 0 };
	int stored = 0, r = prepare(work, err);

	if (r < 0)
		return r;
	if (work->is_silent)
		hold_still(work);
	if (work->facts)
		stored = store_news(work, &why);
	work->result->plan.has_looked = work->facts && stored >= 0;
	work->result->is_stored = stored >= 0;
	if (stored < 0)
		log_line(LOG_ERR, "testready-agent: this device's report cannot be stored: %s",
			 why.text);
	/* What waits is delivered all the same: on a full disk that makes room. */
	if (work->errand->what & ERRAND_TALK)
		r = talk(work, err);
	conclude(work, r);
	work->result->plan.has_failed |= stored < 0;
	return r;
}

int errand_run(const struct errand *errand, const struct standing *standing,
	       struct errand_result *ret_result, struct err *err)
{
	struct work work = { .errand = errand, .result = ret_result };
	int r;

	*ret_result = (struct errand_result){ .standing = *standing };
	r = work_run(&work, err);
	if (r < 0)
		ret_result->plan.has_failed = true;
	work_done(&work);
	return r;
}
