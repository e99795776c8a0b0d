/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Members of a profile's objects: what the files that read one share. Every refusal
 * has its place and says what would be right.
 */

#include <stdint.h>

#include "common/model/document.h"

struct member_rule {
	const char *key;
	size_t max;       /* bytes */
	const char *hint; /* what belongs there; NULL: it may be left out, and is "" then */
};

/*
 * The text of the member @rule->key of the object @node, borrowed from the document. One
 * that must be there has more than blanks in it. None has control characters but tab
 * and line feed, since it is shown on terminals as it is.
 */
int member_text(const struct node *node, const struct member_rule *rule, const char **ret_text,
		struct err *err) _must_check_;

/*
 * Ids are used in URLs, CSV and file names: "os.supported". -EINVAL unless @id is one of at
 * most PROFILE_NAME_MAX bytes; @node is where it stands.
 */
int id_check(const struct node *node, const char *id, struct err *err) _must_check_;
int member_id(const struct node *node, const struct member_rule *rule, const char **ret_id,
	      struct err *err) _must_check_;

struct number_rule {
	const char *key;
	int64_t min, max;
};

/* A whole number; @fallback where it is left out. */
int member_int(const struct node *node, const struct number_rule *rule, int64_t fallback,
	       int64_t *ret_value, struct err *err) _must_check_;

/* A day, "2027-05-31"; @fallback where it is left out. */
int member_day(const struct node *node, const char *key, int32_t fallback, int32_t *ret_day,
	       struct err *err) _must_check_;
