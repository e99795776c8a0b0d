/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Whom to call about an LEA or a site. No account: it lets nobody in. PURE.
 */

#include "common/base/base.h"
#include "common/base/err.h"

enum contact_role {
	CONTACT_OF_LEA,      /* its coordinator */
	CONTACT_COORDINATOR, /* of a site */
	CONTACT_TECHNOLOGY,
	CONTACT_ROLE_MAX_,
};

enum contact_text {
	CONTACT_NAME,
	CONTACT_EMAIL,
	CONTACT_PHONE,
	CONTACT_TEXT_MAX_,
};
/* name, email, phone: of the API and of columns; ended by NULL */
extern const char *const contact_text_words[];

/* Each text may be "": not known. NULL, where that is allowed: not said. Who owns them is said
 * there. */
struct contact_person {
	const char *texts[CONTACT_TEXT_MAX_];
};

#define CONTACT_BYTES_MAX 254 /* of the longest of them, an address */

/* -EINVAL: @text, clean UTF-8 and not "", is no such thing or too long; @err says why. */
int contact_text_check(enum contact_text kind, const char *text, struct err *err) _must_check_;
