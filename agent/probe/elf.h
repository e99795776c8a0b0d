/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * ELF programs and libraries (System V ABI, chapters 4 and 5): for which
 * processor they are and what they load, without running them.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/base.h"
#include "common/base/err.h"

#define ELF_NEEDED_MAX 256
#define ELF_TEXT_MAX 1024 /* of a name or a search path */

struct elf {
	unsigned machine;  /* EM_X86_64 … of elf.h */
	unsigned class;    /* ELFCLASS32 or ELFCLASS64 */
	char *interpreter; /* NULL: none, a library or a static program */
	char *run_path;    /* DT_RUNPATH or DT_RPATH, NULL: none */
	char **needed;     /* DT_NEEDED */
	size_t n_needed;
};

/*
 * How a file is read: exactly @len bytes at @offset into @into. 0, or -errno
 * if there are not so many.
 */
typedef int elf_read_fn(void *user, uint64_t offset, void *into, size_t len);

/* elf_read_fn for a file descriptor; @user points to the int. */
int elf_read_fd(void *user, uint64_t offset, void *into, size_t len);

/* Only machine and class of a file, the rest of *@ret_elf empty; errors as of elf_parse(). */
int elf_kind(elf_read_fn *read, void *user, struct elf *ret_elf, struct err *err) _must_check_;

/*
 * Read a file by @read(@user, …) into *@ret_elf: elf_done() it.
 * -ENOEXEC: not ELF of this machine's byte order, damaged, or cut off anywhere
 * before the end of what is loaded.
 */
int elf_parse(elf_read_fn *read, void *user, struct elf *ret_elf, struct err *err) _must_check_;
void elf_done(struct elf *elf);

/* Whether @a and @b can be parts of one process. */
bool elf_is_alike(const struct elf *a, const struct elf *b);

/* Whether programs of @elf's kind can run on a kernel that calls itself @uname_machine. */
bool elf_fits(const struct elf *elf, const char *uname_machine);
