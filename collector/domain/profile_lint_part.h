/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Parts of profile_lint(), a file each. PURE. */

#include "collector/domain/profile_lint.h"
#include "common/model/document.h"

struct linter {
	const struct profile *profile;
	struct lint_list *list;
	/* How often a place was looked for in the text, which is what lint takes time for. */
	size_t n_places;
};

/* Find fault with what is at @node. */
void lint_say(struct linter *linter, enum lint_level level, const struct node *node,
	      const char *fmt, ...) _printf_(4, 5);

/* The checks of @requirement, which is at @node. */
void lint_requirement_checks(struct linter *linter, const struct requirement *requirement,
			     const struct node *node);

/* The tables of the profile, and who uses them. @root is the whole. */
void lint_tables(struct linter *linter, const struct node *root);
