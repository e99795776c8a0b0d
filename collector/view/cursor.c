/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/view/cursor.h"
#include "common/base/mem.h"
#include "common/model/document.h"

#define VARIANT sodium_base64_VARIANT_URLSAFE_NO_PADDING
#define CURSOR_BYTES_MAX 2048
#define SUM_BYTES 6

static void sum(const char *plain, size_t len, unsigned char ret_sum[static SUM_BYTES])
{
	unsigned char hash[crypto_generichash_BYTES_MIN];

	crypto_generichash(hash, sizeof(hash), (const unsigned char *)plain, len, NULL, 0);
	memcpy(ret_sum, hash, SUM_BYTES);
}

char *cursor_write(const char *const *texts, size_t n_texts)
{
	json_t *list = json_array();
	_cleanup_free_ char *plain = NULL;
	_cleanup_free_ unsigned char *bytes = NULL;
	size_t len, size;
	char *cursor;

	assert(n_texts <= CURSOR_TEXTS_MAX);
	for (size_t i = 0; i < n_texts; i++)
		json_array_append_new(list, json_string(texts[i]));
	plain = document_canonical(list);
	json_decref(list);

	/* With its end, which is not encoded. */
	len = strlen(plain) + 1;
	bytes = xcalloc(SUM_BYTES + len, 1);
	memcpy(bytes + SUM_BYTES, plain, len);
	len += SUM_BYTES - 1;
	sum(plain, len - SUM_BYTES, bytes);
	size = sodium_base64_encoded_len(len, VARIANT);
	cursor = xcalloc(1, size);
	sodium_bin2base64(cursor, size, bytes, len, VARIANT);
	return cursor;
}

static int refuse(struct err *err)
{
	err_set(err, -EINVAL,
		"This cursor is not of this list, or was changed on its way; send next_cursor as "
		"it was received, with the same filters, or leave it away to begin again.");
	return -EINVAL;
}

static int decode(const char *cursor, json_t **ret_json, struct err *err)
{
	static const struct document_limits limits = { .bytes = CURSOR_BYTES_MAX, .depth = 1 };
	unsigned char bytes[CURSOR_BYTES_MAX], told[SUM_BYTES];
	const char *plain = (const char *)bytes + SUM_BYTES, *end;
	size_t len;

	if (strlen(cursor) > CURSOR_BYTES_MAX ||
	    sodium_base642bin(bytes, sizeof(bytes), cursor, strlen(cursor), NULL, &len, &end,
			      VARIANT) < 0 ||
	    *end != '\0' || len < SUM_BYTES)
		return refuse(err);
	sum(plain, len - SUM_BYTES, told);
	if (memcmp(told, bytes, SUM_BYTES) != 0 ||
	    document_parse(plain, len - SUM_BYTES, &limits, ret_json, NULL) < 0)
		return refuse(err);
	return 0;
}

int cursor_read(const char *cursor, const char *list, size_t n_texts, const char **ret_texts,
		json_t **ret_json, struct err *err)
{
	const char *texts[CURSOR_TEXTS_MAX];
	json_t *json;
	int r = decode(cursor, &json, err);

	if (r < 0)
		return r;
	assert(n_texts > 0 && n_texts <= CURSOR_TEXTS_MAX);
	if (json_array_size(json) != n_texts)
		r = refuse(err);
	for (size_t i = 0; r >= 0 && i < n_texts; i++) {
		texts[i] = json_string_value(json_array_get(json, i));
		if (!texts[i])
			r = refuse(err);
	}
	if (r >= 0 && strcmp(texts[0], list) != 0)
		r = refuse(err);
	if (r < 0) {
		json_decref(json);
		return r;
	}
	memcpy(ret_texts, texts, n_texts * sizeof(texts[0]));
	*ret_json = json;
	return 0;
}

/* --- places in time ------------------------------------------------------------------ */

enum { PLACE_LIST, PLACE_MS, PLACE_ID, PLACE_TEXTS };

json_t *cursor_place_json(const char *list, int64_t ms, const char *id)
{
	char at[24];
	_cleanup_free_ char *cursor = NULL;

	assert(strlen(id) < HASH_SIZE);
	snprintf(at, sizeof(at), "%" PRId64, ms);
	cursor = cursor_write((const char *[]){ list, at, id }, PLACE_TEXTS);
	return json_string(cursor);
}

int cursor_place_read(const char *cursor, const char *list, struct cursor_place *ret_place,
		      struct err *err)
{
	const char *texts[PLACE_TEXTS];
	json_t *json;
	int r = cursor_read(cursor, list, PLACE_TEXTS, texts, &json, err);

	if (r < 0)
		return r;
	if (strlen(texts[PLACE_ID]) >= sizeof(ret_place->id)) {
		r = refuse(err);
	} else {
		ret_place->ms = strtoll(texts[PLACE_MS], NULL, 10);
		snprintf(ret_place->id, sizeof(ret_place->id), "%s", texts[PLACE_ID]);
	}
	json_decref(json);
	return r;
}
