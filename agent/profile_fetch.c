/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "agent/profile_fetch.h"
#include "agent/requirements.h"
#include "agent/requirements_note.h"
#include "agent/signature.h"
#include "common/base/file.h"
#include "common/base/mem.h"
#include "common/base/text.h"

#define WHY_MAX 250

static bool is_that(const struct profile *profile, const struct answer_reported *said)
{
	return profile && strcmp(profile->id, said->profile_id) == 0 &&
	       strcmp(profile->version, said->profile_version) == 0;
}

/* It quotes what came, and that may be anything. */
static int refuse(struct err *err, int r, const char *what, const struct err *why)
{
	_cleanup_free_ char *clean = text_clean(why->text, strlen(why->text), WHY_MAX);

	return err_set(err, r, "%s (%s)", what, clean);
}

/* Whether the text that came is the version that was announced, understood or not. */
static int check_version(const struct http_answer *answer, const struct answer_reported *said,
			 struct err *err)
{
	static const struct document_limits limits = { PROFILE_BYTES_MAX, PROFILE_DEPTH_MAX };
	_cleanup_free_ char *canonical = NULL;
	char version[HASH_SIZE];
	json_t *json = NULL;
	struct err why = { 0 };
	int r = document_parse(answer->body, answer->len, &limits, &json, &why);

	if (r < 0)
		return refuse(err, r, "what came is not a profile", &why);
	canonical = document_canonical(json);
	json_decref(json);
	hash_hex(canonical, strlen(canonical), version);
	if (strcmp(version, said->profile_version) != 0)
		return err_set(err, -EBADMSG,
			       "it announced version %.8s, and what came is version %.8s",
			       said->profile_version, version);
	return 0;
}

static int check_signature(const struct http_answer *answer, const struct profile_contact *contact,
			   struct err *err)
{
	const struct answer_reported *said = contact->said;
	_cleanup_free_ char *text =
		xasprintf("testready profile %s %s", said->profile_id, said->profile_version);

	if (!answer->signature[0])
		return err_set(err, -EBADMSG,
			       "they came without a signature: the collector is an older one, and "
			       "has to be updated, or something in between took it away");
	if (signature_check(contact->identity, text, answer->signature) < 0)
		return err_set(err, -EBADMSG,
			       "their signature is not that of the collector which this device "
			       "enrolled with; if the collector was set up anew, run "
			       "testready-agent enroll --again");
	return 0;
}

/* What is right so far is the collector's own word: what is not understood then is newer. */
static int check_profile(const struct http_answer *answer, const struct answer_reported *said,
			 struct profile **ret_profile, struct err *err)
{
	_cleanup_(profile_freep) struct profile *profile = NULL;
	struct err why = { 0 };
	int r = profile_parse(answer->body, answer->len, "profile", &profile, &why);

	if (r < 0)
		return refuse(err, -EPROTONOSUPPORT,
			      "this agent (" VERSION ") is too old to understand them and has to "
			      "be updated",
			      &why);
	if (!is_that(profile, said))
		return err_set(err, -EBADMSG, "what came is not the profile that it announced");
	*ret_profile = TAKE_PTR(profile);
	return 0;
}

static int check(const struct http_answer *answer, const struct profile_contact *contact,
		 struct profile **ret_profile, struct err *err)
{
	int r;

	if (answer->status == 304)
		return err_set(err, -EAGAIN,
			       "it announced others, and then said that nothing has changed");
	if (answer->status != 200)
		return err_set(err, -EPROTO, "it answered %ld", answer->status);
	r = check_version(answer, contact->said, err);
	if (r >= 0)
		r = check_signature(answer, contact, err);
	return r < 0 ? r : check_profile(answer, contact->said, ret_profile, err);
}

/* Get what was announced and put it into the place of *@kept, which may be NULL. */
static int replace(const struct profile_contact *contact, struct profile **kept, struct err *err)
{
	_cleanup_free_ char *etag = *kept ? xasprintf("\"%s\"", (*kept)->version) : NULL;
	const struct identity *identity = contact->identity;
	struct http_request request = {
		.url = identity->url,
		.path = "/v1/profile",
		.bearer = identity->device_key,
		.etag = etag,
	};
	struct http_answer answer = { 0 };
	struct profile *profile = NULL;
	int r;

	if (!identity->collector_key[0])
		return err_set(err, -ENOKEY,
			       "The collector has new requirements, and they are not taken: this "
			       "device has no key of the collector to check them with, since it "
			       "enrolled with an older one. Run testready-agent enroll --again");
	r = http_get(contact->http, &request, &answer, err);
	if (r >= 0)
		r = check(&answer, contact, &profile, err);
	if (r >= 0)
		r = file_write_at(contact->state->dir_fd, STATE_FILE_PROFILE, answer.body,
				  answer.len, 0600, err);
	http_answer_done(&answer);
	if (r < 0) {
		profile_free(profile);
		return err_prefix(err, r, "Cannot get the requirements from %s", identity->url);
	}
	profile_free(*kept);
	*kept = profile;
	return 1;
}

static void set_kept(struct requirements_note *note, const struct profile *kept, int64_t now_ms)
{
	if (strcmp(note->version, kept ? kept->version : "") == 0)
		return;
	snprintf(note->profile_id, sizeof(note->profile_id), "%s", kept ? kept->id : "");
	snprintf(note->version, sizeof(note->version), "%s", kept ? kept->version : "");
	note->since_ms = kept ? now_ms : 0;
}

static void set_trouble(struct requirements_note *note, const char *text, int64_t now_ms)
{
	_cleanup_free_ char *trouble =
		text ? text_clean(text, strlen(text), REQUIREMENTS_TROUBLE_MAX) : NULL;

	if (strcmp(note->trouble ? note->trouble : "", trouble ? trouble : "") == 0)
		return;
	free(note->trouble);
	note->trouble = TAKE_PTR(trouble);
	note->trouble_ms = note->trouble ? now_ms : 0;
}

/* Only what changed is written: devices that stand still do not wear out their disks. */
static int take_note(const struct profile_contact *contact, const struct profile *kept,
		     const char *trouble, struct err *err)
{
	const char *device_id = contact->identity->device_id;
	const struct answer_reported *said = contact->said;
	struct requirements_note before = { 0 }, note = { 0 };
	int r = requirements_note_read(contact->state, device_id, &before, NULL);
	bool is_there = r >= 0;

	note = before;
	note.trouble = before.trouble ? xstrdup(before.trouble) : NULL;
	set_kept(&note, kept, contact->now_ms);
	snprintf(note.wanted_id, sizeof(note.wanted_id), "%s", said->profile_id);
	snprintf(note.wanted_version, sizeof(note.wanted_version), "%s", said->profile_version);
	note.judged_for = said->judged_for;
	set_trouble(&note, trouble, contact->now_ms);
	r = 0;
	if (!is_there || !requirements_note_same(&before, &note))
		r = requirements_note_write(contact->state, device_id, &note, err);
	requirements_note_done(&before);
	requirements_note_done(&note);
	return r;
}

int profile_fetch(const struct profile_contact *contact, struct err *err)
{
	const struct answer_reported *said = contact->said;
	_cleanup_(profile_freep) struct profile *kept = NULL;
	const char *trouble = NULL;
	struct err why = { 0 };
	int noted, r;

	/* What cannot be read is as good as none, and is replaced. */
	if (requirements_read(NULL, contact->state->path, &kept, NULL) < 0)
		kept = NULL;
	r = said->profile_id[0] && !is_that(kept, said) ? replace(contact, &kept, &why) : 0;
	if (r < 0)
		trouble = why.text;
	else if (said->has_no_profile)
		trouble = "The collector judges this device by nothing: its site has no window, or "
			  "no requirements are published for it";
	noted = take_note(contact, kept, trouble, r < 0 ? NULL : err);
	if (r < 0)
		return err_set(err, r, "%s", why.text);
	return noted < 0 ? noted : r;
}
