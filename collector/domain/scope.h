/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Whom something is for. The words are the store's and the API's: never change one. PURE. */

enum scope {
	SCOPE_STATE,
	SCOPE_LEA,
	SCOPE_SITE,
	SCOPE_MAX_,
};
extern const char *const scope_words[]; /* state, lea, site; ended by NULL */
