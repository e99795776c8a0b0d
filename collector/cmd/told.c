/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "collector/cmd/told.h"
#include "common/base/base.h"

const char *told_text(const json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	return text ? text : "";
}

json_int_t told_number(const json_t *object, const char *name)
{
	return json_integer_value(json_object_get(object, name));
}

void told_contact(const char *what, const json_t *contact)
{
	static const char *const names[] = { "name", "email", "phone" };
	const char *between = "";

	printf("%s: ", what);
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		const char *text = told_text(contact, names[i]);

		if (text[0]) {
			printf("%s%s", between, text);
			between = ", ";
		}
	}
	printf("%s\n", between[0] ? "" : "nobody is named");
}
