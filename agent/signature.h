/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * What the collector signs, checked by the key that this device learned when it
 * enrolled. Whoever stands in the collector's place has its certificate at best.
 */

#include "agent/identity.h"

/*
 * Whether @signature (base64url, Ed25519) is the collector's, under exactly @text.
 *
 * -ENOKEY: the identity came without a key. -EBADMSG: it is not.
 */
int signature_check(const struct identity *identity, const char *text,
		    const char *signature) _must_check_;
