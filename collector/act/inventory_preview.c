/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

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

/* The digest so far and what comes after it. */
static void add(struct inventory_preview *preview, const char *text)
{
	_cleanup_free_ char *both = xasprintf("%s\n%s", preview->digest, text);

	hash_hex(both, strlen(both), preview->digest);
}

static void note(void *arg, enum import_act act, const struct device *before,
		 const struct device *after)
{
	struct inventory_preview *preview = arg;
	json_t *change = change_json(act, before, after);
	_cleanup_free_ char *text = json_dumps(change, JSON_COMPACT | JSON_SORT_KEYS);

	if (!text)
		abort();
	add(preview, text);
	if (json_array_size(preview->rows) < PREVIEW_ROWS_MAX)
		json_array_append(preview->rows, change);
	json_decref(change);
}

void inventory_preview_init(struct inventory_preview *preview, const char *text, size_t len)
{
	*preview = (struct inventory_preview){ .rows = json_array() };
	hash_hex(text, len, preview->digest);
}

struct import_watch inventory_preview_watch(struct inventory_preview *preview)
{
	return (struct import_watch){ note, preview };
}

void inventory_preview_done(struct inventory_preview *preview)
{
	json_decref(preview->rows);
	*preview = (struct inventory_preview){ 0 };
}
