/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "agent/attempt.h"
#include "agent/enroll_key.h"
#include "agent/identity_settle.h"
#include "common/base/log.h"
#include "common/base/mem.h"

/* What identity_settle() works on. */
struct settler {
	struct state *state;
	const struct settling *settling;
	struct settlement settlement;
};

int identity_check_image(const char *root, struct err *err)
{
	_cleanup_free_ char *path = xasprintf("%s" IMAGE_MASTER, root);

	if (access(path, F_OK) < 0)
		return 0;
	return err_set(err, -EPERM,
		       "this device is the master of an image (%s is there), so it does not enrol; "
		       "remove that file if it is a device of its own",
		       path);
}

/* --- asking ------------------------------------------------------------------ */

/* A request of another machine is not ours to repeat: it came with the disk. */
static bool is_ours(const struct settlement *settlement, const struct fingerprint *now)
{
	return settlement->request_id[0] &&
	       fingerprint_compare(&settlement->fingerprint, now) != FINGERPRINT_OTHER;
}

/* Make what is to be asked durable before it is asked. */
static int prepare(struct state *state, struct settlement *settlement,
		   const struct enrollment *enrollment, struct err *err)
{
	if (!is_ours(settlement, enrollment->fingerprint))
		id_new(settlement->request_id);
	settlement->fingerprint = *enrollment->fingerprint;
	if (enrollment->previous != settlement->previous)
		snprintf(settlement->previous, ID_SIZE, "%s", enrollment->previous);
	settlement->tried_ms = enrollment->now_ms;
	return settlement_write(state, settlement, err);
}

static int ask(struct state *state, struct settlement *settlement, struct enrollment *enrollment,
	       const struct http_settings *settings, struct identity *ret_identity, struct err *err)
{
	_cleanup_(http_closep) struct http *http = NULL;
	struct identity identity = { 0 };
	int r = http_open(settings, &http, err);

	enrollment->request_id = settlement->request_id;
	if (r >= 0)
		r = enroll(http, enrollment, &identity, err);
	identity.is_renewed = settlement->is_renewal;
	/* Where it was before is what the configuration may name for ever. */
	if (r >= 0 && settlement->moved_from && settlement->url &&
	    strcmp(settlement->url, identity.url) == 0)
		identity.moved_from = xstrdup(settlement->moved_from);
	/* What came of the old one's reports says nothing about the new one. */
	if (r >= 0)
		r = attempt_forget(state, err);
	if (r >= 0)
		r = identity_write(state, &identity, err);
	if (r < 0) {
		identity_done(&identity);
		return r;
	}
	settlement_done(settlement);
	/* Left behind it is known by its request, which the identity names too. */
	settlement_note(state, settlement);
	*ret_identity = identity;
	return 0;
}

/* Keep why it failed, for `status`. On a full disk there is no more to be done. */
static int give_up(struct state *state, struct settlement *settlement, int r, const struct err *why)
{
	settlement_set(&settlement->trouble, why->text);
	settlement_note(state, settlement);
	return r;
}

int identity_enroll(struct state *state, const struct enrollment *enrollment,
		    const struct http_settings *settings, struct identity *ret_identity,
		    struct err *err)
{
	struct enrollment whole = *enrollment;
	struct settlement settlement = { 0 };
	struct err why = { 0 };
	int r;

	settlement_find(state, &settlement);
	settlement.is_renewal = false;
	if (!settlement.why)
		settlement_set(&settlement.why, "A person is enrolling this device.");
	if (!whole.previous[0])
		whole.previous = settlement.previous;
	r = prepare(state, &settlement, &whole, &why);
	if (r >= 0)
		r = ask(state, &settlement, &whole, settings, ret_identity, &why);
	if (r < 0) {
		give_up(state, &settlement, r, &why);
		(void)err_set(err, r, "%s", why.text);
	}
	settlement_done(&settlement);
	return r;
}

/* --- what to ask ------------------------------------------------------------- */

/*
 * *@ret_url: where it is configured to enrol, unless that collector has moved since;
 * owned by the caller. 1: that is it; 0: there is none.
 */
static int choose_url(const struct config *config, const struct settlement *settlement,
		      char **ret_url, struct err *err)
{
	_cleanup_free_ char *url = NULL;
	const char *old = settlement->moved_from;
	int r = config->url ? http_url(config->url, &url, err) : 0;

	if (r < 0)
		return r;
	if (settlement->url && (!url || (old && strcmp(old, url) == 0))) {
		free(url);
		url = xstrdup(settlement->url);
	}
	*ret_url = TAKE_PTR(url);
	return *ret_url != NULL;
}

static int no_key(const struct settler *settler, const char *what, struct err *err)
{
	const struct settlement *settlement = &settler->settlement;

	return err_set(err, -ENOKEY,
		       "%s %s. Put %s into %s, or run testready-agent enroll --url URL "
		       "--key-file FILE",
		       settlement->why ? settlement->why : "This device is not enrolled.", what,
		       "url and key_file", settler->settling->config->path);
}

/* Read the key that is configured. The caller has checked that there is an address. */
static int find_key(const struct settler *settler, char **ret_key, struct err *err)
{
	const char *file = settler->settling->config->key_file;
	int r;

	if (!file)
		return no_key(settler, "No enrolment key is configured", err);
	r = enroll_key_read(file, ret_key, err);
	if (r == -ENOENT)
		return no_key(settler, "The file with the enrolment key is not there", err);
	return r;
}

static int enroll_again(struct settler *settler, struct identity *ret_identity, struct err *err)
{
	const struct settling *settling = settler->settling;
	const struct config *config = settling->config;
	struct settlement *settlement = &settler->settlement;
	_cleanup_(enroll_key_freep) char *key = NULL;
	_cleanup_free_ char *url = NULL;
	struct enrollment enrollment = {
		.ca_pem = config->ca_pem ? config->ca_pem : settlement->ca_pem,
		.role = settlement->url && !config->has_role ? settlement->role : config->role,
		.names = settling->names,
		.fingerprint = settling->fingerprint,
		.previous = settlement->previous,
		.now_ms = settling->now_ms,
	};
	struct http_settings settings = { .ca_pem = enrollment.ca_pem,
					  .pins = config->pins,
					  .timeout_ms = settling->timeout_ms };
	int r = choose_url(config, settlement, &url, err);

	if (r >= 0)
		r = r > 0 ? find_key(settler, &key, err)
			  : no_key(settler, "No collector is configured", err);
	enrollment.key = key;
	enrollment.url = url;
	if (r >= 0)
		r = prepare(settler->state, settlement, &enrollment, err);
	return r < 0 ? r
		     : ask(settler->state, settlement, &enrollment, &settings, ret_identity, err);
}

/* --- what the identity is worth ------------------------------------------------ */

/* Keep what is needed of @identity to enrol as what it was. */
static void set_aside(struct settlement *settlement, const struct identity *identity)
{
	memcpy(settlement->previous, identity->device_id, sizeof(settlement->previous));
	settlement_set(&settlement->url, identity->url);
	settlement_set(&settlement->moved_from, identity->moved_from);
	settlement_set(&settlement->ca_pem, identity->ca_pem);
	settlement_set(&settlement->trouble, NULL);
	settlement->role = identity->role;
}

static void begin(struct settler *settler)
{
	struct settlement *settlement = &settler->settlement;

	if (!is_ours(settlement, settler->settling->fingerprint))
		id_new(settlement->request_id);
	settlement->fingerprint = *settler->settling->fingerprint;
}

/*
 * This is another machine. The identity goes before anything is sent, and what
 * it was is written down before it goes.
 */
static int leave(struct settler *settler, const struct identity *identity, struct err *err)
{
	struct settlement *settlement = &settler->settlement;
	_cleanup_free_ char *changes =
		fingerprint_changes(&identity->fingerprint, settler->settling->fingerprint);
	_cleanup_free_ char *why = xasprintf(
		"This disk was copied from another device, or the main board was replaced (%s "
		"changed since it was enrolled as %s of %s).",
		changes, identity->device_id, identity->site_name);
	int r;

	begin(settler);
	settlement->is_renewal = false;
	set_aside(settlement, identity);
	settlement_set(&settlement->why, why);
	r = settlement_write(settler->state, settlement, err);
	return r < 0 ? r : identity_erase(settler->state, err);
}

/* The collector refuses its key. Once a new one is asked for; then it is for a person. */
static int renew(struct settler *settler, const struct identity *identity, struct err *err)
{
	struct settlement *settlement = &settler->settlement;
	struct attempt attempt = { 0 };
	bool was_used = attempt_read(settler->state, &attempt, NULL) >= 0 && attempt.delivered > 0;

	attempt_done(&attempt);
	begin(settler);
	set_aside(settlement, identity);
	settlement->is_renewal = true;
	settlement_set(&settlement->why, "The collector does not accept this device's key.");
	if (identity->is_renewed && !was_used)
		return err_set(
			err, -EKEYREVOKED,
			"The collector does not accept this device's key, nor the one that "
			"it gave in its place. Ask whoever runs it, then run testready-agent "
			"enroll --again");
	return settlement_write(settler->state, settlement, err);
}

/* Whether both have a strong value, besides the addresses of interfaces. */
static bool is_surely_same(const struct fingerprint *before, const struct fingerprint *now)
{
	for (size_t i = 0; i < before->n; i++) {
		for (size_t j = 0; j < now->n; j++) {
			const struct fingerprint_value *x = &before->values[i];
			const struct fingerprint_value *y = &now->values[j];

			if (x->kind == y->kind && x->kind != FINGERPRINT_MAC && x->is_strong &&
			    y->is_strong && strcmp(x->hash, y->hash) == 0)
				return true;
		}
	}
	return false;
}

/*
 * Whether to store what the machine is now. A disk that was replaced is its
 * disk from then on, or the next repair would make it another machine; but not
 * where all that could be compared has changed.
 */
static bool can_adopt(const struct fingerprint *before, const struct fingerprint *now)
{
	return !fingerprint_has_strong(before) ||
	       fingerprint_compare(before, now) == FINGERPRINT_SAME || is_surely_same(before, now);
}

bool identity_is_settled(const struct identity *identity, const struct settlement *settlement,
			 const struct attempt *attempt)
{
	return attempt->delivered_ms > settlement->tried_ms ||
	       strcmp(settlement->request_id, identity->request_id) == 0;
}

/* Forget what was under way if that is over. */
static void forget(struct settler *settler, const struct identity *identity)
{
	struct settlement *settlement = &settler->settlement;
	struct attempt attempt = { 0 };

	if (!settlement->request_id[0])
		return;
	if (attempt_read(settler->state, &attempt, NULL) < 0)
		attempt = (struct attempt){ 0 };
	if (identity_is_settled(identity, settlement, &attempt)) {
		settlement_done(settlement);
		settlement_note(settler->state, settlement);
	}
	attempt_done(&attempt);
}

/* On a disk that takes nothing what waits is delivered all the same; it is adopted later. */
static void keep(struct settler *settler, struct identity *identity)
{
	const struct fingerprint *now = settler->settling->fingerprint;
	struct fingerprint merged = fingerprint_merge(&identity->fingerprint, now);
	struct err why = { 0 };

	forget(settler, identity);
	if (!can_adopt(&identity->fingerprint, now) ||
	    (identity->has_fingerprint && fingerprint_equal(&merged, &identity->fingerprint)))
		return;
	identity->fingerprint = merged;
	identity->has_fingerprint = true;
	if (identity_write(settler->state, identity, &why) < 0)
		log_line(LOG_WARNING, "testready-agent: a part that was replaced is not noted: %s",
			 why.text);
}

static int settle(struct settler *settler, struct identity *ret_identity, struct err *err)
{
	const struct settling *settling = settler->settling;
	struct identity identity = { 0 };
	int r = identity_read(settler->state, &identity, err);

	if (r < 0 && r != -ENOENT)
		return r;
	if (r == -ENOENT) {
		r = 0;
	} else if (identity.has_fingerprint &&
		   fingerprint_compare(&identity.fingerprint, settling->fingerprint) ==
			   FINGERPRINT_OTHER) {
		r = leave(settler, &identity, err);
	} else if (settling->is_key_refused) {
		r = renew(settler, &identity, err);
	} else {
		keep(settler, &identity);
		*ret_identity = identity;
		return SETTLED_KEPT;
	}
	identity_done(&identity);
	if (r >= 0)
		r = enroll_again(settler, ret_identity, err);
	return r < 0 ? r : SETTLED_RENEWED;
}

int identity_settle(struct state *state, const struct settling *settling,
		    struct identity *ret_identity, struct err *err)
{
	struct settler settler = { .state = state, .settling = settling };
	struct err why = { 0 };
	int r = identity_check_image(settling->root, err);

	if (r < 0)
		return r;
	settlement_find(state, &settler.settlement);
	r = settle(&settler, ret_identity, &why);
	if (r < 0) {
		settler.settlement.tried_ms = settling->now_ms;
		if (settler.settlement.request_id[0])
			give_up(state, &settler.settlement, r, &why);
		(void)err_set(err, r, "%s", why.text);
	}
	settlement_done(&settler.settlement);
	return r;
}
