/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What a what-if found, in words, as JSON and as CSV; on standard output. */

#include "collector/act/what_if.h"

struct what_if_subject {
	const char *file;       /* as it was named */
	const char *profile_id; /* that it is, or that it supplements */
	const char *version;    /* of what is in the file */
};

/* @is_all: every site, not only those that lose most. */
void what_if_print(const struct what_if *what_if, const struct what_if_subject *subject,
		   bool is_all);
void what_if_print_json(const struct what_if *what_if, const struct what_if_subject *subject);
/* The sentence that says it all, with a line feed. */
void what_if_print_sentence(FILE *out, const struct what_if *what_if,
			    const struct what_if_subject *subject);

/* One line for each device whose state would be another, below the head. */
void what_if_print_csv_head(void);
void what_if_print_csv(const struct what_if_device *device);
