/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/act/audit_diff.h"

json_t *audit_contact(const struct contact_person *person)
{
	json_t *json = json_object();

	for (size_t i = 0; i < CONTACT_TEXT_MAX_; i++)
		json_object_set_new(json, contact_text_words[i], json_string(person->texts[i]));
	return json;
}

void audit_drop_same(json_t *before, json_t *after)
{
	const char *key;
	json_t *value;
	void *next;

	json_object_foreach_safe(before, next, key, value)
	{
		if (!json_equal(value, json_object_get(after, key)))
			continue;
		json_object_del(after, key);
		json_object_del(before, key);
	}
}
