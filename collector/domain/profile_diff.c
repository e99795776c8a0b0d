/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Differences of the profile as a whole, its tables and its waivers. Its requirements are in
 * profile_diff_requirement.c.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/domain/profile_diff_part.h"
#include "collector/domain/row_words.h"
#include "common/base/civil.h"
#include "common/base/mem.h"
#include "common/model/facts.h"

const char *const diff_direction_words[] = {
	[DIFF_TIGHTER] = "tighter", [DIFF_LOOSER] = "looser",     [DIFF_EITHER] = "either",
	[DIFF_WORDING] = "wording", [DIFF_DIRECTION_MAX_] = NULL,
};

void diff_say(struct diff_list *list, enum diff_direction direction, const char *place,
	      const char *fmt, ...)
{
	struct diff_entry *entry;
	va_list ap;

	list->entries = xreallocarray(list->entries, list->n_entries + 1, sizeof(*list->entries));
	entry = &list->entries[list->n_entries++];
	entry->place = xstrdup(place);
	entry->direction = direction;
	va_start(ap, fmt);
	if (vasprintf(&entry->text, fmt, ap) < 0)
		abort();
	va_end(ap);
}

void diff_list_done(struct diff_list *list)
{
	for (size_t i = 0; i < list->n_entries; i++) {
		free(list->entries[i].place);
		free(list->entries[i].text);
	}
	free(list->entries);
	*list = (struct diff_list){ 0 };
}

/* --- numbers and texts ---------------------------------------------------------------- */

/* A number of the profile; more of it is tighter, or less. */
struct number {
	const char *place, *name, *unit;
	int64_t was, is;
	enum diff_direction more;
};

static void diff_numbers(const struct profile *old, const struct profile *new,
			 struct diff_list *list)
{
	const struct freshness *fresh = &old->freshness, *fresh_now = &new->freshness;
	const struct certification_rules *rules = &old->rules, *rules_now = &new->rules;
	/* clang-format off */
	const struct number numbers[] = {
		{ "freshness", "default", " hours", fresh->default_hours, fresh_now->default_hours, DIFF_LOOSER },
		{ "freshness", "in the last week", " hours", fresh->last_week_hours, fresh_now->last_week_hours, DIFF_LOOSER },
		{ "freshness", "on the last day", " hours", fresh->last_day_hours, fresh_now->last_day_hours, DIFF_LOOSER },
		{ "certification", "coverage", " %", rules->coverage_percent, rules_now->coverage_percent, DIFF_TIGHTER },
		{ "certification", "ready devices", " %", rules->devices_percent, rules_now->devices_percent, DIFF_TIGHTER },
		{ "certification", "devices with the secure browser", " %", rules->browser_percent, rules_now->browser_percent, DIFF_TIGHTER },
		{ "certification", "days of a window, Mondays to Fridays", "", rules->minimum_weekdays, rules_now->minimum_weekdays, DIFF_TIGHTER },
	};
	/* clang-format on */

	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++) {
		const struct number *n = &numbers[i];
		bool is_more = n->is > n->was;

		if (n->was != n->is)
			diff_say(list,
				 is_more == (n->more == DIFF_TIGHTER) ? DIFF_TIGHTER : DIFF_LOOSER,
				 n->place, "%s was %" PRId64 "%s, is %" PRId64 "%s", n->name,
				 n->was, n->unit, n->is, n->unit);
	}
}

static const char *day_text(int32_t day, char text[static CIVIL_TEXT_SIZE])
{
	return day == INT32_MAX ? "any day" : civil_text(day, text);
}

static void diff_last_day(const struct profile *old, const struct profile *new,
			  struct diff_list *list)
{
	int32_t was = old->rules.latest_last_day, is = new->rules.latest_last_day;
	char texts[2][CIVIL_TEXT_SIZE];

	if (was != is)
		diff_say(list, is < was ? DIFF_TIGHTER : DIFF_LOOSER, "certification",
			 "a window could end on %s at the latest, can on %s",
			 day_text(was, texts[0]), day_text(is, texts[1]));
}

static void diff_words(const struct profile *old, const struct profile *new, struct diff_list *list)
{
	static const char *const members[] = { "title", "source" };

	if (strcmp(old->id, new->id) != 0)
		diff_say(list, DIFF_WORDING, "profile", "'%s' is another profile than '%s'",
			 new->id, old->id);
	for (size_t i = 0; i < ARRAY_SIZE(members); i++) {
		const char *was = json_string_value(json_object_get(old->json, members[i]));
		const char *is = json_string_value(json_object_get(new->json, members[i]));

		if (strcmp(was ? was : "", is ? is : "") != 0)
			diff_say(list, DIFF_WORDING, "profile", "%s was '%s', is '%s'", members[i],
				 was ? was : "", is ? is : "");
	}
}

/* --- endpoints ------------------------------------------------------------------------ */

static bool has_endpoint(const struct profile *profile, const char *endpoint)
{
	for (const char *const *at = profile->endpoints; *at; at++) {
		if (strcmp(*at, endpoint) == 0)
			return true;
	}
	return false;
}

/* What a server more or less means depends on the checks: "any" of more is looser. */
static void diff_endpoints(const struct profile *old, const struct profile *new,
			   struct diff_list *list)
{
	for (const char *const *at = old->endpoints; *at; at++) {
		if (!has_endpoint(new, *at))
			diff_say(list, DIFF_EITHER, "servers", "%s is not tried any more", *at);
	}
	for (const char *const *at = new->endpoints; *at; at++) {
		if (!has_endpoint(old, *at))
			diff_say(list, DIFF_EITHER, "servers", "%s is tried as well", *at);
	}
}

/* --- tables ----------------------------------------------------------------------------- */

/* The keys alone: how a row says that it is supported without an end is of no matter. */
static json_t *keys_of(const struct profile_row *row)
{
	static const char *const others[] = { "tier", "from", "until", "note" };
	json_t *keys = json_copy((json_t *)row->keys);

	for (size_t i = 0; i < ARRAY_SIZE(others); i++)
		(void)json_object_del(keys, others[i]);
	return keys;
}

static bool rows_equal(const struct profile_row *a, const struct profile_row *b)
{
	json_t *left = keys_of(a), *right = keys_of(b);
	bool are_equal = json_equal(left, right) && a->tier == b->tier && a->from == b->from &&
			 a->until == b->until && strcmp(a->note, b->note) == 0;

	json_decref(left);
	json_decref(right);
	return are_equal;
}

static bool has_row(const struct profile_table *table, const struct profile_row *row)
{
	for (size_t i = 0; table && i < table->n_rows; i++) {
		if (rows_equal(&table->rows[i], row))
			return true;
	}
	return false;
}

static bool check_uses(const struct check *check, const char *name)
{
	for (size_t i = 0; i < check->n_children; i++) {
		if (check_uses(&check->children[i], name))
			return true;
	}
	return check->table && strcmp(check->table->name, name) == 0;
}

/* Whether @check is at most worse for a row less of the table @name: nothing turns it around. */
static bool uses_upright(const struct check *check, const char *name)
{
	bool turns = check->op == CHECK_NONE_OF ||
		     (check->op == CHECK_COUNT && check->most < FACTS_LIST_MAX);

	for (size_t i = 0; i < check->n_children; i++) {
		if (!uses_upright(&check->children[i], name))
			return false;
		if (turns && check_uses(&check->children[i], name))
			return false;
	}
	return true;
}

/* What rows of the table @name do to devices. */
struct table_use {
	bool is_used, is_turned; /* by a requirement at all; by one that a row more makes worse */
};

static struct table_use use_of(const struct profile *profile, const char *name)
{
	struct table_use use = { 0 };

	for (size_t i = 0; i < profile->n_requirements; i++) {
		const struct requirement *requirement = &profile->requirements[i];
		bool is_in_when = requirement->when && check_uses(requirement->when, name);

		use.is_used |= is_in_when || check_uses(&requirement->check, name);
		use.is_turned |= is_in_when || !uses_upright(&requirement->check, name);
	}
	return use;
}

/* A table that only one of the two uses is told with the requirements that came or went. */
static enum diff_direction row_direction(const struct profile *old, const struct profile *new,
					 const char *name, enum diff_direction upright)
{
	struct table_use was = use_of(old, name), is = use_of(new, name);

	if (!was.is_used || !is.is_used)
		return DIFF_WORDING;
	return was.is_turned || is.is_turned ? DIFF_EITHER : upright;
}

/*
 * Rows of @table that @other has not: they came, or went. A row less is an alternative less,
 * where what uses the table does not turn that around; one that never holds has only a note.
 */
static void diff_rows(const struct profile_table *table, const struct profile_table *other,
		      enum diff_direction direction, bool came, struct diff_list *list)
{
	_cleanup_free_ char *place = xasprintf("table %s", table->name);

	for (size_t i = 0; i < table->n_rows; i++) {
		const struct profile_row *row = &table->rows[i];
		_cleanup_free_ char *text = NULL;

		if (has_row(other, row))
			continue;
		text = row_words(row);
		diff_say(list, row->tier == TIER_UNSUPPORTED ? DIFF_WORDING : direction, place,
			 "%s: %s, %s", came ? "came" : "went", table_tier_words[row->tier], text);
	}
}

static const struct profile_table *find_table(const struct profile *profile, const char *name)
{
	for (size_t i = 0; i < profile->n_tables; i++) {
		if (strcmp(profile->tables[i].name, name) == 0)
			return &profile->tables[i];
	}
	return NULL;
}

static void diff_tables(const struct profile *old, const struct profile *new,
			struct diff_list *list)
{
	for (size_t i = 0; i < old->n_tables; i++) {
		const char *name = old->tables[i].name;

		diff_rows(&old->tables[i], find_table(new, name),
			  row_direction(old, new, name, DIFF_TIGHTER), false, list);
	}
	for (size_t i = 0; i < new->n_tables; i++) {
		const char *name = new->tables[i].name;

		diff_rows(&new->tables[i], find_table(old, name),
			  row_direction(old, new, name, DIFF_LOOSER), true, list);
	}
}

/* --- waivers ---------------------------------------------------------------------------- */

static const struct profile_waiver *find_waiver(const struct profile *profile, const char *id)
{
	for (size_t i = 0; i < profile->n_waivers; i++) {
		if (strcmp(profile->waivers[i].id, id) == 0)
			return &profile->waivers[i];
	}
	return NULL;
}

static void diff_waiver(const struct profile_waiver *waiver, const struct profile_waiver *other,
			bool came, struct diff_list *list)
{
	_cleanup_free_ char *place = xasprintf("waiver of %s", waiver->requirement);
	char texts[2][CIVIL_TEXT_SIZE];

	if (!other)
		diff_say(list, came ? DIFF_LOOSER : DIFF_TIGHTER, place,
			 came ? "came, until %s: %s" : "went, it was until %s: %s",
			 civil_text(waiver->until, texts[0]), waiver->reason);
	else if (!came && other->until != waiver->until)
		diff_say(list, other->until > waiver->until ? DIFF_LOOSER : DIFF_TIGHTER, place,
			 "was until %s, is until %s", civil_text(waiver->until, texts[0]),
			 civil_text(other->until, texts[1]));
	else if (!came && strcmp(other->reason, waiver->reason) != 0)
		diff_say(list, DIFF_WORDING, place, "reason was '%s', is '%s'", waiver->reason,
			 other->reason);
}

static void diff_waivers(const struct profile *old, const struct profile *new,
			 struct diff_list *list)
{
	for (size_t i = 0; i < old->n_waivers; i++)
		diff_waiver(&old->waivers[i], find_waiver(new, old->waivers[i].id), false, list);
	for (size_t i = 0; i < new->n_waivers; i++)
		diff_waiver(&new->waivers[i], find_waiver(old, new->waivers[i].id), true, list);
}

static void diff_supplements(const struct profile *old, const struct profile *new,
			     struct diff_list *list)
{
	const json_t *was = json_object_get(old->json, "supplements");
	const json_t *is = json_object_get(new->json, "supplements");

	if (was == is || json_equal((json_t *)was, (json_t *)is))
		return;
	for (size_t i = 0; i < old->n_supplements; i++)
		diff_say(list, DIFF_WORDING, "supplements", "was with that of %s %s, version %.8s",
			 old->supplements[i].scope, old->supplements[i].code,
			 old->supplements[i].version);
	for (size_t i = 0; i < new->n_supplements; i++)
		diff_say(list, DIFF_WORDING, "supplements", "is with that of %s %s, version %.8s",
			 new->supplements[i].scope, new->supplements[i].code,
			 new->supplements[i].version);
}

void profile_diff(const struct profile *old, const struct profile *new, struct diff_list *ret_list)
{
	*ret_list = (struct diff_list){ 0 };
	diff_words(old, new, ret_list);
	diff_numbers(old, new, ret_list);
	diff_last_day(old, new, ret_list);
	diff_endpoints(old, new, ret_list);
	diff_supplements(old, new, ret_list);
	diff_tables(old, new, ret_list);
	diff_requirements(old, new, ret_list);
	diff_waivers(old, new, ret_list);
	if (ret_list->n_entries == 0 && strcmp(old->version, new->version) != 0)
		diff_say(ret_list, DIFF_WORDING, "profile",
			 "is written otherwise and says the same");
}
