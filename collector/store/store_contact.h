/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Whom to call about LEAs and sites. */

#include "collector/domain/contact_person.h"
#include "collector/domain/scope.h"
#include "collector/store/store.h"

/* All contacts of a place; texts are owned, "" where nobody is named. */
struct contact_list {
	struct contact_person by[CONTACT_ROLE_MAX_];
};
void contact_list_done(struct contact_list *list);

/* Those of SCOPE_LEA or SCOPE_SITE @code; of a place that is not there none. contact_list_done()
 * it. */
int store_contact_list(struct store *store, enum scope scope, const char *code,
		       struct contact_list *ret_list, struct err *err) _must_check_;
/* The one of the LEA or site @code. All three texts ""; there is none from now on. */
int store_contact_put(struct store *store, enum contact_role role, const char *code,
		      const struct contact_person *person, struct err *err) _must_check_;
