/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Single sign-on by an identity provider: asks it who it is and which keys it has, remembers
 * that, and makes of what browsers bring back the person whom it vouches for. May be used from any
 * thread that may be kept for as long as a provider takes, and never from one that serves HTTP.
 */

#include <stdbool.h>
#include <stdint.h>

#include "collector/domain/oidc.h"
#include "common/base/base.h"
#include "common/base/err.h"
#include "common/base/id.h"

struct sign_on_settings {
	const char *issuer;      /* NULL: none */
	const char *client_id;   /* that the provider knows this collector by */
	const char *secret_file; /* in whose first line its secret is */
	const char *ca_file;     /* the only authorities to trust; NULL: those of the system */
	const char *public_url;  /* of this collector, as browsers know it */
	const char *factor;      /* oidc_factor_parse(); NULL: "amr" */
};

struct sign_on;

/*
 * Check the settings and read the secret; the provider is not asked yet, so that it may be
 * down. On success *@ret_sign_on is owned by the caller: sign_on_free() it.
 * -EINVAL: names what is missing or wrong. -EACCES: others can read the secret.
 */
int sign_on_new(const struct sign_on_settings *settings, struct sign_on **ret_sign_on,
		struct err *err) _must_check_;
/* Whoever waits for the provider gives up. */
void sign_on_stop(struct sign_on *sign_on);
void sign_on_free(struct sign_on *sign_on);
DEFINE_CLEANUP(struct sign_on *, sign_on_free);

const char *sign_on_issuer(const struct sign_on *sign_on);

/*
 * Where the browser that keeps the secret @cookie goes to sign in; owned by the caller. @next:
 * where it goes on afterwards, oidc_next_is_ours(). -EIO: the provider cannot be asked, or is not
 * what was configured: @err, for the log, says why.
 */
int sign_on_begin(struct sign_on *sign_on, const char *cookie, const char *next, int64_t now_ms,
		  char **ret_url, struct err *err) _must_check_;

/* What a browser came back with; NULL: it has none. */
struct sign_on_return {
	const char *cookie;
	const char *state;
	const char *code;
	const char *issuer;
	const char *error; /* why there is no code, as the provider says */
};
/*
 * Whom the provider vouches for and where to go on; oidc_person_done() and free() them.
 * -ESTALE: it was not begun in that browser, or too long ago: begin again. -EACCES: the provider
 * let nobody in. -EIO: as above. -EKEYREJECTED: what it answered cannot be trusted.
 * @err, for the log, has no secret in it.
 */
int sign_on_end(struct sign_on *sign_on, const struct sign_on_return *back, int64_t now_ms,
		struct oidc_person *ret_person, char **ret_next, struct err *err) _must_check_;
