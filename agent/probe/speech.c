/* SPDX-License-Identifier: Apache-2.0 */
/*
 * speech: what can read aloud.
 */
#include <string.h>

#include "agent/env.h"
#include "agent/probe.h"
#include "agent/probe/fact.h"
#include "agent/probe/presence.h"
#include "agent/probe/speech_engine.h"

/* One is there if any of its programs is; lines of one reader stay together. */
static const struct reader {
	const char *name, *program;
} readers[] = {
	{ "brltty", "usr/bin/brltty" },       { "brltty", "usr/sbin/brltty" },
	{ "brltty", "bin/brltty" },           { "brltty", "sbin/brltty" },
	{ "emacspeak", "usr/bin/emacspeak" }, { "espeakup", "usr/bin/espeakup" },
	{ "espeakup", "usr/sbin/espeakup" },  { "fenrir", "usr/bin/fenrir" },
	{ "orca", "usr/bin/orca" },           { "speechd-up", "usr/bin/speechd-up" },
	{ "yasr", "usr/bin/yasr" },
};

/* Add what is known of @engine to @engines, if it is installed. */
static int add_engine(const struct env *env, const struct speech_engine *engine, json_t *engines,
		      struct err *err)
{
	_cleanup_(text_set_done) struct text_set languages = { 0 };
	int r = speech_engine_is_installed(env, engine, err);
	json_t *item;

	if (r <= 0)
		return r;
	r = engine->look(env, &languages, err);
	if (r >= 0 && engine->needs_voice && languages.n == 0)
		return 0;
	item = json_object();
	fact_set_text(item, "name", engine->name);
	if (r < 0)
		fact_set_unknown(item, "languages", "%s", err->text);
	else
		fact_set_texts(item, "languages", text_set_json(&languages));
	json_array_append_new(engines, item);
	return 0;
}

static void set_engines(const struct env *env, json_t *facts)
{
	json_t *engines = json_array();
	struct err err = { 0 };
	int r = 0;

	for (size_t i = 0; r >= 0 && i < n_speech_engines; i++)
		r = add_engine(env, &speech_engines[i], engines, &err);
	if (r >= 0) {
		fact_set_list(facts, "engines", engines);
		return;
	}
	json_decref(engines);
	fact_set_unknown(facts, "engines", "%s", err.text);
}

static void set_dispatcher(const struct env *env, json_t *facts)
{
	struct err err = { 0 };
	int r = presence_of_program(env, "usr/bin/speech-dispatcher", &err);

	if (r < 0)
		fact_set_unknown(facts, "dispatcher", "%s", err.text);
	else
		fact_set_bool(facts, "dispatcher", r > 0);
}

static void set_readers(const struct env *env, json_t *facts)
{
	_cleanup_(text_set_done) struct text_set found = { 0 };
	struct err err = { 0 };
	int unsure = 0;

	for (size_t i = 0; i < ARRAY_SIZE(readers); i++) {
		int r = presence_of_program(env, readers[i].program, &err);

		if (r > 0)
			text_set_add(&found, readers[i].name, strlen(readers[i].name));
		unsure = r < 0 ? r : unsure;
	}
	if (unsure < 0)
		fact_set_unknown(facts, "screen_readers", "%s", err.text);
	else
		fact_set_texts(facts, "screen_readers", text_set_json(&found));
}

static int speech_run(const struct env *env, json_t *facts, struct err *err)
{
	(void)err;
	set_engines(env, facts);
	set_dispatcher(env, facts);
	set_readers(env, facts);
	return 0;
}

const struct probe probe_speech = { .name = "speech", .run = speech_run };
