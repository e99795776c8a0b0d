/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * See that the identity in the state folder is this machine's own, before
 * anything is stored or sent under it, and get one where there is none.
 *
 * A disk that was copied carries the identity of another machine. The copy
 * finds it out by the fingerprint that is stored with the identity, sets the
 * identity aside, and enrols as what it is, naming the device that it was
 * taken for. No report of it ever goes out under the other one's key.
 *
 * Everything is written before it is acted on, so that it can be killed at any
 * moment and called again: an enrolment whose answer was lost asks again with
 * the same request, and the collector answers with the same device.
 */

#include <stdbool.h>
#include <stdint.h>

#include "agent/attempt.h"
#include "agent/config.h"
#include "agent/enroll.h"
#include "agent/identity.h"
#include "agent/settlement.h"
#include "agent/state.h"

/* While this file is there, an image is being made, and nothing may enrol. */
#define IMAGE_MASTER "/etc/testready/image-master"

struct settling {
	const char *root;                      /* see names_read() */
	const struct config *config;           /* where to enrol, and by which key file */
	const struct fingerprint *fingerprint; /* of this machine, by machine_fingerprint() */
	struct device_names names;             /* by names_view() */
	bool is_key_refused; /* the collector just answered 401 to this identity's key */
	int64_t now_ms;
	long timeout_ms; /* of one answer */
};

enum settled {
	SETTLED_KEPT,    /* it is this machine's, as it was */
	SETTLED_RENEWED, /* it is new: what was known of the old one's reports is void */
};

/*
 * Settle it. @state must be locked. Call it once before reports are stored (at
 * the start, and again after failing, with back-off), and with
 * @settling->is_key_refused when a delivery found DELIVERY_NO_KEY.
 *
 * Returns an enum settled; then identity_done() @ret_identity. What waits in
 * the spool under an older identity is set aside by deliver(), and what came
 * of the last attempt is forgotten here.
 *
 * Else there is no identity to use, nothing may be sent, what waits stays, and
 * @err, a whole sentence, says what to do; `status` shows it too, since it is
 * kept in the state folder (settlement.h). Trying again later may help with all of them:
 * -EPERM: IMAGE_MASTER is there. -ENOKEY: no enrolment key is configured, or
 * its file is not there. -EKEYREVOKED: the collector refuses also the key that
 * it gave when the one before was refused. -EACCES: it does not want the
 * enrolment key. -EINVAL: the identity, or the file with the enrolment key, is
 * damaged. What enroll() returns where no answer came, and what writing into
 * the state folder returns: the disk is full or read-only.
 */
int identity_settle(struct state *state, const struct settling *settling,
		    struct identity *ret_identity, struct err *err) _must_check_;

/* -EPERM: IMAGE_MASTER is there, under @root. */
int identity_check_image(const char *root, struct err *err) _must_check_;

/*
 * Ask the collector for an identity and store it. What asks is kept in the state folder
 * until the answer is, so that asking again, even after a crash, makes no second
 * device. The request_id in @enrollment is filled in here. @state must be locked.
 * On success identity_done() @ret_identity. Else as identity_settle().
 */
int identity_enroll(struct state *state, const struct enrollment *enrollment,
		    const struct http_settings *settings, struct identity *ret_identity,
		    struct err *err) _must_check_;

/*
 * Whether what was under way is over: @identity is what came of it, or its key works
 * after all, since something was delivered later.
 */
bool identity_is_settled(const struct identity *identity, const struct settlement *settlement,
			 const struct attempt *attempt);

/*
 * "moved_to" in an answer: the collector names its successor. Where @signature
 * (base64url, Ed25519) is that of the key which this identity was given with,
 * the new address is stored, durably, in the identity and the state folder.
 * @state must be locked.
 *
 * Else nothing changes but that `status` says so. -ENOKEY: the identity came
 * without a key. -EBADMSG: the signature is wrong. -EINVAL: not an address.
 */
int identity_move(struct state *state, struct identity *identity, const char *url,
		  const char *signature, struct err *err) _must_check_;
