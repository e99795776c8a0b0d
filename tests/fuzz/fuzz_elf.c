/* SPDX-License-Identifier: Apache-2.0 */
/* A program file, which may claim anything. */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "agent/probe/elf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct bytes {
	const uint8_t *bytes;
	size_t len;
};

static int read_bytes(void *user, uint64_t offset, void *into, size_t len)
{
	const struct bytes *bytes = user;

	if (offset > bytes->len || len > bytes->len - offset)
		return -ENODATA;
	memcpy(into, bytes->bytes + offset, len);
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes bytes = { data, size };
	struct err err = { 0 };
	struct elf elf;

	if (elf_parse(read_bytes, &bytes, &elf, &err) < 0) {
		if (!err.text[0])
			abort();
		return 0;
	}
	if (elf.n_needed > ELF_NEEDED_MAX)
		abort();
	(void)elf_fits(&elf, "x86_64");
	elf_done(&elf);
	return 0;
}
