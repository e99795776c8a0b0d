/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Shared libraries of the system, found as ld.so(8) finds them: by its cache,
 * then in the default folders.
 */

#include <stdbool.h>

#include "agent/env.h"
#include "agent/probe/elf.h"
#include "common/base/base.h"

struct library_cache {
	char *bytes; /* of /etc/ld.so.cache; NULL where there is none */
	size_t len;
};

/* Read the cache, which may be missing; library_cache_done() it. */
void library_cache_read(const struct env *env, struct library_cache *ret_cache);
void library_cache_done(struct library_cache *cache);

/*
 * The path in the cache of @name for programs of @elf's kind, NULL if it is not
 * in there. Valid as long as @cache. (elf/cache.c and sysdeps/generic/dl-cache.h
 * of glibc: struct cache_file_new.)
 */
const char *library_cache_find(const struct library_cache *cache, const char *name,
			       const struct elf *elf);

/*
 * Whether @path below @dir_fd is a library that ld.so(8) would take for programs
 * of @elf's kind: it goes past those of another, as Fedora's /usr/lib has for
 * 32-bit programs.
 */
bool library_is_at(int dir_fd, const char *path, const struct elf *elf);

/*
 * The path below the root, without a slash in front, of the library @name for programs of
 * @elf's kind; NULL: it is not installed. Owned by the caller.
 */
char *library_find(const struct env *env, const struct library_cache *cache, const char *name,
		   const struct elf *elf) _must_check_;

/* Whether @name is installed for programs of @elf's kind. */
bool library_is_installed(const struct env *env, const struct library_cache *cache,
			  const char *name, const struct elf *elf);

/*
 * The kind of program that a kernel which calls itself @uname_machine is there for: of 64 bit
 * where it can. False: of that kind nothing is known here.
 */
bool library_kind(const char *uname_machine, struct elf *ret_kind);
