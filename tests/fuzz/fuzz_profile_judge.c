/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The judge on profiles and facts that are made of the input, byte by byte: always JSON, mostly in
 * the language of checks, and facts that are right, unknown, missing or of another kind.
 */
#include <stdint.h>
#include <stdio.h>

#include "common/base/version.h"
#include "common/model/facts.h"
#include "tests/fuzz/judged.h"

#define AS_OF 20000 /* 2024-10-04 */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct source {
	const uint8_t *data;
	size_t size;
	uint32_t state; /* of what goes on when nothing is left, so that few bytes are much */
};

/* The next choice out of @n. */
static size_t take(struct source *source, size_t n)
{
	if (source->size > 0) {
		source->size--;
		source->state ^= *source->data;
		source->state *= UINT32_C(16777619);
		return *source->data++ % n;
	}
	source->state = source->state * UINT32_C(1664525) + UINT32_C(1013904223);
	return (source->state >> 16) % n;
}

static const char *const texts[] = { "x",     "",     "1",       "1.0",      "1.9",
				     "1.10b", "14.2", "rolling", "\xc3\xa9", "ubuntu" };
static const char *const versions[] = { "1", "1.0", "1.9", "1.10", "14" };
static const char *const sets[] = { "1",     "1..",      "1.5..1.9", "1.., except 1.9",
				    "0..14", "1, 1.9..", "14" };
static const char *const patterns[] = { "*", "?", "1*", "*.?", "*u?*tu" };
static const char *const servers[] = { "a.example", "b.example:8443", "gone.example" };

#define PICK(source, words) words[take((source), ARRAY_SIZE(words))]

static size_t count_facts(const struct fact *facts)
{
	size_t n = 0;

	while (facts[n].name)
		n++;
	return n;
}

static json_t *make_scalar(struct source *source, const struct fact *fact)
{
	size_t n_words = 0;

	switch (fact ? fact->type : FACT_TEXT) {
	case FACT_INT:
		return json_integer(fact->min +
				    (json_int_t)take(source, 3) * (fact->max > 2 ? 1 : 0));
	case FACT_BOOL:
		return json_boolean(take(source, 2));
	case FACT_WORD:
		while (fact->words[n_words])
			n_words++;
		return json_string(fact->words[take(source, n_words)]);
	default:
		return json_string(PICK(source, texts));
	}
}

/* --- facts ----------------------------------------------------------------------------- */

static json_t *make_value(struct source *source, const struct fact *fact);

static json_t *make_object(struct source *source, const struct fact *members)
{
	json_t *object = json_object();

	for (const struct fact *f = members; f->name; f++) {
		if (strcmp(f->name, "host") == 0)
			json_object_set_new(object, f->name, json_string(PICK(source, servers)));
		else
			json_object_set_new(object, f->name, make_value(source, f));
	}
	return object;
}

static json_t *make_list(struct source *source, const struct fact *fact)
{
	json_t *list = json_array();

	for (size_t n = take(source, 4); n > 0; n--) {
		const struct fact item = { .type = fact->members ? FACT_OBJECT : FACT_TEXT,
					   .members = fact->members };

		json_array_append_new(list, make_value(source, &item));
	}
	return list;
}

static json_t *make_value(struct source *source, const struct fact *fact)
{
	switch (take(source, 12)) {
	case 0:
		return json_pack("{s:s}", "unknown", PICK(source, texts));
	case 1:
		return json_null();
	case 2:
		return json_string(PICK(source, texts));
	case 3:
		return json_integer((json_int_t)take(source, 3) - 1);
	case 4:
		return json_pack("[{s:s}]", "unknown", "x");
	case 5:
		return json_pack("{s:i, s:f}", "unknown", 1, "x", 1.0);
	default:
		return fact->type == FACT_OBJECT ? make_object(source, fact->members)
		       : fact->type == FACT_LIST ? make_list(source, fact)
						 : make_scalar(source, fact);
	}
}

static json_t *make_facts(struct source *source)
{
	json_t *facts = make_object(source, facts_table);

	/* Some are of an agent that has not all probes. */
	for (const struct fact *f = facts_table; f->name; f++) {
		if (take(source, 16) == 1)
			json_object_del(facts, f->name);
	}
	return facts;
}

/* --- profiles -------------------------------------------------------------------------- */

static json_t *make_check(struct source *source, const struct fact *members, unsigned depth);

static json_t *make_joined(struct source *source, const struct fact *members, unsigned depth)
{
	static const char *const words[] = { "all_of", "any_of", "none_of" };
	json_t *children = json_array();
	const char *word = PICK(source, words);

	for (size_t n = 1 + take(source, 3); n > 0; n--)
		json_array_append_new(children, make_check(source, members, depth + 1));
	return json_pack("{s:o}", word, children);
}

static json_t *make_list_check(struct source *source, const struct fact *fact, const char *path,
			       unsigned depth)
{
	static const char *const words[] = { "any", "every", "count" };
	size_t word = take(source, 3);
	json_t *check = json_pack("{s:s}", words[word], path);

	if (word == 2 && take(source, 3) > 0)
		json_object_set_new(check, "at_least", json_integer((json_int_t)take(source, 3)));
	if (word == 2 && !json_object_get(check, "at_least"))
		json_object_set_new(check, "at_most", json_integer((json_int_t)take(source, 3)));
	if (word < 2 || take(source, 2) > 0)
		json_object_set_new(check, "where", make_check(source, fact->members, depth + 1));
	return check;
}

static json_t *make_comparison(struct source *source, const struct fact *fact, const char *path)
{
	bool is_number = fact && fact->type == FACT_INT;
	bool is_text = !fact || fact->type == FACT_TEXT;
	json_t *check = json_pack("{s:s}", "fact", path);

	switch (take(source, is_number || is_text ? 5 : 2)) {
	case 0:
		json_object_set_new(check, "is", make_scalar(source, fact));
		break;
	case 1:
		json_object_set_new(
			check, "is_one_of",
			json_pack("[o, o]", make_scalar(source, fact), make_scalar(source, fact)));
		break;
	case 2:
		json_object_set_new(check, is_number ? "at_least" : "version_at_least",
				    is_number ? make_scalar(source, fact)
					      : json_string(PICK(source, versions)));
		break;
	case 3:
		json_object_set_new(check, is_number ? "at_most" : "version_in",
				    is_number ? make_scalar(source, fact)
					      : json_string(PICK(source, sets)));
		break;
	default:
		json_object_set_new(check, is_number ? "at_most" : "like",
				    is_number ? make_scalar(source, fact)
					      : json_string(PICK(source, patterns)));
	}
	return check;
}

/* @members NULL: the items of a list of texts. */
static json_t *make_check(struct source *source, const struct fact *members, unsigned depth)
{
	const struct fact *fact = NULL;
	_cleanup_free_ char *path = xstrdup(".");

	if (depth < 5 && take(source, 4) == 0)
		return make_joined(source, members, depth);
	if (members) {
		fact = &members[take(source, count_facts(members))];
		free(path);
		path = xstrdup(fact->name);
	}
	if (fact && fact->type == FACT_OBJECT) {
		char *above = path;

		if (strcmp(above, "os") == 0 && take(source, 3) > 0)
			return json_pack("{s:s, s:s}", "fact", above, "in_table", "systems");
		fact = &fact->members[take(source, count_facts(fact->members))];
		path = xasprintf("%s.%s", above, fact->name);
		free(above);
	}
	return fact && fact->type == FACT_LIST ? make_list_check(source, fact, path, depth)
					       : make_comparison(source, fact, path);
}

static json_t *make_row(struct source *source)
{
	static const char *const tiers[] = { "full", "limited", "unsupported" };
	static const char *const days[] = { "2024-10-03", "2024-10-04", "2024-10-05" };
	json_t *row =
		json_pack("{s:s, s:s}", "id", PICK(source, texts), "tier", PICK(source, tiers));

	if (take(source, 2))
		json_object_set_new(row, "version", json_string(PICK(source, sets)));
	if (take(source, 3) == 1)
		json_object_set_new(row, "except", json_pack("[s]", PICK(source, sets)));
	if (take(source, 2))
		json_object_set_new(row, "restart_required", json_boolean(take(source, 2)));
	if (take(source, 3) == 1)
		json_object_set_new(row, "from", json_string(PICK(source, days)));
	else if (take(source, 2))
		json_object_set_new(row, "until", json_string(PICK(source, days)));
	return row;
}

static json_t *make_requirement(struct source *source, size_t number)
{
	_cleanup_free_ char *id = xasprintf("r%zu", number);
	json_t *requirement = json_pack(
		"{s:s, s:s, s:[s, s], s:s, s:s, s:o, s:{s:s, s:s, s:i}}", "id", id, "severity",
		take(source, 2) ? "recommended" : "required", "roles", "student", "shared", "title",
		"T", "source", "s", "check", make_check(source, facts_table, 0), "fix", "id", "f",
		"text", "F", "minutes", 1);

	if (take(source, 3) == 1)
		json_object_set_new(requirement, "when", make_check(source, facts_table, 2));
	return requirement;
}

static json_t *make_profile(struct source *source)
{
	json_t *requirements = json_array(), *rows = json_array(), *waivers = json_array();
	size_t n = 1 + take(source, 3);

	for (size_t i = 0; i < n; i++) {
		_cleanup_free_ char *id = xasprintf("r%zu", i);

		json_array_append_new(requirements, make_requirement(source, i));
		if (take(source, 2))
			json_array_append_new(
				waivers,
				json_pack("{s:s, s:s, s:s, s:s, s:s}", "id", id, "scope", "site",
					  "requirement", id, "reason", "r", "until",
					  take(source, 2) ? "2024-10-04" : "2024-10-03"));
	}
	for (size_t i = 1 + take(source, 3); i > 0; i--)
		json_array_append_new(rows, make_row(source));
	return json_pack("{s:s, s:s, s:{}, s:[s, s], s:{s:o}, s:o, s:o}", "profile", "p", "title",
			 "t", "freshness_hours", "endpoints", servers[0], servers[1], "tables",
			 "systems", rows, "requirements", requirements, "waivers", waivers);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct source source = { data, size, UINT32_C(2166136261) };
	_cleanup_(profile_freep) struct profile *profile = NULL;
	json_t *json = make_profile(&source), *facts = make_facts(&source);
	_cleanup_free_ char *text = json_dumps(json, 0);
	struct err err = { 0 };

	/* Some sets have nothing of what a row takes out, and some words of a text are no version.
	 */
	if (profile_parse(text, strlen(text), "p", &profile, &err) == 0)
		judged(profile, facts, AS_OF);
	else
		must(strstr(err.text, "takes out nothing") != NULL);
	json_decref(facts);
	json_decref(json);
	return 0;
}
