/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What is in the answer of a view, for lines that people read. */

#include <jansson.h>

/* A text; "": null, or not there. Valid as long as @object. */
const char *told_text(const json_t *object, const char *name);
/* A whole number; 0: null, or not there. */
json_int_t told_number(const json_t *object, const char *name);
/* Print a contact, an object or null, as "WHAT: NAME, E-MAIL, TELEPHONE": what there is of it. */
void told_contact(const char *what, const json_t *contact);
