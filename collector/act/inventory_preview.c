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

/* One more of the site's; at most as many sites as the file has rows, and what they take away. */
static void count(struct inventory_preview *preview, enum import_act act, const char *site_code)
{
	json_t *site = json_object_get(preview->sites, site_code), *n;

	if (!site) {
		site = json_object();
		for (unsigned i = 0; i < IMPORT_MAX_; i++)
			json_object_set_new(site, import_act_words[i], json_integer(0));
		json_object_set_new(preview->sites, site_code, site);
	}
	n = json_object_get(site, import_act_words[act]);
	json_integer_set(n, json_integer_value(n) + 1);
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
	count(preview, act, before ? before->site_code : after->site_code);
	if (json_array_size(preview->rows) < PREVIEW_ROWS_MAX)
		json_array_append(preview->rows, change);
	json_decref(change);
}

void inventory_preview_init(struct inventory_preview *preview, const char *text, size_t len)
{
	*preview = (struct inventory_preview){ .rows = json_array(), .sites = json_object() };
	hash_hex(text, len, preview->digest);
}

json_t *inventory_preview_sites(const struct inventory_preview *preview)
{
	json_t *sites = json_array(), *counts;
	const char *code;

	json_object_foreach (preview->sites, code, counts) {
		json_t *site = json_pack("{s:s}", "site", code);

		json_object_update(site, counts);
		json_array_append_new(sites, site);
		if (json_array_size(sites) == PREVIEW_SITES_MAX)
			break;
	}
	return sites;
}

struct import_watch inventory_preview_watch(struct inventory_preview *preview)
{
	return (struct import_watch){ note, preview };
}

void inventory_preview_done(struct inventory_preview *preview)
{
	json_decref(preview->rows);
	json_decref(preview->sites);
	*preview = (struct inventory_preview){ 0 };
}
