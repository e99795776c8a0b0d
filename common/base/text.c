/* SPDX-License-Identifier: Apache-2.0 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/mem.h"
#include "common/base/text.h"

static const char replacement[] = "\xef\xbf\xbd"; /* U+FFFD */
static const char ellipsis[] = "\xe2\x80\xa6";    /* U+2026 */

/*
 * Decode the character at @s. Returns its length in bytes, 0 if it is not
 * UTF-8: overlong forms, surrogates and what is past U+10FFFF included.
 */
static size_t utf8_decode(const unsigned char *s, size_t len, uint32_t *ret_char)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t n = s[0] < 0x80             ? 1
		   : (s[0] & 0xe0) == 0xc0 ? 2
		   : (s[0] & 0xf0) == 0xe0 ? 3
		   : (s[0] & 0xf8) == 0xf0 ? 4
					   : 0;
	uint32_t c;

	if (n == 0 || n > len)
		return 0;
	c = n == 1 ? s[0] : s[0] & (0xffU >> (n + 1));
	for (size_t i = 1; i < n; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (s[i] & 0x3f);
	}
	if ((n > 1 && c < least[n]) || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		return 0;
	*ret_char = c;
	return n;
}

bool text_is_utf8(const char *text, size_t len)
{
	for (size_t i = 0; i < len;) {
		uint32_t c;
		size_t n = utf8_decode((const unsigned char *)text + i, len - i, &c);

		if (n == 0 || c == 0)
			return false;
		i += n;
	}
	return true;
}

static bool is_control(uint32_t c)
{
	return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x2028 || c == 0x2029;
}

/* What turns the reading order around, or cannot be seen (Unicode 15, UAX #9). */
static bool is_invisible(uint32_t c)
{
	return c == 0x061c || c == 0x200e || c == 0x200f || (c >= 0x202a && c <= 0x202e) ||
	       (c >= 0x2066 && c <= 0x2069) || c == 0xfeff;
}

static bool is_blank(unsigned char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* What the next character of the input becomes: @ret_put and its length; returns how much it takes.
 */
static size_t clean_one(const unsigned char *in, size_t len, const char **ret_put, size_t *ret_n)
{
	uint32_t c = 0;
	size_t n = utf8_decode(in, len, &c);

	*ret_put = (const char *)in;
	*ret_n = n;
	if (n == 0 || (is_control(c) && c != '\t')) {
		*ret_put = replacement;
		*ret_n = strlen(replacement);
	} else if (c == '\t') {
		*ret_put = " ";
	} else if (is_invisible(c)) {
		*ret_n = 0;
	}
	return n == 0 ? 1 : n;
}

char *text_clean(const void *bytes, size_t len, size_t max_bytes)
{
	const unsigned char *in = bytes;
	size_t room = max_bytes > sizeof(ellipsis) ? max_bytes : sizeof(ellipsis);
	size_t n_out = 0, fits = 0, n;
	char *out = xcalloc(room + sizeof(ellipsis), 1);
	const char *put;

	len = strnlen(bytes, len);
	while (len > 0 && is_blank(in[len - 1]))
		len--;
	while (len > 0 && is_blank(*in))
		in++, len--;
	while (len > 0) {
		size_t taken = clean_one(in, len, &put, &n);

		if (n_out + n > room) {
			memcpy(out + fits, ellipsis, sizeof(ellipsis));
			return out;
		}
		memcpy(out + n_out, put, n);
		n_out += n;
		if (n_out + strlen(ellipsis) <= room)
			fits = n_out;
		in += taken;
		len -= taken;
	}
	out[n_out] = '\0';
	return out;
}

/* Behind the character of UTF-8 at @text, which is not at its end. */
static const char *next_character(const char *text)
{
	do {
		text++;
	} while (((unsigned char)*text & 0xc0) == 0x80);
	return text;
}

bool text_like(const char *text, const char *pattern)
{
	const char *star = NULL, *resume = NULL;

	/* Only the last star is ever returned to, so the time is bounded by the product. */
	while (*text) {
		if (*pattern == '*') {
			star = pattern++;
			resume = text;
		} else if (*pattern == '?') {
			pattern++;
			text = next_character(text);
		} else if (*pattern == *text) {
			pattern++;
			text++;
		} else if (star) {
			pattern = star + 1;
			text = resume = next_character(resume);
		} else {
			return false;
		}
	}
	while (*pattern == '*')
		pattern++;
	return *pattern == '\0';
}

bool text_starts(const char *text, const char *prefix)
{
	return strncmp(text, prefix, strlen(prefix)) == 0;
}

bool text_ends(const char *text, const char *suffix)
{
	size_t n = strlen(text), n_suffix = strlen(suffix);

	return n >= n_suffix && strcmp(text + n - n_suffix, suffix) == 0;
}

const char *text_plural(int64_t n)
{
	return n == 1 ? "" : "s";
}
