/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Which of the fonts that tests ask for are installed for everyone, in the
 * folders that fontconfig looks at by default.
 */

#include <stdbool.h>

#include "agent/env.h"
#include "common/base/base.h"
#include "common/base/err.h"

/* A line of agent/data/fonts.csv. */
struct font {
	const char *family;
	const char *file; /* pattern of file names in lower case */
};

extern const struct font fonts[];
extern const size_t n_fonts;

/*
 * Set @found[i] for each of the n_fonts fonts of which there is a whole file
 * that names its family.
 *
 * 0: what is not set is not there. A negative errno: it may be there all the
 * same, in what could not be looked at.
 */
int fonts_find(const struct env *env, bool *found, struct err *err) _must_check_;
