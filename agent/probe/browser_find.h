/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Folders that a secure browser may be in: no package owns it, so they are
 * found by the places where schools unpack it and by what desktop entries start.
 */

#include <sys/types.h>

#include "agent/env.h"
#include "agent/probe/browser_product.h"
#include "common/base/base.h"

#define BROWSER_FOUND_MAX 256

struct browser_found {
	char *path; /* below the root, without a slash in front */
	int fd;     /* O_PATH */
	dev_t dev;
	ino_t ino;
	const struct browser_product *product;
	int desktop_entries; /* that start it */
};

struct browser_search {
	struct browser_found found[BROWSER_FOUND_MAX];
	size_t n;
	size_t unread; /* folders that may hold one and could not be looked into */
};

/* Find all of them; browser_search_free() the result. Never NULL. */
struct browser_search *browser_search_new(const struct env *env);
void browser_search_free(struct browser_search *search);

/*
 * Looking at what may be a copy, or lead to one, ended in @error. What is
 * surely no copy is none; of a closed home or a dead server nobody knows.
 */
void browser_search_note(struct browser_search *search, int error);
DEFINE_CLEANUP(struct browser_search *, browser_search_free);
