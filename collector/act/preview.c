/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "collector/act/preview.h"
#include "common/base/mem.h"

void preview_init(struct preview *preview, const char *const *words, const char *text, size_t len)
{
	*preview = (struct preview){ .words = words, .rows = json_array(), .sites = json_object() };
	hash_hex(text, len, preview->digest);
}

/* One more of the site's; at most as many sites as the file has rows, and what they take away. */
static void count(struct preview *preview, unsigned change, const char *site_code)
{
	json_t *site = json_object_get(preview->sites, site_code), *n;

	if (!site) {
		site = json_object();
		for (unsigned i = 0; preview->words[i]; i++)
			json_object_set_new(site, preview->words[i], json_integer(0));
		json_object_set_new(preview->sites, site_code, site);
	}
	n = json_object_get(site, preview->words[change]);
	json_integer_set(n, json_integer_value(n) + 1);
}

bool preview_note(struct preview *preview, unsigned change, const char *site_code, const char *said)
{
	_cleanup_free_ char *both = xasprintf("%s\n%s", preview->digest, said);

	hash_hex(both, strlen(both), preview->digest);
	count(preview, change, site_code);
	return json_array_size(preview->rows) < PREVIEW_ROWS_MAX;
}

void preview_show(struct preview *preview, unsigned change, const char *site_code, json_t *row)
{
	json_object_set_new(row, "change", json_string(preview->words[change]));
	json_object_set_new(row, "site", json_string(site_code));
	json_array_append_new(preview->rows, row);
}

json_t *preview_sites(const struct preview *preview)
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

void preview_done(struct preview *preview)
{
	json_decref(preview->rows);
	json_decref(preview->sites);
	*preview = (struct preview){ 0 };
}
