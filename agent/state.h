/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * The state folder: who this device is, what it still has to deliver, and what
 * came of the last attempt.
 *
 *   lock           held while reports are numbered, stored and delivered
 *   service.lock   held by `run` as long as it lives
 *   identity.json  who this device is, see agent/identity.h
 *   sequence       the number of the newest report
 *   attempt.json   the last attempt to deliver, see agent/attempt.h
 *   sent.json      the facts that were delivered last, see agent/sent.h
 *   profile.json   requirements, from the collector or put there by a person
 *   requirements.json  what the collector said about them, see agent/requirements_note.h
 *   spool/         reports to deliver, see agent/spool.h
 *   refused/       reports that the collector does not want, the same way
 */

#include <stdbool.h>
#include <stdint.h>

#include "common/base/base.h"
#include "common/base/err.h"

#define STATE_DIR_DEFAULT "/var/lib/testready-agent"
#define STATE_DIR_SPOOL "spool"
#define STATE_DIR_REFUSED "refused"
#define STATE_FILE_PROFILE "profile.json"
#define STATE_FILE_REQUIREMENTS "requirements.json"

struct state {
	char *path;
	int dir_fd;
	int lock_fd; /* -1: not locked */
};

/* @option if it is not NULL, else $TESTREADY_STATE, else the default. Borrowed. */
const char *state_path(const char *option);

/*
 * Open the state folder @path. It must belong to us and be closed to others
 * (mode 0700), since it holds the device's key. With @make it is made, durably,
 * if it is not there; the folder it is in must exist.
 *
 * Root becomes the owner of the folder, for the rest of the process, so that
 * nothing in it is ever root's and unreadable to the service.
 *
 * On success *@ret_state is owned by the caller: state_close() it.
 * -ENOENT: there is none. -EPERM: not ours. -EACCES: others can look into it.
 */
int state_open(const char *path, bool make, struct state **ret_state, struct err *err) _must_check_;
/*
 * The same of a folder that is there, for who also works where only root may: root can be
 * root again, by state_leave().
 */
int state_open_for_now(const char *path, struct state **ret_state, struct err *err) _must_check_;
int state_leave(struct err *err) _must_check_;
void state_close(struct state *state);
DEFINE_CLEANUP(struct state *, state_close);

/*
 * Wait until no other agent works on @state, and keep others out until
 * state_close(). The folders of reports are made here if they are missing.
 */
int state_lock(struct state *state, struct err *err) _must_check_;

/*
 * Take the next number for a report: greater than any before, than @at_least,
 * and durable before this returns, so that no crash can give it out twice.
 * @state must be locked.
 *
 * A file that is damaged counts as 0; so @at_least has to be the largest number
 * that is known from elsewhere.
 */
int state_next_sequence(struct state *state, int64_t at_least, int64_t *ret_sequence,
			struct err *err) _must_check_;

/*
 * Take @n numbers at once, *@ret_first and those after it, as
 * state_next_sequence() does one.
 */
int state_next_sequences(struct state *state, int64_t at_least, int64_t n, int64_t *ret_first,
			 struct err *err) _must_check_;
/* The last number that was given out; 0: none, or the file is damaged. */
int64_t state_last_sequence(const struct state *state);

/*
 * Be the one service of this state folder, until *@ret_fd, which is the
 * caller's, is closed. -EBUSY: another one is; @err says which process.
 */
int state_lock_service(const struct state *state, int *ret_fd, struct err *err) _must_check_;

/* Whether somebody is the service of it now. */
bool state_has_service(const struct state *state);

/* See that @state can be written, by writing into it. @state must be locked. */
int state_try_write(struct state *state, struct err *err) _must_check_;
