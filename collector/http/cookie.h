/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * The cookie of a session (RFC 6265). PURE.
 *
 * Its name begins with __Host-: a browser takes it only with Secure, for this host alone and its
 * whole path, so that no other host of the domain can plant one. Browsers treat http to
 * their own machine as secure; from anywhere else the pages need https.
 */

#include <stdbool.h>

#include "common/base/id.h"

#define COOKIE_NAME "__Host-testready"
/* What sets it, with %s for the secret, and what takes it away. Without a time: the browser
 * forgets it when it is closed. */
#define COOKIE_SET COOKIE_NAME "=%s; Path=/; Secure; HttpOnly; SameSite=Strict"
#define COOKIE_END COOKIE_NAME "=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0"

/*
 * The same for somebody who is at an identity provider meanwhile and comes back from there: a
 * browser sends no Strict cookie with what another site asked for.
 */
#define COOKIE_SIGN_ON_NAME "__Host-testready-sign-on"
#define COOKIE_SIGN_ON_SET \
	COOKIE_SIGN_ON_NAME "=%s; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=600"
#define COOKIE_SIGN_ON_END \
	COOKIE_SIGN_ON_NAME "=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0"

/*
 * The secret of the session in the Cookie field @field (may be NULL). False: there is none, or
 * there are two, of which one was planted.
 */
bool cookie_session(const char *field, char ret_secret[static SECRET_SIZE]);
/* The same of a sign-in that was begun. */
bool cookie_sign_on(const char *field, char ret_secret[static SECRET_SIZE]);
