/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Texts of a fact, sorted and each once.
 */

#include <stdbool.h>
#include <stddef.h>

#include <jansson.h>

#include "common/base/base.h"

#define TEXT_SET_MAX 1024 /* texts; what is added past it is counted and not kept */

struct text_set {
	char **texts;
	size_t n;
	bool is_cut; /* more than TEXT_SET_MAX were added */
};

/* Add @len bytes of @text, made fit to be shown and cut to FACT_NAME_MAX. */
void text_set_add(struct text_set *set, const char *text, size_t len);
void text_set_done(struct text_set *set);

/* As a JSON array, sorted and each once; owned by the caller. Sorts @set. */
json_t *text_set_json(struct text_set *set) _must_check_;
