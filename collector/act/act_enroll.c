/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "collector/act/act.h"
#include "collector/act/rollup.h"
#include "collector/act/suspect.h"
#include "collector/domain/contact.h"
#include "collector/store/store_device.h"
#include "collector/store/store_enrollment_key.h"
#include "collector/store/store_identity.h"
#include "collector/store/store_report.h"
#include "collector/store/store_site.h"
#include "common/base/civil.h"
#include "common/base/mem.h"
#include "common/model/placeholder.h"

/*
 * Within which whoever lost a device comes back for it. A machine enrols again a few
 * times in its life; and of two that take turns, the next one comes within a day.
 */
#define TURN_MS (INT64_C(30) * 86400000)

static int refuse(struct err *err, const char *why)
{
	return err_set(err, -EACCES,
		       "%s; ask for a new one: testready-collector enrollment-key add", why);
}

/* A request that was answered before may come again, whatever the key was good for. */
static int check_key(struct store *store, const char *key_hash, bool is_again, int64_t now_ms,
		     struct enrollment_key *ret_key, struct err *err)
{
	int r = store_enrollment_key_get(store, key_hash, ret_key, err);

	if (r == -ENOENT)
		return refuse(err, "no such enrolment key");
	if (r < 0)
		return r;
	if (now_ms >= ret_key->expires_ms)
		return refuse(err, "this enrolment key has expired");
	if (ret_key->revoked_ms)
		return refuse(err, "this enrolment key was revoked");
	if (ret_key->uses_left == 0 && !is_again)
		return refuse(err, "this enrolment key is used up");
	return 0;
}

/* The unclaimed line of the inventory that is this device: 1, or 0. */
static int find_line(struct store *store, const char *site_code, const struct device_names *names,
		     char id[static ID_SIZE], struct err *err)
{
	const char *const values[] = {
		[DEVICE_NAME_ASSET_TAG] = names->asset_tag,
		[DEVICE_NAME_SERIAL] = serial_of_one(names->serial),
		[DEVICE_NAME_HOST] = names->host_name,
	};
	int r = 0;

	for (unsigned i = 0; i < DEVICE_NAME_MAX_ && r == 0; i++) {
		if (values[i][0])
			r = store_device_find_line(store, site_code, (enum device_name)i, values[i],
						   id, err);
	}
	return r;
}

/* The line @id of the inventory becomes the device that asks. */
static int claim(struct store *store, const char *id, const struct enroll_request *request,
		 int64_t now_ms, struct err *err)
{
	_cleanup_(device_done) struct device before = { 0 };
	_cleanup_(device_done) struct device after = { 0 };
	int r = store_device_head(store, id, &before, err);

	if (r < 0)
		return r;
	device_copy(&before, &after);
	device_take_names(&after, &request->names, after.asset_tag[0] != '\0');
	device_set(&after.agent_version, request->agent_version);
	after.enrolled_ms = now_ms;
	r = store_device_update(store, &before, &after, err);
	if (r >= 0)
		r = rollup_change(store, &before, &after, err);
	return r;
}

static int add(struct store *store, const char *id, const struct site *site,
	       const struct enroll_request *request, int64_t now_ms, struct err *err)
{
	/* Nothing of it is freed: all texts are borrowed. */
	const struct device device = {
		.id = (char *)id,
		.site_code = site->code,
		.role = request->role,
		.room = (char *)"",
		.is_expected = !site->has_inventory,
		.asset_tag = (char *)request->names.asset_tag,
		.serial = (char *)request->names.serial,
		.host_name = (char *)request->names.host_name,
		.model = (char *)request->names.model,
		.enrolled_ms = now_ms,
		.agent_version = (char *)request->agent_version,
		.state = STATE_NEVER_SEEN,
		.since_ms = now_ms,
		.profile_id = (char *)"",
		.profile_version = (char *)"",
		.results = (char *)"",
		.browser = RESULT_UNKNOWN,
		.facts_hash = (char *)"",
	};
	int r = store_device_insert(store, &device, err);

	if (r >= 0)
		r = rollup_change(store, NULL, &device, err);
	return r;
}

/* --- machines that were here before ------------------------------------------------ */

/* What the fingerprint of an enrolment says of devices that are known. */
struct recognition {
	char same_id[ID_SIZE];      /* this device of the site; "": none */
	char elsewhere_id[ID_SIZE]; /* a device of another site; "": none */
	char elsewhere[SITE_CODE_SIZE];
	char chosen_id[ID_SIZE]; /* what the machine is to be */
	bool is_ambiguous;       /* several are the same, so nobody can say which */
};

/* Two that are alike and both there: each enrolment is a device of its own. */
static void note_match(const struct identity_match *match, const struct identity *identity,
		       const char *site_code, struct recognition *recognition)
{
	if (strcmp(match->site_code, site_code) != 0) {
		snprintf(recognition->elsewhere_id, ID_SIZE, "%s", match->device_id);
		snprintf(recognition->elsewhere, SITE_CODE_SIZE, "%s", match->site_code);
		return;
	}
	if (identity->is_shared)
		recognition->is_ambiguous = true;
	if (match->is_retired)
		return;
	if (recognition->same_id[0])
		recognition->is_ambiguous = true;
	memcpy(recognition->same_id, match->device_id, ID_SIZE);
}

static int recognize(struct store *store, const struct enroll_request *request,
		     const char *site_code, struct recognition *ret_recognition, struct err *err)
{
	struct recognition recognition = { 0 };
	struct identity_match_list list;
	int r = store_identity_matches(store, &request->fingerprint, site_code, &list, err);

	for (size_t i = 0; r >= 0 && i < list.n; i++) {
		const struct identity_match *match = &list.matches[i];
		enum fingerprint_match how;
		struct identity identity;

		r = store_identity_get(store, match->device_id, NULL, &identity, err);
		if (r < 0)
			break;
		how = fingerprint_compare(&identity.fingerprint, &request->fingerprint);
		/* What says that it was that device before may have been repaired since. */
		if (how == FINGERPRINT_SAME ||
		    (how == FINGERPRINT_REPAIRED && request->previous_id &&
		     strcmp(request->previous_id, match->device_id) == 0))
			note_match(match, &identity, site_code, &recognition);
	}
	if (recognition.is_ambiguous)
		recognition.same_id[0] = '\0';
	if (r >= 0)
		*ret_recognition = recognition;
	return r;
}

/*
 * Two that are alike take a device from each other: one enrolled anew and got it, and
 * the other one, which was that device all along, comes back for it.
 */
static int suspect_turns(struct store *store, const struct enroll_request *request,
			 const struct identity *identity, int64_t now_ms, struct device *device,
			 struct err *err)
{
	static const struct suspicion suspicion = {
		.kind = CONFLICT_ENROLLMENT,
		.explanation =
			"Two machines that are alike enrol as this device in turns: their "
			"hardware tells the same numbers, as virtual machines and some boards do.",
	};

	if (!identity->is_taken_over || !request->previous_id ||
	    strcmp(request->previous_id, device->id) != 0)
		return 0;
	return suspect_open(store, &suspicion, identity, now_ms, device, err);
}

/* The device @id goes on with the machine that asks; what it was is not known any more. */
static int take_over(struct store *store, const char *id, const struct site *site,
		     const struct enroll_request *request, int64_t now_ms, struct err *err)
{
	_cleanup_(device_done) struct device before = { 0 };
	_cleanup_(device_done) struct device after = { 0 };
	struct identity identity;
	int r = store_device_head(store, id, &before, err);

	if (r >= 0)
		r = store_identity_get(store, id, NULL, &identity, err);
	if (r < 0)
		return r;
	device_copy(&before, &after);
	device_take_names(&after, &request->names,
			  site->has_inventory && after.asset_tag[0] != '\0');
	device_set(&after.agent_version, request->agent_version);
	after.enrolled_ms = now_ms;
	after.seen_ms = 0;
	if (after.state != STATE_CONFLICT) {
		after.state = STATE_NEVER_SEEN;
		after.since_ms = now_ms;
	}
	if (!site->has_inventory && after.role != request->role) {
		after.role = request->role;
		/* Judged for another role, so it is judged again whatever it reports. */
		device_set(&after.profile_version, "");
		device_set(&after.results, "");
		after.browser = RESULT_UNKNOWN;
	}
	/* Of one machine that enrols twice in a row nothing is heard in between. */
	if (before.seen_ms != 0 && before.enrolled_ms > now_ms - TURN_MS)
		r = suspect_turns(store, request, &identity, now_ms, &after, err);
	if (r >= 0)
		r = store_device_update(store, &before, &after, err);
	if (r >= 0)
		r = rollup_change(store, &before, &after, err);
	/* Its numbers begin anew, and must not be taken for those of before. */
	if (r >= 0)
		r = store_report_set_aside(store, id, err);
	if (r >= 0)
		r = store_note_put_often(store, id, now_ms, "It enrolled again",
					 "It enrolled again and got a new key.", err);
	return r;
}

/* --- enrolling ------------------------------------------------------------------- */

/* The device that is to be: known, a line of the inventory, or new. 1: it was taken over. */
static int choose(struct store *store, const struct enroll_request *request,
		  const struct site *site, int64_t now_ms, struct recognition *ret_recognition,
		  struct err *err)
{
	char *id = ret_recognition->chosen_id;
	int r = recognize(store, request, site->code, ret_recognition, err);

	if (r < 0)
		return r;
	if (ret_recognition->same_id[0]) {
		memcpy(id, ret_recognition->same_id, ID_SIZE);
		r = take_over(store, id, site, request, now_ms, err);
		return r < 0 ? r : 1;
	}
	r = find_line(store, site->code, &request->names, id, err);
	if (r < 0)
		return r;
	if (r > 0)
		return claim(store, id, request, now_ms, err);
	id_new(id);
	return add(store, id, site, request, now_ms, err);
}

static int note_elsewhere(struct store *store, const struct recognition *recognition,
			  const char *id, const char *site_code, int64_t now_ms, struct err *err)
{
	_cleanup_free_ char *here = NULL, *there = NULL;
	struct note note;
	int r;

	if (!recognition->elsewhere_id[0])
		return 0;
	here = xasprintf("The same machine is device %s of site %s, which was left as it is.",
			 recognition->elsewhere_id, recognition->elsewhere);
	there = xasprintf("The same machine enrolled at site %s as device %s.", site_code, id);
	note = (struct note){
		.body = here,
		.other_id = (char *)recognition->elsewhere_id,
		.other_site = (char *)recognition->elsewhere,
		.other_body = (char *)"The same machine is a device of another site, which was "
				      "left as it is.",
	};
	r = store_note_put_of(store, id, now_ms, &note, err);
	note = (struct note){
		.body = there,
		.other_id = (char *)id,
		.other_site = (char *)site_code,
		.other_body = (char *)"The same machine enrolled at another site.",
	};
	return r < 0 ? r : store_note_put_of(store, recognition->elsewhere_id, now_ms, &note, err);
}

static int note_previous(struct store *store, const char *previous_id, const char *id,
			 int64_t now_ms, struct err *err)
{
	_cleanup_free_ char *body = xasprintf(
		"A machine that had this identity enrolled as device %s: its disk was copied, or "
		"its main board was replaced.",
		id);
	const struct note note = {
		.body = body,
		.other_id = (char *)id,
		.other_site = (char *)"",
		.other_body = (char *)"A machine that had this identity enrolled at another site: "
				      "its disk was copied, or its main board was replaced.",
	};

	return store_note_put_of(store, previous_id, now_ms, &note, err);
}

/* Keep who the machine is and, if it is a new device, which one it was. */
static int keep_identity(struct store *store, const struct enroll_request *request, const char *id,
			 bool is_taken_over, int64_t now_ms, struct err *err)
{
	_cleanup_(device_done) struct device previous = { 0 };
	struct identity identity;
	int r = store_identity_get(store, id, NULL, &identity, err);

	if (r < 0)
		return r;
	identity.fingerprint = fingerprint_merge(&identity.fingerprint, &request->fingerprint);
	if (!identity.accepts_any)
		identity.next_key_hash[0] = '\0';
	if (is_taken_over) {
		identity.is_taken_over = true;
		identity.sequence_floor = 0;
	} else if (request->previous_id) {
		r = store_device_head(store, request->previous_id, &previous, err);
		/* One that is not known here says nothing to anybody. */
		if (r >= 0) {
			snprintf(identity.previous_id, ID_SIZE, "%s", previous.id);
			r = note_previous(store, previous.id, id, now_ms, err);
		} else if (r == -ENOENT) {
			r = 0;
		}
	}
	return r < 0 ? r : store_identity_put(store, id, &identity, err);
}

static int enroll_anew(struct store *store, const struct enroll_request *request,
		       const struct site *site, int64_t now_ms, struct enroll_answer *answer,
		       struct err *err)
{
	struct recognition recognition;
	int r = store_enrollment_key_use(store, request->key_hash, err);

	if (r >= 0)
		r = choose(store, request, site, now_ms, &recognition, err);
	if (r < 0)
		return r;
	memcpy(answer->device_id, recognition.chosen_id, ID_SIZE);
	answer->is_taken_over = r > 0;
	r = keep_identity(store, request, answer->device_id, answer->is_taken_over, now_ms, err);
	if (r >= 0)
		r = note_elsewhere(store, &recognition, answer->device_id, site->code, now_ms, err);
	if (r >= 0 && request->request_id)
		r = store_enrollment_request_put(store, request->key_hash, request->request_id,
						 answer->device_id, now_ms, err);
	return r;
}

static int give_key(struct store *store, struct enroll_answer *answer, struct err *err)
{
	char key_hash[HASH_SIZE];
	struct identity identity;
	int r = store_identity_get(store, answer->device_id, NULL, &identity, err);

	if (r < 0)
		return r;
	secret_new(SECRET_DEVICE, answer->device_key);
	hash_hex(answer->device_key, strlen(answer->device_key), key_hash);
	if (!identity.accepts_any)
		return store_device_set_key(store, answer->device_id, key_hash, err);
	/* Beside the other's, or the two would take it from each other at each contact. */
	if (identity.next_key_hash[0])
		r = store_device_set_key(store, answer->device_id, identity.next_key_hash, err);
	if (r < 0)
		return r;
	memcpy(identity.next_key_hash, key_hash, HASH_SIZE);
	return store_identity_put(store, answer->device_id, &identity, err);
}

/*
 * Whether @request was answered before, and with which device: 1, or 0. A request that
 * was copied with a disk is another machine's, and one of a device that ended is over.
 */
static int find_answered(struct store *store, const struct enroll_request *request,
			 char id[static ID_SIZE], struct err *err)
{
	_cleanup_(device_done) struct device device = { 0 };
	struct identity identity;
	int r;

	if (!request->request_id)
		return 0;
	r = store_enrollment_request_get(store, request->key_hash, request->request_id, id, err);
	if (r <= 0)
		return r;
	r = store_device_head(store, id, &device, err);
	if (r >= 0)
		r = store_identity_get(store, id, NULL, &identity, err);
	if (r < 0)
		return r;
	return device.state != STATE_RETIRED &&
	       fingerprint_compare(&identity.fingerprint, &request->fingerprint) !=
		       FINGERPRINT_OTHER;
}

int act_enroll(struct store *store, const struct enroll_request *request, int64_t now_ms,
	       struct enroll_answer *ret_answer, struct err *err)
{
	_cleanup_(site_done) struct site site = { 0 };
	struct enroll_answer answer = { 0 };
	struct enrollment_key key;
	int r = find_answered(store, request, answer.device_id, err);
	bool is_again = r > 0;

	if (r >= 0)
		r = check_key(store, request->key_hash, is_again, now_ms, &key, err);
	if (r >= 0)
		r = store_site_get(store, key.site_code, &site, err);
	if (r >= 0 && !is_again)
		r = enroll_anew(store, request, &site, now_ms, &answer, err);
	if (r >= 0)
		r = give_key(store, &answer, err);
	if (r < 0)
		return r;
	answer.period_s =
		contact_next(site.has_window ? &site.window : NULL, civil_of_ms(now_ms), 0)
			.period_s;
	answer.site_code = TAKE_PTR(site.code);
	answer.site_name = TAKE_PTR(site.name);
	*ret_answer = answer;
	return 0;
}
