/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What an entry of the audit log says of a place before and after a change of it. */

#include <jansson.h>

#include "collector/domain/contact_person.h"

/* Owned by the caller, as all JSON that is returned. */
json_t *audit_contact(const struct contact_person *person);
/* Take what is the same out of both objects. */
void audit_drop_same(json_t *before, json_t *after);
