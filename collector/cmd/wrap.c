/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "collector/cmd/wrap.h"

enum {
	COLUMNS = 92,
	INDENT = 12,
};

/* How many characters are in @len bytes of UTF-8. */
static size_t count_characters(const char *text, size_t len)
{
	size_t n = 0;

	for (size_t i = 0; i < len; i++)
		n += ((unsigned char)text[i] & 0xc0) != 0x80;
	return n;
}

void wrap_print(const char *label, const char *text)
{
	size_t column = INDENT;

	printf("  %-*s", INDENT - 2, label);
	for (const char *word = text + strspn(text, " \n\t"); *word;) {
		size_t len = strcspn(word, " \n\t");
		size_t width = count_characters(word, len);

		if (column > INDENT && column + 1 + width > COLUMNS) {
			printf("\n%*s", INDENT, "");
			column = INDENT;
		} else if (column > INDENT) {
			putchar(' ');
			column++;
		}
		printf("%.*s", (int)len, word);
		column += width;
		word += len;
		word += strspn(word, " \n\t");
	}
	putchar('\n');
}
