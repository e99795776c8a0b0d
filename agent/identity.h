/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Who this device is to its collector. One file, written at once, so that a
 * crash leaves the old identity or the new one and never half of each.
 */

#include <stdbool.h>
#include <stdint.h>

#include "agent/state.h"
#include "common/base/id.h"
#include "common/model/fingerprint.h"
#include "common/model/report.h"

#define IDENTITY_CA_MAX ((size_t)256 * 1024)
#define COLLECTOR_KEY_SIZE 44 /* 32 bytes in base64url and NUL */

struct identity {
	char device_id[ID_SIZE];
	char device_key[SECRET_SIZE]; /* never printed */
	char *url;                    /* of the collector, checked by http_url() */
	char *moved_from;             /* where it was until a collector named its successor; NULL */
	char *site_code;
	char *site_name;
	char *ca_pem; /* the only authorities to trust; NULL: those of the system */
	enum device_role role;
	int64_t enrolled_ms;
	int64_t key_ms;                         /* when ->device_key was given */
	bool has_fingerprint;                   /* an older agent stored none */
	struct fingerprint fingerprint;         /* of the machine that it was given to */
	char collector_key[COLLECTOR_KEY_SIZE]; /* Ed25519, signs moved_to; "": none came */
	char request_id[ID_SIZE]; /* of the enrolment it came from; "": an older agent's */
	bool is_renewed; /* given after the key before it was refused; is that refused too, stop */
};

/*
 * The members "device_id" and "device_key" of @root, in the file and in the answer
 * to an enrolment alike. No error quotes a key, not even a damaged one: it may be
 * a whole one with a typing error.
 */
int identity_read_secrets(const struct node *root, char ret_id[static ID_SIZE],
			  char ret_key[static SECRET_SIZE], struct err *err) _must_check_;

/*
 * On success identity_done() @ret_identity.
 * -ENOENT: not enrolled. -EINVAL: damaged; @err says what to do.
 */
int identity_read(const struct state *state, struct identity *ret_identity,
		  struct err *err) _must_check_;
int identity_write(struct state *state, const struct identity *identity,
		   struct err *err) _must_check_;
/* Remove it durably. 1: it is gone; 0: there was none. */
int identity_erase(struct state *state, struct err *err) _must_check_;
/* Frees what @identity owns; it may be all zero. */
void identity_done(struct identity *identity);
