/* SPDX-License-Identifier: Apache-2.0 */
#include <elf.h>
#include <string.h>

#include "agent/probe/library.h"
#include "tests/unit/unit.h"

static const struct elf pc = { .class = ELFCLASS64, .machine = EM_X86_64 };
static const struct elf arm = { .class = ELFCLASS64, .machine = EM_AARCH64 };

/* A cache with one library for 64-bit PCs. */
struct file {
	char old[12]; /* something of the old format before it */
	char magic[20];
	uint32_t n, text_size, rest[5];
	struct {
		int32_t flags;
		uint32_t key, value, os;
		uint64_t hwcap;
	} entry;
	char texts[32];
	char end;
} __attribute__((packed));

static struct file make_file(void)
{
	struct file file = { .old = "ld.so-1.7.0", .n = 1, .entry.flags = 0x0303 };
	const size_t texts = offsetof(struct file, texts) - offsetof(struct file, magic);

	memcpy(file.magic, "glibc-ld.so.cache1.1", 20);
	memcpy(file.texts, "liba.so.1\0/usr/lib/liba.so.1", 29);
	file.entry.key = (uint32_t)texts;
	file.entry.value = (uint32_t)texts + 10;
	return file;
}

static const char *find(struct file *file, size_t len, const char *name, const struct elf *elf)
{
	const struct library_cache cache = { (char *)file, len };

	return library_cache_find(&cache, name, elf);
}

static void a_library_is_found_by_name_and_processor(void **state)
{
	struct file file = make_file();

	(void)state;
	assert_string_equal(find(&file, sizeof(file) - 1, "liba.so.1", &pc), "/usr/lib/liba.so.1");
	assert_null(find(&file, sizeof(file) - 1, "liba.so.2", &pc));
	assert_null(find(&file, sizeof(file) - 1, "liba.so.1", &arm));
}

static void a_damaged_cache_has_nothing(void **state)
{
	struct file file = make_file();

	(void)state;
	for (size_t len = 0; len < offsetof(struct file, texts); len++)
		assert_null(find(&file, len, "liba.so.1", &pc));
	file.n = UINT32_MAX;
	assert_null(find(&file, sizeof(file) - 1, "liba.so.1", &pc));
	file = make_file();
	file.entry.key = UINT32_MAX;
	assert_null(find(&file, sizeof(file) - 1, "liba.so.1", &pc));
	file = make_file();
	file.entry.value = UINT32_MAX;
	assert_null(find(&file, sizeof(file) - 1, "liba.so.1", &pc));
}

static void the_c_library_is_installed_here(void **state)
{
#if defined(__x86_64__) || defined(__aarch64__)
#ifdef __x86_64__
	const struct elf *here = &pc;
#else
	const struct elf *here = &arm;
#endif
	struct library_cache cache;
	struct env env;

	assert_int_equal(env_init(&env, "", NULL), 0);
	library_cache_read(&env, &cache);
	assert_true(library_is_installed(&env, &cache, "libc.so.6", here));
	assert_false(library_is_installed(&env, &cache, "libno-such-thing.so.1", here));
	library_cache_done(&cache);
	/* without the cache by the default folders */
	assert_true(library_is_installed(&env, &cache, "libc.so.6", here));
	env_done(&env);
#endif
	(void)state;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_library_is_found_by_name_and_processor),
		cmocka_unit_test(a_damaged_cache_has_nothing),
		cmocka_unit_test(the_c_library_is_installed_here),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
