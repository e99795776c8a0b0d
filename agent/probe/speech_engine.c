/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "agent/probe/listing.h"
#include "agent/probe/presence.h"
#include "agent/probe/settings.h"
#include "agent/probe/speech_engine.h"
#include "agent/probe/speech_espeak.h"
#include "agent/probe/speech_language.h"
#include "common/base/mem.h"
#include "common/base/text.h"

#define VOICE_INFO_MAX ((size_t)16 * 1024)
#define PIPER_DEPTH_MAX 5 /* en/en_US/lessac/medium/en_US-lessac-medium.onnx */

/* One folder of a synthesiser while its voices are looked at. */
struct look {
	const struct env *env;
	const char *path;
	struct text_set *languages;
	struct err *err;
	int depth; /* of the folder, below the first one */
};

/* A negative errno ends it. */
typedef int each_fn(const struct look *look, const char *name);

/* Call @each for the names in the folder; one that is not there has none. */
static int each_name(const struct look *look, each_fn *each)
{
	_cleanup_(listing_done) struct listing listing = { 0 };
	struct err why = { 0 };
	const char *name;
	int r = listing_open(look->env->root_fd, look->path, &listing, &why);

	if (r == -ENOENT || r == -ENOTDIR)
		return 0;
	if (r < 0)
		return err_set(look->err, r, "%s", why.text);
	while (r >= 0 && (name = listing_next(&listing)))
		r = each(look, name);
	if (r >= 0 && listing.is_cut)
		r = err_set(look->err, -E2BIG, "/%s cannot be listed to its end", look->path);
	return r < 0 ? r : 0;
}

static void add(const struct look *look, char *language)
{
	if (language)
		text_set_add(look->languages, language, strlen(language));
	free(language);
}

int speech_engine_is_installed(const struct env *env, const struct speech_engine *engine,
			       struct err *err)
{
	int unsure = 0;
	int r = engine->library ? presence_of_library(env, engine->library, err) : 0;

	for (const char *const *path = engine->programs; r <= 0 && path && *path; path++) {
		unsure = r < 0 ? r : unsure;
		r = presence_of_program(env, *path, err);
	}
	return r != 0 ? r : unsure;
}

/* --- festival: voices/LANGUAGE/VOICE/festvox/VOICE.scm --- */

static int festival_voice(const struct look *look, const char *name)
{
	_cleanup_free_ char *path = xasprintf("%s/%s/festvox/%s.scm", look->path, name, name);
	int r = presence_of_file(look->env, path, look->err);

	if (r > 0)
		add(look, speech_language_of("festival", strrchr(look->path, '/') + 1));
	return r;
}

static int festival_language(const struct look *look, const char *name)
{
	_cleanup_free_ char *path = xasprintf("%s/%s", look->path, name);
	struct look inside = *look;

	inside.path = path;
	return each_name(&inside, festival_voice);
}

static int festival_look(const struct env *env, struct text_set *languages, struct err *err)
{
	static const char *const folders[] = { "usr/share/festival/voices",
					       "usr/share/festival/lib/voices" };
	int r = 0;

	for (size_t i = 0; r >= 0 && i < ARRAY_SIZE(folders); i++) {
		const struct look look = { env, folders[i], languages, err, 0 };

		r = each_name(&look, festival_language);
	}
	return r;
}

/* --- flite: a voice is a library; other languages than English have none in any distribution ---
 */

static int flite_look(const struct env *env, struct text_set *languages, struct err *err)
{
	static const char *const voices[] = { "kal", "kal16", "slt", "awb", "rms" };
	int r = 0;

	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(voices); i++) {
		_cleanup_free_ char *name = xasprintf("libflite_cmu_us_%s.so.1", voices[i]);

		r = presence_of_library(env, name, err);
	}
	if (r > 0)
		text_set_add(languages, "en-us", strlen("en-us"));
	return r;
}

/* --- pico: en-US_ta.bin analyses text and en-US_lh0_sg.bin speaks it; both are needed --- */

static int pico_language(const struct look *look, const char *name)
{
	_cleanup_(listing_done) struct listing listing = { 0 };
	size_t len = strcspn(name, "_");
	const char *other;
	int r;

	if (strcmp(name + len, "_ta.bin") != 0)
		return 0;
	r = listing_open(look->env->root_fd, look->path, &listing, look->err);
	while (r >= 0 && (other = listing_next(&listing))) {
		if (strncmp(other, name, len + 1) == 0 && text_ends(other, "_sg.bin")) {
			add(look, speech_language_tag(name, len));
			break;
		}
	}
	return r;
}

static int pico_look(const struct env *env, struct text_set *languages, struct err *err)
{
	const struct look look = { env, "usr/share/pico/lang", languages, err, 0 };

	return each_name(&look, pico_language);
}

/* --- piper: en_US-lessac-medium.onnx and its .onnx.json, in folders as deep as their maker has
 * them --- */

static int piper_walk(const struct look *look, const char *name)
{
	_cleanup_free_ char *path = xasprintf("%s/%s", look->path, name);
	struct look inside = *look;

	inside.path = path;
	inside.depth++;
	if (text_ends(name, ".onnx")) {
		_cleanup_free_ char *settings = xasprintf("%s.json", path);
		int r = presence_of_file(look->env, settings, look->err);

		if (r > 0)
			r = presence_of_file(look->env, path, look->err);
		if (r > 0)
			add(look, speech_language_tag(name, strcspn(name, "-")));
		return r;
	}
	/* Everything else with a dot in it is a file beside the voices. */
	if (strchr(name, '.') || inside.depth == PIPER_DEPTH_MAX)
		return 0;
	return each_name(&inside, piper_walk);
}

static int piper_look(const struct env *env, struct text_set *languages, struct err *err)
{
	static const char *const folders[] = { "usr/share/piper-voices",
					       "usr/local/share/piper-voices", "opt/piper/voices" };
	int r = 0;

	for (size_t i = 0; r >= 0 && i < ARRAY_SIZE(folders); i++) {
		const struct look look = { env, folders[i], languages, err, 0 };

		r = each_name(&look, piper_walk);
	}
	return r;
}

/* --- RHVoice: voices/VOICE/voice.info names a language of languages/ --- */

static int rhvoice_voice(const struct look *look, const char *name)
{
	_cleanup_free_ char *path = xasprintf("%s/%s/voice.info", look->path, name);
	_cleanup_free_ char *text = NULL, *whole = NULL, *language = NULL, *folder = NULL;
	struct err why = { 0 };
	int r = env_read(look->env, path, VOICE_INFO_MAX, &text, NULL, &why);

	if (r < 0)
		return r == -ENOENT || r == -ENOTDIR ? 0 : err_set(look->err, r, "%s", why.text);
	/* A key file without a group. */
	whole = xasprintf("[voice]\n%s", text);
	language = settings_value(whole, "voice", "language");
	if (!language || !language[0] || strchr(language, '/'))
		return 0;
	folder = xasprintf("usr/share/RHVoice/languages/%s", language);
	r = presence_of(look->env, folder, look->err);
	if (r > 0)
		add(look, speech_language_of("rhvoice", language));
	return r;
}

static int rhvoice_look(const struct env *env, struct text_set *languages, struct err *err)
{
	const struct look look = { env, "usr/share/RHVoice/voices", languages, err, 0 };

	return each_name(&look, rhvoice_voice);
}

/* --- mbrola: VOICE/VOICE is the voice, which has the name of a country and a number --- */

static int mbrola_voice(const struct look *look, const char *name)
{
	_cleanup_free_ char *path = xasprintf("%s/%s/%s", look->path, name, name);
	_cleanup_free_ char *country = xstrndup(name, strcspn(name, "0123456789"));
	int r = presence_of_file(look->env, path, look->err);

	if (r > 0)
		add(look, speech_language_of("mbrola", country));
	return r;
}

static int mbrola_look(const struct env *env, struct text_set *languages, struct err *err)
{
	const struct look look = { env, "usr/share/mbrola", languages, err, 0 };

	return each_name(&look, mbrola_voice);
}

#define PROGRAMS(...)             \
	(const char *const[])     \
	{                         \
		__VA_ARGS__, NULL \
	}

/* clang-format off */
const struct speech_engine speech_engines[] = {
	{ "espeak-ng", "libespeak-ng.so.1", PROGRAMS("usr/bin/espeak-ng"), false, speech_espeak_look },
	{ "festival", NULL, PROGRAMS("usr/bin/festival"), false, festival_look },
	{ "flite", "libflite.so.1", NULL, false, flite_look },
	{ "mbrola", NULL, PROGRAMS("usr/bin/mbrola"), false, mbrola_look },
	{ "pico", "libttspico.so.0", PROGRAMS("usr/bin/pico2wave"), false, pico_look },
	/* /usr/bin/piper sets up mice where libratbag has it. */
	{ "piper", NULL, PROGRAMS("usr/bin/piper-tts", "usr/bin/piper", "usr/local/bin/piper",
		"opt/piper/piper"), true, piper_look },
	{ "rhvoice", NULL, PROGRAMS("usr/bin/RHVoice-test", "usr/bin/RHVoice-client",
		"usr/lib/speech-dispatcher-modules/sd_rhvoice"), false, rhvoice_look },
};
/* clang-format on */
const size_t n_speech_engines = ARRAY_SIZE(speech_engines);
