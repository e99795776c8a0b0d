/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What the commands about people have in common. */

#include "collector/act/act_account.h"
#include "collector/cmd/admin.h"

/* A role somewhere, as options say it. */
struct person_role_options {
	const char *role, *lea, *site;
	bool is_state;
};
#define PERSON_ROLE_OPTIONS(options)                                                              \
	{ "role", "ROLE", "admin, lea_coordinator, tech_coordinator, site_coordinator or viewer", \
	  &(options)->role, NULL },                                                               \
		{ "state", NULL, "the role is for everything", NULL, &(options)->is_state },      \
		{ "lea", "CODE", "the role is for this LEA", &(options)->lea, NULL },             \
	{                                                                                         \
		"site", "CODE", "the role is for this site", &(options)->site, NULL               \
	}
/* Add it to @grants. -EINVAL: not one role for one place. */
int person_grant(const struct person_role_options *options, struct grants *grants,
		 struct err *err) _must_check_;

/* Tell how somebody gets in with the secret of an invitation. */
void person_print_invitation(const char *login, const char *secret);
