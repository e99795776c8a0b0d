/* SPDX-License-Identifier: Apache-2.0 */
#include <elf.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "agent/probe/library.h"
#include "common/base/fd.h"
#include "common/base/mem.h"

#define CACHE_MAX ((size_t)8 * 1024 * 1024)
#define PATH_SIZE 512

static const char cache_magic[] = "glibc-ld.so.cache1.1";
#define HEADER_SIZE 48
#define ENTRY_SIZE 24

/* What tells the libraries of one kind of processor from another's in the cache and on disk. */
static const struct machine {
	unsigned class, machine;
	unsigned flags; /* the second byte of an entry's flags */
	const char *triplet;
} machines[] = {
	{ ELFCLASS64, EM_X86_64, 0x03, "x86_64-linux-gnu" },
	{ ELFCLASS32, EM_386, 0x00, "i386-linux-gnu" },
	{ ELFCLASS64, EM_AARCH64, 0x0a, "aarch64-linux-gnu" },
	{ ELFCLASS32, EM_ARM, 0x09, "arm-linux-gnueabihf" },
	{ ELFCLASS64, EM_RISCV, 0x10, "riscv64-linux-gnu" },
};

static const struct machine *machine_of(const struct elf *elf)
{
	for (size_t i = 0; i < ARRAY_SIZE(machines); i++) {
		if (machines[i].class == elf->class && machines[i].machine == elf->machine)
			return &machines[i];
	}
	return NULL;
}

void library_cache_read(const struct env *env, struct library_cache *ret_cache)
{
	*ret_cache = (struct library_cache){ 0 };
	(void)!env_read(env, "etc/ld.so.cache", CACHE_MAX, &ret_cache->bytes, &ret_cache->len,
			NULL);
}

void library_cache_done(struct library_cache *cache)
{
	free(cache->bytes);
	*cache = (struct library_cache){ 0 };
}

static uint32_t word_at(const char *bytes, size_t at)
{
	uint32_t word;

	memcpy(&word, bytes + at, sizeof(word));
	return word;
}

const char *library_cache_find(const struct library_cache *cache, const char *name,
			       const struct elf *elf)
{
	const struct machine *machine = machine_of(elf);
	const char *base;
	size_t len, n;

	if (!cache->bytes || !machine)
		return NULL;
	/* It may follow a cache of the old format, for programs of 1997. */
	base = memmem(cache->bytes, cache->len, cache_magic, strlen(cache_magic));
	if (!base)
		return NULL;
	len = cache->len - (size_t)(base - cache->bytes);
	if (len < HEADER_SIZE)
		return NULL;
	n = word_at(base, 20);
	if (n > (len - HEADER_SIZE) / ENTRY_SIZE)
		return NULL;
	for (size_t i = 0; i < n; i++) {
		size_t at = HEADER_SIZE + i * ENTRY_SIZE;
		size_t key = word_at(base, at + 4), value = word_at(base, at + 8);

		/* The text of the file ends in a NUL of ours, so any place in it is a text. */
		if (key < len && value < len && (word_at(base, at) >> 8 & 0xff) == machine->flags &&
		    strcmp(base + key, name) == 0)
			return base + value;
	}
	return NULL;
}

bool library_is_at(int dir_fd, const char *path, const struct elf *elf)
{
	_cleanup_close_ int fd = -1;
	struct elf kind;
	struct stat st;

	path += strspn(path, "/");
	if (fstatat(dir_fd, path, &st, 0) < 0 || !S_ISREG(st.st_mode))
		return false;
	/* One that is damaged, or that we may not read, is there all the same. */
	fd = openat(dir_fd, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	return fd < 0 || elf_kind(elf_read_fd, &fd, &kind, NULL) < 0 || elf_is_alike(&kind, elf);
}

static bool is_there(const struct env *env, const char *path, const struct elf *elf)
{
	return library_is_at(env->root_fd, path, elf);
}

char *library_find(const struct env *env, const struct library_cache *cache, const char *name,
		   const struct elf *elf)
{
	static const char *const folders64[] = { "lib64", "usr/lib64", "lib", "usr/lib" };
	static const char *const folders32[] = { "lib32", "usr/lib32", "lib", "usr/lib" };
	const char *const *folders = elf->class == ELFCLASS64 ? folders64 : folders32;
	const struct machine *machine = machine_of(elf);
	const char *cached = library_cache_find(cache, name, elf);
	char path[PATH_SIZE];

	/* The cache is as old as the last ldconfig. */
	if (cached && is_there(env, cached, elf))
		return xstrdup(cached + strspn(cached, "/"));
	for (size_t i = 0; i < ARRAY_SIZE(folders64); i++) {
		snprintf(path, sizeof(path), "%s/%s", folders[i], name);
		if (is_there(env, path, elf))
			return xstrdup(path);
	}
	if (!machine)
		return NULL;
	snprintf(path, sizeof(path), "usr/lib/%s/%s", machine->triplet, name);
	if (is_there(env, path, elf))
		return xstrdup(path);
	snprintf(path, sizeof(path), "lib/%s/%s", machine->triplet, name);
	return is_there(env, path, elf) ? xstrdup(path) : NULL;
}

bool library_is_installed(const struct env *env, const struct library_cache *cache,
			  const char *name, const struct elf *elf)
{
	_cleanup_free_ char *path = library_find(env, cache, name, elf);

	return path != NULL;
}

bool library_kind(const char *uname_machine, struct elf *ret_kind)
{
	for (size_t i = 0; i < ARRAY_SIZE(machines); i++) {
		struct elf kind = { .class = machines[i].class, .machine = machines[i].machine };

		/* The table has the 64-bit kind of each family first. */
		if (elf_fits(&kind, uname_machine)) {
			*ret_kind = kind;
			return true;
		}
	}
	return false;
}
