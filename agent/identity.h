/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Who this device is to its collector. One file, written at once, so that a
 * crash leaves the old identity or the new one and never half of each.
 */

#include <stdint.h>

#include "agent/state.h"
#include "common/base/id.h"
#include "common/model/report.h"

#define IDENTITY_CA_MAX ((size_t)256 * 1024)

struct identity {
	char device_id[ID_SIZE];
	char device_key[SECRET_SIZE]; /* never printed */
	char *url;                    /* of the collector, checked by http_url() */
	char *site_code;
	char *site_name;
	char *ca_pem; /* the only authorities to trust; NULL: those of the system */
	enum device_role role;
	int64_t enrolled_ms;
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
/* Frees what @identity owns; it may be all zero. */
void identity_done(struct identity *identity);
