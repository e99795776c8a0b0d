/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/view/profile_words.h"
#include "collector/view/view.h"
#include "common/base/mem.h"
#include "common/eval/show.h"
#include "common/model/profile_check.h"

static json_t *roles(unsigned bits)
{
	json_t *json = json_array();

	for (unsigned i = 0; device_role_words[i]; i++) {
		if (bits >> i & 1)
			json_array_append_new(json, json_string(device_role_words[i]));
	}
	return json;
}

static json_t *needed(const struct check *check)
{
	_cleanup_free_ char *text = NULL;
	size_t size;
	FILE *out;

	if (!check)
		return json_null();
	out = open_memstream(&text, &size);
	if (!out)
		abort();
	show_expected(out, check);
	fclose(out);
	return view_text(text);
}

/* "lea LUSD" as its two parts; null for the programme. */
static json_t *origin(const char *text)
{
	const char *code = strchr(text, ' ');
	_cleanup_free_ char *scope = NULL;

	if (!code)
		return json_null();
	scope = xasprintf("%.*s", (int)(code - text), text);
	return json_pack("{s:o, s:o}", "scope", view_text(scope), "code", view_text(code + 1));
}

json_t *requirement_words(const struct requirement *requirement)
{
	const struct fix *fix = &requirement->fix;

	return json_pack("{s:o, s:o, s:s, s:o, s:o, s:o, s:{s:o, s:o, s:I}, s:o, s:o}", "id",
			 view_text(requirement->id), "title", view_text(requirement->title),
			 "severity", severity_words[requirement->severity], "roles",
			 roles(requirement->roles), "needed", needed(&requirement->check),
			 "applies_when", needed(requirement->when), "fix", "id", view_text(fix->id),
			 "text", view_text(fix->text), "minutes", (json_int_t)fix->minutes,
			 "source", view_text(requirement->source), "origin",
			 origin(requirement->origin));
}

/* A value of a row as people write it. */
static json_t *plain(const json_t *value)
{
	_cleanup_free_ char *text = NULL;

	if (json_is_string(value))
		return view_text(json_string_value(value));
	text = json_dumps(value, JSON_ENCODE_ANY);
	return view_text(text ? text : "");
}

static json_t *row_words(const struct profile_row *row)
{
	const json_t *except = json_object_get(row->keys, "except");
	json_t *match = json_object(), *versions = json_array();
	const char *key;
	json_t *value;
	size_t i;

	json_object_foreach ((json_t *)row->keys, key, value) {
		if (!profile_row_key_is_reserved(key))
			json_object_set_new(match, key, plain(value));
	}
	json_array_foreach (except, i, value)
		json_array_append_new(versions, plain(value));
	return json_pack("{s:o, s:o, s:s, s:o, s:o, s:o}", "match", match, "except", versions,
			 "tier", table_tier_words[row->tier], "from", view_day(row->from), "until",
			 view_day(row->until), "note", view_text(row->note));
}

json_t *tables_words(const struct profile *profile)
{
	json_t *json = json_array();

	for (size_t i = 0; i < profile->n_tables; i++) {
		const struct profile_table *table = &profile->tables[i];
		json_t *rows = json_array();

		for (size_t k = 0; k < table->n_rows; k++)
			json_array_append_new(rows, row_words(&table->rows[k]));
		json_array_append_new(json, json_pack("{s:o, s:o}", "name", view_text(table->name),
						      "rows", rows));
	}
	return json;
}

json_t *certification_words(const struct certification_rules *rules)
{
	return json_pack("{s:I, s:I, s:I, s:o, s:I}", "coverage_percent",
			 (json_int_t)rules->coverage_percent, "devices_percent",
			 (json_int_t)rules->devices_percent, "browser_percent",
			 (json_int_t)rules->browser_percent, "latest_last_day",
			 view_day(rules->latest_last_day), "minimum_weekdays",
			 (json_int_t)rules->minimum_weekdays);
}

json_t *freshness_words(const struct freshness *freshness)
{
	return json_pack("{s:I, s:I, s:I}", "default", (json_int_t)freshness->default_hours,
			 "last_week", (json_int_t)freshness->last_week_hours, "last_day",
			 (json_int_t)freshness->last_day_hours);
}

json_t *endpoints_words(const struct profile *profile)
{
	json_t *json = json_array();

	for (size_t i = 0; profile->endpoints[i]; i++)
		json_array_append_new(json, view_text(profile->endpoints[i]));
	return json;
}

json_t *supplements_words(const struct profile *profile)
{
	json_t *json = json_array();

	for (size_t i = 0; i < profile->n_supplements; i++) {
		const struct profile_supplement *supplement = &profile->supplements[i];

		json_array_append_new(json,
				      json_pack("{s:s, s:o, s:o, s:s}", "scope", supplement->scope,
						"code", view_text(supplement->code), "title",
						view_text(supplement->title), "version",
						supplement->version));
	}
	return json;
}
