/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Cursors, of which fuzz_path only sees that a sum does not fit: what is read can be written and
 * read again, and whatever is written is read as it was.
 */
#include <sodium.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "collector/view/cursor.h"
#include "common/base/mem.h"
#include "common/base/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_text(const char *text)
{
	const char *texts[CURSOR_TEXTS_MAX];

	for (size_t n = 1; n <= CURSOR_TEXTS_MAX; n++) {
		_cleanup_free_ char *again = NULL;
		json_t *json, *back;

		if (cursor_read(text, "a", n, texts, &json, NULL) < 0)
			continue;
		again = cursor_write(texts, n);
		if (cursor_read(again, "a", n, texts, &back, NULL) < 0)
			abort();
		json_decref(back);
		json_decref(json);
	}
}

/* The input cut into texts at its line ends; the first one names the list. */
static void write_texts(char *text)
{
	const char *texts[CURSOR_TEXTS_MAX] = { "a" }, *back[CURSOR_TEXTS_MAX];
	_cleanup_free_ char *cursor = NULL;
	size_t n = 1;
	json_t *json;

	if (!text_is_utf8(text, strlen(text)))
		return;
	for (char *rest = text, *part; n < CURSOR_TEXTS_MAX && (part = strsep(&rest, "\n"));)
		texts[n++] = part;
	cursor = cursor_write(texts, n);
	/* What is longer than a cursor may be is refused, and told so by the route. */
	if (cursor_read(cursor, "a", n, back, &json, NULL) < 0) {
		if (strlen(cursor) < 2000)
			abort();
		return;
	}
	for (size_t i = 0; i < n; i++) {
		if (strcmp(back[i], texts[i]) != 0)
			abort();
	}
	json_decref(json);
}

/* The input with a sum that is right, so that what is behind the sum is read. */
static void read_behind_the_sum(const uint8_t *data, size_t size)
{
	enum { SUM = 6, MAX = 1400 };
	unsigned char bytes[SUM + MAX], hash[crypto_generichash_BYTES_MIN];
	char text[sodium_base64_ENCODED_LEN(sizeof(bytes),
					    sodium_base64_VARIANT_URLSAFE_NO_PADDING)];

	if (size > MAX)
		return;
	crypto_generichash(hash, sizeof(hash), data, size, NULL, 0);
	memcpy(bytes, hash, SUM);
	memcpy(bytes + SUM, data, size);
	sodium_bin2base64(text, sizeof(text), bytes, SUM + size,
			  sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	read_text(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_free_ char *text = xcalloc(size + 1, 1);

	memcpy(text, data, size);
	read_text(text);
	read_behind_the_sum(data, size);
	write_texts(text);
	return 0;
}
