/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "agent/probe/speech_engine.h"

/* As speech_engine.look, for espeak-ng. */
int speech_espeak_look(const struct env *env, struct text_set *languages,
		       struct err *err) _must_check_;

/* The word after "dictionary" in the voice file @text, owned by the caller; NULL: there is none. */
char *speech_espeak_dictionary(const char *text) _must_check_;
