/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Speech synthesisers, by the files of their voices. None is started.
 */

#include <stdbool.h>

#include "agent/env.h"
#include "agent/probe/text_set.h"
#include "common/base/base.h"
#include "common/base/err.h"

struct speech_engine {
	const char *name; /* of the fact speech.engines[].name */

	/* It is installed if this library or one of these programs is; NULL: it has none. */
	const char *library;
	const char *const *programs; /* ended by NULL */
	/* Its program's name is another program's as well: without a voice it is not there. */
	bool needs_voice;

	/* Add the languages of which the voice is whole. */
	int (*look)(const struct env *env, struct text_set *languages, struct err *err);
};

/* 1: @engine is installed, 0: it is not, or why that cannot be told. */
int speech_engine_is_installed(const struct env *env, const struct speech_engine *engine,
			       struct err *err) _must_check_;

extern const struct speech_engine speech_engines[];
extern const size_t n_speech_engines;
