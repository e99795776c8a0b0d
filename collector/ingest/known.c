/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include <sodium.h>

#include "collector/ingest/known.h"
#include "collector/store/store_known.h"
#include "common/base/clock.h"
#include "common/model/span.h"

#define MEMBERS_MAX 16
#define DIGEST_BYTES (CONTENTS_AROUND / 2)
#define TIME_MAX 40
#define WORD_MAX 32
#define DIGITS_MAX 18 /* fits into an int64_t whatever they are */

/* What is between the quotes of a string without escapes, with its end; false: it is none. */
static bool read_text(const struct span *value, char *text, size_t size)
{
	if (value->len < 2 || value->text[0] != '"' || value->len - 2 >= size)
		return false;
	memcpy(text, value->text + 1, value->len - 2);
	text[value->len - 2] = '\0';
	return strlen(text) == value->len - 2 && !strchr(text, '\\');
}

static bool read_number(const struct span *value, int64_t *ret_number)
{
	int64_t number = 0;

	if (value->len == 0 || value->len > DIGITS_MAX || (value->text[0] == '0' && value->len > 1))
		return false;
	for (size_t i = 0; i < value->len; i++) {
		if (value->text[i] < '0' || value->text[i] > '9')
			return false;
		number = number * 10 + (value->text[i] - '0');
	}
	*ret_number = number;
	return true;
}

/* --- members ---------------------------------------------------------------------- */

/* Each reads its own; what is only of a heartbeat stays empty for a report. */
static bool read_layout(const struct span *value, struct known_beat *beat)
{
	(void)beat;
	return value->len == 1 && value->text[0] == '1';
}

static bool read_device_id(const struct span *value, struct known_beat *beat)
{
	char *id = beat->head.device_id;

	return read_text(value, id, sizeof(beat->head.device_id)) && id_is_valid(id);
}

static bool read_boot_id(const struct span *value, struct known_beat *beat)
{
	char *id = beat->head.boot_id;

	return read_text(value, id, sizeof(beat->head.boot_id)) && report_boot_id_is_valid(id);
}

static bool read_sequence(const struct span *value, struct known_beat *beat)
{
	return read_number(value, &beat->head.sequence) && beat->head.sequence > 0;
}

static bool read_observed(const struct span *value, struct known_beat *beat)
{
	char text[TIME_MAX];

	return read_text(value, text, sizeof(text)) &&
	       clock_parse(text, &beat->head.observed_ms, NULL) >= 0;
}

static bool read_age(const struct span *value, struct known_beat *beat)
{
	return read_number(value, &beat->head.age_ms);
}

/* Letters, digits and signs: what is no such thing may be no JSON. */
static bool read_version(const struct span *value, struct known_beat *beat)
{
	const char *version = beat->agent_version;

	if (!read_text(value, beat->agent_version, sizeof(beat->agent_version)))
		return false;
	while (*version > ' ' && *version < 0x7f)
		version++;
	return *version == '\0';
}

static bool read_hex(const struct span *value, char *text, size_t size)
{
	return read_text(value, text, size) && strspn(text, "0123456789abcdef") == size - 1;
}

static bool read_facts_hash(const struct span *value, struct known_beat *beat)
{
	return read_hex(value, beat->facts_hash, sizeof(beat->facts_hash));
}

/* --- fingerprints ------------------------------------------------------------------ */

static bool is_called(const struct span *text, const char *word)
{
	return strlen(word) == text->len && memcmp(word, text->text, text->len) == 0;
}

static bool read_kind(const struct span *value, struct fingerprint_value *ret_value)
{
	char word[WORD_MAX];

	if (!read_text(value, word, sizeof(word)))
		return false;
	for (unsigned i = 0; i < FINGERPRINT_KIND_MAX_; i++) {
		if (strcmp(fingerprint_kind_words[i], word) != 0)
			continue;
		ret_value->kind = (enum fingerprint_kind)i;
		return true;
	}
	return false;
}

static bool read_strength(const struct span *value, struct fingerprint_value *ret_value)
{
	ret_value->is_strong = is_called(value, "\"strong\"");
	return ret_value->is_strong || is_called(value, "\"weak\"");
}

static bool read_value_hash(const struct span *value, struct fingerprint_value *ret_value)
{
	return read_hex(value, ret_value->hash, sizeof(ret_value->hash));
}

/* One value, with its braces. */
static bool read_value(const struct span *text, struct fingerprint_value *ret_value)
{
	static const struct {
		const char *name;
		bool (*read)(const struct span *value, struct fingerprint_value *ret_value);
	} parts[] = {
		{ "kind", read_kind },
		{ "strength", read_strength },
		{ "hash", read_value_hash },
	};
	struct span_member found[ARRAY_SIZE(parts)];
	unsigned seen = 0;
	int n = span_members(text->text, text->len, found, ARRAY_SIZE(found));

	for (int i = 0; i < n; i++) {
		size_t part = 0;

		while (part < ARRAY_SIZE(parts) && !is_called(&found[i].key, parts[part].name))
			part++;
		if (part == ARRAY_SIZE(parts) || !parts[part].read(&found[i].value, ret_value))
			return false;
		seen |= 1U << part;
	}
	/* So many, each of another name. */
	return seen == (1U << ARRAY_SIZE(parts)) - 1;
}

/* Sorted, so that none is there twice. */
static bool is_next(const struct fingerprint *fingerprint, const struct fingerprint_value *value)
{
	const struct fingerprint_value *last = fingerprint->values;

	if (fingerprint->n == 0)
		return true;
	last += fingerprint->n - 1;
	return last->kind < value->kind ||
	       (last->kind == value->kind && strcmp(last->hash, value->hash) < 0);
}

/* A list without space between its values, none of which has a brace in it. */
static bool read_fingerprint(const struct span *list, struct known_beat *beat)
{
	struct fingerprint *fingerprint = &beat->fingerprint;
	const char *at = list->text, *end = list->text + list->len - 1;

	beat->has_fingerprint = true;
	if (list->len < 2 || *at != '[' || *end != ']')
		return false;
	while (++at < end) {
		const char *brace = memchr(at, '}', (size_t)(end - at));
		struct fingerprint_value value = { 0 };

		if (!brace || fingerprint->n == FINGERPRINT_VALUES_MAX ||
		    !read_value(&(struct span){ at, (size_t)(brace + 1 - at) }, &value) ||
		    !is_next(fingerprint, &value))
			return false;
		fingerprint->values[fingerprint->n++] = value;
		at = brace + 1;
		if (*at != (at < end ? ',' : ']'))
			return false;
		/* A comma has something behind it. */
		if (at + 1 == end)
			return false;
	}
	return true;
}

/* --- bodies ------------------------------------------------------------------------ */

struct member {
	const char *name;
	bool (*read)(const struct span *value, struct known_beat *beat); /* NULL: it is digested */
	bool may_lack;
};

static const struct member report_members[] = {
	{ "age_ms", read_age, true },
	{ "agent_version", NULL, false },
	{ "boot_id", read_boot_id, false },
	{ "device", NULL, false },
	{ "device_id", read_device_id, false },
	{ "facts", NULL, false },
	{ "fingerprint", NULL, true },
	{ "observed_at", read_observed, false },
	{ "report", read_layout, false },
	{ "sequence", read_sequence, false },
	{ 0 },
};

static const struct member beat_members[] = {
	{ "age_ms", read_age, true },
	{ "agent_version", read_version, false },
	{ "boot_id", read_boot_id, false },
	{ "device_id", read_device_id, false },
	{ "facts_hash", read_facts_hash, false },
	{ "fingerprint", read_fingerprint, true },
	{ "heartbeat", read_layout, false },
	{ "observed_at", read_observed, false },
	{ "sequence", read_sequence, false },
	{ 0 },
};

/* The place of @key; that of the end: there is none. */
static size_t find_member(const struct member *members, const struct span *key)
{
	size_t i = 0;

	while (members[i].name && !is_called(key, members[i].name))
		i++;
	return i;
}

struct digests {
	crypto_generichash_state around, facts;
};

/* A name has no quote in it and a value's end is told by the value: nothing runs together. */
static void digest(struct digests *digests, const struct span_member *member,
		   struct known_head *head)
{
	const struct span *value = &member->value;
	crypto_generichash_state *state = &digests->around;

	if (is_called(&member->key, "facts")) {
		state = &digests->facts;
		head->facts = *value;
	}

	crypto_generichash_update(state, (const unsigned char *)member->key.text,
				  member->key.len + 1);
	crypto_generichash_update(state, (const unsigned char *)value->text, value->len);
}

/* Read what has a reader, each member once, and digest the rest; NULL where all have one. */
static bool read_body(const struct span *body, const struct member *members,
		      struct digests *digests, struct known_beat *beat)
{
	struct span_member found[MEMBERS_MAX];
	unsigned seen = 0;
	int n = span_members(body->text, body->len, found, ARRAY_SIZE(found));

	beat->head.age_ms = -1;
	for (int i = 0; i < n; i++) {
		size_t place = find_member(members, &found[i].key);

		if (!members[place].name || seen & 1U << place)
			return false;
		seen |= 1U << place;
		if (members[place].read) {
			if (!members[place].read(&found[i].value, beat))
				return false;
		} else if (digests) {
			digest(digests, &found[i], &beat->head);
		}
	}
	for (size_t i = 0; members[i].name; i++) {
		if (!members[i].may_lack && !(seen & 1U << i))
			return false;
	}
	return true;
}

int known_read(const char *body, size_t len, struct known_head *ret_head)
{
	struct known_beat read = { 0 };
	unsigned char bytes[2 * DIGEST_BYTES];
	struct digests digests;

	static_assert(2 * sizeof(bytes) + 1 == HASH_SIZE, "both in hexadecimal");
	crypto_generichash_init(&digests.around, NULL, 0, DIGEST_BYTES);
	crypto_generichash_init(&digests.facts, NULL, 0, DIGEST_BYTES);
	if (!read_body(&(struct span){ body, len }, report_members, &digests, &read))
		return -EAGAIN;
	crypto_generichash_final(&digests.around, bytes, DIGEST_BYTES);
	crypto_generichash_final(&digests.facts, bytes + DIGEST_BYTES, DIGEST_BYTES);
	sodium_bin2hex(read.head.contents, sizeof(read.head.contents), bytes, sizeof(bytes));
	*ret_head = read.head;
	return 0;
}

bool known_is_around(const struct known_head *head, const char *contents)
{
	return head->contents[0] && strncmp(head->contents, contents, CONTENTS_AROUND) == 0;
}

int known_read_beat(const char *body, size_t len, struct known_beat *ret_beat)
{
	struct known_beat read = { 0 };

	if (!read_body(&(struct span){ body, len }, beat_members, NULL, &read))
		return -EAGAIN;
	*ret_beat = read;
	return 0;
}

struct heartbeat known_heartbeat(const struct known_beat *beat)
{
	return (struct heartbeat){
		.head = {
			.device_id = beat->head.device_id,
			.agent_version = beat->agent_version,
			.boot_id = beat->head.boot_id,
			.sequence = beat->head.sequence,
			.observed_ms = beat->head.observed_ms,
			.age_ms = beat->head.age_ms,
			.has_fingerprint = beat->has_fingerprint,
			.fingerprint = beat->fingerprint,
		},
		.facts_hash = beat->facts_hash,
	};
}
