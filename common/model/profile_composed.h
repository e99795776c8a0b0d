/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * What a collector writes into the document that a site is judged by: the supplements
 * that it was made from, whose a requirement is, and the waivers; see
 * docs/decisions/0017-what-a-site-is-judged-by.md. A published profile has none of it.
 */

#include "common/model/document.h"
#include "common/model/profile.h"

/* Read the member `supplements` of the document @root. */
int profile_supplements_read(const struct node *root, struct profile *profile,
			     struct err *err) _must_check_;

/* Read the member `origin` of the requirement @node: one of the supplements, read before. */
int profile_origin_read(const struct node *node, const struct profile *profile,
			const char **ret_origin, struct err *err) _must_check_;

/* Read the member `waivers`, and give each requirement, read before, the one that counts. */
int profile_waivers_read(const struct node *root, struct profile *profile,
			 struct err *err) _must_check_;
