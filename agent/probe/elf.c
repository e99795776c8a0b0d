/* SPDX-License-Identifier: Apache-2.0 */
#include <elf.h>
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/probe/elf.h"
#include "common/base/mem.h"

#define SEGMENTS_MAX 64
#define DYNAMIC_MAX 1024

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define ELFDATA_HERE ELFDATA2LSB
#else
#define ELFDATA_HERE ELFDATA2MSB
#endif

/* One program header, of either class. */
struct segment {
	uint32_t type;
	uint64_t offset, address, size;
};

/* What is known while a file is read. */
struct file {
	elf_read_fn *read;
	void *user;
	unsigned class;
	struct segment segments[SEGMENTS_MAX];
	size_t n_segments;
	uint64_t text_offset; /* of the dynamic string table in the file */
	uint64_t text_size;
};

static int damaged(struct err *err, const char *what)
{
	return err_set(err, -ENOEXEC, "damaged: %s", what);
}

int elf_read_fd(void *user, uint64_t offset, void *into, size_t len)
{
	const int *fd = user;
	size_t done = 0;

	while (done < len) {
		ssize_t n = pread(*fd, (char *)into + done, len - done, (off_t)(offset + done));

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (n == 0)
			return -ENODATA;
		done += (size_t)n;
	}
	return 0;
}

static int read_segment(struct file *file, uint64_t at, struct segment *segment)
{
	Elf64_Phdr h64;
	Elf32_Phdr h32;
	int r;

	if (file->class == ELFCLASS64) {
		r = file->read(file->user, at, &h64, sizeof(h64));
		if (r >= 0)
			*segment = (struct segment){ h64.p_type, h64.p_offset, h64.p_vaddr,
						     h64.p_filesz };
		return r;
	}
	r = file->read(file->user, at, &h32, sizeof(h32));
	if (r >= 0)
		*segment = (struct segment){ h32.p_type, h32.p_offset, h32.p_vaddr, h32.p_filesz };
	return r;
}

int elf_kind(elf_read_fn *read, void *user, struct elf *ret_elf, struct err *err)
{
	Elf32_Ehdr h;
	/* Up to here headers of both classes are alike. */
	int r = read(user, 0, &h, offsetof(Elf32_Ehdr, e_version));

	if (r < 0 || memcmp(h.e_ident, ELFMAG, SELFMAG) != 0)
		return err_set(err, -ENOEXEC, "not a program (no ELF file)");
	if (h.e_ident[EI_DATA] != ELFDATA_HERE)
		return err_set(err, -ENOEXEC, "built for another kind of processor");
	*ret_elf = (struct elf){ .class = h.e_ident[EI_CLASS], .machine = h.e_machine };
	return 0;
}

/* Every byte that is loaded has to be there, or the copy of the file was cut off. */
static bool is_whole(const struct file *file, const struct segment *segment)
{
	char last;

	return segment->type != PT_LOAD || segment->size == 0 ||
	       file->read(file->user, segment->offset + segment->size - 1, &last, 1) >= 0;
}

static int read_segments(struct file *file, uint64_t offset, unsigned n, unsigned size,
			 struct err *err)
{
	if (n > SEGMENTS_MAX)
		return damaged(err, "too many program headers");
	for (file->n_segments = 0; file->n_segments < n; file->n_segments++) {
		struct segment *segment = &file->segments[file->n_segments];

		if (read_segment(file, offset + (uint64_t)size * file->n_segments, segment) < 0)
			return damaged(err, "it is cut off in its program headers");
		if (!is_whole(file, segment))
			return damaged(err, "its end is missing");
	}
	return 0;
}

static int read_header(struct file *file, struct elf *elf, struct err *err)
{
	Elf64_Ehdr h64;
	Elf32_Ehdr h32;
	int r = elf_kind(file->read, file->user, elf, err);

	if (r < 0)
		return r;
	file->class = elf->class;
	if (file->class == ELFCLASS64) {
		if (file->read(file->user, 0, &h64, sizeof(h64)) < 0)
			return damaged(err, "it is cut off in its header");
		return read_segments(file, h64.e_phoff, h64.e_phnum, h64.e_phentsize, err);
	}
	if (file->read(file->user, 0, &h32, sizeof(h32)) < 0)
		return damaged(err, "it is cut off in its header");
	return read_segments(file, h32.e_phoff, h32.e_phnum, h32.e_phentsize, err);
}

static const struct segment *find_segment(const struct file *file, uint32_t type)
{
	for (size_t i = 0; i < file->n_segments; i++) {
		if (file->segments[i].type == type)
			return &file->segments[i];
	}
	return NULL;
}

/* Where the file has what is loaded at @address; false: nowhere. */
static bool offset_of(const struct file *file, uint64_t address, uint64_t *ret_offset)
{
	for (size_t i = 0; i < file->n_segments; i++) {
		const struct segment *s = &file->segments[i];

		if (s->type == PT_LOAD && address >= s->address && address - s->address < s->size) {
			*ret_offset = s->offset + (address - s->address);
			return true;
		}
	}
	return false;
}

/* The text of at most ELF_TEXT_MAX bytes at @offset in a table of @size; NULL if it has no end. */
static char *read_text(const struct file *file, uint64_t table, uint64_t size, uint64_t offset)
{
	char text[ELF_TEXT_MAX];
	size_t len;

	if (offset >= size)
		return NULL;
	len = size - offset < sizeof(text) ? (size_t)(size - offset) : sizeof(text);
	if (file->read(file->user, table + offset, text, len) < 0 || !memchr(text, '\0', len))
		return NULL;
	return xstrdup(text);
}

/* 1 with the @i-th entry, 0 at the end of the table, -errno where its end cannot be seen. */
static int read_dynamic(const struct file *file, const struct segment *dynamic, size_t i,
			int64_t *ret_tag, uint64_t *ret_value)
{
	Elf64_Dyn d64;
	Elf32_Dyn d32;
	size_t size = file->class == ELFCLASS64 ? sizeof(d64) : sizeof(d32);

	if ((i + 1) * size > dynamic->size)
		return 0;
	if (i >= DYNAMIC_MAX)
		return -E2BIG;
	if (file->class == ELFCLASS64) {
		if (file->read(file->user, dynamic->offset + i * size, &d64, size) < 0)
			return -ENODATA;
		*ret_tag = d64.d_tag;
		*ret_value = d64.d_un.d_val;
	} else {
		if (file->read(file->user, dynamic->offset + i * size, &d32, size) < 0)
			return -ENODATA;
		*ret_tag = d32.d_tag;
		*ret_value = d32.d_un.d_val;
	}
	return *ret_tag != DT_NULL;
}

/* First where the texts are, since they may come after what refers to them. */
static bool find_texts(struct file *file, const struct segment *dynamic)
{
	uint64_t address = 0, value;
	int64_t tag;

	for (size_t i = 0; read_dynamic(file, dynamic, i, &tag, &value) > 0; i++) {
		if (tag == DT_STRTAB)
			address = value;
		else if (tag == DT_STRSZ)
			file->text_size = value;
	}
	/* At 0 is the header, so that also means that there is none. */
	return address && offset_of(file, address, &file->text_offset);
}

static int take_dynamic(const struct file *file, int64_t tag, uint64_t value, struct elf *elf,
			struct err *err)
{
	char *text;

	if (tag != DT_NEEDED && tag != DT_RUNPATH && tag != DT_RPATH)
		return 0;
	text = read_text(file, file->text_offset, file->text_size, value);
	if (!text)
		return damaged(err, "a name is outside of its table");
	if (tag == DT_NEEDED && elf->n_needed < ELF_NEEDED_MAX) {
		elf->needed = xreallocarray(elf->needed, elf->n_needed + 1, sizeof(char *));
		elf->needed[elf->n_needed++] = text;
		return 0;
	}
	/* DT_RPATH is ignored where there is a DT_RUNPATH (ld.so(8)). */
	if (tag == DT_RUNPATH || (tag == DT_RPATH && !elf->run_path)) {
		free(elf->run_path);
		elf->run_path = text;
		return 0;
	}
	free(text);
	return tag == DT_NEEDED ? damaged(err, "it needs too many libraries") : 0;
}

static int read_needs(struct file *file, struct elf *elf, struct err *err)
{
	const struct segment *dynamic = find_segment(file, PT_DYNAMIC);
	const struct segment *interpreter = find_segment(file, PT_INTERP);
	uint64_t value;
	int64_t tag;
	int more = 1, r = 0;

	if (interpreter) {
		elf->interpreter = read_text(file, interpreter->offset, interpreter->size, 0);
		if (!elf->interpreter)
			return damaged(err, "the name of its loader has no end");
	}
	if (!dynamic)
		return 0;
	if (!find_texts(file, dynamic))
		return damaged(err, "it has no table of names");
	for (size_t i = 0; r >= 0 && more > 0; i++) {
		more = read_dynamic(file, dynamic, i, &tag, &value);
		if (more > 0)
			r = take_dynamic(file, tag, value, elf, err);
	}
	/* Half of what it needs would look like all of it. */
	if (r >= 0 && more < 0)
		return damaged(err, "the table of what it needs has no end");
	return r;
}

int elf_parse(elf_read_fn *read, void *user, struct elf *ret_elf, struct err *err)
{
	struct file *file = xcalloc(1, sizeof(*file));
	struct elf elf = { 0 };
	int r;

	file->read = read;
	file->user = user;
	r = read_header(file, &elf, err);
	if (r >= 0)
		r = read_needs(file, &elf, err);
	free(file);
	if (r < 0) {
		elf_done(&elf);
		return r;
	}
	*ret_elf = elf;
	return 0;
}

void elf_done(struct elf *elf)
{
	for (size_t i = 0; i < elf->n_needed; i++)
		free(elf->needed[i]);
	free(elf->needed);
	free(elf->interpreter);
	free(elf->run_path);
	*elf = (struct elf){ 0 };
}

bool elf_is_alike(const struct elf *a, const struct elf *b)
{
	return a->class == b->class && a->machine == b->machine;
}

bool elf_fits(const struct elf *elf, const char *uname_machine)
{
	/* A 64-bit kernel runs the 32-bit programs of its family, if their loader is there. */
	static const struct {
		const char *uname;
		unsigned class, machine;
	} fits[] = {
		{ "x86_64", ELFCLASS64, EM_X86_64 }, { "x86_64", ELFCLASS32, EM_386 },
		{ "i686", ELFCLASS32, EM_386 },      { "i586", ELFCLASS32, EM_386 },
		{ "i386", ELFCLASS32, EM_386 },      { "aarch64", ELFCLASS64, EM_AARCH64 },
		{ "aarch64", ELFCLASS32, EM_ARM },   { "armv7l", ELFCLASS32, EM_ARM },
		{ "armv6l", ELFCLASS32, EM_ARM },    { "armv8l", ELFCLASS32, EM_ARM },
		{ "riscv64", ELFCLASS64, EM_RISCV },
	};

	for (size_t i = 0; i < ARRAY_SIZE(fits); i++) {
		if (strcmp(fits[i].uname, uname_machine) == 0 && fits[i].class == elf->class &&
		    fits[i].machine == elf->machine)
			return true;
	}
	return false;
}
