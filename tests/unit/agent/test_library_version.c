/* SPDX-License-Identifier: Apache-2.0 */
#include <elf.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "agent/probe/library_version.h"
#include "tests/unit/unit.h"

static void the_name_of_a_file_ends_in_its_version(void **state)
{
	static const char *const nameless[] = {
		"libstdc++.so.6",        "libstdc++.so.6.0",     "libstdc++.so.",
		"libstdc++.so.6..30",    "libstdc++.so.6.0.30.", "libstdc++.so.6.0.30-gdb.py",
		"libgtk-3.so.0.2406.32", "libstdc++.so.6.0.x",   "",
	};
	char version[LIBRARY_VERSION_SIZE] = "untouched";
	struct err err;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(nameless); i++) {
		assert_int_equal(
			library_version_of_name(nameless[i], "libstdc++.so.", version, &err),
			-ENODATA);
		assert_string_equal(version, "untouched");
	}
	assert_non_null(strstr(err.text, "tells no version"));
	assert_int_equal(
		library_version_of_name("libstdc++.so.6.0.30", "libstdc++.so.", version, NULL), 0);
	assert_string_equal(version, "6.0.30");
}

static void a_version_that_is_too_long_is_none(void **state)
{
	char name[200], version[LIBRARY_VERSION_SIZE] = "untouched";

	(void)state;
	snprintf(name, sizeof(name), "libstdc++.so.6.0.%0100d", 1);
	assert_int_equal(library_version_of_name(name, "libstdc++.so.", version, NULL), -ENODATA);
	assert_string_equal(version, "untouched");
}

static void gtk_is_told_by_the_numbers_of_libtool(void **state)
{
	static const struct {
		const char *libtool, *release;
	} cases[] = {
		{ "0.2406.32", "3.24.38" }, /* Debian 12 */
		{ "0.1400.14", "3.14.14" }, /* the interface's age is the micro version */
		{ "0.1200.2", "3.12.2" },   { "1.2406.32", NULL }, /* of no GTK 3 that there is */
		{ "0.2406", NULL },         { "0.99999999999999999999.1", NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		char version[LIBRARY_VERSION_SIZE] = "";
		int r = library_version_of_gtk(cases[i].libtool, version, NULL);

		assert_int_equal(r, cases[i].release ? 0 : -ENODATA);
		assert_string_equal(version, cases[i].release ? cases[i].release : "");
	}
}

static void glibc_is_told_by_its_newest_symbols(void **state)
{
	static const char file[] = "\177ELF\0GLIBC_2.2.5\0GLIBC_2.36\0GLIBC_2.9\0GLIBC_PRIVATE";
	char version[LIBRARY_VERSION_SIZE] = "untouched";

	(void)state;
	assert_int_equal(library_version_of_glibc(file, sizeof(file) - 1, version, NULL), 0);
	assert_string_equal(version, "2.36");
	/* cut off within the number, and huge ones, are read to the end and not beyond */
	assert_int_equal(library_version_of_glibc("GLIBC_2.367", 10, version, NULL), 0);
	assert_string_equal(version, "2.36");
	strcpy(version, "untouched");
	assert_int_equal(library_version_of_glibc("GLIBC_2.", 8, version, NULL), -ENODATA);
	assert_int_equal(
		library_version_of_glibc("GLIBC_2.99999999999999999999", 28, version, NULL),
		-ENODATA);
	assert_int_equal(library_version_of_glibc("", 0, version, NULL), -ENODATA);
	assert_string_equal(version, "untouched");
}

static void the_64_bit_kind_of_a_processor_comes_first(void **state)
{
	struct elf kind;

	(void)state;
	assert_true(library_kind("x86_64", &kind));
	assert_int_equal(kind.class, ELFCLASS64);
	assert_true(library_kind("aarch64", &kind));
	assert_int_equal(kind.machine, EM_AARCH64);
	assert_true(library_kind("i686", &kind));
	assert_int_equal(kind.class, ELFCLASS32);
	assert_false(library_kind("s390x", &kind));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_name_of_a_file_ends_in_its_version),
		cmocka_unit_test(a_version_that_is_too_long_is_none),
		cmocka_unit_test(gtk_is_told_by_the_numbers_of_libtool),
		cmocka_unit_test(glibc_is_told_by_its_newest_symbols),
		cmocka_unit_test(the_64_bit_kind_of_a_processor_comes_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
