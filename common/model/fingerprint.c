/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "common/base/mem.h"
#include "common/model/fingerprint.h"

const char *const fingerprint_kind_words[] = {
	[FINGERPRINT_PRODUCT_UUID] = "product_uuid",
	[FINGERPRINT_PRODUCT_SERIAL] = "product_serial",
	[FINGERPRINT_BOARD_SERIAL] = "board_serial",
	[FINGERPRINT_CHASSIS_SERIAL] = "chassis_serial",
	[FINGERPRINT_DISK_SERIAL] = "disk_serial",
	[FINGERPRINT_MAC] = "mac",
	[FINGERPRINT_MACHINE_ID] = "machine_id",
	[FINGERPRINT_KIND_MAX_] = NULL,
};
static_assert(ARRAY_SIZE(fingerprint_kind_words) == FINGERPRINT_KIND_MAX_ + 1,
	      "every kind has a word");

static const char *const strength_words[] = { "weak", "strong", NULL };

/* Of the format, not a secret: the same number hashes to the same everywhere in it. */
static const unsigned char hash_key[] = "testready fingerprint, layout 1";

static void hash_value(enum fingerprint_kind kind, const char *text, size_t len,
		       char hash[static FINGERPRINT_HASH_SIZE])
{
	/* No shorter one is offered; half of it is still more than machines there are. */
	unsigned char bytes[crypto_generichash_BYTES_MIN];
	const char *word = fingerprint_kind_words[kind];
	crypto_generichash_state state;

	crypto_generichash_init(&state, hash_key, sizeof(hash_key), sizeof(bytes));
	crypto_generichash_update(&state, (const unsigned char *)word, strlen(word) + 1);
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)tolower((unsigned char)text[i]);

		crypto_generichash_update(&state, &c, 1);
	}
	crypto_generichash_final(&state, bytes, sizeof(bytes));
	sodium_bin2hex(hash, FINGERPRINT_HASH_SIZE, bytes, (FINGERPRINT_HASH_SIZE - 1) / 2);
}

static int compare_values(const void *a, const void *b)
{
	const struct fingerprint_value *x = a, *y = b;

	return x->kind != y->kind ? (int)x->kind - (int)y->kind : strcmp(x->hash, y->hash);
}

/* Put @value into its place; false if it is there already or there is no room. */
static bool insert(struct fingerprint *fingerprint, const struct fingerprint_value *value)
{
	size_t i = 0;

	while (i < fingerprint->n && compare_values(&fingerprint->values[i], value) < 0)
		i++;
	if (fingerprint->n == FINGERPRINT_VALUES_MAX ||
	    (i < fingerprint->n && compare_values(&fingerprint->values[i], value) == 0))
		return false;
	memmove(&fingerprint->values[i + 1], &fingerprint->values[i],
		(fingerprint->n - i) * sizeof(*value));
	fingerprint->values[i] = *value;
	fingerprint->n++;
	return true;
}

void fingerprint_add(struct fingerprint *fingerprint, enum fingerprint_kind kind, bool is_strong,
		     const char *value)
{
	struct fingerprint_value added = { .kind = kind, .is_strong = is_strong };
	size_t len;

	while (isspace((unsigned char)*value))
		value++;
	len = strlen(value);
	while (len > 0 && isspace((unsigned char)value[len - 1]))
		len--;
	if (len == 0)
		return;
	hash_value(kind, value, len, added.hash);
	(void)insert(fingerprint, &added);
}

bool fingerprint_has(const struct fingerprint *fingerprint, enum fingerprint_kind kind)
{
	for (size_t i = 0; i < fingerprint->n; i++) {
		if (fingerprint->values[i].kind == kind)
			return true;
	}
	return false;
}

bool fingerprint_has_strong(const struct fingerprint *fingerprint)
{
	for (size_t i = 0; i < fingerprint->n; i++) {
		if (fingerprint->values[i].is_strong)
			return true;
	}
	return false;
}

/* Whether both have strong values of @kind and none in common. */
static bool is_changed(const struct fingerprint *before, const struct fingerprint *now,
		       enum fingerprint_kind kind, bool *ret_is_comparable)
{
	bool is_common = false, is_there = false;

	for (size_t i = 0; i < before->n; i++) {
		for (size_t j = 0; j < now->n; j++) {
			const struct fingerprint_value *x = &before->values[i];
			const struct fingerprint_value *y = &now->values[j];

			if (x->kind != kind || y->kind != kind || !x->is_strong || !y->is_strong)
				continue;
			is_there = true;
			is_common |= strcmp(x->hash, y->hash) == 0;
		}
	}
	*ret_is_comparable = is_there;
	return is_there && !is_common;
}

enum fingerprint_match fingerprint_compare(const struct fingerprint *before,
					   const struct fingerprint *now)
{
	bool is_any_comparable = false;
	int n_changed = 0;

	for (enum fingerprint_kind kind = 0; kind < FINGERPRINT_KIND_MAX_; kind++) {
		bool is_comparable;

		n_changed += is_changed(before, now, kind, &is_comparable);
		is_any_comparable |= is_comparable;
	}
	if (!is_any_comparable)
		return FINGERPRINT_UNSURE;
	/* All MAC addresses are one kind: docks and dongles bring theirs, and never decide alone.
	 */
	if (n_changed >= 2)
		return FINGERPRINT_OTHER;
	return n_changed > 0 ? FINGERPRINT_REPAIRED : FINGERPRINT_SAME;
}

bool fingerprint_equal(const struct fingerprint *a, const struct fingerprint *b)
{
	if (a->n != b->n)
		return false;
	for (size_t i = 0; i < a->n; i++) {
		if (compare_values(&a->values[i], &b->values[i]) != 0 ||
		    a->values[i].is_strong != b->values[i].is_strong)
			return false;
	}
	return true;
}

struct fingerprint fingerprint_merge(const struct fingerprint *before,
				     const struct fingerprint *now)
{
	struct fingerprint merged = { 0 };

	/* Both are sorted by kind, so what is merged kind by kind is sorted too. */
	for (enum fingerprint_kind kind = 0; kind < FINGERPRINT_KIND_MAX_; kind++) {
		const struct fingerprint *from = fingerprint_has(now, kind) ? now : before;

		for (size_t i = 0; i < from->n && merged.n < FINGERPRINT_VALUES_MAX; i++) {
			if (from->values[i].kind == kind)
				merged.values[merged.n++] = from->values[i];
		}
	}
	return merged;
}

char *fingerprint_changes(const struct fingerprint *before, const struct fingerprint *now)
{
	char *text = xstrdup("");

	for (enum fingerprint_kind kind = 0; kind < FINGERPRINT_KIND_MAX_; kind++) {
		bool is_comparable;
		char *longer;

		if (!is_changed(before, now, kind, &is_comparable))
			continue;
		longer = xasprintf("%s%s%s", text, text[0] ? ", " : "",
				   fingerprint_kind_words[kind]);
		free(text);
		text = longer;
	}
	return text;
}

json_t *fingerprint_write(const struct fingerprint *fingerprint)
{
	json_t *list = json_array();

	for (size_t i = 0; i < fingerprint->n; i++) {
		const struct fingerprint_value *value = &fingerprint->values[i];

		json_array_append_new(list, json_pack("{s:s, s:s, s:s}", "kind",
						      fingerprint_kind_words[value->kind],
						      "strength", strength_words[value->is_strong],
						      "hash", value->hash));
	}
	return list;
}

static int read_value(const struct node *node, struct fingerprint_value *value, struct err *err)
{
	static const char *const members[] = { "kind", "strength", "hash", NULL };
	struct node kind = node_member(node, "kind");
	struct node strength = node_member(node, "strength");
	struct node hash = node_member(node, "hash");
	unsigned word = 0, strong = 0;
	const char *text = "";
	int r = node_object(node, members, err);

	if (r >= 0)
		r = node_word(&kind, fingerprint_kind_words, &word, err);
	if (r >= 0)
		r = node_word(&strength, strength_words, &strong, err);
	if (r >= 0)
		r = node_text(&hash, FINGERPRINT_HASH_SIZE - 1, &text, err);
	if (r >= 0 && (strlen(text) != FINGERPRINT_HASH_SIZE - 1 ||
		       strspn(text, "0123456789abcdef") != FINGERPRINT_HASH_SIZE - 1))
		r = node_error(&hash, err, "expected %d hexadecimal digits",
			       FINGERPRINT_HASH_SIZE - 1);
	if (r < 0)
		return r;
	*value = (struct fingerprint_value){ .kind = word, .is_strong = strong };
	memcpy(value->hash, text, FINGERPRINT_HASH_SIZE);
	return 0;
}

int fingerprint_read(const struct node *node, struct fingerprint *ret_fingerprint, struct err *err)
{
	struct fingerprint fingerprint = { 0 };
	size_t n;
	int r = node_list(node, FINGERPRINT_VALUES_MAX, &n, err);

	for (size_t i = 0; r >= 0 && i < n; i++) {
		struct node item = node_item(node, i);
		struct fingerprint_value value;

		r = read_value(&item, &value, err);
		if (r >= 0 && !insert(&fingerprint, &value))
			r = node_error(&item, err, "there twice");
	}
	if (r >= 0)
		*ret_fingerprint = fingerprint;
	return r;
}
