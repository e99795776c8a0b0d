/* SPDX-License-Identifier: Apache-2.0 */
/*
 * espeak-ng's data (docs/voices.md of its source): lang/FAMILY/LANGUAGE or
 * lang/LANGUAGE is a voice, and LANGUAGE_dict its dictionary, unless the voice
 * names another. The file's name is the language; 131 files need not be read.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "agent/probe/listing.h"
#include "agent/probe/presence.h"
#include "agent/probe/speech_espeak.h"
#include "agent/probe/speech_language.h"
#include "common/base/mem.h"
#include "common/base/text.h"

#define VOICE_MAX ((size_t)16 * 1024)

char *speech_espeak_dictionary(const char *text)
{
	static const char word[] = "dictionary";

	for (const char *line = text; *line; line += *line == '\n') {
		size_t len = strcspn(line, "\n");
		size_t begin = strlen(word);

		if (len > begin && text_starts(line, word) && strchr(" \t", line[begin])) {
			begin += strspn(line + begin, " \t");
			size_t n = strcspn(line + begin, " \t\r\n");

			return n > 0 ? speech_language_tag(line + begin, n) : NULL;
		}
		line += len;
	}
	return NULL;
}

static int has_dictionary(const struct env *env, const char *data, const char *language, size_t len,
			  struct err *err)
{
	_cleanup_free_ char *path = xasprintf("%s/%.*s_dict", data, (int)len, language);

	return presence_of_file(env, path, err);
}

/* Add the voice @path, called @name, if its dictionary is there. */
static int add_voice(const struct env *env, const char *data, const char *path, const char *name,
		     struct text_set *languages, struct err *err)
{
	_cleanup_free_ char *tag = speech_language_tag(name, strlen(name));
	_cleanup_free_ char *text = NULL, *other = NULL;
	int r;

	if (!tag)
		return 0;
	r = has_dictionary(env, data, tag, strcspn(tag, "-"), err);
	if (r == 0) {
		r = env_read(env, path, VOICE_MAX, &text, NULL, err);
		other = text ? speech_espeak_dictionary(text) : NULL;
		if (other)
			r = has_dictionary(env, data, other, strlen(other), err);
	}
	if (r > 0)
		text_set_add(languages, tag, strlen(tag));
	return r;
}

/* The voices in @folder and, if @is_deep, in the folders below it. */
static int add_folder(const struct env *env, const char *data, const char *folder, bool is_deep,
		      struct text_set *languages, struct err *err)
{
	_cleanup_(listing_done) struct listing listing = { 0 };
	const char *name;
	int r = listing_open(env->root_fd, folder, &listing, err);

	while (r >= 0 && (name = listing_next(&listing))) {
		_cleanup_free_ char *path = xasprintf("%s/%s", folder, name);

		r = is_deep ? add_folder(env, data, path, false, languages, err) : -ENOTDIR;
		if (r == -ENOTDIR)
			r = add_voice(env, data, path, name, languages, err);
	}
	if (r >= 0 && listing.is_cut)
		r = err_set(err, -E2BIG, "/%s cannot be listed to its end", folder);
	return r < 0 ? r : 0;
}

/* The folder of the data, owned by the caller; NULL and 0 if there is none. */
static int find_data(const struct env *env, char **ret_data, struct err *err)
{
	for (size_t i = 0;; i++) {
		const char *folder = library_folders[i] ? library_folders[i] : "usr/share";
		_cleanup_free_ char *data = xasprintf("%s/espeak-ng-data", folder);
		_cleanup_free_ char *sounds = xasprintf("%s/phontab", data);
		int r = presence_of_file(env, sounds, err);

		if (r > 0)
			*ret_data = TAKE_PTR(data);
		if (r != 0 || !library_folders[i])
			return r;
	}
}

int speech_espeak_look(const struct env *env, struct text_set *languages, struct err *err)
{
	_cleanup_free_ char *data = NULL, *folder = NULL;
	int r = find_data(env, &data, err);

	if (r <= 0)
		return r;
	folder = xasprintf("%s/lang", data);
	return add_folder(env, data, folder, true, languages, err);
}
