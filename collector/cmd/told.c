/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/cmd/told.h"

const char *told_text(const json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	return text ? text : "";
}

json_int_t told_number(const json_t *object, const char *name)
{
	return json_integer_value(json_object_get(object, name));
}
