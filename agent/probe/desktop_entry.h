/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Desktop entries, as far as to see what they start (freedesktop.org Desktop
 * Entry Specification 1.5, sections 3, 4 and 7). No shell is asked.
 */

#include <stdbool.h>
#include <stddef.h>

#include "common/base/base.h"

#define DESKTOP_ENTRY_MAX ((size_t)64 * 1024)
#define DESKTOP_WORDS_MAX 64

struct desktop_exec {
	char *words[DESKTOP_WORDS_MAX];
	size_t n;
	bool is_cut; /* there are more than that, and then none of them */
};

/*
 * The words of Exec= in the group [Desktop Entry] of @text, unquoted, field
 * codes (%u) left out; none if there is no Exec=. desktop_exec_done() it.
 */
void desktop_exec_parse(const char *text, struct desktop_exec *ret_exec);
void desktop_exec_done(struct desktop_exec *exec);
