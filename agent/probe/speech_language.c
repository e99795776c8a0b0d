/* SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <string.h>

#include "agent/probe/speech_language.h"
#include "common/base/mem.h"

#define TAG_MAX 64

/* A line of agent/data/languages.csv. */
static const struct {
	const char *engine, *word, *tag;
} languages[] = {
#include "languages.inc"
};

char *speech_language_tag(const char *name, size_t len)
{
	char tag[TAG_MAX + 1];

	if (len == 0 || len > TAG_MAX || !isalpha((unsigned char)name[0]))
		return NULL;
	for (size_t i = 0; i < len; i++) {
		if (!isalnum((unsigned char)name[i]) && name[i] != '-' && name[i] != '_')
			return NULL;
		tag[i] = (char)(name[i] == '_' ? '-' : tolower((unsigned char)name[i]));
	}
	return xstrndup(tag, len);
}

char *speech_language_of(const char *engine, const char *word)
{
	for (size_t i = 0; i < ARRAY_SIZE(languages); i++) {
		if (strcmp(languages[i].engine, engine) == 0 &&
		    strcasecmp(languages[i].word, word) == 0)
			return xstrdup(languages[i].tag);
	}
	return xstrdup(word);
}
