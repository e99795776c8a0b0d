/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Words for people on a terminal. */

/*
 * Print "  LABEL     TEXT" to standard output, the text wrapped between words at 92 columns with
 * its later lines below the first. A word that is longer than a line stays whole. @label has
 * at most 8 characters.
 */
void wrap_print(const char *label, const char *text);
