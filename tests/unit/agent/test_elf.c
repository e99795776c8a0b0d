/* SPDX-License-Identifier: Apache-2.0 */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/utsname.h>

#include "agent/probe/elf.h"
#include "common/base/fd.h"
#include "tests/unit/unit.h"

/* A library that says what the tests want: one segment, a dynamic table, names. */
struct image {
	Elf64_Ehdr header;
	Elf64_Phdr segments[3];
	Elf64_Dyn dynamic[6];
	char names[64];
};

static const struct image good = {
	.header = { .e_ident = { 0x7f, 'E', 'L', 'F', ELFCLASS64, ELFDATA2LSB, EV_CURRENT },
		    .e_machine = EM_X86_64,
		    .e_phoff = offsetof(struct image, segments),
		    .e_phentsize = sizeof(Elf64_Phdr),
		    .e_phnum = 3 },
	.segments = { { .p_type = PT_LOAD, .p_vaddr = 0x1000, .p_filesz = sizeof(struct image) },
		      { .p_type = PT_DYNAMIC,
			.p_offset = offsetof(struct image, dynamic),
			.p_filesz = sizeof(((struct image *)0)->dynamic) },
		      { .p_type = PT_INTERP,
			.p_offset = offsetof(struct image, names) + 40,
			.p_filesz = 7 } },
	.dynamic = { { DT_NEEDED, { 1 } },
		     { DT_RPATH, { 22 } },
		     { DT_RUNPATH, { 14 } },
		     { DT_STRTAB, { 0x1000 + offsetof(struct image, names) } },
		     { DT_STRSZ, { 40 } },
		     { DT_NULL, { 0 } } },
	.names = "\0libgtk-3.so\0\0$ORIGIN\0/old\0............\0/lib/l",
};

struct bytes {
	const void *bytes;
	size_t len;
};

static int read_bytes(void *user, uint64_t offset, void *into, size_t len)
{
	const struct bytes *bytes = user;

	if (offset > bytes->len || len > bytes->len - offset)
		return -ENODATA;
	memcpy(into, (const char *)bytes->bytes + offset, len);
	return 0;
}

static int parse(const struct image *image, size_t len, struct elf *ret_elf, struct err *err)
{
	struct bytes bytes = { image, len };

	return elf_parse(read_bytes, &bytes, ret_elf, err);
}

static void a_program_says_what_it_needs(void **state)
{
	struct elf elf;

	(void)state;
	assert_int_equal(parse(&good, sizeof(good), &elf, NULL), 0);
	assert_int_equal(elf.machine, EM_X86_64);
	assert_int_equal(elf.n_needed, 1);
	assert_string_equal(elf.needed[0], "libgtk-3.so");
	/* DT_RPATH is ignored beside it */
	assert_string_equal(elf.run_path, "$ORIGIN");
	assert_string_equal(elf.interpreter, "/lib/l");
	elf_done(&elf);
}

static void a_file_that_is_cut_off_anywhere_is_refused(void **state)
{
	struct elf elf;
	struct err err;

	(void)state;
	for (size_t len = 0; len < sizeof(good); len++) {
		err.text[0] = '\0';
		assert_int_equal(parse(&good, len, &elf, &err), -ENOEXEC);
		assert_true(err.text[0]);
	}
}

static void the_end_of_what_is_loaded_has_to_be_there(void **state)
{
	struct image image = good;
	struct elf elf;
	struct err err = { 0 };

	(void)state;
	/* What follows the segment, as the table of sections does, is not loaded. */
	image.segments[0].p_filesz -= 4;
	assert_int_equal(parse(&image, sizeof(image) - 4, &elf, NULL), 0);
	elf_done(&elf);
	assert_int_equal(parse(&image, sizeof(image) - 5, &elf, &err), -ENOEXEC);
	assert_string_equal(err.text, "damaged: its end is missing");
	image.segments[0].p_filesz = UINT64_MAX;
	assert_int_equal(parse(&image, sizeof(image), &elf, NULL), -ENOEXEC);
	/* Nothing of it is in the file, as of variables that begin with zeros. */
	image.segments[0] = good.segments[0];
	image.segments[2] = (Elf64_Phdr){ .p_type = PT_LOAD, .p_offset = UINT64_MAX };
	assert_int_equal(parse(&image, sizeof(image), &elf, NULL), 0);
	elf_done(&elf);
}

static void half_a_table_of_needs_is_not_the_whole(void **state)
{
	/* The file ends after the first three entries of six; what is there is in order. */
	const Elf64_Dyn first[] = { good.dynamic[3], good.dynamic[4], good.dynamic[0] };
	struct image image = good;
	struct elf elf;
	struct err err = { 0 };

	(void)state;
	image.segments[1].p_offset = sizeof(image) - sizeof(first);
	image.segments[2].p_type = PT_NULL;
	memcpy((char *)&image + sizeof(image) - sizeof(first), first, sizeof(first));
	assert_int_equal(parse(&image, sizeof(image), &elf, &err), -ENOEXEC);
	assert_string_equal(err.text, "damaged: the table of what it needs has no end");
}

static void a_damaged_file_is_refused_with_what_is_wrong(void **state)
{
	struct image image = good;
	struct elf elf;
	struct err err;

	(void)state;
	image.header.e_ident[0] = 'M';
	assert_int_equal(parse(&image, sizeof(image), &elf, &err), -ENOEXEC);
	assert_non_null(strstr(err.text, "not a program"));
	image = good;
	image.header.e_ident[EI_DATA] = ELFDATA2MSB;
	assert_int_equal(parse(&image, sizeof(image), &elf, &err), -ENOEXEC);
	assert_non_null(strstr(err.text, "another kind of processor"));
	image = good;
	image.dynamic[0].d_un.d_val = 40;
	assert_int_equal(parse(&image, sizeof(image), &elf, &err), -ENOEXEC);
	assert_non_null(strstr(err.text, "outside"));
	image = good;
	image.dynamic[3].d_un.d_val = 0x999999;
	assert_int_equal(parse(&image, sizeof(image), &elf, &err), -ENOEXEC);
	assert_non_null(strstr(err.text, "no table of names"));
	image = good;
	image.header.e_phnum = 65;
	assert_int_equal(parse(&image, sizeof(image), &elf, &err), -ENOEXEC);
}

static void this_test_is_for_this_machine_and_needs_libc(void **state)
{
	_cleanup_close_ int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	struct utsname machine;
	bool needs_libc = false;
	struct elf elf;

	(void)state;
	assert_int_equal(uname(&machine), 0);
	assert_int_equal(elf_parse(elf_read_fd, &fd, &elf, NULL), 0);
	assert_true(elf_fits(&elf, machine.machine));
	assert_non_null(elf.interpreter);
	for (size_t i = 0; i < elf.n_needed; i++)
		needs_libc |= strncmp(elf.needed[i], "libc.so", 7) == 0;
	assert_true(needs_libc);
	elf_done(&elf);
}

static void a_program_for_another_processor_does_not_fit(void **state)
{
	const struct elf arm = { .machine = EM_AARCH64, .class = ELFCLASS64 };
	const struct elf pc32 = { .machine = EM_386, .class = ELFCLASS32 };

	(void)state;
	assert_false(elf_fits(&arm, "x86_64"));
	assert_true(elf_fits(&arm, "aarch64"));
	assert_true(elf_fits(&pc32, "x86_64"));
	assert_false(elf_fits(&pc32, "aarch64"));
	assert_false(elf_fits(&arm, "made up"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_program_says_what_it_needs),
		cmocka_unit_test(a_file_that_is_cut_off_anywhere_is_refused),
		cmocka_unit_test(the_end_of_what_is_loaded_has_to_be_there),
		cmocka_unit_test(half_a_table_of_needs_is_not_the_whole),
		cmocka_unit_test(a_damaged_file_is_refused_with_what_is_wrong),
		cmocka_unit_test(this_test_is_for_this_machine_and_needs_libc),
		cmocka_unit_test(a_program_for_another_processor_does_not_fit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
