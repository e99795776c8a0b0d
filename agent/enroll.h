/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Enrolment: show the collector a site's enrolment key, get an identity.
 */

#include <stdint.h>

#include "agent/http.h"
#include "agent/identity.h"

struct enrollment {
	const char *url;    /* as http_url() gave it */
	const char *key;    /* secret_is_valid(SECRET_ENROLLMENT) */
	const char *ca_pem; /* see struct identity; NULL */
	enum device_role role;
	struct device_names names;
	const struct fingerprint *fingerprint; /* of this machine */
	const char *request_id;                /* the same for every try at one enrolment */
	const char *previous;                  /* the device that it was until then; "" */
	int64_t now_ms;
};

/*
 * Ask the collector. On success identity_done() @ret_identity; it is stored
 * nowhere yet.
 *
 * -EACCES: it does not want this key. -EPROTO: what answers is no collector.
 * What http_post() returns: there was no answer. @err is a whole sentence.
 */
int enroll(struct http *http, const struct enrollment *enrollment, struct identity *ret_identity,
	   struct err *err) _must_check_;
