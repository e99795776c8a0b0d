/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/act/site_preview.h"
#include "common/base/mem.h"

/* Texts came clean, but for those of a store of before. */
static json_t *text_json(const char *text)
{
	json_t *json = json_string(text);

	return json ? json : json_string("");
}

static json_t *site_json(const char *const *texts)
{
	json_t *json = texts ? json_object() : json_null();

	for (size_t i = 0; texts && i < SITE_TEXT_MAX_; i++) {
		if (texts[i])
			json_object_set_new(json, site_text_words[i], text_json(texts[i]));
	}
	return json;
}

static void print_texts(FILE *out, const char *const *texts)
{
	for (size_t i = 0; texts && i < SITE_TEXT_MAX_; i++) {
		if (texts[i])
			fprintf(out, "%s %zu:%s\n", site_text_words[i], strlen(texts[i]), texts[i]);
	}
}

void site_preview_note(struct preview *preview, const char *const *before, const char *const *after)
{
	enum import_act act = before ? IMPORT_CHANGED : IMPORT_NEW;
	_cleanup_free_ char *said = NULL;
	size_t size;
	FILE *out = open_memstream(&said, &size);

	if (!out)
		abort();
	print_texts(out, before);
	fputs("->\n", out);
	print_texts(out, after);
	fclose(out);
	if (preview_note(preview, act, after[SITE_CODE], said))
		preview_show(preview, act, after[SITE_CODE],
			     json_pack("{s:o, s:o}", "before", site_json(before), "after",
				       site_json(after)));
}

void room_preview_note(struct preview *preview, enum import_act act, const char *site_code,
		       const struct site_room *before, const struct site_room *after)
{
	json_t *row = json_pack("{s:o, s:o}", "before", site_room_json(before), "after",
				site_room_json(after));
	_cleanup_free_ char *text = json_dumps(row, JSON_COMPACT | JSON_SORT_KEYS);
	_cleanup_free_ char *said = NULL;

	if (!text)
		abort();
	said = xasprintf("%s %s %s", import_act_words[act], site_code, text);
	if (preview_note(preview, act, site_code, said))
		preview_show(preview, act, site_code, json_incref(row));
	json_decref(row);
}
