/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include <sodium.h>

#include "collector/ingest/known.h"
#include "common/base/clock.h"
#include "common/model/span.h"

#define MEMBERS_MAX 16
#define DIGEST_BYTES 32
#define TIME_MAX 40
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

static bool read_layout(const struct span *value, struct known_head *head)
{
	(void)head;
	return value->len == 1 && value->text[0] == '1';
}

static bool read_device_id(const struct span *value, struct known_head *head)
{
	return read_text(value, head->device_id, sizeof(head->device_id)) &&
	       id_is_valid(head->device_id);
}

static bool read_boot_id(const struct span *value, struct known_head *head)
{
	return read_text(value, head->boot_id, sizeof(head->boot_id)) &&
	       report_boot_id_is_valid(head->boot_id);
}

static bool read_sequence(const struct span *value, struct known_head *head)
{
	return read_number(value, &head->sequence) && head->sequence > 0;
}

static bool read_observed(const struct span *value, struct known_head *head)
{
	char text[TIME_MAX];

	return read_text(value, text, sizeof(text)) &&
	       clock_parse(text, &head->observed_ms, NULL) >= 0;
}

static bool read_age(const struct span *value, struct known_head *head)
{
	return read_number(value, &head->age_ms);
}

/* The members of a report; those without read() are what the digest is of. */
static const struct {
	const char *name;
	bool (*read)(const struct span *value, struct known_head *head);
	bool may_lack;
} members[] = {
	{ "age_ms", read_age, true },           { "agent_version", NULL, false },
	{ "boot_id", read_boot_id, false },     { "device", NULL, false },
	{ "device_id", read_device_id, false }, { "facts", NULL, false },
	{ "fingerprint", NULL, true },          { "observed_at", read_observed, false },
	{ "report", read_layout, false },       { "sequence", read_sequence, false },
};

static size_t find_member(const struct span *key)
{
	size_t i = 0;

	while (i < ARRAY_SIZE(members) && (strlen(members[i].name) != key->len ||
					   memcmp(members[i].name, key->text, key->len) != 0))
		i++;
	return i;
}

/* A name has no quote in it and a value's end is told by the value: nothing runs together. */
static void digest(crypto_generichash_state *state, const struct span_member *member)
{
	const struct span *value = &member->value;

	crypto_generichash_update(state, (const unsigned char *)member->key.text,
				  member->key.len + 1);
	crypto_generichash_update(state, (const unsigned char *)value->text, value->len);
}

int known_read(const char *body, size_t len, struct known_head *ret_head)
{
	struct span_member found[MEMBERS_MAX];
	struct known_head head = { .age_ms = -1 };
	unsigned char bytes[DIGEST_BYTES];
	crypto_generichash_state state;
	unsigned seen = 0;
	int n = span_members(body, len, found, ARRAY_SIZE(found));

	crypto_generichash_init(&state, NULL, 0, sizeof(bytes));
	for (int i = 0; i < n; i++) {
		size_t place = find_member(&found[i].key);

		if (place == ARRAY_SIZE(members) || seen & 1U << place)
			return -EAGAIN;
		seen |= 1U << place;
		if (!members[place].read)
			digest(&state, &found[i]);
		else if (!members[place].read(&found[i].value, &head))
			return -EAGAIN;
	}
	for (size_t i = 0; i < ARRAY_SIZE(members); i++) {
		if (!members[i].may_lack && !(seen & 1U << i))
			return -EAGAIN;
	}
	crypto_generichash_final(&state, bytes, sizeof(bytes));
	sodium_bin2hex(head.contents, sizeof(head.contents), bytes, sizeof(bytes));
	*ret_head = head;
	return 0;
}
