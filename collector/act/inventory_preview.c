/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "collector/act/inventory_preview.h"
#include "common/base/mem.h"

/* Names were cleaned when they came, but for those of a store of before. */
static json_t *text_json(const char *text)
{
	json_t *json = json_string(text);

	return json ? json : json_string("");
}

static json_t *device_json(const struct device *device)
{
	if (!device)
		return json_null();
	return json_pack("{s:o, s:o, s:o, s:o, s:s, s:b}", "asset_tag",
			 text_json(device->asset_tag), "serial", text_json(device->serial),
			 "host_name", text_json(device->host_name), "room", text_json(device->room),
			 "role", device_role_words[device->role], "expected", device->is_expected);
}

/* A line that is new has another id each time. */
static json_t *change_json(enum import_act act, const struct device *before,
			   const struct device *after)
{
	return json_pack("{s:s, s:s, s:o, s:o, s:o}", "change", import_act_words[act], "site",
			 before ? before->site_code : after->site_code, "device",
			 before ? json_string(before->id) : json_null(), "before",
			 device_json(before), "after", device_json(after));
}

static void note(void *arg, enum import_act act, const struct device *before,
		 const struct device *after)
{
	const char *site_code = before ? before->site_code : after->site_code;
	json_t *change = change_json(act, before, after);
	_cleanup_free_ char *text = json_dumps(change, JSON_COMPACT | JSON_SORT_KEYS);

	if (!text)
		abort();
	if (preview_note(arg, act, site_code, text))
		preview_show(arg, act, site_code, json_incref(change));
	json_decref(change);
}

struct import_watch inventory_preview_watch(struct preview *preview)
{
	return (struct import_watch){ note, preview };
}
