/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Who a device is: its fingerprint, the keys that it is about to change to, the
 * machines that it might be taken for. Read with every report, seldom written.
 */

#include <stdbool.h>
#include <stdint.h>

#include "collector/store/store.h"
#include "common/base/id.h"
#include "common/model/fingerprint.h"

struct identity {
	struct fingerprint fingerprint; /* empty: the agent told none */
	char previous_id[ID_SIZE];      /* the device that it says it was; "": none */
	char next_key_hash[HASH_SIZE];  /* a key that was given and not used yet; "": none */
	char sent_hash[HASH_SIZE]; /* of the facts as sent; "": it is the device's facts_hash */
	int64_t sequence_floor;    /* numbers up to it are not asked which boot they are of */
	bool is_taken_over;        /* its key was given to a machine that enrolled again */
	bool is_shared;            /* several machines have this fingerprint */
	bool accepts_any;          /* a person said that both are to be accepted */
};

/*
 * All zero where nothing is known of @device_id. @likely, or NULL, is what its
 * fingerprint probably is: then it is compared, and not parsed for every report.
 */
int store_identity_get(struct store *store, const char *device_id, const struct fingerprint *likely,
		       struct identity *ret_identity, struct err *err) _must_check_;
/* Insert or replace, with the marks of the fingerprint. -EEXIST: another has that next key. */
int store_identity_put(struct store *store, const char *device_id, const struct identity *identity,
		       struct err *err) _must_check_;

/*
 * JSON as fingerprint_read() takes it; equal fingerprints give equal texts. A
 * fingerprint of the agent and one from the store can be compared without parsing.
 */
#define IDENTITY_FINGERPRINT_SIZE 2048
void identity_fingerprint_text(const struct fingerprint *fingerprint,
			       char text[static IDENTITY_FINGERPRINT_SIZE]);
/* -EUCLEAN: it is not what the function above wrote. */
int identity_fingerprint_parse(const char *text, struct fingerprint *ret_fingerprint,
			       struct err *err) _must_check_;

/* A device that has a strong value in common with a fingerprint. */
struct identity_match {
	char device_id[ID_SIZE];
	char site_code[33];
	bool is_retired;
};
enum { IDENTITY_MATCHES_MAX = 64 };
struct identity_match_list {
	struct identity_match matches[IDENTITY_MATCHES_MAX];
	size_t n;
};
/*
 * Each once; of those that have the same value only some, those of @site_code and
 * who is not retired first.
 */
int store_identity_matches(struct store *store, const struct fingerprint *fingerprint,
			   const char *site_code, struct identity_match_list *ret_list,
			   struct err *err) _must_check_;

/* The device that @request_id of an enrolment key was answered with: 1, or 0. */
int store_enrollment_request_get(struct store *store, const char *key_hash, const char *request_id,
				 char ret_id[static ID_SIZE], struct err *err) _must_check_;
/* One that is there stays. */
int store_enrollment_request_put(struct store *store, const char *key_hash, const char *request_id,
				 const char *device_id, int64_t now_ms,
				 struct err *err) _must_check_;

/* What happened to an identity, a sentence for people; the newest first. */
struct note {
	int64_t at_ms;
	char *body;
	/* Of one that names another device, which not everybody may know of; else "". */
	char *other_id, *other_site; /* the device, and the site that is named with it */
	char *other_body;            /* what everybody else is told */
	int64_t left_out; /* like it, before it on its day, that are not there any more */
};
struct note_list {
	struct note *notes;
	size_t n_notes;
};
int store_note_put(struct store *store, const char *device_id, int64_t now_ms, const char *body,
		   struct err *err) _must_check_;
/* The same of one that names another device: all of @note but its time; texts are borrowed. */
int store_note_put_of(struct store *store, const char *device_id, int64_t now_ms,
		      const struct note *note, struct err *err) _must_check_;
/*
 * The same of what a device can have happen as often as it likes, which begins with @kind: of these
 * NOTES_A_DAY have a row on a day (UTC), and of those that come after them only the newest.
 */
#define NOTES_A_DAY 8
int store_note_put_often(struct store *store, const char *device_id, int64_t now_ms,
			 const char *kind, const char *body, struct err *err) _must_check_;
int store_note_list(struct store *store, const char *device_id, size_t limit,
		    struct note_list *ret_list, struct err *err) _must_check_;
void note_list_done(struct note_list *list);
